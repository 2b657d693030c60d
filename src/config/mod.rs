//! Configuration: file, environment variables and flags become [`Settings`], each value with its origin.
//!
//! A flag wins over a variable, a variable over the file, the file over what is built in. Nothing is half right:
//! the first key that is unknown, of a wrong type or of a bad value stops the program, with file, line and column.

mod error;
mod file;
mod helper;
mod network;
mod origin;
mod readable;
mod secret;
mod source;
mod stage;

use std::{collections::BTreeMap, fmt, io, net::SocketAddr, path::PathBuf};

use jiff::SignedDuration;
use reqwest::Url;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use self::source::Source;
pub use self::{
    error::{ConfigError, SecretError},
    file::{Theme, Zone},
    network::{Authorities, PROXY_VARIABLES, Proxy},
    origin::{Origin, Sourced},
    readable::Readable,
    secret::SecretSource,
    stage::{SANDBOX_HOST, Stage},
};
use crate::{
    domain::money::{Currency, Money},
    lang::Lang,
};

/// The annotated example, in which every key stands with its default.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

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
    /// The proxy that every request goes through; none without.
    pub proxy: Option<Sourced<Proxy>>,
    /// Authorities that are trusted besides the system's.
    pub authorities: Option<Sourced<Authorities>>,
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
        let client_secret = self.environment.secret.read(variable, *self.lang)?;
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
            SecretSource::Command { words, .. } => {
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
        entries.extend(self.proxy.as_ref().map(|proxy| entry("network.proxy", proxy, &**proxy)));
        let authorities = self.authorities.as_ref();
        entries.extend(authorities.map(|file| entry("network.ca_file", file, file.path.display())));
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
