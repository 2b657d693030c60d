//! Airlines in trouble: the vendor says so (`airline.status`), or this desk has seen one refuse payment after payment. A
//! mark warns before money leaves and hinders nothing, since neither is a fact about the next payment. Pure; the time is
//! an argument.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    codes,
    order::{Airline, OrderNo, OrderStatus},
    seen::Seen,
    text::Text,
};

/// So many declined orders of one airline mark it,
const DECLINES: usize = 3;

/// if no more than this lies between the first and the last of them.
const WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// A mark that nobody but this desk has set ends by itself so long after the last decline.
const HOLDS_FOR: SignedDuration = SignedDuration::from_mins(30);

/// The vendor's word is repeated by nothing, and the one that takes it back may be lost on its way: when it is as old as
/// this, that is said with it.
const CONFIRMED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// An order is ticketed or declined within this of its payment, whenever that is seen.
const DECIDED_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// What the vendor says of airlines, in its own word (`airlineStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AirlineStatus {
    /// Of whom.
    pub airlines: Vec<Airline>,
    /// `Active`, `Maintenance`, `Inactive`, or what else it may come to say.
    pub word: Text,
}

impl AirlineStatus {
    fn is_recovery(&self) -> bool {
        self.word.eq_ignore_ascii_case("active")
    }
}

/// Who says that an airline is in trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaidBy {
    /// The vendor, in this word.
    Vendor(Text),
    /// This desk, which has seen so many orders declined; until then, if no more are.
    Desk {
        /// How many.
        declines: usize,
        /// When the mark ends by itself.
        until: Timestamp,
    },
}

/// An airline in trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AirlineTrouble {
    /// Which.
    pub airline: Airline,
    /// Who says so.
    pub said_by: SaidBy,
    /// Since when: the vendor's notification, or the first decline.
    pub since: Timestamp,
    /// For so many whole hours the vendor has not said it again.
    pub unconfirmed_hours: i64,
}

/// What is known of every airline.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AirlineTroubles(BTreeMap<Airline, Known>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    said: Option<Said>,
    /// What happened lately, oldest first.
    events: Vec<(Timestamp, Event)>,
    mark: Option<Mark>,
}

/// What the vendor says.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    word: Text,
    since: Timestamp,
    last: Timestamp,
}

impl Said {
    /// Whole hours without another word.
    fn unconfirmed_hours(&self, now: Timestamp) -> i64 {
        now.duration_since(self.last).as_secs().max(0) / CONFIRMED_FOR.as_secs()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Declined(OrderNo),
    Ticketed(OrderNo),
    Recovered,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    since: Timestamp,
    last: Timestamp,
    declines: usize,
}

impl AirlineTroubles {
    /// The vendor says something of airlines. True if that changes a mark.
    pub fn on_status(&mut self, status: &AirlineStatus, at: Timestamp) -> bool {
        let mut is_news = false;
        for airline in &status.airlines {
            let known = self.0.entry(*airline).or_default();
            if status.is_recovery() {
                is_news |= known.said.take().is_some() | known.happen(at, Event::Recovered);
                continue;
            }
            let same = known.said.as_ref().filter(|said| said.word == status.word);
            if same.is_none_or(|said| said.last < at) {
                let since = same.map_or(at, |said| said.since);
                known.said = Some(Said { word: status.word.clone(), since, last: at });
                is_news = true;
            }
        }
        is_news
    }

    /// An order was seen, as `before` when it was recorded last. True if that changes a mark.
    pub fn on_seen(&mut self, order: OrderNo, before: Option<&Seen>, seen: &Seen, at: Timestamp) -> bool {
        let event = |seen: &Seen| match seen.status {
            OrderStatus::Ticketed => Some(Event::Ticketed(order)),
            OrderStatus::Cancelled => {
                let error = seen.error.as_ref()?;
                codes::ticketing(&error.code).is_decline.then_some(Event::Declined(order))
            }
            _ => None,
        };
        let news = event(seen).filter(|now| before.and_then(event) != Some(*now));
        let (Some(event), Some(row)) =
            (news, seen.row.as_ref().or(before.and_then(|seen| seen.row.as_ref())))
        else {
            return false;
        };
        // One that was not seen before may have come to this at any time: no later than it was paid, then.
        let begun = row.paid_at.or(row.created);
        let at = match before {
            Some(_) => Some(begun.map_or(at, |begun| at.min(begun + DECIDED_WITHIN))),
            None => begun,
        };
        at.is_some_and(|at| self.happen(&row.airlines, at, event))
    }

    /// A payment of an order was refused with this status. True if that changes a mark.
    pub fn on_refusal(&mut self, order: OrderNo, airlines: &[Airline], status: i64, at: Timestamp) -> bool {
        codes::pay(status).is_decline && self.happen(airlines, at, Event::Declined(order))
    }

    /// Whose decline it is where several fly is not known.
    fn happen(&mut self, airlines: &[Airline], at: Timestamp, event: Event) -> bool {
        let [airline] = airlines else { return false };
        self.0.entry(*airline).or_default().happen(at, event)
    }

    /// The trouble of one airline. The vendor's word goes before what was seen here.
    pub fn of(&self, airline: Airline, now: Timestamp) -> Option<AirlineTrouble> {
        let known = self.0.get(&airline)?;
        if let Some(said) = &known.said {
            let (said_by, since) = (SaidBy::Vendor(said.word.clone()), said.since);
            let unconfirmed_hours = said.unconfirmed_hours(now);
            return Some(AirlineTrouble { airline, said_by, since, unconfirmed_hours });
        }
        let mark = known.mark.filter(|mark| now < mark.until())?;
        let said_by = SaidBy::Desk { declines: mark.declines, until: mark.until() };
        Some(AirlineTrouble { airline, said_by, since: mark.since, unconfirmed_hours: 0 })
    }

    /// The troubles of those airlines that have any.
    pub fn of_all(&self, airlines: &[Airline], now: Timestamp) -> Vec<AirlineTrouble> {
        airlines.iter().filter_map(|airline| self.of(*airline, now)).collect()
    }

    /// Every airline in trouble, by its code.
    pub fn all(&self, now: Timestamp) -> impl Iterator<Item = AirlineTrouble> {
        self.0.keys().filter_map(move |airline| self.of(*airline, now))
    }

    /// When the next mark ends by itself, or is without another word for an hour more.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let change = |known: &Known| match (&known.said, known.mark) {
            (Some(said), _) => {
                Some(said.last + CONFIRMED_FOR * i32::try_from(said.unconfirmed_hours(now) + 1).ok()?)
            }
            (None, mark) => mark.map(Mark::until).filter(|until| now < *until),
        };
        self.0.values().filter_map(change).min()
    }
}

impl Known {
    /// Takes in what happened, in whatever order it is learnt. True if the mark is not what it was.
    fn happen(&mut self, at: Timestamp, event: Event) -> bool {
        if self.events.iter().any(|(_, known)| *known == event && event != Event::Recovered) {
            return false;
        }
        let place = self.events.partition_point(|(known, _)| *known <= at);
        self.events.insert(place, (at, event));
        let (before, newest) = (self.mark, self.events.last().map_or(at, |(newest, _)| *newest));
        self.mark = mark(&self.events);
        let since = self.mark.map_or(newest, |mark| mark.since);
        self.events.retain(|(at, _)| *at >= since || newest.duration_since(*at) <= HOLDS_FOR + WITHIN);
        self.mark != before
    }
}

impl Mark {
    fn until(self) -> Timestamp {
        self.last + HOLDS_FOR
    }
}

/// What these events come to, oldest first.
fn mark(events: &[(Timestamp, Event)]) -> Option<Mark> {
    let mut declines: Vec<Timestamp> = Vec::new();
    let mut mark: Option<Mark> = None;
    for (at, event) in events {
        mark = mark.filter(|mark| *at < mark.until());
        match event {
            Event::Declined(_) => {
                declines.push(*at);
                declines.retain(|earlier| at.duration_since(*earlier) <= WITHIN);
                mark = match mark {
                    Some(known) => Some(Mark { last: *at, declines: known.declines + 1, ..known }),
                    None if declines.len() >= DECLINES => declines.first().map(|since| Mark {
                        since: *since,
                        last: *at,
                        declines: declines.len(),
                    }),
                    None => None,
                };
            }
            // One that is ticketed in between is no recovery: half of them may fail.
            Event::Ticketed(_) if mark.is_none() => {}
            Event::Ticketed(_) | Event::Recovered => {
                declines.clear();
                mark = None;
            }
        }
    }
    mark
}
