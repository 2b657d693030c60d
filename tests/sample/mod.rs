//! The plainest order, attempt and desk of a test; each test changes what it is about.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    desk::Options,
    domain::{
        attempt::{AttemptId, Evidence, Snapshot, State},
        billing::BillingRules,
        method::PaymentMethod,
        money::{Currency, Money},
        order::{Order, OrderNo, OrderStatus},
    },
};

pub(crate) fn money(amount: &str, currency: &str) -> Money {
    Money::new(amount.parse().expect("a decimal number"), Currency::parse(currency).expect("a currency"))
}

pub(crate) fn usd(amount: &str) -> Money {
    money(amount, "USD")
}

/// An order of which nothing but number and status is known.
pub(crate) fn bare_order(no: OrderNo, status: OrderStatus) -> Order {
    Order {
        no,
        pnr_code: None,
        status,
        from: None,
        to: None,
        airlines: Vec::new(),
        passengers: Vec::new(),
        departs: None,
        created: None,
        paid_at: None,
        airline_pnrs: Vec::new(),
        ticketing_error: None,
        details: None,
    }
}

/// A payment of USD 119.55 by deposit that was claimed, and not sent.
pub(crate) fn claimed(order: OrderNo, at: Timestamp) -> Snapshot {
    Snapshot {
        id: AttemptId::generate(),
        lineage: order,
        order,
        method: PaymentMethod::Deposit,
        amount: usd("119.55"),
        card: None,
        reusable: false,
        claimed_at: at,
        sent: None,
        changed_at: at,
        state: State::Claimed,
        answer: None,
        evidence: Evidence::default(),
    }
}

/// A desk of sixty requests a minute that may pay.
pub(crate) fn options() -> Options {
    Options {
        requests_per_minute: 60,
        sweep_every: Duration::from_secs(15),
        lookback: SignedDuration::from_hours(24),
        read_only: false,
        lenient_luhn: true,
        limits: BTreeMap::new(),
        billing: Arc::new(BillingRules::built_in()),
        incidents_every: None,
        seed: 7,
    }
}
