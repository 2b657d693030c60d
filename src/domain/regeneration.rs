//! Making a new order from a dead one: the states of one `regenerateOrder.do`, and what proves that a child exists.
//!
//! The call is not idempotent: asked twice it makes two orders. So it is treated as a payment is. It is on disk before
//! its first byte leaves, it is sent once, and after a doubt the child is looked for before anybody may ask again.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{
    attempt::{Doubt, NotSent, QUARANTINE, State as Paying},
    codes::{self, Making},
    deadline::REGENERABLE_FOR,
    lineage::Lineage,
    moment::{Moment, Now},
    order::{Order, OrderNo, OrderStatus, Segment},
    text::Text,
};

/// Names one regeneration for ever (UUID, version 7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegenerationId(pub Uuid);

impl RegenerationId {
    /// A new one.
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for RegenerationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for RegenerationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
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
        !matches!(self, Self::Refused(_) | Self::NotSent(_) | Self::NotMade)
    }

    /// True while it is not known whether a new order exists.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Sending | Self::InDoubt(_))
    }

    /// The stable word for journal and JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Made(_) => "made",
            Self::Found(_) => "found",
            Self::InDoubt(_) => "inDoubt",
            Self::Refused(_) => "refused",
            Self::NotSent(_) => "notSent",
            Self::NotMade => "notMade",
        }
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

/// One regeneration and all that was learnt about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regeneration {
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

/// So many whole searches without a child are needed to say that there is none.
pub const SEARCHES: u32 = 3;

/// Orders made so long before the call cannot be its child (clocks may differ by that much).
pub const BORN_AROUND: SignedDuration = SignedDuration::from_mins(2);

impl Regeneration {
    /// The regeneration after a search, begun at `asked`, that showed the orders `found`; those of the trip that are
    /// `known` already are none that it could have made. Only a search that `is_whole` can have been in vain. `None`
    /// when it tells nothing new.
    pub fn after_search(
        &self,
        parent: &Order,
        known: &[OrderNo],
        found: &[Order],
        is_whole: bool,
        asked: Moment,
    ) -> Option<Self> {
        if !self.state.is_open() || asked.since(self.sent).is_negative() {
            return None;
        }
        let is_new = |order: &&Order| !known.contains(&order.no) && self.may_have_made(order, parent);
        if let Some(child) = found.iter().find(is_new) {
            return Some(Self { state: State::Found(child.no), ..self.clone() });
        }
        if !is_whole {
            return None;
        }
        let spaced = self.searches.1.is_none_or(|last| asked.since(last) >= QUARANTINE / 9);
        let searches = (self.searches.0 + u32::from(spaced), Some(asked));
        let is_over = searches.0 >= SEARCHES && asked.since(self.sent) >= QUARANTINE;
        let state = if is_over { State::NotMade } else { self.state.clone() };
        Some(Self { state, searches, ..self.clone() })
    }

    /// True for an order that can only be the one that this call made.
    pub fn may_have_made(&self, order: &Order, parent: &Order) -> bool {
        may_be_child(order, parent, self.born_after(Some(parent)))
    }

    /// No child of this call was made earlier. Where the clocks were in doubt when it left, that is all that the parent's
    /// own age tells.
    pub fn born_after(&self, parent: Option<&Order>) -> Timestamp {
        let by_age =
            || parent.and_then(|parent| parent.created).unwrap_or(self.sent.now.at - REGENERABLE_FOR);
        self.sent.now.sure().map_or_else(by_age, |sent| sent - BORN_AROUND)
    }

    /// What is right for one found in the journal after the program that sent it has died.
    pub fn after_death(&self) -> Option<State> {
        (self.state == State::Sending).then_some(State::InDoubt(Doubt::Crash))
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
        let mut names = order.passengers.clone();
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

/// Why an order may not be regenerated now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// A new order was made from it already.
    Already(OrderNo),
    /// It may have been regenerated: the new order is being looked for.
    InDoubt,
    /// It is unpaid and can still be paid itself.
    StillPayable,
    /// Its deadline is past by one clock, and not by every clock at hand; or the vendor's clock is in doubt.
    ClockInDoubt,
    /// It is called dead by one answer alone.
    SaidOnce,
    /// Not all orders made since could be looked through: somebody may have made a new one already.
    NotAllSeen,
    /// It is being ticketed or is ticketed (the vendor would say 314).
    Alive,
    /// What the vendor says of it is not understood, or not yet known.
    Unclear,
    /// Made more than a day ago, or nobody knows when.
    TooOld,
    /// An attempt to pay it or one of its trip is not over.
    AttemptOpen(Paying),
}

/// May a new order be made from `order`, by what its lineage says?
pub fn may_regenerate(order: &Order, lineage: &Lineage, now: Now) -> Result<(), NotNow> {
    if let Some(child) = lineage.child_of(order.no) {
        return Err(NotNow::Already(child));
    }
    if lineage.remade(order.no).is_some() {
        return Err(NotNow::InDoubt);
    }
    if let Some(holder) = lineage.attempts.iter().find(|attempt| attempt.state.blocks()) {
        return Err(NotNow::AttemptOpen(holder.state.clone()));
    }
    match order.status {
        OrderStatus::Cancelled => {}
        OrderStatus::Unpaid if order.has_surely_lapsed(now) => {}
        OrderStatus::Unpaid if order.has_lapsed(now.at) => return Err(NotNow::ClockInDoubt),
        OrderStatus::Unpaid if order.deadline().is_some() => return Err(NotNow::StillPayable),
        OrderStatus::Unpaid | OrderStatus::Unknown(_) => return Err(NotNow::Unclear),
        OrderStatus::Ticketing | OrderStatus::Ticketed => return Err(NotNow::Alive),
    }
    if order.is_young(now.at) { Ok(()) } else { Err(NotNow::TooOld) }
}

/// True when an order that a child was made from can be charged no more (I16), by the answer to a query: cancelled, or
/// unpaid and past its deadline by every clock at hand.
pub fn is_dead(order: &Order, now: Now) -> bool {
    order.status == OrderStatus::Cancelled || order.has_surely_lapsed(now)
}
