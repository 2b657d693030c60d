//! Configuration: file, environment variables and flags become [`Settings`], each value with its origin.
//!
//! A flag wins over a variable, a variable over the file, the file over what is built in. Nothing is half right:
//! the first key that is unknown, of a wrong type or of a bad value stops the program, with file, line and column.

mod file;
mod secret;
mod stage;

use std::{
    collections::BTreeMap,
    fmt, io,
    net::SocketAddr,
    ops::{Deref, Range},
    path::{Path, PathBuf},
};

use jiff::SignedDuration;
use reqwest::Url;
use secrecy::SecretString;
use toml::{Spanned, Value};
use tracing::level_filters::LevelFilter;

use self::file::{Entry, EnvironmentTable, File, Given, Name, WebhookTable, Within};
pub use self::{
    file::{Readable, Theme, Zone},
    secret::{SecretError, SecretSource},
    stage::{SANDBOX_HOST, Stage},
};
use crate::{
    domain::money::{Currency, Money},
    lang::Lang,
};

/// The annotated example, in which every key stands with its default.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// A line of the configuration file.
    Line(PathBuf, usize),
    /// An environment variable.
    Variable(&'static str),
    /// A flag of the command line.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Line(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Who set it.
    pub origin: Origin,
}

impl<T> Sourced<T> {
    fn built_in(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }

    fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: change(self.value), origin: self.origin }
    }
}

impl<T> Deref for Sourced<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// The flags of the command line that bear on the configuration.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--env`
    pub environment: Option<String>,
    /// `--lang`
    pub lang: Option<Lang>,
    /// `--read-only`
    pub read_only: bool,
    /// `--log-level`
    pub log_level: Option<LevelFilter>,
    /// `--no-color`
    pub no_color: bool,
}

/// Why the program cannot be set up as asked.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something in the file is wrong.
    #[error("{}, line {line}, column {column}: {message}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is wrong, and what is expected.
        message: String,
    },
    /// An environment variable is wrong.
    #[error("{name}: expected {expected}, found \"{found}\"")]
    Variable {
        /// Its name.
        name: &'static str,
        /// What it should hold.
        expected: String,
        /// What it holds.
        found: String,
    },
    /// `--env` names an environment that nobody described.
    #[error("--env {name}: there is no such environment; known are {known}")]
    NoSuchEnvironment {
        /// The name.
        name: String,
        /// Those that are there.
        known: String,
    },
    /// Neither `--data-dir` nor a home.
    #[error("no home directory is known; say where to keep the journal with --data-dir DIR")]
    NoHome,
    /// Nobody said who we are.
    #[error(
        "environment \"{environment}\" has no client id; set client_id under [environments.{environment}] in {}, or PAYDESK_CLIENT_ID",
        file.display()
    )]
    NoClientId {
        /// The environment.
        environment: String,
        /// Where the file is, or would be.
        file: PathBuf,
    },
    /// The secret cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// `paydesk demo` beside something that looks like real money.
    #[error(
        "the demo does not start while {name} is set, so that it can never touch a real account; run: env -u {name} paydesk demo"
    )]
    DemoNearLive {
        /// The variable.
        name: &'static str,
    },
}

/// One environment of the API: the one that was chosen.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: Sourced<String>,
    /// Where the API is.
    pub base_url: Sourced<Url>,
    /// Who we are to the API (`x-atlas-client-id`).
    pub client_id: Option<Sourced<String>>,
    /// Where the secret comes from.
    pub secret: Sourced<SecretSource>,
    /// Whether money is real.
    pub stage: Stage,
}

/// What the API asks for in every request's headers.
pub struct Credentials {
    /// `x-atlas-client-id`
    pub client_id: String,
    /// `x-atlas-client-secret`
    pub client_secret: SecretString,
}

/// Everything that can be configured.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration file: the one that was read, or where one would be looked for.
    pub file: PathBuf,
    /// True when the file is there.
    pub file_exists: bool,
    /// Where journal and log are kept.
    pub data_dir: Sourced<PathBuf>,
    /// The environment.
    pub environment: Environment,
    /// The language of screen and texts.
    pub lang: Sourced<Lang>,
    /// The zone of times on screen.
    pub time_zone: Sourced<Zone>,
    /// Nothing that changes an order is possible.
    pub read_only: Sourced<bool>,
    /// How much colour.
    pub theme: Sourced<Theme>,
    /// Requests to the API in a minute, all together.
    pub requests_per_minute: Sourced<u32>,
    /// Between two sweeps of the list.
    pub sweep: Sourced<SignedDuration>,
    /// How far back the sweep looks, by creation of the order.
    pub lookback: Sourced<SignedDuration>,
    /// The vendor's list of incidents is read so often; never without.
    pub incidents: Option<Sourced<SignedDuration>>,
    /// Where webhooks are listened for; nowhere without.
    pub webhook: Option<Sourced<SocketAddr>>,
    /// The most that one payment may take, by currency; a currency that is not named has no limit.
    pub limits: Sourced<BTreeMap<Currency, Money>>,
    /// What is logged.
    pub log_level: Sourced<LevelFilter>,
    /// The log is begun anew beyond this size.
    pub log_max_megabytes: Sourced<u32>,
    /// The terminal bell on news that need a person.
    pub bell: Sourced<bool>,
}

impl Settings {
    /// Reads file and environment variables (through `variable`) under the flags.
    pub fn load(flags: &Flags, variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let directories = directories::ProjectDirs::from("", "", "paydesk");
        let path = match (&flags.config, &directories) {
            (Some(path), _) => path.clone(),
            (None, Some(directories)) => directories.config_dir().join("config.toml"),
            (None, None) => PathBuf::from("config.toml"),
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound && flags.config.is_none() => None,
            Err(source) => return Err(ConfigError::Unreadable { path, source }),
        };
        let data_dir = match (&flags.data_dir, &directories) {
            (Some(folder), _) => Sourced { value: folder.clone(), origin: Origin::Flag("--data-dir") },
            (None, Some(directories)) => Sourced::built_in(directories.data_dir().to_owned()),
            (None, None) => return Err(ConfigError::NoHome),
        };
        let source = Source { path, text: text.as_deref().unwrap_or_default(), variable: &variable };
        source.settings(flags, data_dir, text.is_some())
    }

    /// Who we are to the API. Runs the secret's command or opens its file, so it is asked for once and late.
    pub fn credentials(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Credentials, ConfigError> {
        let client_id = self.environment.client_id.as_ref().ok_or_else(|| ConfigError::NoClientId {
            environment: self.environment.name.value.clone(),
            file: self.file.clone(),
        })?;
        let client_secret = self.environment.secret.read(variable)?;
        Ok(Credentials { client_id: client_id.value.clone(), client_secret })
    }

    /// The folder of this environment's journal: what happened on one is never mixed with another's.
    pub fn journal_dir(&self) -> PathBuf {
        self.data_dir.join(&self.environment.name.value)
    }

    /// Every key with its value as text and its origin, in the order of the example. Holds no secret.
    pub fn entries(&self) -> Vec<(String, String, Origin)> {
        fn entry<T>(key: &str, from: &Sourced<T>, text: impl fmt::Display) -> (String, String, Origin) {
            (key.to_owned(), text.to_string(), from.origin.clone())
        }
        let limits: Vec<String> = self.limits.values().map(ToString::to_string).collect();
        let zone = match &self.time_zone.value {
            Zone::System => "system",
            Zone::Named(zone) => zone.iana_name().unwrap_or("?"),
        };
        let environment = &self.environment;
        let table = format!("environments.{}", *environment.name);
        let secret = match &environment.secret.value {
            SecretSource::Variable => "from PAYDESK_CLIENT_SECRET".to_owned(),
            SecretSource::File(path) => format!("from the file {}", path.display()),
            SecretSource::Command(words) => {
                format!("from the command {}", words.first().map_or("", String::as_str))
            }
        };
        let mut entries = vec![
            entry("environment", &environment.name, &*environment.name),
            entry("language", &self.lang, self.lang.tag()),
            entry("time_zone", &self.time_zone, zone),
            entry("read_only", &self.read_only, *self.read_only),
            entry("theme", &self.theme, self.theme.word()),
            entry(&format!("{table}.base_url"), &environment.base_url, &*environment.base_url),
        ];
        entries
            .extend(environment.client_id.as_ref().map(|id| entry(&format!("{table}.client_id"), id, &**id)));
        entries.extend([
            entry(&format!("{table}.client_secret"), &environment.secret, secret),
            entry("polling.requests_per_minute", &self.requests_per_minute, *self.requests_per_minute),
            entry("polling.sweep_seconds", &self.sweep, self.sweep.as_secs()),
            entry("polling.lookback_hours", &self.lookback, self.lookback.as_hours()),
        ]);
        entries.extend(
            self.incidents.as_ref().map(|every| entry("polling.incidents_seconds", every, every.as_secs())),
        );
        entries.extend(self.webhook.as_ref().map(|address| entry("webhook.listen", address, **address)));
        entries.extend([
            entry("payment.limits", &self.limits, limits.join(", ")),
            entry("log.level", &self.log_level, *self.log_level),
            entry("log.max_megabytes", &self.log_max_megabytes, *self.log_max_megabytes),
            entry("console.bell", &self.bell, *self.bell),
            entry("--data-dir", &self.data_dir, self.data_dir.display()),
        ]);
        entries
    }

    /// The settings of `paydesk demo` around the simulator at `base_url`: no file is read and none will be written.
    /// Refused when the environment holds anything that could reach a real account.
    pub fn demo(
        flags: &Flags,
        base_url: Url,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        refuse_demo_near_live(&variable)?;
        let harmless = |name: &str| (!name.starts_with("PAYDESK_")).then(|| variable(name)).flatten();
        let source = Source { path: PathBuf::new(), text: "", variable: &harmless };
        let flags = Flags { environment: None, ..flags.clone() };
        let mut settings = source.settings(&flags, Sourced::built_in(PathBuf::new()), false)?;
        settings.environment = Environment {
            name: Sourced::built_in("demo".into()),
            base_url: Sourced::built_in(base_url),
            client_id: Some(Sourced::built_in("demo".into())),
            secret: Sourced::built_in(SecretSource::Variable),
            stage: Stage::Demo,
        };
        // Nobody shares this server: let the picture be complete at once.
        settings.requests_per_minute = Sourced::built_in(DEMO_REQUESTS_PER_MINUTE);
        settings.sweep = Sourced::built_in(DEMO_SWEEP);
        Ok(settings)
    }
}

/// Requests that the demo may send to its own simulator in a minute.
const DEMO_REQUESTS_PER_MINUTE: u32 = 1_200;

/// Between two sweeps of the demo's own simulator.
const DEMO_SWEEP: SignedDuration = SignedDuration::from_secs(2);

/// The demo and real money never share a process environment.
pub fn refuse_demo_near_live(variable: impl Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
    if variable("PAYDESK_CLIENT_SECRET").is_some() {
        return Err(ConfigError::DemoNearLive { name: "PAYDESK_CLIENT_SECRET" });
    }
    // An address that cannot be read is not known to be harmless.
    let is_live = |text: String| !Url::parse(&text).is_ok_and(|url| !Stage::of(&url, None).is_live());
    if variable("PAYDESK_BASE_URL").is_some_and(is_live) {
        return Err(ConfigError::DemoNearLive { name: "PAYDESK_BASE_URL" });
    }
    Ok(())
}

/// The language that the machine's locale asks for.
fn locale(variable: &dyn Fn(&str) -> Option<String>) -> Option<Sourced<Lang>> {
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| {
        let value = variable(name).filter(|value| !value.is_empty())?;
        Some(Sourced { value: Lang::parse(&value).unwrap_or_default(), origin: Origin::Variable(name) })
    })
}

/// What is merged: a file's text and the variables.
struct Source<'a> {
    path: PathBuf,
    text: &'a str,
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Source<'_> {
    fn settings(
        &self,
        flags: &Flags,
        data_dir: Sourced<PathBuf>,
        file_exists: bool,
    ) -> Result<Settings, ConfigError> {
        let mut file = file::read(self.text).map_err(|wrong| ConfigError::Wrong {
            path: self.path.clone(),
            line: wrong.line,
            column: wrong.column,
            message: wrong.message,
        })?;
        let environment = self.environment(flags, &mut file)?;
        let no_colour = if flags.no_color {
            Some(Origin::Flag("--no-color"))
        } else {
            (self.variable)("NO_COLOR")
                .filter(|value| !value.is_empty())
                .map(|_| Origin::Variable("NO_COLOR"))
        };
        let webhook = self.webhook(file.webhook)?;
        let flag = |name| Origin::Flag(name);
        let limits = file.payment.limits.map(|limits| Sourced {
            origin: self.line(limits.span()),
            value: limits
                .into_inner()
                .into_iter()
                .map(|(currency, amount)| (currency.0, Money::new(amount.0, currency.0)))
                .collect(),
        });
        Ok(Settings {
            data_dir,
            environment,
            lang: flags
                .lang
                .map(|value| Sourced { value, origin: flag("--lang") })
                .or_else(|| self.given(file.language))
                .or_else(|| locale(self.variable))
                .unwrap_or_else(|| Sourced::built_in(Lang::En)),
            time_zone: self.or(file.time_zone, Zone::System),
            read_only: if flags.read_only {
                Sourced { value: true, origin: flag("--read-only") }
            } else {
                self.or(file.read_only, false)
            },
            theme: match no_colour {
                Some(origin) => Sourced { value: Theme::Mono, origin },
                None => self.or(file.theme, Theme::Auto),
            },
            requests_per_minute: self.or(file.polling.requests_per_minute, Within(60)).map(|n| n.0),
            sweep: self
                .or(file.polling.sweep_seconds, Within(15))
                .map(|n| SignedDuration::from_secs(n.0.into())),
            lookback: self
                .or(file.polling.lookback_hours, Within(48))
                .map(|n| SignedDuration::from_hours(n.0.into())),
            incidents: self
                .given(file.polling.incidents_seconds)
                .map(|every| every.map(|n| SignedDuration::from_secs(n.0.into()))),
            webhook,
            limits: limits.unwrap_or_else(|| Sourced::built_in(BTreeMap::new())),
            log_level: match flags.log_level {
                Some(value) => Sourced { value, origin: flag("--log-level") },
                None => self.or(file.log.level, LevelFilter::INFO),
            },
            log_max_megabytes: self.or(file.log.max_megabytes, Within(10)).map(|n| n.0),
            bell: self.or(file.console.bell, true),
            file: self.path.clone(),
            file_exists,
        })
    }

    /// Where webhooks are listened for. Beyond this machine only if that was said in so many words.
    fn webhook(&self, table: WebhookTable) -> Result<Option<Sourced<SocketAddr>>, ConfigError> {
        let Some(listen) = table.listen else { return Ok(None) };
        let remote = table.remote.is_some_and(|remote| remote.into_inner().0);
        let span = listen.span();
        let address = self.given(Some(listen));
        match address {
            Some(address) if !address.ip().is_loopback() && !remote => {
                let message = format!(
                    "{} can be reached from other machines; expected a loopback address, or remote = true beside it",
                    *address
                );
                Err(self.wrong(span, message))
            }
            address => Ok(address),
        }
    }

    /// The chosen environment: by `--env`, else by `environment`, else the only one that is described, else `sandbox`,
    /// which is built in with the address of the vendor's test system.
    fn environment(&self, flags: &Flags, file: &mut File) -> Result<Environment, ConfigError> {
        let known: Vec<&str> = file
            .environments
            .keys()
            .map(|name| name.0.0.as_str())
            .filter(|name| *name != "sandbox")
            .chain(["sandbox"])
            .collect();
        let chosen_at = file.environment.as_ref().map(Spanned::span);
        let name = match (&flags.environment, self.given(file.environment.take())) {
            (Some(name), _) if known.contains(&name.as_str()) => {
                Sourced { value: name.clone(), origin: Origin::Flag("--env") }
            }
            (Some(name), _) => {
                return Err(ConfigError::NoSuchEnvironment { name: name.clone(), known: known.join(", ") });
            }
            (None, Some(name)) if known.contains(&name.0.as_str()) => name.map(|name| name.0),
            (None, Some(name)) => {
                let message = match file::nearest(&name.0, &known) {
                    Some(nearest) => {
                        format!("there is no [environments.{}]; did you mean \"{nearest}\"?", name.0)
                    }
                    None => {
                        format!("there is no [environments.{}]; expected one of {}", name.0, known.join(", "))
                    }
                };
                return Err(self.wrong(chosen_at.unwrap_or_default(), message));
            }
            (None, None) => match file.environments.first_key_value() {
                Some((only, table)) if file.environments.len() == 1 => {
                    Sourced { value: only.0.0.clone(), origin: self.line(table.span()) }
                }
                _ => Sourced::built_in("sandbox".to_owned()),
            },
        };
        let table = file.environments.remove(&Given(Name(name.value.clone())));
        let span = table.as_ref().map(Spanned::span).unwrap_or_default();
        self.described(name, table.map(Spanned::into_inner).unwrap_or_default(), span)
    }

    fn described(
        &self,
        name: Sourced<String>,
        table: EnvironmentTable,
        span: Range<usize>,
    ) -> Result<Environment, ConfigError> {
        let sandbox = || {
            let built_in = (*name == "sandbox").then(|| Url::parse(&format!("https://{SANDBOX_HOST}")));
            built_in.and_then(Result::ok).map(Sourced::built_in)
        };
        let overridden: Option<Sourced<Url>> = self.variable("PAYDESK_BASE_URL")?;
        // `live = false` was said of the address beside it, and of no other.
        let live = table.live.map(|live| live.into_inner().0).filter(|live| *live || overridden.is_none());
        let base_url = overridden.or_else(|| self.given(table.base_url)).or_else(sandbox);
        let Some(base_url) = base_url else {
            let message = format!(
                "environment \"{}\" has no base_url; expected {}",
                *name,
                <Url as Readable>::expected()
            );
            return Err(self.wrong(span, message));
        };
        let secret = self.secret(table.client_secret_file, table.client_secret_command)?;
        let client_id = self.variable("PAYDESK_CLIENT_ID")?.or_else(|| self.given(table.client_id));
        let stage = Stage::of(&base_url, live);
        Ok(Environment { name, base_url, client_id, secret, stage })
    }

    /// Where the secret comes from: the variable wins over the file, in which only one way may be given.
    fn secret(
        &self,
        file: Entry<PathBuf>,
        command: Entry<Vec<String>>,
    ) -> Result<Sourced<SecretSource>, ConfigError> {
        match (file, command) {
            (Some(_), Some(command)) => {
                let message =
                    "client_secret_command stands beside client_secret_file; expected one of the two";
                Err(self.wrong(command.span(), message.to_owned()))
            }
            _ if (self.variable)("PAYDESK_CLIENT_SECRET").is_some() => {
                let origin = Origin::Variable("PAYDESK_CLIENT_SECRET");
                Ok(Sourced { value: SecretSource::Variable, origin })
            }
            (None, None) => Ok(Sourced::built_in(SecretSource::Variable)),
            (file, command) => Ok(self
                .given(file)
                .map(|path| path.map(|path| SecretSource::File(self.resolve(&path))))
                .or_else(|| self.given(command).map(|words| words.map(SecretSource::Command)))
                .unwrap_or_else(|| Sourced::built_in(SecretSource::Variable))),
        }
    }

    /// A path of the file: `~/` is the home, and a relative one starts beside the file.
    fn resolve(&self, path: &Path) -> PathBuf {
        match (path.strip_prefix("~"), (self.variable)("HOME")) {
            (Ok(rest), Some(home)) => Path::new(&home).join(rest),
            _ => self.path.parent().unwrap_or(Path::new("")).join(path),
        }
    }

    fn given<T>(&self, entry: Entry<T>) -> Option<Sourced<T>> {
        let entry = entry?;
        let origin = self.line(entry.span());
        let Given(value) = entry.into_inner();
        Some(Sourced { value, origin })
    }

    fn or<T>(&self, entry: Entry<T>, built_in: T) -> Sourced<T> {
        self.given(entry).unwrap_or_else(|| Sourced::built_in(built_in))
    }

    fn line(&self, span: Range<usize>) -> Origin {
        Origin::Line(self.path.clone(), file::position(self.text, span).0)
    }

    fn wrong(&self, span: Range<usize>, message: String) -> ConfigError {
        let (line, column) = file::position(self.text, span);
        ConfigError::Wrong { path: self.path.clone(), line, column, message }
    }

    fn variable<T: Readable>(&self, name: &'static str) -> Result<Option<Sourced<T>>, ConfigError> {
        let Some(found) = (self.variable)(name) else { return Ok(None) };
        let value = T::read(&Value::String(found.clone()));
        let value = value.ok_or_else(|| ConfigError::Variable { name, expected: T::expected(), found })?;
        Ok(Some(Sourced { value, origin: Origin::Variable(name) }))
    }
}
