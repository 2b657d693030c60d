//! The settings as people read them: key, value and origin.

use std::fmt;

use super::{
    origin::{Origin, Sourced},
    queues::QueueText,
    secret::SecretSource,
    settings::Settings,
    zone::Zone,
};

impl Settings {
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
            SecretSource::Variable if environment.secret.origin == Origin::Default => {
                "not set (client_secret_file, client_secret_command or PAYDESK_CLIENT_SECRET)".to_owned()
            }
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
            entry("theme", &self.theme, &*self.theme),
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
            entry("console.signs", &self.signs, self.signs.word()),
            entry("alerts.bell", &self.alerts.bell, *self.alerts.bell),
            entry("alerts.notify", &self.alerts.notify, *self.alerts.notify),
            entry("alerts.title", &self.alerts.title, *self.alerts.title),
            entry("console.mouse", &self.mouse, *self.mouse),
            entry("--data-dir", &self.data_dir, self.data_dir.display()),
        ]);
        entries.extend(self.keys.entries());
        let queue = |queue: &QueueText| entry(&format!("queues.{}", *queue.name), &queue.name, &queue.filter);
        entries.extend(self.queues.iter().map(queue));
        entries
    }
}
