//! A mailbox: where news waits for one listener. Not a queue: of each order only the newest case waits, and of notices
//! only the last ones, so a slow listener delays nobody and nothing grows without bound.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::reply::{CommandId, Reply};
use crate::{
    desk::health::{Health, Notice},
    domain::{
        airline_trouble::AirlineTroubles,
        alert::{Alert, Key},
        case::Case,
        case_set::CaseSet,
        freshness::Freshness,
        money::{Currency, Money},
        order::OrderNo,
        refusals::Refusals,
    },
};

/// So many notices wait for a listener; those before them are counted and dropped.
const NOTICES: usize = 200;

/// Everything new since the last take.
#[derive(Clone, Debug, Default)]
pub struct Update {
    /// The newest state of each order that changed.
    pub cases: Vec<Arc<Case>>,
    /// Orders as the journal remembers them, which no answer has shown since the start: to be shown at most.
    pub remembered: Vec<Arc<Case>>,
    /// How fresh what is believed of an order is, for each that was asked for; most answers change nothing else.
    pub fresh: Vec<(OrderNo, Freshness)>,
    /// The desk's own health, if it changed.
    pub health: Option<Health>,
    /// Account balances that were asked for, if any changed.
    pub balances: Option<Arc<BTreeMap<Currency, Money>>>,
    /// Which cards were refused lately, if that changed.
    pub refusals: Option<Arc<Refusals>>,
    /// Which airlines are in trouble, if that changed.
    pub troubles: Option<Arc<AirlineTroubles>>,
    /// Alerts that were raised or acknowledged, as each now stands.
    pub alerts: Vec<Alert>,
    /// What the desk says once, to every listener, oldest first.
    pub notices: Vec<Notice>,
    /// So many older notices were dropped, since nobody took them.
    pub missed: usize,
    /// Replies to the commands of this very listener.
    pub replies: Vec<(CommandId, Reply)>,
    /// The desk has ended.
    pub ended: bool,
}

impl Update {
    /// True when there is nothing new.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
            && self.remembered.is_empty()
            && self.fresh.is_empty()
            && self.health.is_none()
            && self.balances.is_none()
            && self.refusals.is_none()
            && self.troubles.is_none()
            && self.alerts.is_empty()
            && self.notices.is_empty()
            && self.replies.is_empty()
            && !self.ended
    }
}

/// How things stand: the newest of everything that lasts.
#[derive(Clone, Default)]
pub(super) struct Picture {
    cases: CaseSet,
    /// None of them is among the cases.
    remembered: CaseSet,
    fresh: BTreeMap<OrderNo, Freshness>,
    health: Option<Health>,
    balances: Option<Arc<BTreeMap<Currency, Money>>>,
    refusals: Option<Arc<Refusals>>,
    troubles: Option<Arc<AirlineTroubles>>,
    alerts: BTreeMap<Key, Alert>,
    ended: bool,
}

impl Picture {
    /// Takes in what changed. Costs what changed, however much there is.
    pub(super) fn merge(&mut self, update: &Update) {
        for case in &update.cases {
            self.remembered.take(case.order.no);
            self.cases.put(Arc::clone(case));
        }
        for case in &update.remembered {
            if !self.cases.holds(case.order.no) {
                self.remembered.put(Arc::clone(case));
            }
        }
        self.fresh.extend(update.fresh.iter().copied());
        newest(&mut self.health, update.health.as_ref());
        newest(&mut self.balances, update.balances.as_ref());
        newest(&mut self.refusals, update.refusals.as_ref());
        newest(&mut self.troubles, update.troubles.as_ref());
        self.alerts.extend(update.alerts.iter().map(|alert| (alert.key, alert.clone())));
        self.ended |= update.ended;
    }

    fn is_empty(&self) -> bool {
        self.cases.is_empty()
            && self.remembered.is_empty()
            && self.fresh.is_empty()
            && self.health.is_none()
            && self.balances.is_none()
            && self.refusals.is_none()
            && self.troubles.is_none()
            && self.alerts.is_empty()
            && !self.ended
    }
}

fn newest<T: Clone>(place: &mut Option<T>, news: Option<&T>) {
    if let Some(news) = news {
        *place = Some(news.clone());
    }
}

/// All that one listener has not taken yet.
#[derive(Default)]
struct Waiting {
    picture: Picture,
    notices: VecDeque<Notice>,
    missed: usize,
    replies: Vec<(CommandId, Reply)>,
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.picture.is_empty() && self.notices.is_empty() && self.replies.is_empty()
    }

    fn merge(&mut self, update: &Update) {
        self.picture.merge(update);
        self.notices.extend(update.notices.iter().cloned());
        let too_many = self.notices.len().saturating_sub(NOTICES);
        self.notices.drain(..too_many);
        self.missed += too_many;
    }

    fn take(&mut self) -> Update {
        let Self { picture, notices, missed, replies } = std::mem::take(self);
        let Picture { cases, remembered, fresh, health, balances, refusals, troubles, alerts, ended } =
            picture;
        let alerts = alerts.into_values().collect();
        let (cases, remembered) = (cases.into_sorted(), remembered.into_sorted());
        let fresh = fresh.into_iter().collect();
        let notices = notices.into();
        Update {
            cases,
            remembered,
            fresh,
            health,
            balances,
            refusals,
            troubles,
            alerts,
            notices,
            missed,
            replies,
            ended,
        }
    }
}

type Wake = Box<dyn Fn() + Send>;

/// Where news waits for one listener. Its lock is held for a merge or a take, never while anything is awaited or drawn.
#[derive(Default)]
pub(super) struct Mailbox {
    waiting: Mutex<Waiting>,
    filled: Condvar,
    wake: Mutex<Option<Wake>>,
    /// How many commands were numbered here.
    numbered: AtomicU64,
}

impl Mailbox {
    /// A mailbox in which the present picture waits already.
    pub(super) fn starting_with(picture: Picture) -> Self {
        Self { waiting: Mutex::new(Waiting { picture, ..Waiting::default() }), ..Self::default() }
    }

    /// Calls `wake` whenever something is put into an empty mailbox, and now if something waits already.
    pub(super) fn on_filled(&self, wake: impl Fn() + Send + 'static) {
        let mut place = lock(&self.wake);
        if !lock(&self.waiting).is_empty() {
            wake();
        }
        *place = Some(Box::new(wake));
    }

    /// A number for a command, which no other command of this mailbox has.
    pub(super) fn number(&self) -> CommandId {
        CommandId(self.numbered.fetch_add(1, Ordering::Relaxed))
    }

    /// Merges what was published into what waits.
    pub(super) fn put(&self, update: &Update) {
        self.fill(|waiting| waiting.merge(update));
    }

    /// Puts in the reply to a command.
    pub(super) fn put_reply(&self, to: CommandId, reply: Reply) {
        self.fill(|waiting| waiting.replies.push((to, reply)));
    }

    fn fill(&self, put: impl FnOnce(&mut Waiting)) {
        let was_empty = {
            let mut waiting = lock(&self.waiting);
            let was_empty = waiting.is_empty();
            put(&mut waiting);
            was_empty
        };
        self.filled.notify_all();
        if was_empty && let Some(wake) = &*lock(&self.wake) {
            wake();
        }
    }

    /// Takes all that waits, which may be nothing.
    pub(super) fn take(&self) -> Update {
        lock(&self.waiting).take()
    }

    /// Takes all that waits; waits for something up to `patience`.
    pub(super) fn wait(&self, patience: Duration) -> Update {
        let until = Instant::now() + patience;
        let mut waiting = lock(&self.waiting);
        while waiting.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            waiting = self.filled.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        waiting.take()
    }
}

/// A poisoned lock only means that another thread panicked between two whole writes.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
