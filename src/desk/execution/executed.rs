//! What the requests that carry out payments and regenerations bring back.

use jiff::Timestamp;

use crate::{
    atlas::{Answer, CallOutcome, ReadError},
    domain::{
        attempt::{AttemptId, Sent},
        baggage::decision::{self as baggage, AcceptanceId},
        moment::Moment,
        money::Money,
        order::{Order, OrderNo},
        payment::Payment,
        recovery::PaymentPath,
        regeneration::{Called, RegenerationId},
        stop::StopId,
        text::Text,
    },
};

/// A step of a payment or a regeneration that has come to its end outside.
pub(in crate::desk) enum Executed {
    Checked(Box<Checked>),
    Sent { id: AttemptId, sent: Sent },
    ParentChecked(Box<ParentChecked>),
    Called { id: RegenerationId, parent: OrderNo, called: Called },
    Searched(Box<Searched>),
    LossChecked(Box<LossChecked>),
    LossAnswered { id: AcceptanceId, order: OrderNo, called: baggage::Called },
    Committed { order: OrderNo, asked: Moment, outcome: CallOutcome<Text> },
    StopChecked { order: OrderNo, asked: Moment, answer: Box<Result<Answer<Order>, ReadError>> },
    Stopped { order: OrderNo, id: StopId, outcome: CallOutcome<()> },
}

/// The answer to the second check of a payment.
pub(in crate::desk) struct Checked {
    pub(in crate::desk) id: AttemptId,
    pub(in crate::desk) payment: Box<Payment>,
    pub(in crate::desk) asked: Moment,
    pub(in crate::desk) order: Result<Answer<Order>, ReadError>,
    /// The order that it was made from, which must be dead.
    pub(in crate::desk) parent: Option<Result<Answer<Order>, ReadError>>,
    pub(in crate::desk) balance: Option<Result<Answer<Money>, ReadError>>,
}

/// The answer about the order that is to be regenerated.
pub(in crate::desk) struct ParentChecked {
    pub(in crate::desk) order: OrderNo,
    pub(in crate::desk) path: PaymentPath,
    pub(in crate::desk) reason: Option<Text>,
    pub(in crate::desk) asked: Moment,
    /// The order, and those that may have been made from it already, by anybody.
    pub(in crate::desk) answers: Result<(Answer<Order>, Found), ReadError>,
}

/// The answer about the order whose loss is to be accepted.
pub(in crate::desk) struct LossChecked {
    pub(in crate::desk) order: OrderNo,
    pub(in crate::desk) asked: Moment,
    pub(in crate::desk) answer: Result<Answer<Order>, ReadError>,
}

/// What a search brought.
pub(in crate::desk) struct Searched {
    pub(in crate::desk) parent: OrderNo,
    pub(in crate::desk) asked: Moment,
    pub(in crate::desk) found: Result<Found, ReadError>,
    /// What was made later was not looked at.
    pub(in crate::desk) until: Timestamp,
}

/// Whether all pages were looked through, the orders that could be the new one, and the date of the answer.
pub(in crate::desk) struct Found {
    pub(in crate::desk) is_whole: bool,
    pub(in crate::desk) orders: Vec<Order>,
    pub(in crate::desk) dated: Option<Timestamp>,
}

impl Executed {
    /// Every answer among it that shows how well the desk sees, or why there is none; and when all of it was asked for.
    pub(in crate::desk) fn answers(&self) -> (Option<Moment>, Vec<Result<Option<Timestamp>, &ReadError>>) {
        fn dated<T>(answer: &Result<Answer<T>, ReadError>) -> Result<Option<Timestamp>, &ReadError> {
            answer.as_ref().map(|answer| answer.server_time)
        }
        match self {
            Self::Checked(checked) => {
                let mut answers = vec![dated(&checked.order)];
                // Of an order that could not be asked for, what was asked beside it says nothing more.
                answers.extend(checked.parent.iter().filter(|_| checked.order.is_ok()).map(dated));
                (Some(checked.asked), answers)
            }
            Self::ParentChecked(checked) => {
                let answer = checked.answers.as_ref().map(|(answer, _)| answer.server_time);
                (Some(checked.asked), vec![answer])
            }
            Self::Searched(searched) => {
                (Some(searched.asked), searched.found.iter().map(|found| Ok(found.dated)).collect())
            }
            Self::LossChecked(checked) => (Some(checked.asked), vec![dated(&checked.answer)]),
            Self::StopChecked { asked, answer, .. } => (Some(*asked), vec![dated(answer)]),
            Self::Sent { .. }
            | Self::Called { .. }
            | Self::LossAnswered { .. }
            | Self::Committed { .. }
            | Self::Stopped { .. } => (None, Vec::new()),
        }
    }
}
