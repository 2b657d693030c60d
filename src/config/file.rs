//! The configuration file: its shape, and errors that point at the place.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use reqwest::Url;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error as _};
use toml::{Spanned, Value};
use tracing::level_filters::LevelFilter;
use unicode_width::UnicodeWidthStr;

use super::{
    error::ConfigError,
    looks::{Signs, ThemeName},
    network::Proxy,
    place,
    queues::LONGEST,
    readable::Readable,
    zone::Zone,
};
use crate::{
    domain::{amount, mask::mask, money::Currency, stray_card::StrayCard, text::Text},
    lang::Lang,
};

/// A value with its place in the file.
pub(super) type Entry<T> = Option<Spanned<Given<T>>>;

/// The whole file. Every key may be left out; no other key may be there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) environment: Entry<Name>,
    pub(super) language: Entry<Lang>,
    pub(super) time_zone: Entry<Zone>,
    pub(super) read_only: Entry<bool>,
    pub(super) theme: Entry<ThemeName>,
    pub(super) environments: BTreeMap<Given<Name>, Spanned<EnvironmentTable>>,
    pub(super) polling: PollingTable,
    pub(super) payment: PaymentTable,
    pub(super) log: LogTable,
    pub(super) console: ConsoleTable,
    pub(super) alerts: AlertsTable,
    pub(super) keys: KeysTable,
    pub(super) webhook: WebhookTable,
    pub(super) network: NetworkTable,
    pub(super) queues: Vec<Spanned<QueueTable>>,
}

/// `[network]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NetworkTable {
    pub(super) proxy: Entry<Proxy>,
    pub(super) ca_file: Entry<PathBuf>,
}

/// `[webhook]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WebhookTable {
    pub(super) listen: Entry<SocketAddr>,
    pub(super) remote: Entry<bool>,
}

/// `[environments.NAME]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EnvironmentTable {
    pub(super) base_url: Entry<Url>,
    pub(super) client_id: Entry<String>,
    pub(super) client_secret_file: Entry<PathBuf>,
    pub(super) client_secret_command: Entry<Vec<String>>,
    pub(super) client_secret_seconds: Entry<Within<1, 600>>,
    pub(super) live: Entry<bool>,
}

/// More requests a minute than this cannot be allowed.
pub const MOST_REQUESTS: u32 = 600;

/// Two readings of the list are at least so many seconds apart.
pub const SOONEST_SWEEP: u32 = 5;

/// `[polling]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PollingTable {
    pub(super) requests_per_minute: Entry<Within<1, MOST_REQUESTS>>,
    pub(super) sweep_seconds: Entry<Within<SOONEST_SWEEP, 600>>,
    pub(super) lookback_hours: Entry<Within<1, 720>>,
    pub(super) incidents_seconds: Entry<Within<30, 86_400>>,
}

/// `[payment]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PaymentTable {
    pub(super) limits: Option<Spanned<Limits>>,
}

/// `[log]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LogTable {
    pub(super) level: Entry<LevelFilter>,
    pub(super) max_megabytes: Entry<Within<1, 1024>>,
}

/// `[alerts]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AlertsTable {
    pub(super) bell: Entry<bool>,
    pub(super) notify: Entry<bool>,
    pub(super) title: Entry<bool>,
}

/// `[console]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ConsoleTable {
    pub(super) signs: Entry<Signs>,
    pub(super) mouse: Entry<bool>,
}

/// `[keys]`: the keys of an action, by its word.
pub(super) type KeysTable = BTreeMap<Spanned<String>, Vec<Spanned<Given<KeyName>>>>;

/// A key as it is written in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyName(pub(super) String);

impl Readable for KeyName {
    fn expected() -> String {
        r#"a key such as "$", "ctrl-p" or "pageup""#.into()
    }
    fn read(value: &Value) -> Option<Self> {
        value.as_str().filter(|text| !text.is_empty()).map(|text| Self(text.to_owned()))
    }
}

/// `[[queues]]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct QueueTable {
    pub(super) name: Entry<QueueName>,
    pub(super) filter: Entry<FilterText>,
}

/// The name of a queue.
#[derive(Debug)]
pub(super) struct QueueName(pub(super) String);

impl Readable for QueueName {
    fn expected() -> String {
        format!("a name of 1 to {LONGEST} columns on one line, such as \"TR now\"")
    }
    fn read(value: &Value) -> Option<Self> {
        let written = value.as_str()?.trim();
        // What cannot be seen in it would be lost.
        let name = Text::new(written);
        let is_plain = !name.is_empty()
            && !written.chars().any(char::is_control)
            && !name.contains(char::REPLACEMENT_CHARACTER)
            && name.width() <= LONGEST;
        is_plain.then(|| Self(name.as_str().to_owned()))
    }
}

/// The text of a filter.
#[derive(Debug)]
pub(super) struct FilterText(pub(super) String);

impl Readable for FilterText {
    fn expected() -> String {
        "a filter such as \"airline:TR status:unpaid\"".into()
    }
    fn read(value: &Value) -> Option<Self> {
        value.as_str().filter(|text| !text.trim().is_empty()).map(|text| Self(text.to_owned()))
    }
}

/// Reads the text of the configuration file at `path`.
pub(super) fn read(path: &Path, text: &str) -> Result<File, ConfigError> {
    toml::from_str(text)
        .map_err(|error| place::wrong(path, text, error.span().unwrap_or_default(), explain(error.message())))
}

/// Makes serde's words about an unknown key ours, with the nearest of the keys that it lists.
fn explain(message: &str) -> String {
    let Some(rest) = message.strip_prefix("unknown field ") else { return message.to_owned() };
    let mut names = rest.split('`').skip(1).step_by(2);
    let unknown = &*mask(names.next().unwrap_or_default());
    let known: Vec<&str> = names.collect();
    if unknown.contains("secret") {
        return format!(
            "unknown key `{unknown}`; a secret never stands in this file: use client_secret_file, client_secret_command or PAYDESK_CLIENT_SECRET"
        );
    }
    if unknown == "bell" {
        return "`bell` has moved: write it under [alerts]".to_owned();
    }
    place::unknown("key", unknown, &known)
}

/// A value that was read and found good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Given<T>(pub(super) T);

impl<'de, T: Readable> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(from)?;
        if let Some(card) = StrayCard::find(&value.to_string()) {
            return Err(D::Error::custom(no_card(&T::expected(), &card)));
        }
        T::read(&value).map(Given).ok_or_else(|| {
            let found = T::describe(&value).unwrap_or_else(|| describe(&value));
            D::Error::custom(format!("expected {}, found {found}", T::expected()))
        })
    }
}

/// A card number stands where something else is expected.
fn no_card(expected: &str, card: &StrayCard) -> String {
    let last_four = &card.last_four;
    format!(
        "expected {expected}, found a card number (…{last_four}); none may stand here, its last four digits may"
    )
}

/// What was found instead, short enough for one line.
fn describe(value: &Value) -> String {
    match value {
        Value::String(text) if text.chars().count() > 60 => {
            format!("a text of {} characters", text.chars().count())
        }
        Value::Table(_) => "a table".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        other => other.to_string(),
    }
}

/// The name of an environment. Its journal lies in a folder of that name, so it is a plain word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name(pub(super) String);

impl Readable for Name {
    fn expected() -> String {
        "a name of letters, digits, - and _".into()
    }
    fn read(value: &Value) -> Option<Self> {
        let name = value.as_str()?;
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        (!name.is_empty() && name.bytes().all(is_plain)).then(|| Self(name.to_owned()))
    }
}

impl Readable for Currency {
    fn expected() -> String {
        "a currency of three letters such as CNY".into()
    }
    fn read(value: &Value) -> Option<Self> {
        Currency::parse(value.as_str()?)
    }
}

/// The most that one payment may be, by currency.
pub(super) type Limits = BTreeMap<Given<Currency>, Spanned<Given<Limit>>>;

/// The text of an amount; what it means depends on its currency.
#[derive(Debug)]
pub(super) struct Limit(pub(super) String);

impl Limit {
    /// The amount, if it is one of this currency and above zero.
    pub(super) fn of(&self, currency: Currency) -> Option<Decimal> {
        amount::typed(&self.0, currency).filter(|amount| *amount > Decimal::ZERO)
    }
}

impl Readable for Limit {
    fn expected() -> String {
        r#"an amount above zero in quotes, such as "20000" or "99.50""#.into()
    }
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(|text| Self(text.to_owned()))
    }
}

/// A whole number between two others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Within<const LEAST: u32, const MOST: u32>(pub(super) u32);

impl<const LEAST: u32, const MOST: u32> Readable for Within<LEAST, MOST> {
    fn expected() -> String {
        format!("a whole number from {LEAST} to {MOST}")
    }
    fn read(value: &Value) -> Option<Self> {
        let number = u32::try_from(value.as_integer()?).ok()?;
        (LEAST..=MOST).contains(&number).then_some(Self(number))
    }
}
