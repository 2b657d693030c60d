//! Words of the domain as scenario files and the control API write them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{
    cast::{self, Airline},
    order::{Failure, Fate, Part},
};
use crate::domain::{method::PaymentMethod, money::Currency};

macro_rules! word {
    ($(#[doc = $doc:literal] $name:ident($inner:ty) = $read:path, $write:expr, $expected:literal;)+) => {
        $(#[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::sim) struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                $read(&text).map(Self).ok_or_else(|| D::Error::custom(format!("`{text}` is no {}", $expected)))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let write: for<'a> fn(&'a $inner) -> &'a str = $write;
                to.serialize_str(write(&self.0))
            }
        })+
    };
}

word! {
    /// A payment method.
    Method(PaymentMethod) = PaymentMethod::from_word, |method| method.word(),
        "payment method; expected deposit, vcc, byoa or mor";
    /// An airline of the cast.
    Carrier(&'static Airline) = cast::airline, |airline| airline.code,
        "airline of the simulator; expected a code such as TR";
    /// A currency.
    Coin(Currency) = Currency::parse, |currency| currency.code(),
        "currency; expected a three-letter code such as USD";
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
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
            Written::Code(code) if Failure::known(code).is_some() => Ok(Self::of(code)),
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
            Self::Fail(code) | Self::Suspend(code) => to.serialize_u16(*code),
            Self::Hang => to.serialize_str("hang"),
            Self::WithoutPnr => to.serialize_u16(615),
        }
    }
}

/// Durations as people write them: `20s`, `1m30s`, `2h`.
pub(in crate::sim) mod wait {
    use jiff::SignedDuration;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    fn read(text: &str) -> Result<SignedDuration, String> {
        text.parse()
            .ok()
            .filter(|wait: &SignedDuration| !wait.is_negative())
            .ok_or_else(|| format!("`{text}` is no duration; expected one such as 20s, 1m30s or 2h"))
    }

    pub(in crate::sim) fn one<'de, D: Deserializer<'de>>(from: D) -> Result<SignedDuration, D::Error> {
        read(&String::deserialize(from)?).map_err(D::Error::custom)
    }

    pub(in crate::sim) fn optional<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<SignedDuration>, D::Error> {
        Option::<String>::deserialize(from)?.map(|text| read(&text).map_err(D::Error::custom)).transpose()
    }

    pub(in crate::sim) fn range<'de, D: Deserializer<'de>>(from: D) -> Result<[SignedDuration; 2], D::Error> {
        let [least, most] = <[String; 2]>::deserialize(from)?;
        let (least, most) = (read(&least).map_err(D::Error::custom)?, read(&most).map_err(D::Error::custom)?);
        if least > most {
            return Err(D::Error::custom("the first of the two durations is the shorter one"));
        }
        Ok([least, most])
    }

    pub(in crate::sim) fn write_range<S: Serializer>(
        range: &[SignedDuration; 2],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        range.map(|wait| format!("{wait:#}")).serialize(to)
    }
}
