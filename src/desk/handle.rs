//! What the others hold of the desk: commands go in, and the newest of everything comes out of a mailbox.
//!
//! The feed is a mailbox, not a queue: per order only the newest case waits, so a slow listener delays nobody and
//! nothing grows without bound. Its lock is held for a merge or a take, never while anything is awaited or drawn.

use std::{
    collections::BTreeMap,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::mpsc;

use super::health::{Health, Notice};
use crate::domain::{
    self,
    attempt::{AttemptId, Decision},
    case::Case,
    money::{Currency, Money},
    order::OrderNo,
    payment::Payment,
    recovery::Route,
    refusals::Refusals,
    text::Text,
};

/// What may be asked of the desk.
#[derive(Debug, PartialEq)]
pub enum Command {
    /// Query this order now (operator's lane), and the balance in its currency: pre-flight A.
    Inspect(OrderNo),
    /// Sweep the list again from the newest order on.
    RefreshAll,
    /// These orders are on screen: keep them fresher than the rest. The first is the selected one.
    Watch(Vec<OrderNo>),
    /// Pay. `payment` was authorised by an operator; the attempt takes this id.
    Pay {
        /// Chosen by the caller, so that it recognises its attempt in the feed.
        id: AttemptId,
        /// What was confirmed.
        payment: Box<Payment>,
    },
    /// Make a new order from a dead one, once.
    Regenerate {
        /// The dead one.
        order: OrderNo,
        /// The way that the operator chose.
        route: Route,
        /// What had failed.
        reason: Option<Text>,
    },
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
    /// Leave a note on an order.
    Note(OrderNo, Text),
    /// The vendor told something unasked.
    Hear(Box<domain::notice::Notice>),
    /// A call to the listener was refused, and why.
    CallRefused(domain::notice::Refusal),
    /// Finish what is in flight, then end.
    Leave,
}

/// Everything new since the last take.
#[derive(Debug, Default)]
pub struct Update {
    /// The newest state of each order that changed.
    pub cases: Vec<Arc<Case>>,
    /// The desk's own health, if it changed.
    pub health: Option<Health>,
    /// Account balances that were asked for, if any changed.
    pub balances: Option<Arc<BTreeMap<Currency, Money>>>,
    /// Which cards were refused lately, if that changed.
    pub refusals: Option<Arc<Refusals>>,
    /// Things to tell the operator once.
    pub notices: Vec<Notice>,
    /// The desk has ended.
    pub ended: bool,
}

impl Update {
    /// True when there is nothing new.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
            && self.health.is_none()
            && self.balances.is_none()
            && self.refusals.is_none()
            && self.notices.is_empty()
            && !self.ended
    }
}

/// The newest of everything that nobody has taken yet.
#[derive(Default)]
struct Mailbox {
    cases: BTreeMap<OrderNo, Arc<Case>>,
    rest: Update,
}

type Wake = Box<dyn Fn() + Send>;

/// The mailbox between the desk and its listener.
#[derive(Default)]
pub struct Feed {
    mailbox: Mutex<Mailbox>,
    filled: Condvar,
    wake: Mutex<Option<Wake>>,
}

impl Feed {
    /// Calls `wake` whenever something is put into an empty mailbox, and now if something waits already.
    pub fn on_filled(&self, wake: impl Fn() + Send + 'static) {
        let mut place = lock(&self.wake);
        let waits = {
            let mailbox = lock(&self.mailbox);
            !mailbox.cases.is_empty() || !mailbox.rest.is_empty()
        };
        if waits {
            wake();
        }
        *place = Some(Box::new(wake));
    }

    /// Merges `update` into what waits, and wakes the listener.
    pub fn put(&self, update: Update) {
        if update.is_empty() {
            return;
        }
        let was_empty = {
            let mut mailbox = lock(&self.mailbox);
            let was_empty = mailbox.cases.is_empty() && mailbox.rest.is_empty();
            mailbox.cases.extend(update.cases.into_iter().map(|case| (case.order.no, case)));
            let rest = &mut mailbox.rest;
            rest.health = update.health.or(rest.health.take());
            rest.balances = update.balances.or(rest.balances.take());
            rest.refusals = update.refusals.or(rest.refusals.take());
            rest.notices.extend(update.notices);
            rest.ended |= update.ended;
            was_empty
        };
        self.filled.notify_all();
        if was_empty && let Some(wake) = &*lock(&self.wake) {
            wake();
        }
    }

    /// Takes all that waits, which may be nothing.
    pub fn take(&self) -> Update {
        Self::empty(&mut lock(&self.mailbox))
    }

    /// Takes all that waits; waits for something up to `patience`.
    pub fn wait(&self, patience: Duration) -> Update {
        let until = Instant::now() + patience;
        let mut mailbox = lock(&self.mailbox);
        while mailbox.cases.is_empty() && mailbox.rest.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            mailbox = self.filled.wait_timeout(mailbox, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        Self::empty(&mut mailbox)
    }

    fn empty(mailbox: &mut Mailbox) -> Update {
        let cases = std::mem::take(&mut mailbox.cases).into_values().collect();
        Update { cases, ..std::mem::take(&mut mailbox.rest) }
    }
}

/// A poisoned lock only means that another thread panicked between two whole writes.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The desk as others hold it.
#[derive(Clone)]
pub struct Handle {
    commands: mpsc::UnboundedSender<Command>,
    feed: Arc<Feed>,
}

impl Handle {
    /// A handle, and the desk's ends of it.
    pub fn pair() -> (Self, mpsc::UnboundedReceiver<Command>, Arc<Feed>) {
        let (commands, orders) = mpsc::unbounded_channel();
        let feed = Arc::new(Feed::default());
        (Self { commands, feed: Arc::clone(&feed) }, orders, feed)
    }

    /// Hands a command over; false if the desk has ended.
    pub fn send(&self, command: Command) -> bool {
        self.commands.send(command).is_ok()
    }

    /// The mailbox.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn ended() -> Update {
        Update { ended: true, ..Update::default() }
    }

    #[test]
    fn a_listener_that_comes_late_is_woken_for_what_waits() {
        let (feed, woken) = (Feed::default(), Arc::new(AtomicUsize::new(0)));
        feed.put(ended());
        let count = Arc::clone(&woken);
        feed.on_filled(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        assert_eq!(woken.load(Ordering::SeqCst), 1);
        feed.put(ended());
        assert_eq!(woken.load(Ordering::SeqCst), 1, "it has been woken and has not taken yet");
        assert!(feed.take().ended);
        feed.put(ended());
        assert_eq!(woken.load(Ordering::SeqCst), 2);
    }
}
