//! Faults on demand: which requests they meet, and what they do.
//!
//! One form for both ways of asking: a `fault` of a scenario file and the body of `POST /_sim/faults`.

mod registry;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

pub(super) use self::registry::{Faults, Target};
use super::{
    endpoint::Endpoint,
    order::Fate,
    words::{Carrier, Method, wait},
};

/// A fault: what it meets, how often, and what it does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Fault {
    /// None for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// The number of the order, or its name in the story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub airline: Option<Carrier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// So many times; without it, until it is mended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Per cent of the requests that it could meet.
    pub share: u8,
    /// So long, in story time.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "duration")]
    pub lasts: Option<SignedDuration>,
    /// What the client asked for is done all the same. Always so where the answer is only spoilt.
    pub applied: bool,
    #[serde(flatten)]
    pub effect: Effect,
}

/// What a fault does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub(super) enum Effect {
    /// The business failure of a code.
    Status { status: i64 },
    /// How ticketing will end.
    Ticketing { code: Fate },
    /// A change of the airline's mood: the fare of a regenerated or verified order, in thousandths of the old.
    Price { permille: i64 },
    /// Whatever happens on the wire.
    #[serde(untagged)]
    Wire(Wire),
}

impl Effect {
    /// True when it comes before anything is known of a request.
    fn is_blind(self) -> bool {
        matches!(self, Self::Wire(Wire::Refuse { .. } | Wire::Reset { bytes: Some(_) }))
    }

    /// True when there must be an answer that it can spoil.
    fn needs_an_answer(self) -> bool {
        matches!(
            self,
            Self::Wire(
                Wire::Cut { .. }
                    | Wire::Slow { .. }
                    | Wire::Types
                    | Wire::Nulls
                    | Wire::Unknown
                    | Wire::Extra
            )
        )
    }
}

/// What happens to the answer, or instead of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub(super) enum Wire {
    /// Nobody listens for so many seconds of the wall. The control API does not either.
    Refuse { seconds: u64 },
    /// The connection is reset: once so many bytes of the request have come, or instead of the answer.
    Reset {
        #[serde(skip_serializing_if = "Option::is_none")]
        bytes: Option<usize>,
    },
    /// The answer, head and all, ends after so many bytes, and with it the connection.
    Cut { bytes: usize },
    /// The answer comes at so many bytes a second.
    Slow { bytes: usize },
    /// No answer for so many seconds of the wall.
    Hang { seconds: u64 },
    /// A page for people, with an HTTP status.
    Html { status: u16 },
    /// An HTTP status and no body.
    Http { status: u16 },
    /// The documented answer to too many requests.
    Limit { seconds: u64 },
    /// A compressed answer that is so many mebibytes long when unpacked.
    GzipBomb { mebibytes: usize },
    /// Texts for numbers, numbers for texts, objects for lists.
    Types,
    /// Every business field is null.
    Nulls,
    /// States, methods and codes that no document names.
    Unknown,
    /// Keys that no document names.
    Extra,
}

impl Wire {
    /// True when nothing of the vendor's own answer arrives.
    pub(super) fn replaces_the_answer(self) -> bool {
        matches!(
            self,
            Self::Reset { .. }
                | Self::Html { .. }
                | Self::Http { .. }
                | Self::Limit { .. }
                | Self::GzipBomb { .. }
        )
    }
}

/// As it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultTable {
    fault: String,
    endpoint: Option<Endpoint>,
    order: Option<Box<str>>,
    airline: Option<Carrier>,
    method: Option<Method>,
    times: Option<u32>,
    share: Option<u8>,
    #[serde(default, deserialize_with = "wait::optional")]
    lasts: Option<SignedDuration>,
    #[serde(default)]
    applied: bool,
    status: Option<i64>,
    code: Option<Fate>,
    permille: Option<i64>,
    bytes: Option<usize>,
    seconds: Option<u64>,
    mebibytes: Option<usize>,
}

/// The names of all faults.
pub(super) const NAMES: [&str; 16] = [
    "status",
    "ticketing",
    "price",
    "refuse",
    "reset",
    "cut",
    "slow",
    "hang",
    "html",
    "http",
    "limit",
    "gzip-bomb",
    "types",
    "nulls",
    "unknown",
    "extra",
];

impl FaultTable {
    fn fault(mut self) -> Result<Fault, String> {
        let effect = self.effect()?;
        let left = [
            ("status", self.status.is_some()),
            ("code", self.code.is_some()),
            ("permille", self.permille.is_some()),
            ("bytes", self.bytes.is_some()),
            ("seconds", self.seconds.is_some()),
            ("mebibytes", self.mebibytes.is_some()),
        ];
        if let Some((name, _)) = left.into_iter().find(|(_, given)| *given) {
            return Err(format!("the fault `{}` has no use for `{name}`", self.fault));
        }
        let asks = self.endpoint.is_some()
            || self.order.is_some()
            || self.airline.is_some()
            || self.method.is_some();
        if effect.is_blind() && asks {
            return Err(format!("the fault `{}` comes before anything is known of a request", self.fault));
        }
        if self.times == Some(0) {
            return Err("`times` is at least 1".to_owned());
        }
        let share = self.share.unwrap_or(100);
        if !(1..=100).contains(&share) {
            return Err("`share` is a percentage from 1 to 100".to_owned());
        }
        let applies = matches!(effect, Effect::Ticketing { .. } | Effect::Price { .. });
        if self.applied && applies {
            return Err(format!("the fault `{}` has no use for `applied`", self.fault));
        }
        if self.endpoint.is_some_and(|endpoint| endpoint != Endpoint::Pay)
            && matches!(effect, Effect::Ticketing { .. })
        {
            return Err("ticketing is decided by pay.do".to_owned());
        }
        let Self { endpoint, order, airline, method, times, lasts, applied, .. } = self;
        let applied = applied || effect.needs_an_answer();
        // What is asked once is met once, unless it is to last.
        let times = times.or_else(|| (lasts.is_none() && share == 100).then_some(1));
        Ok(Fault { endpoint, order, airline, method, times, share, lasts, applied, effect })
    }

    /// Takes what the effect needs.
    fn effect(&mut self) -> Result<Effect, String> {
        fn need<T>(fault: &str, name: &str, given: &mut Option<T>) -> Result<T, String> {
            given.take().ok_or_else(|| format!("the fault `{fault}` needs `{name}`"))
        }
        let fault = self.fault.clone();
        let http = |given: &mut Option<i64>, default: u16| match given.take() {
            None => Ok(default),
            Some(status) => u16::try_from(status)
                .ok()
                .filter(|status| (200..600).contains(status))
                .ok_or_else(|| format!("the fault `{fault}` needs an HTTP status from 200 to 599")),
        };
        let wire = match self.fault.as_str() {
            "status" => return Ok(Effect::Status { status: need(&fault, "status", &mut self.status)? }),
            "ticketing" => return Ok(Effect::Ticketing { code: need(&fault, "code", &mut self.code)? }),
            "price" => {
                let permille = need(&fault, "permille", &mut self.permille)?;
                if !(1..=10_000).contains(&permille) {
                    return Err("`permille` is from 1 to 10000".to_owned());
                }
                return Ok(Effect::Price { permille });
            }
            "refuse" => Wire::Refuse { seconds: self.seconds.take().unwrap_or(10) },
            "reset" => Wire::Reset { bytes: self.bytes.take() },
            "cut" => Wire::Cut { bytes: need(&fault, "bytes", &mut self.bytes)? },
            "slow" => Wire::Slow { bytes: need(&fault, "bytes", &mut self.bytes)?.max(1) },
            "hang" => Wire::Hang { seconds: self.seconds.take().unwrap_or(86_400) },
            "html" => Wire::Html { status: http(&mut self.status, 502)? },
            "http" => Wire::Http { status: http(&mut self.status, 503)? },
            "limit" => Wire::Limit { seconds: self.seconds.take().unwrap_or(1) },
            "gzip-bomb" => match self.mebibytes.take().unwrap_or(64) {
                mebibytes @ 1..=1_024 => Wire::GzipBomb { mebibytes },
                _ => return Err("`mebibytes` is from 1 to 1024".to_owned()),
            },
            "types" => Wire::Types,
            "nulls" => Wire::Nulls,
            "unknown" => Wire::Unknown,
            "extra" => Wire::Extra,
            other => return Err(format!("no fault is called `{other}`; there are {}", NAMES.join(", "))),
        };
        Ok(Effect::Wire(wire))
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        FaultTable::deserialize(from)?.fault().map_err(D::Error::custom)
    }
}

#[expect(clippy::ref_option, reason = "the signature that serde asks for")]
fn duration<S: Serializer>(duration: &Option<SignedDuration>, to: S) -> Result<S::Ok, S::Error> {
    duration.map(|duration| format!("{duration:#}")).serialize(to)
}

impl<'de> Deserialize<'de> for Fate {
    /// A code of section "ticketing", or `hang`, or `ticket`.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "expected a ticketing code such as 604, or \"hang\", or \"ticket\"")]
        enum Written {
            Code(u16),
            Word(String),
        }
        match Written::deserialize(from)? {
            Written::Code(code) if super::order::Failure::known(code).is_some() => Ok(Self::of(code)),
            Written::Code(code) => {
                Err(D::Error::custom(format!("{code} is no code that ticketing fails with")))
            }
            Written::Word(word) => match word.as_str() {
                "hang" => Ok(Self::Hang),
                "ticket" => Ok(Self::Ticket),
                _ => {
                    Err(D::Error::custom(format!("`{word}` is neither a code, nor \"hang\", nor \"ticket\"")))
                }
            },
        }
    }
}

impl Serialize for Fate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Ticket => to.serialize_str("ticket"),
            Self::Fail(code) => to.serialize_u16(*code),
            Self::Hang => to.serialize_str("hang"),
            Self::WithoutPnr => to.serialize_u16(615),
        }
    }
}
