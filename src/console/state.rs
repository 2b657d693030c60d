//! Everything that the console knows. It is changed by [`super::update`] alone, and read by [`super::view`].

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tui_input::Input;

use super::{
    aside::Narration, form::PayForm, list::List, recover::RecoverForm, screen::Size, theme::Theme,
    typing::Typing, view::layout,
};
use crate::{
    config::Stage,
    desk::health::Health,
    domain::{
        billing::BillingRules,
        case::Case,
        context::{PaymentContext, PaymentRules},
        freshness::Freshness,
        moment::Now,
        money::{Currency, Money},
        order::OrderNo,
        refusals::Refusals,
    },
    lang::Lang,
};

/// How many lines the log keeps.
const LOG_LINES: usize = 500;

/// A remark at the foot of the screen goes after so long; an error stays until it is dismissed.
pub const REMARK_LASTS: SignedDuration = SignedDuration::from_secs(6);

/// What the console is started with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// LIVE, SANDBOX or DEMO, on every screen.
    pub stage: Stage,
    /// Host of the API, or what stands for it.
    pub host: String,
    /// Language to begin with.
    pub lang: Lang,
    /// Colours, or none.
    pub theme: Theme,
    /// The desk's own time zone.
    pub zone: TimeZone,
    /// No payment from here.
    pub read_only: bool,
    /// Which airline wants which billing field.
    pub billing: Arc<BillingRules>,
    /// A wrong check digit is a warning only.
    pub lenient_luhn: bool,
    /// The most that one payment may be, by currency.
    pub limits: BTreeMap<Currency, Money>,
    /// Ring the bell when an order becomes urgent or an outcome is unknown.
    pub bell: bool,
}

/// What lies over the table; the last one gets the keys.
pub enum Layer {
    /// The selected order on the whole screen.
    Detail,
    /// The filter is being typed.
    Filter,
    /// A letter chooses the column to sort by.
    Sort,
    /// The recover form; the pay form may lie over it.
    Recover(Box<RecoverForm>),
    /// The pay form.
    Pay(Box<PayForm>),
    /// What happened, and how the desk is.
    Log,
    /// The keys.
    Help,
    /// Leave although something is in flight?
    Quit,
}

/// A line at the foot of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it says.
    pub text: String,
    /// An error stays until Esc.
    pub is_error: bool,
    /// Since when.
    pub since: Timestamp,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
    /// Something went wrong.
    pub is_error: bool,
}

/// The console's state.
pub struct State {
    /// What it was started with; language may change.
    pub setup: Setup,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Now, by our clock.
    pub now: Timestamp,
    /// The orders.
    pub list: List,
    /// First visible row of the table.
    pub top: usize,
    /// Changes that wait while rows must not move.
    pub held: BTreeMap<OrderNo, Arc<Case>>,
    /// How fresh each order is that was asked for.
    pub fresh: HashMap<OrderNo, Freshness>,
    /// The picture is frozen since then.
    pub frozen_since: Option<Timestamp>,
    /// The detail pane or strip is shown.
    pub pane: bool,
    /// How far the detail is scrolled.
    pub scroll: usize,
    /// What is typed as a filter.
    pub filter: Input,
    /// What lies over the table.
    pub layers: Vec<Layer>,
    /// The desk's health.
    pub health: Health,
    /// Account balances.
    pub balances: Arc<BTreeMap<Currency, Money>>,
    /// Which cards were refused lately.
    pub refusals: Arc<Refusals>,
    /// The line at the foot.
    pub remark: Option<Remark>,
    /// What a demo's presenter said last, and whether it is shown.
    pub narration: Option<Narration>,
    /// The presenter's line is hidden.
    pub narration_hidden: bool,
    /// What happened lately.
    pub log: VecDeque<LogLine>,
    /// How far the log or the help is scrolled.
    pub overlay_scroll: usize,
    /// Orders on screen that the desk was told of last.
    pub watched: Vec<OrderNo>,
    /// When the desk is to be told that others are.
    pub watch_at: Option<Timestamp>,
    /// The next frame will differ.
    pub dirty: bool,
    /// How keys arrive.
    pub typing: Typing,
    /// How long the console has been running, by a clock that only goes forward.
    pub up: Duration,
    /// Asked to quit by C-c at that time.
    pub quit_asked: Option<Duration>,
    /// Asked to stop by C-z at that time.
    pub suspend_asked: Option<Duration>,
    /// When the program began.
    pub started_at: Timestamp,
}

impl State {
    /// A console that knows nothing yet.
    pub fn new(setup: Setup, size: (u16, u16), now: Timestamp) -> Self {
        Self {
            setup,
            size,
            now,
            list: List::default(),
            top: 0,
            held: BTreeMap::new(),
            fresh: HashMap::new(),
            frozen_since: None,
            pane: true,
            scroll: 0,
            filter: Input::default(),
            layers: Vec::new(),
            health: Health::default(),
            balances: Arc::default(),
            refusals: Arc::default(),
            remark: None,
            narration: None,
            narration_hidden: false,
            log: VecDeque::new(),
            overlay_scroll: 0,
            watched: Vec::new(),
            watch_at: None,
            dirty: true,
            typing: Typing::default(),
            up: Duration::ZERO,
            quit_asked: None,
            suspend_asked: None,
            started_at: now,
        }
    }

    /// The language in use.
    pub fn lang(&self) -> Lang {
        self.setup.lang
    }

    /// The vendor's clock as well as we know it: deadlines go by it.
    pub fn server_now(&self) -> Timestamp {
        self.clocks().at
    }

    /// The time by all clocks at hand.
    pub fn clocks(&self) -> Now {
        self.health.at(self.now)
    }

    /// The newest of an order, also while the rows are held.
    pub fn case(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.held.get(&order).or_else(|| self.list.case(order))
    }

    /// When an order was asked for last, by the vendor's clock; none if it never was.
    pub fn asked_at(&self, order: OrderNo) -> Option<Timestamp> {
        self.fresh.get(&order).map(|fresh| fresh.asked_at)
    }

    /// The newest of the selected order.
    pub fn selected_case(&self) -> Option<&Arc<Case>> {
        self.case(self.list.selected()?)
    }

    /// What the rules need to judge a payment of `case`.
    pub fn situation<'a>(&'a self, case: &'a Case) -> PaymentContext<'a> {
        situation(&self.setup, &self.balances, &self.refusals, self.server_now(), case)
            .asked(self.asked_at(case.order.no))
    }

    /// The form, if one is open.
    pub fn form(&self) -> Option<&PayForm> {
        self.layers.iter().find_map(|layer| if let Layer::Pay(form) = layer { Some(&**form) } else { None })
    }

    /// True while rows must stay where they are: something is open over them, or the picture is frozen.
    pub fn holds_rows(&self) -> bool {
        self.frozen_since.is_some()
            || self.layers.iter().any(|layer| !matches!(layer, Layer::Filter | Layer::Detail))
    }

    /// How old the data is, once it is older than it should be.
    pub fn stale_for(&self) -> Option<SignedDuration> {
        let since = self.health.last_success.unwrap_or(self.started_at);
        (self.now >= self.goes_stale_at()).then(|| self.now.duration_since(since))
    }

    /// When the data becomes stale if nothing more comes.
    fn goes_stale_at(&self) -> Timestamp {
        let limit = self.health.stale_after.max(SignedDuration::from_secs(5));
        let patience =
            if self.health.failures > 0 || self.health.last_success.is_none() { limit } else { limit * 2 };
        self.health.last_success.unwrap_or(self.started_at) + patience
    }

    /// Says something about a key, which is of no interest later.
    pub fn hint(&mut self, text: String) {
        self.remark = Some(Remark { text, is_error: false, since: self.now });
    }

    /// Says something at the foot of the screen, and in the log.
    pub fn say(&mut self, text: String, is_error: bool) {
        self.note(text.clone(), is_error);
        self.remark = Some(Remark { text, is_error, since: self.now });
    }

    /// Writes a line into the log.
    pub fn note(&mut self, text: String, is_error: bool) {
        if self.log.len() == LOG_LINES {
            self.log.pop_front();
        }
        self.log.push_back(LogLine { at: self.now, text, is_error });
    }

    /// The presenter's line, if there is one to show.
    pub fn narration(&self) -> Option<&str> {
        let narration = self.narration.as_ref().filter(|_| !self.narration_hidden)?;
        Some(match self.lang() {
            Lang::En => narration.en.as_str(),
            Lang::ZhCn => narration.zh.as_str(),
        })
    }

    /// Keeps the selected row on screen.
    pub fn scroll_to_selection(&mut self) {
        let page = layout::areas(self).page();
        let Some(at) = self.list.position() else { return };
        self.top = self.top.min(at).max((at + 1).saturating_sub(page.max(1)));
        self.top = self.top.min(self.list.shown().saturating_sub(page.max(1)));
    }

    /// True while something on the screen counts seconds.
    pub fn counts_seconds(&self) -> bool {
        layout::shows_countdown(self) || self.form().is_some()
    }

    /// When it is known what the keys are that are held back, counted as [`Self::up`]; none if there are none.
    pub fn settles_at(&self) -> Option<Duration> {
        self.typing.due()
    }

    /// Says so when the terminal does not tell its size.
    pub fn hear_size(&mut self, size: Size) {
        if size == Size::Unknown {
            let (columns, rows) = size.usable();
            let text = self.lang().fill("message.no_size", &[("columns", &columns), ("rows", &rows)]);
            self.say(text, false);
            self.dirty = true;
        }
    }

    /// The next moment at which the picture changes by itself; none if it never does.
    ///
    /// Ages go by whole minutes, all at once. Only a countdown that is on screen, or data that has become stale,
    /// counts seconds; the clock is shown while one of them runs, so that a desk at rest is a still picture.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let second = |offset: SignedDuration| {
            let now = self.now + offset;
            let whole = Timestamp::from_second(now.as_second() + 1).unwrap_or(Timestamp::MAX);
            whole - offset
        };
        let ticking = self.counts_seconds().then(|| second(self.health.clock_offset));
        let stale = match self.stale_for() {
            Some(_) => Some(second(SignedDuration::ZERO)),
            None => Some(self.goes_stale_at()),
        };
        let regroup =
            self.list.next_change().filter(|_| !self.holds_rows()).map(|at| at - self.health.clock_offset);
        let remark =
            self.remark.as_ref().filter(|remark| !remark.is_error).map(|remark| remark.since + REMARK_LASTS);
        let form = self.form().and_then(|form| form.next_moment(self.now));
        [layout::next_age(self), ticking, stale, regroup, remark, form, self.watch_at]
            .into_iter()
            .flatten()
            .min()
    }
}

/// What the rules need to judge a payment of `case`; apart from [`State`], so that a form may be changed meanwhile.
pub fn situation<'a>(
    setup: &'a Setup,
    balances: &BTreeMap<Currency, Money>,
    refusals: &'a Refusals,
    now: Timestamp,
    case: &'a Case,
) -> PaymentContext<'a> {
    let rules = PaymentRules {
        billing: &setup.billing,
        lenient_luhn: setup.lenient_luhn,
        limits: &setup.limits,
        refusals,
    };
    PaymentContext::new(now, &case.order, &case.lineage, balances, rules)
}
