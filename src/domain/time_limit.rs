//! The times that run for an order: what each is called, when it ends, and whether it still runs.
//!
//! All of them end by the vendor's clock, so that one countdown may stand beside another.

use jiff::{SignedDuration, Timestamp};

use super::{
    baggage::trouble::Standing,
    case::Case,
    committable::Progress,
    deadline::{FULFILMENT_HOLD, OVERDUE_AFTER},
    method::PaymentMethod,
    moment::Now,
    order::OrderStatus,
};

/// An order paid by a card that the airline has not confirmed by then is cancelled by the vendor.
const CARD_CONFIRMED_WITHIN: SignedDuration = SignedDuration::from_hours(2);

/// What a time is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The order may be paid: 30 minutes for most.
    Payment,
    /// Payment, ticket and any retry of an order made from an offer: five minutes for all of it.
    Fulfilment,
    /// A ticket usually takes no longer: 10 minutes.
    LateTicketing,
    /// Hardly any ticket takes longer: an hour.
    OverdueTicketing,
    /// The airline has to confirm a passed-through card: 2 hours.
    CardConfirmation,
    /// A dead order may be regenerated: 24 hours.
    Regeneration,
    /// The vendor tries to stop issuance: 8 minutes.
    Stop,
    /// The link to the airline's page holds: 30 minutes.
    CommitLink,
    /// A loss on baggage waits for a decision: 30 minutes.
    BaggageDecision,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Payment,
        Self::Fulfilment,
        Self::LateTicketing,
        Self::OverdueTicketing,
        Self::CardConfirmation,
        Self::Regeneration,
        Self::Stop,
        Self::CommitLink,
        Self::BaggageDecision,
    ];

    /// The stable word for JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Fulfilment => "fulfilment",
            Self::LateTicketing => "lateTicketing",
            Self::OverdueTicketing => "overdueTicketing",
            Self::CardConfirmation => "cardConfirmation",
            Self::Regeneration => "regeneration",
            Self::Stop => "stop",
            Self::CommitLink => "commitLink",
            Self::BaggageDecision => "baggageDecision",
        }
    }

    /// True when the order, or a way to save it, is lost at its end. At the others only somebody has to look.
    pub const fn loses(self) -> bool {
        !matches!(self, Self::LateTicketing | Self::OverdueTicketing | Self::Stop)
    }

    /// When it ends for `case`, or has; none if it does not apply.
    fn ends(self, case: &Case, now: Now) -> Option<Timestamp> {
        let order = &case.order;
        if case.is_gone() || (case.is_replaced() && order.status != OrderStatus::Ticketing) {
            return None;
        }
        let is_unpaid = order.status == OrderStatus::Unpaid;
        let is_ticketing = order.status == OrderStatus::Ticketing;
        match self {
            Self::Payment => order.deadline().filter(|_| is_unpaid && !order.is_fulfilment()),
            Self::Fulfilment if is_unpaid => order.deadline().filter(|_| order.is_fulfilment()),
            Self::Fulfilment => {
                let ends = order.created? + FULFILMENT_HOLD;
                Some(ends).filter(|_| is_ticketing && order.is_fulfilment())
            }
            Self::LateTicketing => order.late_at().filter(|_| is_ticketing),
            Self::OverdueTicketing => Some(order.paid_at? + OVERDUE_AFTER).filter(|_| is_ticketing),
            Self::CardConfirmation => {
                let ends = order.paid_at? + CARD_CONFIRMED_WITHIN;
                Some(ends).filter(|_| is_ticketing && is_paid_by_card(case))
            }
            Self::Regeneration => {
                let is_dead = order.status == OrderStatus::Cancelled || order.has_lapsed(now.at);
                order.regenerable_until().filter(|_| is_dead)
            }
            Self::Stop => {
                let stop = case.lineage.stop(order.no)?;
                Some(stop.until()).filter(|_| is_ticketing && stop.state.may_work())
            }
            Self::CommitLink => {
                let progress = Progress::of(order, &case.lineage, now.at)?;
                progress.until().filter(|_| is_unpaid && !order.has_lapsed(now.at))
            }
            Self::BaggageDecision => {
                let trouble = case.baggage()?;
                let is_open = !matches!(trouble.standing, Standing::Accepted(..));
                // It was first seen by this machine's clock.
                let ahead = now.at.duration_since(now.wall);
                Some(trouble.ends_at()? + ahead).filter(|_| is_open)
            }
        }
    }
}

/// The airline itself charges the customer's card.
fn is_paid_by_card(case: &Case) -> bool {
    let paid = case.order.details.as_ref().and_then(|details| details.payment.as_ref());
    let method = paid.map(|payment| payment.method).or(case.attempt().map(|attempt| attempt.method));
    method == Some(PaymentMethod::Vcc)
}

/// A time that runs for an order, or is over and still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimit {
    /// What it is about.
    pub kind: Kind,
    /// When it ends, by the vendor's clock.
    pub ends: Timestamp,
}

impl TimeLimit {
    /// What is left of it at `now` (the vendor's clock); none once it is over.
    pub fn left(self, now: Timestamp) -> Option<SignedDuration> {
        Some(self.ends.duration_since(now)).filter(|left| left.is_positive())
    }
}

/// All that apply to `case`, the one that ends first before the others.
pub fn time_limits(case: &Case, now: Now) -> Vec<TimeLimit> {
    let limit = |kind: Kind| Some(TimeLimit { kind, ends: kind.ends(case, now)? });
    let mut limits: Vec<TimeLimit> = Kind::ALL.into_iter().filter_map(limit).collect();
    limits.sort_by_key(|limit| limit.ends);
    limits
}
