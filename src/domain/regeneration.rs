//! Making a new order from a dead one: the states of one `regenerateOrder.do`, and what proves that a child exists.
//!
//! The call is not idempotent: asked twice it makes two orders. So it is treated as a payment is. It is on disk before
//! its first byte leaves, it is sent once, and after a doubt the child is looked for before anybody may ask again.

use std::ops::Deref;

use jiff::{SignedDuration, Timestamp};

use super::{
    attempt::QUARANTINE,
    codes::{self, Making},
    deadline::REGENERABLE_FOR,
    intent::{Doubt, Illegal, NotSent, kinds, name},
    moment::{Moment, Now},
    order::{Order, OrderNo, OrderStatus, Segment},
    text::Text,
};

name! {
    /// Names one regeneration for ever.
    RegenerationId
}

/// How the single call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// Proof that no byte of the request left.
    Not(NotSent),
    /// The new order, from one complete answer with status 0.
    Made(OrderNo),
    /// Any other `status`.
    Refused(i64),
    /// It may have been done.
    Doubt(Doubt),
}

kinds! {
    /// Where a regeneration stands, without what belongs to it.
    Kind {
        /// See [`State::Sending`].
        Sending => "sending",
        /// See [`State::Made`].
        Made => "made",
        /// See [`State::Found`].
        Found => "found",
        /// See [`State::InDoubt`].
        InDoubt => "inDoubt",
        /// See [`State::Refused`].
        Refused => "refused",
        /// See [`State::NotSent`].
        NotSent => "notSent",
        /// See [`State::NotMade`].
        NotMade => "notMade",
    }
}

impl Kind {
    /// True while the same order may not be regenerated: it has been, or may have been.
    pub const fn blocks(self) -> bool {
        !matches!(self, Self::Refused | Self::NotSent | Self::NotMade)
    }

    /// True when an event can make `next` of a regeneration that stands here.
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Sending | Self::InDoubt => next != Self::Sending,
            // Its own answer came after all.
            Self::NotMade => next == Self::Made,
            Self::Made | Self::Found | Self::Refused | Self::NotSent => false,
        }
    }
}

/// Where a regeneration stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// On disk before the first byte: from here on it may have been sent.
    Sending,
    /// The new order, as the answer named it.
    Made(OrderNo),
    /// The answer was lost or another program asked; the new order was found.
    Found(OrderNo),
    /// It is not known whether there is a new order; it is looked for.
    InDoubt(Doubt),
    /// Refused: there is no new order.
    Refused(i64),
    /// Nothing was sent.
    NotSent(NotSent),
    /// The doubt was cleared: no new order was made.
    NotMade,
}

impl State {
    /// The new order, if there is one.
    pub fn child(&self) -> Option<OrderNo> {
        match self {
            Self::Made(child) | Self::Found(child) => Some(*child),
            _ => None,
        }
    }

    /// True while the same order may not be regenerated: it has been, or may have been.
    pub fn blocks(&self) -> bool {
        self.kind().blocks()
    }

    /// True while it is not known whether a new order exists.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Sending | Self::InDoubt(_))
    }

    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Sending => Kind::Sending,
            Self::Made(_) => Kind::Made,
            Self::Found(_) => Kind::Found,
            Self::InDoubt(_) => Kind::InDoubt,
            Self::Refused(_) => Kind::Refused,
            Self::NotSent(_) => Kind::NotSent,
            Self::NotMade => Kind::NotMade,
        }
    }

    /// The stable word for journal and JSON.
    pub const fn word(&self) -> &'static str {
        self.kind().word()
    }

    /// What the call proves. Where the vendor does not know itself, or a new order may exist already, it is looked for.
    pub fn after_call(called: &Called) -> Self {
        match called {
            Called::Not(reason) => Self::NotSent(reason.clone()),
            Called::Made(child) => Self::Made(*child),
            Called::Refused(code) => match codes::regenerate(*code).outcome {
                Making::Refused => Self::Refused(*code),
                Making::Made | Making::Unknown => Self::InDoubt(Doubt::Status(*code)),
            },
            Called::Doubt(doubt) => Self::InDoubt(doubt.clone()),
        }
    }
}

/// What can happen to a regeneration.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// Its own call ended. The orders of the trip that are `known` are none that it could have made.
    Called {
        /// How.
        called: &'a Called,
        /// The orders of the lineage.
        known: &'a [OrderNo],
    },
    /// The list was looked through for its child.
    Searched(Search<'a>),
    /// An order says itself that it was made from the parent.
    Named(OrderNo),
    /// The program that sent it has died.
    OwnerDied,
}

/// What a search for a child brought.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The dead order.
    pub parent: &'a Order,
    /// The orders of the trip that it cannot have made.
    pub known: &'a [OrderNo],
    /// The orders that were found.
    pub found: &'a [Order],
    /// Everything was looked through: only then can the search have been in vain.
    pub is_whole: bool,
    /// When it began.
    pub asked: Moment,
}

impl Event<'_> {
    /// A word for errors.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Called { .. } => "called",
            Self::Searched(_) => "searched",
            Self::Named(_) => "named",
            Self::OwnerDied => "ownerDied",
        }
    }
}

/// A regeneration as it stands, and all that was learnt about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name.
    pub id: RegenerationId,
    /// Root order of the trip.
    pub lineage: OrderNo,
    /// The dead order.
    pub parent: OrderNo,
    /// Why: the first failure's code, or what the operator was told.
    pub reason: Option<Text>,
    /// When it was about to be sent.
    pub sent: Moment,
    /// When its state last changed.
    pub changed_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// Whole searches that found no child, and when the last of them began.
    pub searches: (u32, Option<Moment>),
}

/// What is asked for: a new order from which dead one, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// Root order of the trip.
    pub lineage: OrderNo,
    /// The dead order.
    pub parent: OrderNo,
    /// Why: the first failure's code, or what the operator was told.
    pub reason: Option<Text>,
    /// A new order that somebody else has made of it already: then nothing is sent.
    pub adopted: Option<OrderNo>,
    /// The moment of the send.
    pub sent: Moment,
}

/// One regeneration. Everything of it can be read, as the fields of its [`Snapshot`]; only [`Regeneration::apply`]
/// changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regeneration(Snapshot);

impl Deref for Regeneration {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.0
    }
}

/// So many whole searches without a child are needed to say that there is none.
pub const SEARCHES: u32 = 3;

/// Orders made so long before the call cannot be its child (clocks may differ by that much).
pub const BORN_AROUND: SignedDuration = SignedDuration::from_mins(2);

impl Regeneration {
    /// A new one, at `now` by this machine's clock.
    pub fn begin(begin: Begin, now: Timestamp) -> Self {
        let Begin { lineage, parent, reason, adopted, sent } = begin;
        Self(Snapshot {
            id: RegenerationId::generate(),
            lineage,
            parent,
            reason,
            sent,
            changed_at: now,
            state: adopted.map_or(State::Sending, State::Found),
            searches: (0, None),
        })
    }

    /// The regeneration as the journal kept it; not for anything that has yet to happen.
    pub fn restore(snapshot: Snapshot) -> Self {
        Self(snapshot)
    }

    /// A copy of all its fields.
    pub fn snapshot(&self) -> Snapshot {
        self.0.clone()
    }

    /// The regeneration after an event that was learnt of at `at` (this machine's clock). A search or a late answer that
    /// says nothing new leaves it as it is.
    pub fn apply(&self, event: &Event<'_>, at: Timestamp) -> Result<Self, Illegal> {
        let changed = |state| Self(Snapshot { state, changed_at: at, ..self.snapshot() });
        Ok(match (event, &self.state) {
            (Event::Called { called, known }, State::Sending | State::InDoubt(_)) => match called {
                // The new order has a number of its own; an answer that repeats an old one says nothing.
                Called::Made(child) if known.contains(child) => {
                    let what = format!("the answer names {child} again");
                    changed(State::InDoubt(Doubt::Unreadable(what)))
                }
                called => changed(State::after_call(called)),
            },
            // Taken for "not made" by another program, and made after all.
            (Event::Called { called: Called::Made(child), known }, State::NotMade)
                if !known.contains(child) =>
            {
                changed(State::Made(*child))
            }
            // What others have learnt of it meanwhile outweighs the answer.
            (Event::Called { .. }, State::Made(_) | State::Found(_) | State::Refused(_) | State::NotMade) => {
                self.clone()
            }
            (Event::Searched(search), _) => match self.after_search(search) {
                Some(next) => Self(Snapshot { changed_at: at, ..next }),
                None => self.clone(),
            },
            (Event::Named(child), State::InDoubt(_)) => changed(State::Found(*child)),
            (Event::OwnerDied, State::Sending) => changed(State::InDoubt(Doubt::Crash)),
            (Event::Called { .. } | Event::Named(_) | Event::OwnerDied, state) => {
                return Err(Illegal::Event { state: state.word(), event: event.word() });
            }
        })
    }

    /// What a search proves; `None` when it says nothing new.
    fn after_search(&self, search: &Search<'_>) -> Option<Snapshot> {
        let Search { parent, known, found, is_whole, asked } = *search;
        if !self.state.is_open() || asked.since(self.sent).is_negative() {
            return None;
        }
        let is_new = |order: &&Order| !known.contains(&order.no) && self.may_have_made(order, parent);
        if let Some(child) = found.iter().find(is_new) {
            return Some(Snapshot { state: State::Found(child.no), ..self.snapshot() });
        }
        if !is_whole {
            return None;
        }
        let spaced = self.searches.1.is_none_or(|last| asked.since(last) >= QUARANTINE / 9);
        let searches = (self.searches.0 + u32::from(spaced), Some(asked));
        let is_over = searches.0 >= SEARCHES && asked.since(self.sent) >= QUARANTINE;
        let state = if is_over { State::NotMade } else { self.state.clone() };
        Some(Snapshot { state, searches, ..self.snapshot() })
    }

    /// True for an order that can only be the one that this call made.
    pub fn may_have_made(&self, order: &Order, parent: &Order) -> bool {
        may_be_child(order, parent, self.born_after(Some(parent)))
    }

    /// No child of this call was made earlier. Where the clocks were in doubt when it left, that is all that the parent's
    /// own age says.
    pub fn born_after(&self, parent: Option<&Order>) -> Timestamp {
        let by_age =
            || parent.and_then(|parent| parent.created).unwrap_or(self.sent.now.at - REGENERABLE_FOR);
        self.sent.now.sure().map_or_else(by_age, |sent| sent - BORN_AROUND)
    }
}

impl Snapshot {
    /// May a regeneration begin like this?
    pub fn may_begin(&self) -> Result<(), Illegal> {
        match self.state {
            State::Sending | State::Found(_) => Ok(()),
            _ => Err(Illegal::Step { from: "nothing", to: self.state.word() }),
        }
    }

    /// Can an event explain that this one stands like `next` afterwards? Wall clocks are not asked: people set them.
    pub fn may_become(&self, next: &Self) -> Result<(), Illegal> {
        let fixed = [
            ("name", self.id == next.id),
            ("lineage", self.lineage == next.lineage),
            ("order", self.parent == next.parent),
            ("reason", self.reason == next.reason),
            ("time of sending", self.sent == next.sent),
        ];
        if let Some((what, _)) = fixed.into_iter().find(|(_, is_same)| !is_same) {
            return Err(Illegal::Altered(what));
        }
        if self.state != next.state && !self.state.kind().may_become(next.state.kind()) {
            return Err(Illegal::Step { from: self.state.word(), to: next.state.word() });
        }
        if next.searches.1.is_some_and(|searched| searched.since(next.sent).is_negative()) {
            return Err(Illegal::EarlyAnswer);
        }
        Ok(())
    }
}

/// True for an order that can only have been made from `parent` since `since`: the same journey for the same people. One
/// that names another origin is none, and one that names this origin is.
pub fn may_be_child(order: &Order, parent: &Order, since: Timestamp) -> bool {
    if order.no == parent.no {
        return false;
    }
    if let Some(original) = order.details.as_ref().and_then(|details| details.original) {
        return original == parent.no;
    }
    let sorted = |order: &Order| {
        let mut names = order.passengers.to_vec();
        names.sort();
        names
    };
    let same =
        |ours: &Option<Text>, theirs: &Option<Text>| ours.is_none() || theirs.is_none() || ours == theirs;
    order.created.is_some_and(|created| created >= since)
        && same(&order.from, &parent.from)
        && same(&order.to, &parent.to)
        && flies_the_same(order, parent)
        && order.departs == parent.departs
        && order.airlines == parent.airlines
        && !parent.passengers.is_empty()
        && sorted(order) == sorted(parent)
}

/// The same flights between the same airports, as far as both tell: who flies out and back the same day on two orders
/// has two journeys.
fn flies_the_same(order: &Order, parent: &Order) -> bool {
    let legs = |order: &Order| {
        let details = order.details.as_ref()?;
        let leg = |segment: &Segment| (segment.flight.clone(), segment.from.clone(), segment.to.clone());
        Some(details.segments.iter().map(leg).collect::<Vec<_>>()).filter(|legs| !legs.is_empty())
    };
    match (legs(order), legs(parent)) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    }
}

/// True when an order that a child was made from can be charged no more (I16), by the answer to a query: cancelled, or
/// unpaid and past its deadline by every clock at hand.
pub fn is_dead(order: &Order, now: Now) -> bool {
    order.status == OrderStatus::Cancelled || order.has_surely_lapsed(now)
}
