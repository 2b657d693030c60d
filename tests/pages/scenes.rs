//! The pages, each as a person comes to it.

use std::sync::Arc;

use jiff::SignedDuration;
use paydesk::{
    console::{layer::pay::Focus, theme::Signs},
    desk::hub::Update,
    domain::{
        airline_trouble::{AirlineStatus, AirlineTroubles},
        attempt::{Attempt, Snapshot, State},
        case::Case,
        field::Field,
        lineage::Lineage,
        method::PaymentMethod,
        order::{Airline, OrderStatus},
        regeneration,
        stop::{self, Stop},
        story::{Happening, OperatorAction, What},
    },
    lang::Lang,
};

use crate::rig::{self, Rig, Sketch, case, number, sample};

pub(crate) const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// The sizes that every screen is made for.
pub(crate) const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

pub(crate) const LANGS: [Lang; 2] = [Lang::En, Lang::ZhCn];

/// Every method, and little time.
pub(crate) fn urgent() -> Sketch {
    Sketch {
        n: 1,
        airline: "5J",
        route: ("MNL", "SIN"),
        names: vec!["SANTOS/RAFAEL LUIS", "SANTOS/ANA"],
        methods: PaymentMethod::ALL.to_vec(),
        minutes_left: 3,
        ..Sketch::default()
    }
}

/// A desk with that order alone.
pub(crate) fn desk(size: (u16, u16), lang: Lang) -> Rig {
    let mut rig = Rig::new(size);
    rig.console.ui.lang = lang;
    rig.console.model.setup.signs = Signs::Unicode;
    rig.sketch(&urgent());
    rig
}

/// Opens the form on it, and lets the server answer.
pub(crate) fn open_form(rig: &mut Rig) {
    rig.press("$");
    rig.pass(SECOND);
    rig.publish(vec![case(&urgent())]);
}

/// A card with an address of which half is missing, and Enter.
pub(crate) fn card(rig: &mut Rig) {
    open_form(rig);
    rig.press("3 4532015112830366 Tab 08 Tab 29 Tab 123 Tab RAFAEL Tab SANTOS Tab PH Tab MM Enter");
}

/// The same with nothing missing, up to the confirmation of what the card is charged.
pub(crate) fn card_confirmed(rig: &mut Rig) {
    card(rig);
    for (field, text) in [(Field::City, "MANILA"), (Field::PostCode, "1000"), (Field::Street, "8 Walk 8")] {
        fill(rig, field, text);
    }
    confirm(rig, "6860");
}

/// Goes to a field of the form, wherever the focus is, and types into it.
pub(crate) fn fill(rig: &mut Rig, field: Field, text: &str) {
    go_to(rig, field);
    for (n, word) in text.split(' ').enumerate() {
        if n > 0 {
            rig.press("Space");
        }
        rig.press(word);
    }
}

pub(crate) fn go_to(rig: &mut Rig, field: Field) {
    for _ in 0..=Field::ALL.len() {
        if rig.console.ui.layers.form().unwrap().focus == Focus::Field(field) {
            return;
        }
        rig.press("Tab");
    }
    assert_eq!(rig.console.ui.layers.form().unwrap().focus, Focus::Field(field), "it is not on the form");
}

fn confirm(rig: &mut Rig, typed: &str) {
    rig.press("Enter");
    rig.draw();
    rig.pass(SECOND);
    rig.press(typed);
}

pub(crate) fn deposit(rig: &mut Rig) {
    open_form(rig);
}

pub(crate) fn deposit_confirmed(rig: &mut Rig) {
    open_form(rig);
    confirm(rig, "119");
}

/// The vendor says of 5J that it is under maintenance, two minutes ago.
pub(crate) fn trouble(rig: &mut Rig) {
    let mut known = AirlineTroubles::default();
    let at = rig.now - SignedDuration::from_mins(2);
    let airline = Airline::parse("5J").unwrap();
    known.on_status(&AirlineStatus { airlines: vec![airline], word: "Maintenance".into() }, at);
    rig.news(Update { troubles: Some(Arc::new(known)), ..Update::default() });
}

pub(crate) fn troubled_form(rig: &mut Rig) {
    trouble(rig);
    open_form(rig);
}

pub(crate) fn troubled_confirmation(rig: &mut Rig) {
    trouble(rig);
    deposit_confirmed(rig);
}

/// A deposit that was sent, and has come to the last of `states` by one each second.
fn follow(rig: &mut Rig, status: OrderStatus, states: &[State]) {
    deposit_confirmed(rig);
    rig.press("Enter");
    let id = rig.effects.iter().find_map(|effect| match effect {
        paydesk::console::Effect::Send(paydesk::desk::hub::Command::Pay { id, .. }) => Some(*id),
        _ => None,
    });
    let (id, from) = (id.unwrap(), rig.now);
    let sent = sample::moment(from, 1);
    let state = states.last().unwrap().clone();
    let attempt = Attempt::restore(Snapshot {
        id,
        sent: Some(sent),
        state,
        answer: Some(0).filter(|_| states.contains(&State::Accepted)),
        ..sample::claimed(number(1), from)
    });
    let mut paid =
        sample::case(case(&Sketch { status, ..urgent() }).order, sample::lineage(number(1), vec![attempt]));
    for (state, at) in states.iter().zip(0..) {
        let what = What::Attempt { attempt: id, state: state.clone() };
        paid.story.push(Arc::new(Happening::new(from + SECOND * at, what)));
    }
    rig.publish(vec![paid]);
    rig.pass(SECOND * 4);
}

pub(crate) fn sending(rig: &mut Rig) {
    follow(rig, OrderStatus::Unpaid, &[State::Sending]);
}

pub(crate) fn ticketing(rig: &mut Rig) {
    follow(rig, OrderStatus::Ticketing, &[State::Sending, State::Accepted, State::Paid]);
}

pub(crate) fn declined(rig: &mut Rig) {
    follow(rig, OrderStatus::Unpaid, &[State::Sending, State::Rejected(604)]);
}

fn cancelled() -> Sketch {
    let methods = vec![PaymentMethod::Deposit, PaymentMethod::Vcc];
    Sketch { status: OrderStatus::Cancelled, error: Some("604"), methods, minutes_left: 20, ..urgent() }
}

/// A card was declined; a new order can be made.
pub(crate) fn plan(rig: &mut Rig) {
    rig.sketch(&cancelled());
    rig.press("t");
}

pub(crate) fn plan_asked(rig: &mut Rig) {
    plan(rig);
    rig.press("Enter");
}

/// The new order is made and dearer; money of the old one may be held.
pub(crate) fn plan_compared(rig: &mut Rig) {
    let (parent, child) = (number(1), number(9));
    let mut attempt = sample::attempt(parent, rig.now, State::Reversed).snapshot().clone();
    attempt.method = PaymentMethod::Deposit;
    let made = regeneration::State::Made(child);
    let lineage = Arc::new(Lineage {
        links: vec![(child, parent)],
        regenerations: vec![sample::regeneration(parent, sample::moment(rig.now, 5_000), made)],
        attempts: vec![Attempt::restore(attempt)],
        ..Lineage::new(parent)
    });
    let chose =
        OperatorAction::Chose { path: paydesk::domain::recovery::PaymentPath::NewDeposit, reason: None };
    let mut old = case(&cancelled());
    old.story.push(Arc::new(Happening::new(rig.now, What::OperatorAction(chose))));
    let mut new = case(&Sketch { n: 9, status: OrderStatus::Unpaid, error: None, ..cancelled() });
    let details = new.order.details.as_mut().unwrap();
    details.options[0].ticket_fare.as_mut().unwrap().money = rig::money("131.20", "USD");
    old.lineage = Arc::clone(&lineage);
    new.lineage = lineage;
    rig.publish(vec![old, new]);
    while rig.selected() != parent {
        rig.press("j");
    }
    rig.press("t");
}

/// A payment without an answer, of which a person may say that it did not happen.
pub(crate) fn doubt(rig: &mut Rig) {
    let attempt = sample::in_doubt(number(1), rig.now, 200, 3);
    let order = case(&Sketch { minutes_left: 20, ..urgent() }).order;
    rig.publish(vec![sample::case(order, sample::lineage(number(1), vec![attempt]))]);
    rig.press("t");
}

pub(crate) fn doubt_decided(rig: &mut Rig) {
    doubt(rig);
    rig.press("d 0001 Space the Space vendor Space says Space so");
}

/// The vendor is asked to stop issuance.
pub(crate) fn stop(rig: &mut Rig) {
    let order = case(&Sketch { status: OrderStatus::Ticketing, ..urgent() }).order;
    let mut lineage = sample::lineage(order.no, Vec::new());
    let (sent, now) = (sample::moment(rig.now - SignedDuration::from_mins(1), 1_000), rig.now);
    lineage.put_stop(Stop::begin(order.no, sent, now).ended(stop::State::Asked, now));
    rig.publish(vec![sample::case(order, lineage)]);
    rig.press("t");
}

fn baggage(rig: &mut Rig, code: &'static str) {
    let at = rig.now - SignedDuration::from_secs(140);
    rig.publish(vec![rig::troubled(code, at)]);
    rig.pass(SECOND);
    rig.press("b");
}

pub(crate) fn baggage_loss(rig: &mut Rig) {
    baggage(rig, "3011");
    rig.press("j");
}

pub(crate) fn baggage_asked(rig: &mut Rig) {
    baggage(rig, "3011");
    rig.press("j Enter 00");
}

pub(crate) fn baggage_unsold(rig: &mut Rig) {
    baggage(rig, "309");
}

fn ryanair(rig: &Rig) -> (Case, paydesk::domain::moment::Moment) {
    let order = case(&Sketch { airline: "FR", route: ("DUB", "KIR"), ..urgent() }).order;
    let mut lineage = sample::lineage(order.no, Vec::new());
    let asked = sample::moment(rig.now - SignedDuration::from_mins(2), 1_000);
    lineage.put_action(order.no, &OperatorAction::GotLink { asked });
    (sample::case(order, lineage), asked)
}

/// A long link that was given two minutes ago.
pub(crate) fn commit(rig: &mut Rig) {
    let (case, asked) = ryanair(rig);
    rig.publish(vec![case]);
    rig.press("w");
    let link =
        format!("https://www.ryanair.example/confirm/{}?o=TESTA20261103140000001", "a1b2c3".repeat(14));
    rig.console.ui.links.insert(number(1), (asked.now.at, (*link).into()));
}

pub(crate) fn commit_asked(rig: &mut Rig) {
    commit(rig);
    rig.press("Enter");
}

/// Leaving while a payment is in flight.
pub(crate) fn quitting(rig: &mut Rig) {
    deposit(rig);
    rig.console.model.health.in_flight = 1;
    rig.press("Esc q");
}

/// A page by its name.
pub(crate) type Scene = (&'static str, fn(&mut Rig));

/// All of them.
pub(crate) const ALL: [Scene; 22] = [
    ("pay_deposit", deposit),
    ("pay_card", card),
    ("pay_trouble", troubled_form),
    ("confirm_deposit", deposit_confirmed),
    ("confirm_card", card_confirmed),
    ("confirm_trouble", troubled_confirmation),
    ("sending", sending),
    ("ticketing", ticketing),
    ("declined", declined),
    ("plan", plan),
    ("plan_asked", plan_asked),
    ("plan_compared", plan_compared),
    ("doubt", doubt),
    ("doubt_decided", doubt_decided),
    ("stop", stop),
    ("baggage_loss", baggage_loss),
    ("baggage_asked", baggage_asked),
    ("baggage_unsold", baggage_unsold),
    ("commit", commit),
    ("commit_asked", commit_asked),
    ("quitting", quitting),
    ("remark", remark),
];

/// A key that has no meaning on a form.
pub(crate) fn remark(rig: &mut Rig) {
    open_form(rig);
    rig.press("q");
}
