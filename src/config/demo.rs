//! The settings of `paydesk demo`, and what keeps it away from real accounts.

use std::{fs, path::PathBuf};

use jiff::SignedDuration;
use reqwest::Url;

use super::{
    error::ConfigError,
    flags::Flags,
    origin::Sourced,
    secret::SecretSource,
    settings::{Environment, Settings},
    source::Source,
    stage::Stage,
};

impl Settings {
    /// The settings of `paydesk demo` around the simulator at `base_url`. No file is read but one that the flags name, and of
    /// that only how the console looks and is worked with.
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
        let data_dir = Sourced::built_in(PathBuf::new());
        let mut settings = source.settings(&flags, data_dir.clone(), false)?;
        if let Some(path) = flags.config.clone() {
            let text = fs::read_to_string(&path)
                .map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
            let own = Source { path, text: &text, variable: &harmless }.settings(&flags, data_dir, true)?;
            settings = Self {
                lang: own.lang,
                time_zone: own.time_zone,
                read_only: own.read_only,
                theme: own.theme,
                signs: own.signs,
                alerts: own.alerts,
                mouse: own.mouse,
                keys: own.keys,
                queues: own.queues,
                ..settings
            };
        }
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

/// In the data directory of a demo: how its simulator is reached.
pub const DEMO_FILE: &str = "demo.toml";

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
