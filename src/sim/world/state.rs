//! All that the vendor knows: its orders, what is going to happen, the money, the faults, the story so far.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};

use super::{happening::Happening, hooks::Hooks, sessions::Sessions, setup::Setup};
use crate::{
    domain::method::PaymentMethod,
    sim::{
        card::Memory,
        endpoint::Endpoint,
        fault::{Fault, Faults, Target},
        ledger::Ledger,
        order::{Order, State, make::Birth},
        refusal::Refusal,
        scenario::{Hooks as Delays, Script, Switches},
        story::{Event, Kind, Story},
        time::{Clock, Moment},
    },
};

/// The simulated vendor.
pub(in crate::sim) struct World {
    pub(super) setup: Setup,
    pub(super) script: Arc<Script>,
    pub(super) clock: Clock,
    /// What is due by then has happened.
    pub(super) now: Moment,
    /// By number, which is by creation.
    pub(super) orders: Vec<Order>,
    pub(super) names: HashMap<Box<str>, usize>,
    /// By time, then in the order in which they were decided.
    pub(super) happenings: BTreeMap<(Moment, u64), Happening>,
    pub(super) decided: u64,
    pub(super) ledger: Ledger,
    pub(super) cards: Memory,
    pub(in crate::sim) faults: Faults,
    pub(in crate::sim) switches: Switches,
    /// How webhooks arrive.
    pub(in crate::sim) delivery: Delays,
    pub(in crate::sim) story: Story,
    pub(super) sessions: Sessions,
    pub(super) hooks: Hooks,
    /// Lines of the scenario that wait for something to happen to an order, and have not been played.
    pub(super) awaiting: Vec<usize>,
}

impl World {
    /// Where the story is.
    pub(in crate::sim) fn moment(&self) -> Moment {
        self.now
    }

    /// What maps the story to the wall.
    pub(in crate::sim) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The same, to change its pace.
    pub(in crate::sim) fn clock_mut(&mut self) -> &mut Clock {
        &mut self.clock
    }

    pub(in crate::sim) fn setup(&self) -> &Setup {
        &self.setup
    }

    /// All orders, oldest first.
    pub(in crate::sim) fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Where the money went.
    pub(in crate::sim) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The order of a number.
    pub(in crate::sim) fn find(&self, order_no: &str) -> Option<&Order> {
        self.index_of(order_no).map(|index| &self.orders[index])
    }

    /// The fault that a request meets.
    pub(in crate::sim) fn meet(
        &mut self,
        endpoint: Endpoint,
        order_no: Option<&str>,
        method: Option<PaymentMethod>,
    ) -> Option<Fault> {
        let order = order_no.and_then(|no| self.index_of(no)).map(|index| &self.orders[index]);
        self.faults.meet(&Target { endpoint, order, method }, self.now)
    }

    pub(super) fn index_of(&self, order_no: &str) -> Option<usize> {
        self.orders.binary_search_by(|order| order.no.as_str().cmp(order_no)).ok()
    }

    /// The order of a number, or of a name in the story.
    pub(in crate::sim) fn find_either(&self, order: &str) -> Option<&Order> {
        self.index_of_either(order).map(|index| &self.orders[index])
    }

    /// The index of an order that must be there, or the refusal of one that is not.
    pub(super) fn known(&self, order_no: &str) -> Result<usize, Refusal> {
        self.index_of(order_no).ok_or_else(|| Refusal::new(800, "Order does not exist"))
    }

    pub(super) fn index_of_either(&self, order: &str) -> Option<usize> {
        self.index_of(order).or_else(|| self.names.get(order).copied())
    }

    /// Decides that something will happen so many milliseconds after `from`.
    pub(super) fn decide(&mut self, from: Moment, milliseconds: i64, happening: Happening) {
        self.decide_at(from + SignedDuration::from_millis(milliseconds), happening);
    }

    pub(super) fn decide_at(&mut self, at: Moment, happening: Happening) {
        self.decided += 1;
        self.happenings.insert((at, self.decided), happening);
    }

    /// Adds an order, which lapses unless it is paid.
    pub(super) fn push(&mut self, order: Order) -> usize {
        let index = self.orders.len();
        if order.state == State::Unpaid && order.deadline > self.now {
            self.decide_at(order.deadline, Happening::Lapse(index));
        }
        self.names.insert(order.name.clone(), index);
        self.orders.push(order);
        index
    }

    /// An order made at that moment: its number is the first millisecond on the wall in which none was made.
    pub(super) fn birth(&self, story: Moment) -> Birth {
        let taken = self.orders.last().map(|order| order.created + SignedDuration::from_millis(1));
        Birth { story, wall: self.clock.wall(story).max(taken.unwrap_or(Timestamp::MIN)) }
    }

    /// What an order is, in a line of the story.
    pub(super) fn describe(&self, index: usize) -> String {
        let order = &self.orders[index];
        let codes: Vec<&str> = order.routing.airlines().iter().map(|airline| airline.code).collect();
        let (from, to) = order.routing.ends().map_or(("?", "?"), |(from, to)| (from.code, to.code));
        format!("{} {from}-{to} {}", codes.join("+"), order.total())
    }

    /// Records what happened, and plays what waited for it.
    pub(super) fn record(&mut self, at: Moment, kind: Kind, index: Option<usize>, detail: impl Into<String>) {
        let order = index.and_then(|index| self.orders.get(index)).map(|order| order.name.clone());
        if let Some(name) = &order {
            self.wake(name, kind, at);
        }
        self.story.record(Event { at, kind, order, detail: detail.into(), said: None });
    }
}
