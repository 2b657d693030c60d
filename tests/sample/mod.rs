//! The plainest order, attempt, regeneration, lineage, desk and simulator of a test; each test changes what it is about.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    desk::Options,
    domain::{
        attempt::{Attempt, AttemptId, Doubt, Evidence, Snapshot, State},
        author::Author,
        billing::BillingRules,
        case::Case,
        field::Field,
        lineage::Lineage,
        method::PaymentMethod,
        moment::{Boot, Moment, Now},
        money::{Currency, Money},
        order::{Order, OrderNo, OrderStatus},
        regeneration::{self, Regeneration, RegenerationId},
        text::Text,
    },
    sim,
};

/// 14:16 in Singapore.
pub(crate) fn start() -> Timestamp {
    "2026-11-03T06:16:00Z".parse().expect("a time")
}

/// The `n`th order number of 14:15.
pub(crate) fn number(n: u32) -> OrderNo {
    format!("TESTA202611031415{n:05}").parse().expect("an order number")
}

/// A moment by clocks that agree, so many seconds after the start of the machine.
pub(crate) fn moment(at: Timestamp, up: u64) -> Moment {
    Moment { now: Now::agreed(at), boot: Boot(1), up: Duration::from_secs(up) }
}

/// A person at a program of theirs.
pub(crate) fn author(who: &str) -> Author {
    Author { who: Text::new(&format!("{who}@desk")), program: Text::new(&format!("program of {who}")) }
}

pub(crate) fn money(amount: &str, currency: &str) -> Money {
    Money::new(amount.parse().expect("a decimal number"), Currency::parse(currency).expect("a currency"))
}

pub(crate) fn usd(amount: &str) -> Money {
    money(amount, "USD")
}

/// A card with nothing missing and its holder's address, as the fields of the form follow each other.
pub(crate) const CARD: [(Field, &str); 11] = [
    (Field::Number, "4532015112830366"),
    (Field::ExpiryMonth, "08"),
    (Field::ExpiryYear, "29"),
    (Field::Cvv, "739"),
    (Field::FirstName, "RAFAEL"),
    (Field::LastName, "SANTOS"),
    (Field::Country, "PH"),
    (Field::Province, "MM"),
    (Field::City, "MANILA"),
    (Field::PostCode, "1000"),
    (Field::Street, "8 Sample Walk"),
];

/// An order of which nothing but number and status is known.
pub(crate) fn bare_order(no: OrderNo, status: OrderStatus) -> Order {
    Order {
        no,
        pnr_code: None,
        status,
        from: None,
        to: None,
        airlines: Vec::new().into(),
        passengers: Vec::new().into(),
        departs: None,
        created: None,
        paid_at: None,
        airline_pnrs: Vec::new().into(),
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
        balance_before: None,
        changed_at: at,
        state: State::Claimed,
        answer: None,
        evidence: Evidence::default(),
    }
}

/// The same payment, where it stands as `state`.
pub(crate) fn attempt(order: OrderNo, at: Timestamp, state: State) -> Attempt {
    Attempt::restore(Snapshot { state, ..claimed(order, at) })
}

/// The same claim, sent.
pub(crate) fn sent(claim: &Attempt, sent: Moment) -> Attempt {
    Attempt::restore(Snapshot { sent: Some(sent), state: State::Sending, ..claim.snapshot() })
}

/// A payment in doubt that was sent so many seconds ago. So many queries, the last one a second ago, call it unpaid.
pub(crate) fn in_doubt(order: OrderNo, now: Timestamp, seconds: u32, answers: u32) -> Attempt {
    let before =
        |seconds: u32| moment(now - SignedDuration::from_secs(seconds.into()), 5_000 - u64::from(seconds));
    let asked = Some(before(1));
    Attempt::restore(Snapshot {
        sent: Some(before(seconds)),
        changed_at: now,
        state: State::InDoubt(Doubt::NoAnswer),
        evidence: Evidence { said: Some(OrderStatus::Unpaid), answers, last: asked, counted: asked },
        ..claimed(order, before(seconds).now.at)
    })
}

/// A call to regenerate `parent`, the first order of its lineage, after a decline.
pub(crate) fn regeneration(parent: OrderNo, sent: Moment, state: regeneration::State) -> Regeneration {
    Regeneration::restore(regeneration::Snapshot {
        id: RegenerationId::generate(),
        lineage: parent,
        parent,
        reason: Some("604".into()),
        sent,
        changed_at: sent.now.at,
        state,
        searches: (0, None),
    })
}

/// What moves on from state to state.
pub(crate) trait Stands {
    type State;

    /// The same one in another state, whatever event may have led there.
    fn in_state(&self, state: Self::State) -> Self;
}

impl Stands for Attempt {
    type State = State;

    fn in_state(&self, state: State) -> Self {
        Self::restore(Snapshot { state, ..self.snapshot() })
    }
}

impl Stands for Regeneration {
    type State = regeneration::State;

    fn in_state(&self, state: regeneration::State) -> Self {
        Self::restore(regeneration::Snapshot { state, ..self.snapshot() })
    }
}

/// The lineage that begins with `root`, with these attempts.
pub(crate) fn lineage(root: OrderNo, attempts: Vec<Attempt>) -> Lineage {
    Lineage { attempts, ..Lineage::new(root) }
}

/// The case of an order in its lineage.
pub(crate) fn case(order: Order, lineage: Lineage) -> Case {
    Case { lineage: Arc::new(lineage), ..Case::new(order) }
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

/// A simulator on a free port that plays a story of its own.
pub(crate) fn story(scenario: &str, orders: Option<usize>, speed: f64) -> sim::Options {
    sim::Options {
        listen: ([127, 0, 0, 1], 0).into(),
        seed: 7,
        speed,
        orders,
        scenario: scenario.parse().expect("a story"),
        webhook: None,
        narrator: None,
        log: false,
    }
}
