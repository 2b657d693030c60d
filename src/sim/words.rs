//! Words of the domain as scenario files and the control API write them.

use std::{fmt, ops::Deref, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{
    cast::{self, Airline},
    order::Part,
};
use crate::domain::{method::PaymentMethod, money::Currency};

macro_rules! word {
    ($(#[doc = $doc:literal] $name:ident($inner:ty), $read:expr, $write:expr, $expected:expr;)+) => {
        $(#[doc = $doc]
        #[derive(Clone, Copy, Debug)]
        pub(in crate::sim) struct $name(pub $inner);

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.to_string() == other.to_string()
            }
        }

        impl Eq for $name {}

        impl Deref for $name {
            type Target = $inner;

            fn deref(&self) -> &$inner {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let read: fn(&str) -> Option<$inner> = $read;
                read(text).map(Self).ok_or_else(|| format!("`{text}` is no {}", $expected))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let write: fn($inner) -> String = $write;
                f.pad(&write(self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(D::Error::custom)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        })+
    };
}

word! {
    /// A payment method.
    Method(PaymentMethod), PaymentMethod::from_word, |method| method.word().to_owned(),
        "payment method; expected deposit, vcc, byoa or mor";
    /// An airline of the cast.
    Carrier(&'static Airline), cast::airline, |airline| airline.code.to_owned(),
        "airline of the simulator; expected a code such as TR";
    /// A currency.
    Coin(Currency), Currency::parse, |currency| currency.code().to_owned(),
        "currency; expected a three-letter code such as USD";
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}
