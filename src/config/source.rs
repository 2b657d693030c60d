//! The merge: what file, variables and flags say, each over what is weaker.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    ops::Range,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::SignedDuration;
use reqwest::Url;
use toml::{Spanned, Value};
use tracing::level_filters::LevelFilter;

use super::{
    error::ConfigError,
    file::{
        self, Entry, EnvironmentTable, File, FilterText, Given, Limit, Limits, Name, NetworkTable, QueueName,
        QueueTable, WebhookTable, Within,
    },
    flags::Flags,
    keys::KeyBindings,
    looks::{BuiltIn, Signs, Theme, ThemeFile, ThemeName},
    network::{Authorities, Proxy},
    origin::{Origin, Sourced},
    place,
    queues::{self, QueueText},
    readable::Readable,
    secret::SecretSource,
    settings::{Alerts, Environment, Settings},
    stage::{SANDBOX_HOST, Stage},
    zone::Zone,
};
use crate::{
    domain::{
        fold::caseless,
        money::{Currency, Money},
        stray_card::StrayCard,
    },
    lang::Lang,
};

/// How the API is reached, as far as somebody has said.
type Network = (Option<Sourced<Proxy>>, Option<Sourced<Authorities>>);

/// The language that the machine's locale asks for.
fn locale(variable: &dyn Fn(&str) -> Option<String>) -> Option<Sourced<Lang>> {
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| {
        let value = variable(name).filter(|value| !value.is_empty())?;
        Some(Sourced { value: Lang::parse(&value).unwrap_or_default(), origin: Origin::Variable(name) })
    })
}

/// What is merged: a file's text and the variables.
pub(super) struct Source<'a> {
    pub(super) path: PathBuf,
    pub(super) text: &'a str,
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Source<'_> {
    pub(super) fn settings(
        &self,
        flags: &Flags,
        data_dir: Sourced<PathBuf>,
        file_exists: bool,
    ) -> Result<Settings, ConfigError> {
        let mut file = file::read(&self.path, self.text)?;
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
        let limits = file.payment.limits.map(|limits| self.limits(limits)).transpose()?;
        let (proxy, authorities) = self.network(file.network)?;
        let queues = self.queues(file.queues)?;
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
                Some(origin) => Sourced { value: Theme::BuiltIn(BuiltIn::Mono), origin },
                None => self.theme(file.theme)?,
            },
            signs: self.or(file.console.signs, Signs::Auto),
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
            proxy,
            authorities,
            limits: limits.unwrap_or_else(|| Sourced::built_in(BTreeMap::new())),
            log_level: match flags.log_level {
                Some(value) => Sourced { value, origin: flag("--log-level") },
                None => self.or(file.log.level, LevelFilter::INFO),
            },
            log_max_megabytes: self.or(file.log.max_megabytes, Within(10)).map(|n| n.0),
            alerts: Alerts {
                bell: self.or(file.alerts.bell, true),
                notify: self.or(file.alerts.notify, true),
                title: self.or(file.alerts.title, true),
            },
            mouse: self.or(file.console.mouse, false),
            keys: KeyBindings::of(file.keys, &self.path, self.text),
            queues,
            file: self.path.clone(),
            file_exists,
        })
    }

    /// The queues of the user's own; each has a name that no other queue has, and a filter.
    fn queues(&self, tables: Vec<Spanned<QueueTable>>) -> Result<Vec<QueueText>, ConfigError> {
        let most = queues::MOST;
        let mut all: Vec<QueueText> = Vec::with_capacity(tables.len());
        for table in tables {
            let whole = table.span();
            let QueueTable { name, filter } = table.into_inner();
            let missing = |key: &str, expected: String| {
                self.wrong(whole.clone(), format!("[[queues]] has no {key}; expected {expected}"))
            };
            if all.len() == most {
                return Err(
                    self.wrong(whole, format!("more than {most} [[queues]]; expected {most} at most"))
                );
            }
            let name_at = name.as_ref().map(Spanned::span).unwrap_or_default();
            let name =
                self.given(name).ok_or_else(|| missing("name", QueueName::expected()))?.map(|name| name.0);
            if let Some(built_in) = queues::built_in(&name) {
                let message =
                    format!("\"{}\" is the name of the queue {built_in} already; expected another", *name);
                return Err(self.wrong(name_at, message));
            }
            if let Some(other) = all.iter().find(|other| caseless(&other.name) == caseless(&name)) {
                let message = format!(
                    "there are two queues \"{}\" (the other: {}); expected another name",
                    *name, other.name.origin
                );
                return Err(self.wrong(name_at, message));
            }
            let filter_at = filter.as_ref().map(Spanned::span).unwrap_or_default();
            let filter = self.given(filter).ok_or_else(|| missing("filter", FilterText::expected()))?;
            all.push(QueueText::new(name, filter.value.0, self.path.clone(), self.text, filter_at));
        }
        Ok(all)
    }

    /// How the console looks. The file of a theme is there, or the key that names it is wrong.
    fn theme(&self, entry: Entry<ThemeName>) -> Result<Sourced<Theme>, ConfigError> {
        let Some(span) = entry.as_ref().map(Spanned::span) else { return Ok(Sourced::built_in(Theme::Auto)) };
        let origin = self.line(span.clone());
        let value = match entry.map(|entry| entry.into_inner().0) {
            None | Some(ThemeName::Auto) => Theme::Auto,
            Some(ThemeName::BuiltIn(theme)) => Theme::BuiltIn(theme),
            Some(ThemeName::At(path)) => {
                let file =
                    ThemeFile::read(self.resolve(&path)).map_err(|message| self.wrong(span, message))?;
                Theme::Own(file)
            }
        };
        Ok(Sourced { value, origin })
    }

    /// The most that one payment may take, each an amount of its currency.
    fn limits(&self, limits: Spanned<Limits>) -> Result<Sourced<BTreeMap<Currency, Money>>, ConfigError> {
        let origin = self.line(limits.span());
        let limit = |(Given(currency), limit): (Given<Currency>, Spanned<Given<Limit>>)| {
            let span = limit.span();
            let Given(limit) = limit.into_inner();
            let amount = limit.of(currency).ok_or_else(|| {
                self.wrong(span, format!("expected {}, found \"{}\"", Limit::expected(), limit.0))
            })?;
            Ok((currency, Money::new(amount, currency)))
        };
        let value: Result<_, ConfigError> = limits.into_inner().into_iter().map(limit).collect();
        Ok(Sourced { origin, value: value? })
    }

    /// The proxy and the authorities. A variable may hold a password and wins over the file.
    fn network(&self, table: NetworkTable) -> Result<Network, ConfigError> {
        const NAME: &str = "PAYDESK_PROXY";
        let proxy = match (self.variable)(NAME).filter(|text| !text.trim().is_empty()) {
            Some(text) => {
                let value = Proxy::parse(&text).ok_or_else(|| ConfigError::Variable {
                    name: NAME,
                    expected: "the address of a proxy such as http://user:password@proxy.example:3128".into(),
                    found: "***".into(),
                })?;
                Some(Sourced { value, origin: Origin::Variable(NAME) })
            }
            None => self.given(table.proxy),
        };
        let Some(file) = table.ca_file else { return Ok((proxy, None)) };
        let span = file.span();
        let origin = self.line(span.clone());
        let path = self.resolve(&file.into_inner().0);
        let authorities = Authorities::read(path).map_err(|message| self.wrong(span, message))?;
        Ok((proxy, Some(Sourced { value: authorities, origin })))
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
    pub(super) fn environment(&self, flags: &Flags, file: &mut File) -> Result<Environment, ConfigError> {
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
                let message = match place::nearest(&name.0, &known) {
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
        let seconds = self.or(table.client_secret_seconds, Within(60)).0;
        let limit = Duration::from_secs(seconds.into());
        let secret = self.secret(table.client_secret_file, table.client_secret_command, limit)?;
        let client_id = self.variable("PAYDESK_CLIENT_ID")?.or_else(|| self.given(table.client_id));
        let stage = Stage::of(&base_url, live);
        Ok(Environment { name, base_url, client_id, secret, stage })
    }

    /// Where the secret comes from: the variable wins over the file, in which only one way may be given.
    fn secret(
        &self,
        file: Entry<PathBuf>,
        command: Entry<Vec<String>>,
        limit: Duration,
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
            (file, command_words) => Ok(self
                .given(file)
                .map(|path| path.map(|path| SecretSource::File(self.resolve(&path))))
                .or_else(|| {
                    let command = |words| SecretSource::Command { words, limit };
                    self.given(command_words).map(|words| words.map(command))
                })
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
        Origin::Line(self.path.clone(), place::position(self.text, span).0)
    }

    fn wrong(&self, span: Range<usize>, message: String) -> ConfigError {
        place::wrong(&self.path, self.text, span, message)
    }

    fn variable<T: Readable>(&self, name: &'static str) -> Result<Option<Sourced<T>>, ConfigError> {
        let Some(found) = (self.variable)(name) else { return Ok(None) };
        if let Some(card) = StrayCard::find(&found) {
            return Err(ConfigError::CardNumber { name, last_four: card.last_four });
        }
        let value = T::read(&Value::String(found.clone()));
        let value = value.ok_or_else(|| ConfigError::Variable { name, expected: T::expected(), found })?;
        Ok(Some(Sourced { value, origin: Origin::Variable(name) }))
    }
}
