//! What is learnt of orders, from whomever: one form for all of it, so that one place decides what is believed.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    atlas::notification::airline_status,
    domain::{
        airline_trouble::AirlineStatus,
        alert,
        attempt::{self, Attempt},
        author::Author,
        moment::Moment,
        money::Money,
        notification::Notification,
        order::{Order, OrderNo},
        regeneration::{self, Regeneration},
        seen::Seen,
        stop::Stop,
        story::OperatorAction,
    },
    journal::{Entry, Fact},
};

/// Something that was learnt, and when, by this machine's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// When.
    pub at: Timestamp,
    /// Who recorded it, here or at another program.
    pub by: Option<Arc<Author>>,
    /// What, and how.
    pub what: Observed,
}

/// What was learnt, by the way in which it was.
#[derive(Clone, Debug, PartialEq)]
pub enum Observed {
    /// A row of the list, which was asked for at `asked`.
    Listed {
        /// The row.
        order: Box<Order>,
        /// When the request was sent.
        asked: Moment,
    },
    /// The answer to a query, which was sent at `asked`.
    Queried {
        /// The answer.
        order: Box<Order>,
        /// When the query was sent.
        asked: Moment,
        /// The same by the vendor's clock, as screens reckoned it then.
        shown: Timestamp,
    },
    /// A complete sweep of the list, which began at `asked`, did not show an order.
    Unlisted {
        /// The order.
        order: OrderNo,
        /// When the sweep began.
        asked: Moment,
    },
    /// A query, which was sent at `asked`, was answered "no such order".
    Denied {
        /// The order.
        order: OrderNo,
        /// When the query was sent.
        asked: Moment,
    },
    /// The journal says that an order had been seen so.
    Recorded {
        /// The order.
        order: OrderNo,
        /// How.
        seen: Box<Seen>,
    },
    /// The vendor sent a notification of an order.
    Notified {
        /// The order.
        order: OrderNo,
        /// What it says.
        notification: Box<Notification>,
    },
    /// The vendor sent a notification of airlines.
    AirlineStatus(AirlineStatus),
    /// An attempt as it now stands, of this program or another one.
    Attempt(Box<Attempt>),
    /// A regeneration as it now stands, likewise.
    Regeneration(Box<Regeneration>),
    /// A request to stop issuance as it now stands, likewise.
    Stop(Box<Stop>),
    /// What an operator did.
    OperatorAction {
        /// To this order.
        order: OrderNo,
        /// What.
        action: OperatorAction,
    },
    /// An alert was raised, or acknowledged.
    Alert {
        /// Which.
        key: alert::Key,
        /// What was done.
        did: alert::AlertDid,
    },
    /// The balance of the Atlas account in one currency.
    Balance(Money),
}

impl Observation {
    /// What an entry of the journal says of orders and airlines, if anything.
    pub fn of_entry(entry: Entry) -> Option<Self> {
        let Entry { at, order, fact, author, .. } = entry;
        let what = match fact {
            Fact::Attempt(attempt) => Observed::Attempt(attempt),
            Fact::Regeneration(regeneration) => Observed::Regeneration(regeneration),
            Fact::Seen(seen) => Observed::Recorded { order: order?, seen },
            Fact::Notified(notification) => match order {
                Some(order) => Observed::Notified { order, notification },
                None => Observed::AirlineStatus(airline_status(&notification)?),
            },
            Fact::OperatorAction(action) => Observed::OperatorAction { order: order?, action },
            Fact::Stop(stop) => Observed::Stop(stop),
            Fact::Alert(key, did) => Observed::Alert { key, did },
            Fact::Paused(..) | Fact::Redacted(_) | Fact::Archived(_) | Fact::Foreign(_) => return None,
        };
        Some(Self { at, by: Some(author), what })
    }
}

/// What an observation changes, and what is to be done about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deltas {
    /// The orders whose cases are not what they were.
    pub changed: Vec<OrderNo>,
    /// What is believed of this order is as fresh as the answer, whether that changed anything or not.
    pub fresh: Option<OrderNo>,
    /// Which cards were refused lately has changed.
    pub refusals: bool,
    /// Which airlines are in trouble has changed.
    pub troubles: bool,
    /// A balance has changed.
    pub balances: bool,
    /// This alert is not what it was.
    pub alert: Option<alert::Key>,
    /// The order of which it has changed what speaks for it that the vendor has it no more.
    pub missing: Option<OrderNo>,
    /// News that the journal is to keep.
    pub record: Option<Fact>,
    /// Attempts that it moves on, with the state that each left: to be recorded, and then believed.
    pub attempts: Vec<(Attempt, attempt::State)>,
    /// The regeneration that it moves on, likewise.
    pub regeneration: Option<(Regeneration, regeneration::State)>,
}
