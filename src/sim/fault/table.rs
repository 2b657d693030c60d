//! A fault as it is written: in a `fault` of a scenario file, and in the body of `POST /_sim/faults`.

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de::Error};

use super::{
    definition::Fault,
    effect::{Effect, Wire},
};
use crate::sim::{
    endpoint::Endpoint,
    order::Fate,
    words::{Carrier, Method, wait},
};

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
const NAMES: [&str; 16] = [
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
