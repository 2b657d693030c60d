//! One order that can be paid by every method, with nothing against it; each test spoils what it is about.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use paydesk::domain::{
    airline_trouble::AirlineTroubles,
    attempt::{Attempt, Beside, Decision, Event, Sent, Snapshot, State},
    billing::BillingRules,
    context::{PaymentContext, PaymentRules},
    draft::Draft,
    field::Field,
    lineage::Lineage,
    method::{Part, PaymentMethod, PaymentOption, TakenFrom},
    moment::Moment,
    money::{Currency, Money},
    order::{Airline, Details, Order, OrderNo, OrderStatus},
    refusals::Refusals,
    regeneration::{self, Regeneration, Search},
};

use crate::base;
pub(crate) use crate::base::{money, usd};

/// A number that passes the check digit; nobody's card.
pub(crate) const VISA: &str = "4111111111111111";

pub(crate) fn now() -> Timestamp {
    "2026-11-03T02:15:00Z".parse().unwrap()
}

pub(crate) fn no() -> OrderNo {
    "DEMOA20261103101500123".parse().unwrap()
}

/// An order of which nothing but number and status is known.
pub(crate) fn bare_order(status: OrderStatus) -> Order {
    base::bare_order(no(), status)
}

pub(crate) fn part(money: Money, from: TakenFrom) -> Part {
    Part { money, from }
}

/// Unpaid for half an hour more: 100.00 USD and 5.00 of fee, or 5,600.00 PHP at the airline.
pub(crate) fn order() -> Order {
    let fee = Some(part(usd("5"), TakenFrom::Deposit));
    let option = |method, fare, from, card_fee: Option<Part>| PaymentOption {
        method,
        ticket_fare: Some(part(fare, from)),
        service_fee: fee,
        payment_fee: card_fee,
        card_brand: None,
    };
    let vendor_total = money("5600", "PHP");
    let details = Details {
        deadline: Some(now() + 30.minutes()),
        total: Some(usd("100")),
        service_fee: Some(usd("5")),
        vendor_total: Some(vendor_total),
        has_vendor_fare: true,
        methods: PaymentMethod::ALL.to_vec(),
        options: vec![
            option(PaymentMethod::Deposit, usd("100"), TakenFrom::Deposit, None),
            option(PaymentMethod::Vcc, vendor_total, TakenFrom::Card, None),
            option(PaymentMethod::Byoa, vendor_total, TakenFrom::Other, None),
            option(PaymentMethod::Mor, usd("100"), TakenFrom::Card, Some(part(usd("3"), TakenFrom::Card))),
        ],
        ..Details::default()
    };
    Order {
        airlines: vec![Airline::parse("TR").unwrap()].into(),
        details: Some(Box::new(details)),
        ..bare_order(OrderStatus::Unpaid)
    }
}

pub(crate) fn attempt(state: State) -> Attempt {
    Attempt::restore(Snapshot {
        method: PaymentMethod::Vcc,
        amount: money("5600", "PHP"),
        sent: Some(moment(0)),
        state,
        ..base::claimed(no(), now())
    })
}

/// The same, with fields that are not as usual.
pub(crate) fn attempt_with(state: State, change: impl FnOnce(&mut Snapshot)) -> Attempt {
    let mut snapshot = attempt(state).snapshot();
    change(&mut snapshot);
    Attempt::restore(snapshot)
}

/// So many seconds after now, on both clocks of one boot.
pub(crate) fn moment(seconds: i64) -> Moment {
    base::moment(now() + seconds.seconds(), u64::try_from(100_000 + seconds).unwrap())
}

/// What single events make of an attempt; `None` where they say nothing new or may not happen.
pub(crate) trait ByEvents: Sized {
    fn after_query(&self, order: &Order, asked: Moment) -> Option<Self>;
    fn after_send(&self, sent: &Sent, now: Moment) -> Self;
    fn after_decision(&self, decision: Decision, now: Moment) -> Option<State>;
    fn after_death(&self) -> Option<State>;
}

impl ByEvents for Attempt {
    fn after_query(&self, order: &Order, asked: Moment) -> Option<Self> {
        let event = Event::Queried { order, asked, beside: Beside::default() };
        self.apply(&event, now()).ok().filter(|next| next != self)
    }

    fn after_send(&self, sent: &Sent, ended: Moment) -> Self {
        self.apply(&Event::Ended(sent, ended), now()).unwrap_or_else(|_| self.clone())
    }

    fn after_decision(&self, decision: Decision, at: Moment) -> Option<State> {
        Some(self.apply(&Event::Decided(decision, at), now()).ok()?.state.clone())
    }

    fn after_death(&self) -> Option<State> {
        Some(self.apply(&Event::OwnerDied, now()).ok()?.state.clone())
    }
}

/// What a search makes of a regeneration; `None` when it says nothing new.
pub(crate) fn after_search(
    regeneration: &Regeneration,
    parent: &Order,
    known: &[OrderNo],
    found: &[Order],
    is_whole: bool,
    asked: Moment,
) -> Option<Regeneration> {
    let event = regeneration::Event::Searched(Search { parent, known, found, is_whole, asked });
    regeneration.apply(&event, now()).ok().filter(|next| next != regeneration)
}

/// A lineage of one order with these attempts.
pub(crate) fn lineage(attempts: Vec<Attempt>) -> Lineage {
    base::lineage(no(), attempts)
}

/// The order that was made from it.
pub(crate) fn child() -> OrderNo {
    "DEMOA20261103102500456".parse().unwrap()
}

/// A regeneration of the order, sent now.
pub(crate) fn regeneration(state: regeneration::State) -> Regeneration {
    base::regeneration(no(), moment(0), state)
}

/// All that a payment borrows.
#[derive(Debug)]
pub(crate) struct Desk {
    pub(crate) now: Timestamp,
    pub(crate) order: Order,
    pub(crate) lineage: Lineage,
    pub(crate) balance: Option<Money>,
    pub(crate) billing: BillingRules,
    pub(crate) lenient_luhn: bool,
    pub(crate) limits: BTreeMap<Currency, Money>,
    pub(crate) refusals: Refusals,
    pub(crate) troubles: AirlineTroubles,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            now: now(),
            order: order(),
            lineage: lineage(Vec::new()),
            balance: Some(usd("1000")),
            billing: BillingRules::built_in(),
            lenient_luhn: false,
            limits: BTreeMap::new(),
            refusals: Refusals::default(),
            troubles: AirlineTroubles::default(),
        }
    }

    pub(crate) fn details(&mut self) -> &mut Details {
        self.order.details.as_mut().unwrap()
    }

    pub(crate) fn option(&mut self, method: PaymentMethod) -> &mut PaymentOption {
        self.details().options.iter_mut().find(|option| option.method == method).unwrap()
    }

    pub(crate) fn context(&self) -> PaymentContext<'_> {
        let rules = PaymentRules {
            billing: &self.billing,
            lenient_luhn: self.lenient_luhn,
            limits: &self.limits,
            refusals: &self.refusals,
            troubles: &self.troubles,
        };
        PaymentContext {
            ahead: None,
            asked_at: None,
            now: self.now,
            order: &self.order,
            lineage: &self.lineage,
            balance: self.balance,
            elsewhere: None,
            rules,
        }
    }
}

/// A draft with every field filled in as it should be.
pub(crate) fn draft(method: PaymentMethod) -> Draft {
    let mut draft = Draft::new(method);
    type_number(&mut draft, VISA);
    type_cvv(&mut draft, "737");
    let texts = [
        (Field::ExpiryMonth, "08"),
        (Field::ExpiryYear, "29"),
        (Field::FirstName, "JOSÉ-LUIS"),
        (Field::LastName, "DE LEÓN"),
        (Field::Country, "sg"),
        (Field::City, "Singapore"),
        (Field::PostCode, "018956"),
        (Field::Street, "8 Sample Walk"),
        (Field::Ceiling, "5768"),
    ];
    for (field, text) in texts {
        draft.set(field, text);
    }
    draft
}

pub(crate) fn type_number(draft: &mut Draft, digits: &str) {
    draft.number.clear();
    assert!(digits.chars().all(|digit| draft.number.push(digit)), "{digits}");
}

pub(crate) fn type_cvv(draft: &mut Draft, digits: &str) {
    draft.cvv.clear();
    assert!(digits.chars().all(|digit| draft.cvv.push(digit)), "{digits}");
}
