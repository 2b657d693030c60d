//! The handover of a shift: which orders wait for the next one, what of money is open, what was done, and what people left
//! on the orders for each other. The queues are those of the console, by the same rules.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{
    attempt::{Attempt, AttemptId, State},
    away::{Away, group_waits},
    baggage::decision::Decision,
    case::Case,
    group::Group,
    moment::Now,
    order::OrderNo,
    regeneration::{self, Regeneration},
    stop,
    story::{Happening, OperatorAction, What},
    triage::{Day, Queue, sort_key},
    work::{Handled, Note, Snooze},
};

/// An order that can be paid for less than this is handed over as due.
pub const DUE_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// An order as it is handed over.
#[derive(Clone, Copy, Debug)]
pub struct Handed<'a> {
    /// The order.
    pub case: &'a Case,
    /// The newest one that was made from it, if it was seen.
    pub made: Option<&'a Case>,
    /// The time that its clocks are shown by.
    pub now: Now,
}

impl Handed<'_> {
    /// Where it stands among the others.
    pub fn group(&self) -> Group {
        Group::of(self.case, self.now.at)
    }
}

/// Whose shift it is, and when.
#[derive(Clone, Copy, Debug)]
pub struct Shift<'a> {
    /// Whose, with the machine: `li@desk`.
    pub who: &'a str,
    /// Since when.
    pub since: Timestamp,
    /// The day that it is at the desk.
    pub today: &'a Day,
    /// Now, by this machine's clock.
    pub wall: Timestamp,
}

/// Something that may still change an order of itself.
#[derive(Clone, Copy, Debug)]
pub enum InFlight<'a> {
    /// A payment that is on its way, or accepted and not seen as paid.
    Payment(&'a Attempt),
    /// A new order that may be being made.
    Regeneration(&'a Regeneration),
}

/// Something that somebody did, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// When it was begun.
    pub at: Timestamp,
    /// To which order.
    pub order: Handed<'a>,
    /// What.
    pub what: Done<'a>,
}

/// What was done.
#[derive(Clone, Copy, Debug)]
pub enum Done<'a> {
    /// A payment, as it stands now.
    Paid(&'a Attempt),
    /// Anything else, as its last line says.
    Other(&'a Happening),
}

/// What is handed over. Orders stand as they do in the console: who loses money first is first.
#[derive(Clone, Debug)]
pub struct Handover<'a> {
    /// How many orders each queue has.
    pub counts: [(Queue, usize); Queue::ALL.len()],
    all: Vec<Handed<'a>>,
    /// The orders that need a person.
    pub action: Vec<Handed<'a>>,
    /// Those of them of whose payment nobody knows the outcome.
    pub in_doubt: Vec<Handed<'a>>,
    /// Those that can be paid for less than half an hour, put away or not.
    pub due: Vec<Handed<'a>>,
    /// What is still in flight.
    pub in_flight: Vec<(Handed<'a>, InFlight<'a>)>,
    /// What was done in the shift by whoever hands over, oldest first.
    pub done: Vec<Deed<'a>>,
    /// What is put off until a time.
    pub snoozed: Vec<(Handed<'a>, &'a Snooze)>,
    /// What is set aside until its cause shows again.
    pub handled: Vec<(Handed<'a>, &'a Handled)>,
    /// The notes on orders that wait for somebody, oldest first on each.
    pub notes: Vec<(Handed<'a>, &'a Note)>,
}

impl<'a> Handover<'a> {
    /// The handover of a shift, of all orders that are known.
    pub fn new(orders: impl Iterator<Item = Handed<'a>>, shift: &Shift<'_>) -> Self {
        let mut orders: Vec<(Handed<'a>, Group)> = orders.map(|order| (order, order.group())).collect();
        orders.sort_by_key(|(order, group)| (sort_key(&order.case.order, *group), order.case.order.no));
        let mut counts = Queue::ALL.map(|queue| (queue, 0));
        let mut handover = Self {
            counts,
            all: orders.iter().map(|(order, _)| *order).collect(),
            action: Vec::new(),
            in_doubt: Vec::new(),
            due: Vec::new(),
            in_flight: Vec::new(),
            done: Vec::new(),
            snoozed: Vec::new(),
            handled: Vec::new(),
            notes: Vec::new(),
        };
        for (order, group) in orders {
            let case = order.case;
            let away = case.away(group, shift.wall);
            for (queue, count) in &mut counts {
                if !queue.shows(case, group, shift.today, away.is_some()) {
                    continue;
                }
                *count += 1;
                match queue {
                    Queue::Action => handover.action.push(order),
                    Queue::InDoubt => handover.in_doubt.push(order),
                    _ => {}
                }
            }
            match away {
                Some(Away::Snoozed(snooze)) => handover.snoozed.push((order, snooze)),
                Some(Away::Handled(handled)) => handover.handled.push((order, handled)),
                None => {}
            }
            if is_due(case, group, order.now.at) {
                handover.due.push(order);
            }
            handover.in_flight.extend(in_flight(case).map(|flight| (order, flight)));
            if group_waits(group) {
                handover.notes.extend(case.work().notes.iter().map(|note| (order, note)));
            }
            let deeds = deeds(case, shift).into_iter();
            handover.done.extend(deeds.map(|(at, what)| Deed { at, order, what }));
        }
        handover.done.sort_by_key(|deed| deed.at);
        Self { counts, ..handover }
    }

    /// One of all orders that are known.
    pub fn order(&self, order: OrderNo) -> Option<&Handed<'a>> {
        self.all.iter().find(|known| known.case.order.no == order)
    }

    /// How many orders a queue has.
    pub fn count(&self, queue: Queue) -> usize {
        self.counts.iter().find(|(known, _)| *known == queue).map_or(0, |(_, count)| *count)
    }
}

/// A deadline loses the order, whoever put it off.
fn is_due(case: &Case, group: Group, now: Timestamp) -> bool {
    matches!(group, Group::Due | Group::Unpaid)
        && case.order.time_left(now).is_some_and(|left| left < DUE_WITHIN)
}

/// What is in flight on the order itself.
fn in_flight(case: &Case) -> impl Iterator<Item = InFlight<'_>> {
    let order = case.order.no;
    let is_on_its_way =
        |attempt: &&Attempt| matches!(attempt.state, State::Claimed | State::Sending | State::Accepted);
    let payments = case.lineage.attempts_on(order).filter(is_on_its_way).map(InFlight::Payment);
    let regenerations = case.lineage.regenerations.iter();
    let open = regenerations.filter(move |known| known.parent == order && known.state.is_open());
    payments.chain(open.map(InFlight::Regeneration))
}

/// What has a beginning and then lines that say what became of it. Payments have their numbers instead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Regeneration,
    Stop,
    BaggageLoss,
    Handled,
}

/// What a line of the story means for the deeds of a shift.
enum Line {
    /// An attempt goes on, or begins.
    Attempt(AttemptId),
    /// Something of a kind begins.
    Begins(Kind),
    /// It says what became of the last of its kind.
    GoesOn(Kind),
    /// It is a deed by itself.
    Alone,
    /// The last of a kind was taken back.
    TakenBack(Kind),
}

/// Nothing, if nobody of the desk did it.
fn line(order: OrderNo, what: &What) -> Option<Line> {
    let begins = |kind, begins| if begins { Line::Begins(kind) } else { Line::GoesOn(kind) };
    match what {
        What::Attempt { attempt, .. } => Some(Line::Attempt(*attempt)),
        // An order also tells how it was made itself.
        What::Regeneration(state) if state.child() == Some(order) => None,
        What::Regeneration(state) => Some(begins(Kind::Regeneration, *state == regeneration::State::Sending)),
        What::Stop(state) => Some(begins(Kind::Stop, *state == stop::State::Sending)),
        What::OperatorAction(action) => match action {
            OperatorAction::BaggageLoss(decision) => {
                Some(begins(Kind::BaggageLoss, !matches!(decision, Decision::Ended { .. })))
            }
            OperatorAction::Handled { .. } => Some(Line::Begins(Kind::Handled)),
            OperatorAction::Unhandled => Some(Line::TakenBack(Kind::Handled)),
            OperatorAction::Decided { .. } | OperatorAction::StatedConfirmed => Some(Line::Alone),
            _ => None,
        },
        _ => None,
    }
}

/// What the person of the shift did to an order, each with when it was begun.
fn deeds<'a>(case: &'a Case, shift: &Shift<'_>) -> Vec<(Timestamp, Done<'a>)> {
    let is_theirs = |happening: &Happening| {
        happening.at >= shift.since && happening.by.as_ref().is_some_and(|by| by.who.as_str() == shift.who)
    };
    let mut begun: BTreeMap<usize, (Timestamp, Done<'a>)> = BTreeMap::new();
    let mut attempts = BTreeSet::new();
    // Where the last of each kind was begun, if that was theirs.
    let mut last: BTreeMap<Kind, usize> = BTreeMap::new();
    for (at, happening) in case.story.iter().enumerate() {
        let happening: &'a Happening = happening;
        match line(case.order.no, &happening.what) {
            Some(Line::Attempt(id)) if attempts.insert(id) && is_theirs(happening) => {
                let attempt = case.lineage.attempt(id);
                begun.extend(attempt.map(|attempt| (at, (happening.at, Done::Paid(attempt)))));
            }
            Some(Line::Begins(kind)) if is_theirs(happening) => {
                last.insert(kind, at);
                begun.insert(at, (happening.at, Done::Other(happening)));
            }
            Some(Line::Begins(kind)) => {
                last.remove(&kind);
            }
            Some(Line::GoesOn(kind)) => {
                if let Some((_, done)) = last.get(&kind).and_then(|begun_at| begun.get_mut(begun_at)) {
                    *done = Done::Other(happening);
                }
            }
            Some(Line::Alone) if is_theirs(happening) => {
                begun.insert(at, (happening.at, Done::Other(happening)));
            }
            Some(Line::TakenBack(kind)) => {
                last.get(&kind).and_then(|begun_at| begun.remove(begun_at));
            }
            Some(Line::Attempt(_) | Line::Alone) | None => {}
        }
    }
    begun.into_values().collect()
}
