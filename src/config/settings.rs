//! The settings: what the program goes by, each value with its origin.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use jiff::SignedDuration;
use reqwest::Url;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use super::{
    error::ConfigError,
    keys::KeyBindings,
    looks::{Signs, Theme},
    network::{Authorities, Proxy},
    origin::Sourced,
    queues::QueueText,
    secret::SecretSource,
    stage::Stage,
    zone::Zone,
};
use crate::{
    domain::money::{Currency, Money},
    lang::Lang,
};

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

/// How an alert is told while nobody looks at the console.
#[derive(Clone, Debug)]
pub struct Alerts {
    /// The terminal's bell rings.
    pub bell: Sourced<bool>,
    /// The terminal tells of it beside its window (OSC 9 or 777).
    pub notify: Sourced<bool>,
    /// The window is called by what waits.
    pub title: Sourced<bool>,
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
    /// How the console looks.
    pub theme: Sourced<Theme>,
    /// What its frames and marks are drawn with.
    pub signs: Sourced<Signs>,
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
    /// Beyond this size a new log is begun.
    pub log_max_megabytes: Sourced<u32>,
    /// How an alert is told while nobody looks.
    pub alerts: Alerts,
    /// The console takes the mouse from the terminal when it starts.
    pub mouse: Sourced<bool>,
    /// Which actions have other keys than their own.
    pub keys: KeyBindings,
    /// Queues of the user's own, in their order.
    pub queues: Vec<QueueText>,
}

impl Settings {
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
}
