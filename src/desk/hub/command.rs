//! What may be asked of the desk.

use jiff::Timestamp;

use crate::domain::{
    alert,
    attempt::{AttemptId, Decision},
    find::Find,
    group::Group,
    notification,
    order::OrderNo,
    payment::Payment,
    recovery::PaymentPath,
    text::Text,
};

/// What may be asked of the desk.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// Query this order now (operator's lane), and the balance in its currency: pre-flight A.
    Inspect(OrderNo),
    /// Query this order as soon as nothing more urgent is due: one of several that are refreshed together.
    Refresh(OrderNo),
    /// Look for orders at the vendor: one request for a page of the list, which asks for exactly this field.
    Find(Find),
    /// Sweep the list again from the newest order on.
    RefreshAll,
    /// These orders are on screen: keep them fresher than the rest. The first is the selected one.
    Watch(Vec<OrderNo>),
    /// Pay. `payment` was authorised by an operator; the attempt takes this id.
    Pay {
        /// Chosen by the caller, so that it recognises its attempt in what is published.
        id: AttemptId,
        /// What was confirmed.
        payment: Box<Payment>,
    },
    /// Make a new order from a dead one, once.
    Regenerate {
        /// The dead one.
        order: OrderNo,
        /// The way that the operator chose.
        path: PaymentPath,
        /// What had failed.
        reason: Option<Text>,
    },
    /// Ask for the link by which the traveller confirms at the airline.
    Commit(OrderNo),
    /// An operator says that the traveller has confirmed, by the link that was given.
    StateConfirmed(OrderNo),
    /// Ask the vendor to stop issuance.
    Stop(OrderNo),
    /// A person decides what asking alone does not resolve.
    Decide {
        /// The attempt.
        id: AttemptId,
        /// Its order.
        order: OrderNo,
        /// The decision.
        decision: Decision,
        /// Why; never empty.
        note: Text,
    },
    /// Accept the loss on the baggage of an order, or refuse it.
    BaggageLoss {
        /// The order.
        order: OrderNo,
        /// Accepted: the vendor is asked, once. Else nothing is sent.
        accept: bool,
    },
    /// Leave a note on an order.
    Note(OrderNo, Text),
    /// Raise alerts: those that nobody has raised yet.
    Raise(Vec<alert::Key>),
    /// Somebody has seen these alerts, and sees to them.
    Acknowledge(Vec<alert::Key>),
    /// Take an order to work on it, or take it for longer. Refused while another person has it.
    Take(OrderNo),
    /// Take it whoever has it.
    TakeOver {
        /// The order.
        order: OrderNo,
        /// Why; never empty.
        reason: Text,
    },
    /// Release it. Refused while another person has it.
    Release(OrderNo),
    /// Put an order off.
    Snooze {
        /// The order.
        order: OrderNo,
        /// Until then, by this machine's clock.
        until: Timestamp,
        /// Why.
        reason: Text,
    },
    /// Take that back.
    Wake(OrderNo),
    /// Set an order aside until what it is set aside for shows again.
    Handle {
        /// The order.
        order: OrderNo,
        /// The group that it was seen in.
        group: Group,
    },
    /// Take that back.
    Unhandle(OrderNo),
    /// The vendor sent a notification.
    Notification(Box<notification::Notification>),
    /// A call to the listener was refused, and why.
    CallRefused(notification::Refusal),
    /// Finish what is in flight, then end.
    Leave,
}
