//! A headless session at the desk: commands in, and everything seen so far.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;

use super::exit::{self, Exit, Failure};
use crate::{
    atlas::{Client, Endpoint, ReadError, SetupError},
    clock::{Clock, SystemClock},
    config::{Credentials, Settings},
    desk::{
        self, Desk,
        health::Health,
        hub::{Command, CommandId, Reply, Subscription, Update},
    },
    domain::{
        airline_trouble::AirlineTroubles,
        alert::{Alert, Key},
        billing::BillingRules,
        case::Case,
        context::{PaymentContext, PaymentRules},
        freshness::Freshness,
        moment::Now,
        money::{Currency, Money},
        order::OrderNo,
        refusals::Refusals,
    },
    journal::{JournalError, opening::Opening, sqlite::SqliteJournal, thread::Threaded, unusable::Unusable},
    lang::{Lang, system},
};

/// So long a command waits for an answer that it cannot do without.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// So long the balance may take beyond the order itself; a check without it is still a check.
const BALANCE_PATIENCE: Duration = Duration::from_secs(5);

/// The code of a failure for want of certificates.
pub(super) const NO_CERTIFICATES: &str = "no_certificates";

/// The variables of our own process.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The client for the settings' environment.
pub(super) fn client(settings: &Settings) -> Result<Client, Failure> {
    client_as(settings, credentials(settings)?)
}

/// Who we are in that environment.
pub(super) fn credentials(settings: &Settings) -> Result<Credentials, Failure> {
    settings.credentials(variable).map_err(|error| exit::configuration(*settings.lang, &error))
}

/// The client with these credentials.
pub(super) fn client_as(settings: &Settings, credentials: Credentials) -> Result<Client, Failure> {
    let Credentials { client_id, client_secret } = credentials;
    let authorities = settings.authorities.as_ref();
    let endpoint = Endpoint {
        base_url: settings.environment.base_url.to_string(),
        client_id,
        client_secret,
        pay_timeout: Endpoint::PAY_TIMEOUT,
        proxy: settings.proxy.as_ref().map(|proxy| proxy.url().clone()),
        authorities: authorities.map(|file| file.certificates.clone()).unwrap_or_default(),
    };
    Client::new(&endpoint).map_err(|error| unusable(&error, *settings.lang))
}

/// Why there is no client, and what mends that.
fn unusable(error: &SetupError, lang: Lang) -> Failure {
    let SetupError::NoCertificates = error else {
        return Failure::new(Exit::Usage, "configuration", error.to_string(), "");
    };
    let given = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().filter_map(|name| {
        let place = variable(name).filter(|place| !place.is_empty())?;
        Some(format!("{name}={place}"))
    });
    let given: Vec<String> = given.collect();
    let places = if given.is_empty() { lang.text("network.places").to_owned() } else { given.join(", ") };
    let message = lang.fill("network.no_certificates", &[("places", &places)]);
    Failure::new(Exit::Usage, NO_CERTIFICATES, message, lang.text("network.mend_certificates"))
}

/// The journal of the settings' environment, looked through.
pub(super) fn journal(settings: &Settings) -> Result<SqliteJournal, Failure> {
    let folder = settings.journal_dir();
    SqliteJournal::open(&folder, &operator()).map_err(|error| no_journal(*settings.lang, &folder, &error))
}

/// The same, of which nothing was looked through yet.
pub(super) fn begin_journal(settings: &Settings) -> Result<Opening, Failure> {
    let folder = settings.journal_dir();
    Opening::begin(&folder, &operator()).map_err(|error| no_journal(*settings.lang, &folder, &error))
}

/// Why a journal is not used, and what mends that.
pub(super) fn no_journal(lang: Lang, folder: &Path, error: &JournalError) -> Failure {
    let folder = folder.display();
    let (message, mend) = match error {
        JournalError::Folder { cause, .. } => {
            let cause = system::cause(lang, &cause.to_string());
            let message = lang.fill("data.not_usable", &[("folder", &folder), ("cause", &cause)]);
            (message, "data.mend_place")
        }
        JournalError::OtherMachine { kind, .. } => {
            let message = lang.fill("data.other_machine", &[("folder", &folder), ("kind", kind)]);
            (message, "data.mend_place")
        }
        // A fresh journal would know of no payment whose outcome is open.
        _ => (error.to_string(), "data.mend_keep"),
    };
    Failure::new(Exit::Usage, "journal", message, lang.fill(mend, &[("folder", &folder)]))
}

/// What the journal refuses to a command that reads it.
pub(super) fn journal_failed(error: &JournalError) -> Failure {
    Failure::new(Exit::Refused, "journal", error.to_string(), "")
}

/// Who sits here, for the journal: the user's name and the machine's.
pub(super) fn operator() -> String {
    let user = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "?".to_owned());
    format!("{user}@{}", rustix::system::uname().nodename().to_string_lossy())
}

/// How the desk works under these settings.
pub(super) fn options(settings: &Settings, read_only: bool) -> desk::Options {
    desk::Options {
        requests_per_minute: *settings.requests_per_minute,
        sweep_every: settings.sweep.unsigned_abs(),
        lookback: *settings.lookback,
        read_only,
        lenient_luhn: !settings.environment.stage.is_live(),
        limits: settings.limits.value.clone(),
        billing: Arc::new(BillingRules::built_in()),
        incidents_every: settings.incidents.as_ref().map(|every| every.unsigned_abs()),
        seed: fastrand::u64(..),
    }
}

/// Everything the desk has said so far.
#[derive(Default)]
pub(super) struct Seen {
    /// Orders by number.
    pub cases: BTreeMap<OrderNo, Arc<Case>>,
    /// Those that no answer has shown, as the journal remembers them.
    remembered: BTreeMap<OrderNo, Arc<Case>>,
    /// When each was asked for last.
    fresh: BTreeMap<OrderNo, Freshness>,
    /// The alerts that were raised.
    pub alerts: BTreeMap<Key, Alert>,
    /// How the desk is.
    pub health: Health,
    /// Balances by currency.
    pub balances: BTreeMap<Currency, Money>,
    /// Which cards were refused lately.
    pub refusals: Arc<Refusals>,
    /// Which airlines are in trouble.
    pub troubles: Arc<AirlineTroubles>,
    /// What became of our commands.
    replies: BTreeMap<CommandId, Reply>,
    /// It has ended.
    pub ended: bool,
}

impl Seen {
    fn merge(&mut self, update: Update) {
        self.cases.extend(update.cases.into_iter().map(|case| (case.order.no, case)));
        self.remembered.extend(update.remembered.into_iter().map(|case| (case.order.no, case)));
        self.fresh.extend(update.fresh);
        self.alerts.extend(update.alerts.into_iter().map(|alert| (alert.key, alert)));
        if let Some(health) = update.health {
            self.health = health;
        }
        if let Some(balances) = update.balances {
            self.balances.clone_from(&balances);
        }
        if let Some(refusals) = update.refusals {
            self.refusals = refusals;
        }
        if let Some(troubles) = update.troubles {
            self.troubles = troubles;
        }
        self.replies.extend(update.replies);
        self.ended |= update.ended;
    }

    /// All orders, also those that are only remembered.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Case>> {
        let unseen = self.remembered.values().filter(|case| !self.cases.contains_key(&case.order.no));
        self.cases.values().chain(unseen)
    }

    /// One of them.
    pub(super) fn one(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.cases.get(&order).or_else(|| self.remembered.get(&order))
    }

    /// The vendor's clock, by which deadlines are judged.
    pub(super) fn server_now(&self) -> Timestamp {
        self.clocks().at
    }

    /// The time by all clocks at hand.
    pub(super) fn clocks(&self) -> Now {
        self.health.at(SystemClock.now())
    }

    /// What became of a command, once that is known.
    pub(super) fn reply(&self, to: CommandId) -> Option<&Reply> {
        self.replies.get(&to)
    }
}

/// A desk of our own for the time of one command.
pub(super) struct Session {
    desk: Desk,
    mailbox: Subscription,
    options: desk::Options,
    /// The language of what is said.
    pub(super) lang: Lang,
    /// What it has said.
    pub seen: Seen,
}

impl Session {
    /// Starts a desk on the settings' environment and journal.
    pub(super) fn open(settings: &Settings, read_only: bool) -> Result<Self, Failure> {
        let options = options(settings, read_only);
        let client = client(settings)?;
        let (desk, mailbox) = match journal(settings) {
            Ok(journal) => desk::spawn(client, Threaded::start(journal)?, SystemClock, options.clone())?,
            Err(failure) if read_only => {
                eprintln!("paydesk: {}\n  {}", failure.message, settings.lang.text("data.without_journal"));
                desk::spawn(client, Unusable(failure.message), SystemClock, options.clone())?
            }
            Err(failure) => return Err(failure),
        };
        Ok(Self { desk, mailbox, options, lang: *settings.lang, seen: Seen::default() })
    }

    /// Starts a desk that keeps nothing, for a look at the connection alone.
    pub(super) fn probe(settings: &Settings, credentials: Credentials) -> Result<Self, Failure> {
        let options = options(settings, true);
        let journal = SqliteJournal::in_memory()
            .map_err(|error| Failure::new(Exit::Refused, "journal", error.to_string(), ""))?;
        let (desk, mailbox) =
            desk::spawn(client_as(settings, credentials)?, journal, SystemClock, options.clone())?;
        Ok(Self { desk, mailbox, options, lang: *settings.lang, seen: Seen::default() })
    }

    /// Hands a command to the desk; what becomes of it is found under the number.
    pub(super) fn ask(&self, command: Command) -> CommandId {
        self.mailbox.ask(command)
    }

    /// Hands a command to the desk, and waits for what becomes of it; `None` when `patience` is over.
    pub(super) fn reply_to(
        &mut self,
        command: Command,
        patience: Duration,
    ) -> Result<Option<Reply>, Failure> {
        let asked = self.ask(command);
        match self.wait_for(patience, |seen| seen.reply(asked).cloned()) {
            Some(Reply::NotTaken) => Err(desk_ended()),
            reply => Ok(reply),
        }
    }

    /// Takes in news until `found` finds what it looks for; `None` when `patience` is over or the desk has ended.
    pub(super) fn wait_for<T>(
        &mut self,
        patience: Duration,
        mut found: impl FnMut(&Seen) -> Option<T>,
    ) -> Option<T> {
        let until = Instant::now() + patience;
        self.seen.merge(self.mailbox.take());
        loop {
            if let Some(found) = found(&self.seen) {
                return Some(found);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || self.seen.ended {
                return None;
            }
            self.seen.merge(self.mailbox.wait(left));
        }
    }

    /// A fresh answer about one order, and the balance in its currency if it comes soon after.
    pub(super) fn inspect(&mut self, order: OrderNo) -> Result<Arc<Case>, Failure> {
        let case = match self.reply_to(Command::Inspect(order), PATIENCE)? {
            Some(Reply::Answered(_)) => self.seen.cases.get(&order).map(Arc::clone),
            Some(Reply::Unanswered { unsettled: Some(attempt), .. }) => {
                return Err(exit::unsettled(self.lang, &attempt));
            }
            Some(Reply::Unanswered { error, .. }) => return Err(exit::unanswered(self.lang, &error)),
            _ => None,
        };
        let none = || ReadError::NoAnswer(format!("in {} s", PATIENCE.as_secs()));
        let case = case.ok_or_else(|| exit::unanswered(self.lang, &none()))?;
        if let Some(currency) = case.order.settlement_currency() {
            self.wait_for(BALANCE_PATIENCE, |seen| seen.balances.get(&currency).copied());
        }
        Ok(case)
    }

    /// What the rules about paying look at.
    pub(super) fn payment_context<'a>(&'a self, case: &'a Case) -> PaymentContext<'a> {
        let rules = PaymentRules {
            billing: &self.options.billing,
            lenient_luhn: self.options.lenient_luhn,
            limits: &self.options.limits,
            refusals: &self.seen.refusals,
            troubles: &self.seen.troubles,
        };
        let seen = &self.seen;
        let asked = seen.fresh.get(&case.order.no).map(|fresh| fresh.asked_at);
        PaymentContext::new(seen.server_now(), &case.order, &case.lineage, &seen.balances, rules).asked(asked)
    }

    /// Lets the desk finish what is in flight, and takes in its last news.
    pub(super) fn leave(self) -> Seen {
        let Self { desk, mailbox, mut seen, .. } = self;
        desk.leave();
        seen.merge(mailbox.take());
        seen
    }
}

/// Nobody took the command: nothing came of it.
pub(super) fn desk_ended() -> Failure {
    Failure::new(Exit::Refused, "desk_ended", "the desk has ended", "")
}
