//! What the console knows without the operator: what the desk said, what the program was started with, and the time.
//! Messages never change it. The desk's updates do, by [`Model::apply`], which says what was believed before.

use std::{
    collections::{BTreeMap, HashMap, btree_map::Entry},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    alerts::{AlertWays, Raised},
    aside::StoryTurn,
    keymap::Keymap,
    list::queue::OwnQueue,
    reload::Reload,
    standstill::Standstill,
    theme::{ByBackground, Rgb, Signs, Theme},
};
use crate::{
    config::Stage,
    desk::{
        health::{Health, Notice},
        hub::{NotBegun, Reply, Update},
    },
    domain::{
        airline_trouble::AirlineTroubles,
        alert::{Alert, Key},
        author::Author,
        billing::BillingRules,
        case::Case,
        case_set::CaseSet,
        context::{Elsewhere, PaymentContext, PaymentRules},
        freshness::Freshness,
        moment::Now,
        money::{Currency, Money},
        order::OrderNo,
        refusals::Refusals,
        work::Owner,
    },
    lang::Lang,
};

/// However the desk is set, data is not called stale before it is so old.
const STALE_AT_LEAST: SignedDuration = SignedDuration::from_secs(5);

/// What the console is started with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// LIVE, SANDBOX or DEMO, on every screen.
    pub stage: Stage,
    /// Host of the API, or what stands for it.
    pub host: String,
    /// Language to begin with.
    pub lang: Lang,
    /// How roles look.
    pub theme: Theme,
    /// If the terminal is to be asked for its background: what its answer chooses from.
    pub by_background: Option<ByBackground>,
    /// What frames and marks are drawn with.
    pub signs: Signs,
    /// The desk's own time zone.
    pub zone: TimeZone,
    /// The user's own queues.
    pub queues: Vec<OwnQueue>,
    /// Who writes into the journal from here: what is theirs is ours.
    pub author: Arc<Author>,
    /// No payment from here.
    pub read_only: bool,
    /// Which airline wants which billing field.
    pub billing: Arc<BillingRules>,
    /// A wrong check digit is a warning only.
    pub lenient_luhn: bool,
    /// The most that one payment may be, by currency.
    pub limits: BTreeMap<Currency, Money>,
    /// How an alert is told while nobody looks.
    pub alerts: AlertWays,
    /// Where exports are written; nowhere, if this machine has no place for them.
    pub exports: Option<PathBuf>,
    /// Which keys do what.
    pub keymap: Keymap,
    /// The mouse is taken from the terminal to begin with.
    pub mouse: bool,
}

/// When something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// By the clock on the wall, which may be set.
    pub wall: Timestamp,
    /// Since the console was started, by a clock that only goes forward: keys are told apart by it. What was read
    /// together has the same.
    pub up: Duration,
}

/// What the desk said, the set-up, and the time.
pub struct Model {
    /// What the console was started with.
    pub setup: Setup,
    /// When the message that is being handled came, or the last one did.
    pub time: When,
    /// When the program began, or the story of a demo anew, by the clock on the wall.
    pub started_at: Timestamp,
    /// The desk's health.
    pub health: Health,
    /// Account balances.
    pub balances: Arc<BTreeMap<Currency, Money>>,
    /// Which cards were refused lately.
    pub refusals: Arc<Refusals>,
    /// Which airlines are in trouble.
    pub troubles: Arc<AirlineTroubles>,
    /// The alerts that were raised, here or by another program.
    pub raised: Raised,
    /// Whether the story of a demo stands still.
    pub standstill: Standstill,
    cases: CaseSet,
    /// Those that are shown as the journal remembers them: no answer has shown them since the start.
    remembered: Remembered,
    fresh: HashMap<OrderNo, Freshness>,
}

/// What an update of the desk changed in the model, and what was believed before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The orders that the desk said something of, in the order in which it did.
    pub cases: Vec<Change>,
    /// If the desk said how it is: how it was.
    pub health: Option<HealthBefore>,
    /// It said of an order when that was asked for.
    pub fresh: bool,
    /// It said the balances.
    pub balances: bool,
    /// If it said which airlines are in trouble: which were.
    pub troubles: Option<Arc<AirlineTroubles>>,
    /// The alerts that are new here.
    pub alerts: Vec<Alert>,
    /// Those that are not, and that somebody may have acknowledged.
    pub acknowledged: Vec<Key>,
    /// What the desk says once, to every listener, oldest first.
    pub notices: Vec<Notice>,
    /// So many older notices are lost.
    pub missed: usize,
    /// What became of commands of this console.
    pub replies: Vec<Reply>,
    /// The desk has ended.
    pub ended: bool,
}

/// An order of which the desk said something; what is new of it is in the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What is believed now.
    pub case: Arc<Case>,
    /// What was believed before; `None` if the order is new.
    pub before: Option<Arc<Case>>,
    /// What was believed before was remembered: the row looks different now, whatever it says.
    pub was_remembered: bool,
}

impl Change {
    /// False for an answer that only says the same again.
    pub fn is_news(&self) -> bool {
        self.was_remembered || self.before.as_ref() != Some(&self.case)
    }
}

/// How the desk was before it said how it is.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthBefore {
    /// Its health.
    pub health: Health,
    /// The data was stale.
    pub was_stale: bool,
}

/// The cases that are only remembered. It is asked of each frame how many they are, and when the journal was last written of
/// one.
#[derive(Default)]
struct Remembered {
    cases: CaseSet,
    /// How many of them it was last written of in each moment, where it is known.
    written: BTreeMap<Timestamp, usize>,
}

/// When the journal was last written of a case that is remembered.
fn written(case: &Case) -> Option<Timestamp> {
    let last = case.story.last().map(|happening| happening.at);
    last.or_else(|| case.changed_at())
}

impl Remembered {
    /// Puts a case in the place of the one before it, which is returned.
    fn put(&mut self, case: Arc<Case>) -> Option<Arc<Case>> {
        let before = self.take(case.order.no);
        if let Some(written) = written(&case) {
            *self.written.entry(written).or_default() += 1;
        }
        self.cases.put(case);
        before
    }

    /// Takes the case of an order out, if it is among them.
    fn take(&mut self, order: OrderNo) -> Option<Arc<Case>> {
        let case = self.cases.take(order)?;
        if let Some(Entry::Occupied(mut cases)) = written(&case).map(|written| self.written.entry(written)) {
            *cases.get_mut() -= 1;
            if *cases.get() == 0 {
                cases.remove();
            }
        }
        Some(case)
    }
}

impl Model {
    /// A model of a desk that has said nothing yet.
    pub fn new(setup: Setup, started_at: Timestamp) -> Self {
        Self {
            setup,
            time: When { wall: started_at, up: Duration::ZERO },
            started_at,
            health: Health::default(),
            balances: Arc::default(),
            refusals: Arc::default(),
            troubles: Arc::default(),
            raised: Raised::default(),
            standstill: Standstill::default(),
            cases: CaseSet::default(),
            remembered: Remembered::default(),
            fresh: HashMap::new(),
        }
    }

    /// Takes over what the desk says.
    pub fn apply(&mut self, update: Update) -> Changes {
        let health = update.health.map(|health| {
            let was_stale = self.stale_for().is_some();
            HealthBefore { health: std::mem::replace(&mut self.health, health), was_stale }
        });
        let fresh = update.fresh;
        let balances = update.balances.is_some();
        if let Some(balances) = update.balances {
            self.balances = balances;
        }
        if let Some(refusals) = update.refusals {
            self.refusals = refusals;
        }
        let troubles = update.troubles.map(|troubles| std::mem::replace(&mut self.troubles, troubles));
        let mut cases = Vec::with_capacity(update.remembered.len() + update.cases.len());
        for case in update.remembered {
            if !self.cases.holds(case.order.no) {
                let before = self.remembered.put(Arc::clone(&case));
                cases.push(Change { case, before, was_remembered: false });
            }
        }
        for case in update.cases {
            let remembered = self.remembered.take(case.order.no);
            let was_remembered = remembered.is_some();
            let before = self.cases.put(Arc::clone(&case)).or(remembered);
            cases.push(Change { case, before, was_remembered });
        }
        for (order, freshness) in &fresh {
            if let Some(case) = self.cases.get(*order) {
                self.standstill.on_answer(case, freshness.asked_at);
            }
        }
        let (mut alerts, mut acknowledged) = (Vec::new(), Vec::new());
        for alert in update.alerts {
            if self.raised.put(alert.clone()) {
                alerts.push(alert);
            } else {
                acknowledged.push(alert.key);
            }
        }
        let is_fresh = !fresh.is_empty();
        self.fresh.extend(fresh);
        let replies = update.replies.into_iter().map(|(_, reply)| reply).collect();
        let Update { notices, missed, ended, .. } = update;
        Changes {
            cases,
            health,
            fresh: is_fresh,
            balances,
            troubles,
            alerts,
            acknowledged,
            notices,
            missed,
            replies,
            ended,
        }
    }

    /// Now, by our clock.
    pub fn now(&self) -> Timestamp {
        self.time.wall
    }

    /// The vendor's clock as well as we know it: deadlines go by it.
    pub fn server_now(&self) -> Timestamp {
        self.clocks().at
    }

    /// The time that the clocks of `case` are shown by: the vendor's, but where the story of a demo stands still.
    pub fn shown_now(&self, case: &Case) -> Timestamp {
        self.standstill.now_for(case, self.server_now())
    }

    /// The same by our own clock.
    pub fn shown_wall(&self, case: &Case) -> Timestamp {
        self.shown_now(case) - self.health.clock_offset
    }

    /// All clocks, as far back as those of `case` are shown.
    pub fn shown_clocks(&self, case: &Case) -> Now {
        self.clocks().at_later(self.shown_now(case))
    }

    /// Something was done to the story of a demo.
    pub fn on_story(&mut self, turn: StoryTurn) {
        let now = self.server_now();
        match turn {
            StoryTurn::Paused => {
                let cases = self.cases.iter().chain(self.remembered.cases.iter());
                self.standstill.begin(cases.map(|case| &**case), now);
            }
            StoryTurn::Resumed => self.standstill.end(now),
            StoryTurn::Moved => {}
            StoryTurn::Reset => {
                self.standstill.begin_anew();
                // What is so at the beginning of the new story was so before anybody looked.
                self.started_at = self.now();
            }
        }
    }

    /// The set-up is what the configuration says now, on a terminal of that background.
    pub(super) fn on_reload(&mut self, reload: &Reload, background: Option<Rgb>) {
        let setup = &mut self.setup;
        if let Some(lang) = reload.lang {
            setup.lang = lang;
        }
        if let Some(looks) = reload.looks.clone() {
            let by_answer = looks.by_background.clone().zip(background);
            // What the terminal said once holds; a terminal that was not asked yet is.
            setup.by_background = if by_answer.is_some() { None } else { looks.by_background };
            setup.theme = by_answer.map_or(looks.theme, |(themes, background)| themes.on(background));
            setup.signs = looks.signs;
        }
        if let Some(zone) = &reload.zone {
            setup.zone = zone.clone();
        }
        if let Some(queues) = &reload.queues {
            setup.queues.clone_from(queues);
        }
        if let Some(alerts) = reload.alerts {
            setup.alerts = alerts;
        }
        if let Some(keymap) = &reload.keymap {
            setup.keymap = keymap.clone();
        }
    }

    /// All cases.
    pub fn cases(&self) -> impl Iterator<Item = &Arc<Case>> {
        self.cases.iter().chain(self.remembered.cases.iter())
    }

    /// The time by all clocks at hand.
    pub fn clocks(&self) -> Now {
        self.health.at(self.now())
    }

    /// The newest of an order, also while its row on the screen is held.
    pub fn case(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.cases.get(order).or_else(|| self.remembered.cases.get(order))
    }

    /// The newest order that was made from `case`, once it has been seen.
    pub fn successor(&self, case: &Case) -> Option<&Arc<Case>> {
        self.case(case.lineage.line_from(case.order.no).last()?)
    }

    /// The other person who has `case`, by our own clock.
    pub fn held_by_another<'a>(&self, case: &'a Case) -> Option<&'a Owner> {
        case.work().held_by_another(&self.setup.author, self.now())
    }

    /// Who began the payment that another one was not begun for.
    pub fn in_its_way(&self, reason: &NotBegun) -> Option<&Author> {
        let NotBegun::Blocked(holder) = reason else { return None };
        self.case(holder.order)?.author_of(holder.id)
    }

    /// Until when `case` is ours, by our own clock.
    pub fn ours_until(&self, case: &Case) -> Option<Timestamp> {
        let owner = case.work().owner_at(self.now()).filter(|owner| owner.is(&self.setup.author))?;
        Some(owner.until)
    }

    /// When the journal was last written of an order that no answer has shown since the start: it is shown as remembered.
    pub fn remembered_from(&self, order: OrderNo) -> Option<Timestamp> {
        let case = self.remembered.cases.get(order)?;
        Some(written(case).unwrap_or(self.started_at))
    }

    /// How many such orders there are, and when the journal was last written of any of them; nothing if there are none.
    pub fn memory(&self) -> Option<(usize, Timestamp)> {
        let Remembered { cases, written } = &self.remembered;
        let newest = written.last_key_value().map_or(self.started_at, |(newest, _)| *newest);
        (!cases.is_empty()).then(|| (cases.len(), newest))
    }

    /// When an order was asked for last, by the vendor's clock; none if it never was.
    pub fn asked_at(&self, order: OrderNo) -> Option<Timestamp> {
        self.fresh.get(&order).map(|fresh| fresh.asked_at)
    }

    /// What the rules need to judge a payment of `case`.
    pub fn payment_context<'a>(&'a self, case: &'a Case) -> PaymentContext<'a> {
        let rules = PaymentRules {
            billing: &self.setup.billing,
            lenient_luhn: self.setup.lenient_luhn,
            limits: &self.setup.limits,
            refusals: &self.refusals,
            troubles: &self.troubles,
        };
        let us = &*self.setup.author;
        let owner = case.work().held_elsewhere(us, self.now());
        let elsewhere = owner.map(|owner| Elsewhere { owner, is_another: !owner.is_person(us) });
        let context =
            PaymentContext::new(self.server_now(), &case.order, &case.lineage, &self.balances, rules);
        let ahead = Some(self.health.clock_offset).filter(|_| self.clocks().settled);
        PaymentContext { elsewhere, ..context.asked(self.asked_at(case.order.no)).by_clock(ahead) }
    }

    /// How old the data is, once it is older than it should be.
    pub fn stale_for(&self) -> Option<SignedDuration> {
        let since = self.health.last_success.unwrap_or(self.started_at);
        (self.now() >= self.goes_stale_at()).then(|| self.now().duration_since(since))
    }

    /// When the data becomes stale if nothing more comes.
    pub fn goes_stale_at(&self) -> Timestamp {
        let limit = self.health.stale_after.max(STALE_AT_LEAST);
        let patience =
            if self.health.failures > 0 || self.health.last_success.is_none() { limit } else { limit * 2 };
        self.health.last_success.unwrap_or(self.started_at) + patience
    }
}
