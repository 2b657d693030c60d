//! An order with a name.

use jiff::SignedDuration;
use serde::Deserialize;

use crate::sim::{
    order::{Fate, Part, make::Wishes},
    words::{Carrier, Coin, Method, wait},
};

/// An order that the story knows by name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sim) struct Named {
    pub name: Box<str>,
    pub part: Part,
    airline: Option<Carrier>,
    currency: Option<Coin>,
    methods: Option<Vec<Method>>,
    #[serde(default, deserialize_with = "wait::optional")]
    left: Option<SignedDuration>,
    /// How ticketing ends when a card is passed through.
    declines: Option<Fate>,
    /// How ticketing ends by whatever method.
    ticketing: Option<Fate>,
    #[serde(default)]
    fulfilment: bool,
}

impl Named {
    /// What it asks of the order.
    pub(in crate::sim) fn wishes(&self) -> Wishes {
        Wishes {
            airline: self.airline.map(|airline| airline.0),
            currency: self.currency.map(|currency| currency.0),
            methods: self.methods.as_ref().map(|methods| methods.iter().map(|method| method.0).collect()),
            left: self.left,
            card_fate: self.declines,
            fate: self.ticketing,
            fulfilment: self.fulfilment,
        }
    }
}
