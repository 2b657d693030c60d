//! How a desk works.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::SignedDuration;

use super::health::Health;
use crate::domain::{
    billing::BillingRules,
    money::{Currency, Money},
};

/// How a desk works.
#[derive(Clone, Debug)]
pub struct Options {
    /// Requests allowed in a minute.
    pub requests_per_minute: u32,
    /// Time between two sweeps of the list.
    pub sweep_every: Duration,
    /// Orders made within this time are followed.
    pub lookback: SignedDuration,
    /// No payment is begun, whoever asks.
    pub read_only: bool,
    /// A wrong check digit of a card is a warning (the vendor's test cards need it); never on a live environment.
    pub lenient_luhn: bool,
    /// The most that one payment may be, by currency.
    pub limits: BTreeMap<Currency, Money>,
    /// Which airline wants which billing field.
    pub billing: Arc<BillingRules>,
    /// The vendor's list of incidents is asked for so often, or not at all.
    pub incidents_every: Option<Duration>,
    /// Seed of the jitter between queries.
    pub seed: u64,
}

impl Options {
    /// How well a desk sees that has read nothing yet.
    pub(super) fn health_at_start(&self) -> Health {
        Health {
            is_reading: true,
            stale_after: SignedDuration::try_from(self.sweep_every * 2).unwrap_or_default(),
            budget_per_minute: self.requests_per_minute,
            ..Health::default()
        }
    }
}
