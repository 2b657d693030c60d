//! The vendor's decision table for hybrid payment, one test a row, and what the checklist of a path says.

use jiff::{SignedDuration, ToSpan};
use paydesk::domain::{
    attempt::{Attempt, Doubt, NotSent, Snapshot, State},
    lineage::Lineage,
    method::PaymentMethod,
    moment::Now,
    obstacle::Obstacle,
    order::{Order, OrderNo, OrderStatus, TicketingError},
    payable::order_obstacles,
    recovery::{self, Advice, Comparison, Facts, Never, PaymentPath, Plan, StepKind, StepState, Why},
    regeneration::{self, Regeneration},
    triage::Cause,
};

use crate::{
    base::Stands,
    sample::{self, child},
};

/// An order with what was done for it.
struct Desk {
    order: Order,
    lineage: Lineage,
    child: Option<Order>,
    balance: Option<&'static str>,
}

impl Desk {
    /// Unpaid, half an hour before its deadline, every method on offer.
    fn new() -> Self {
        let order = Order {
            created: Some(sample::now() - 10.minutes()),
            passengers: vec!["TAN/MEI".into()].into(),
            ..sample::order()
        };
        Self { order, lineage: sample::lineage(Vec::new()), child: None, balance: Some("1000") }
    }

    fn status(mut self, status: OrderStatus, error: Option<&str>) -> Self {
        self.order.status = status;
        self.order.ticketing_error =
            error.map(|code| TicketingError { code: code.into(), message: None }.into());
        self
    }

    fn attempt(self, state: State) -> Self {
        self.attempt_with(state, |_| {})
    }

    fn attempt_with(mut self, state: State, change: impl FnOnce(&mut Snapshot)) -> Self {
        self.lineage.attempts.push(sample::attempt_with(state, |attempt| {
            attempt.card = Some(card());
            change(attempt);
        }));
        self
    }

    fn age(mut self, age: SignedDuration) -> Self {
        self.order.created = Some(sample::now() - age);
        self
    }

    fn details(mut self, change: impl FnOnce(&mut paydesk::domain::order::Details)) -> Self {
        change(self.order.details.as_mut().unwrap());
        self
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            now: Now::agreed(sample::now()),
            order: &self.order,
            lineage: &self.lineage,
            child: self.child.as_ref(),
            balance: self.balance.map(|amount| sample::money(amount, "USD")),
        }
    }

    fn plan(&self) -> Plan {
        recovery::plan(&self.facts())
    }
}

fn card() -> paydesk::domain::card::MaskedCard {
    paydesk::domain::card::CardNumber::parse(sample::VISA).unwrap().masked()
}

fn take(path: PaymentPath) -> Advice {
    Advice::Take(path)
}

fn closed(plan: &Plan, path: PaymentPath) -> Why {
    plan.choice(path).unwrap().open.clone().expect_err("closed")
}

const CANCELLED: OrderStatus = OrderStatus::Cancelled;

#[test]
fn unpaid_and_untried_is_simply_paid() {
    let plan = Desk::new().plan();
    assert_eq!((plan.cause.clone(), plan.first), (Cause::Unpaid, Advice::Pay));
    assert_eq!(
        plan.also,
        [take(PaymentPath::Deposit), take(PaymentPath::OtherCard), take(PaymentPath::Account)]
    );
    assert_eq!(closed(&plan, PaymentPath::SameCard), Why::NoCardYet);
    assert_eq!(closed(&plan, PaymentPath::NewDeposit), Why::StillPayable);
    assert!(plan.is_open(PaymentPath::Stop));
}

#[test]
fn after_a_network_fault_the_same_path_goes_again_once_a_query_has_shown_it_unpaid() {
    for state in [
        State::NotSent(NotSent::NoConnection(paydesk::domain::read_error::ReadError::Unreachable {
            host: "h:443".into(),
            reason: "refused".into(),
        })),
        State::NotApplied,
    ] {
        for attempted in [None, Some(false)] {
            let desk = Desk::new().attempt(state.clone()).details(|d| d.payment_attempted = attempted);
            let plan = desk.plan();
            assert_eq!(plan.first, take(PaymentPath::SameCard), "{state:?} {attempted:?}");
            assert_eq!(plan.also, [take(PaymentPath::OtherCard), take(PaymentPath::Deposit)]);
            assert!(plan.never.contains(&Never::BeforeQuery));
        }
    }
    // Until then it is in doubt, and everything is closed.
    let plan = Desk::new().attempt(State::InDoubt(Doubt::NoAnswer)).plan();
    assert_eq!(plan.first, Advice::WaitAndAsk);
    for path in PaymentPath::ALL.into_iter().filter(|path| path.pays()) {
        assert_eq!(closed(&plan, path), Why::AttemptOpen(State::InDoubt(Doubt::NoAnswer)), "{path:?}");
    }
}

#[test]
fn after_a_time_out_with_a_charge_begun_never_the_same_card() {
    for reusable in [false, true] {
        let desk = Desk::new()
            .attempt_with(State::NotApplied, |attempt| attempt.reusable = reusable)
            .details(|d| d.payment_attempted = Some(true));
        let plan = desk.plan();
        assert_eq!(plan.first, take(PaymentPath::Deposit));
        assert_eq!(closed(&plan, PaymentPath::SameCard), Why::ChargeBegun);
    }
}

#[test]
fn a_fault_of_form_is_mended_with_the_same_card() {
    for code in [400, 413] {
        let plan = Desk::new().attempt(State::Rejected(code)).plan();
        assert_eq!(plan.first, Advice::MendAndSameCard, "{code}");
        assert!(
            plan.also.contains(&take(PaymentPath::Deposit)) && plan.is_open(PaymentPath::SameCard),
            "{code}"
        );
    }
}

#[test]
fn a_card_that_was_declined_gives_way_to_another_one() {
    for code in [414, 604, 613, 616, 623, 633] {
        let plan = Desk::new().attempt(State::Rejected(code)).plan();
        assert_eq!(plan.first, take(PaymentPath::OtherCard), "{code}");
        assert_eq!(plan.also, [take(PaymentPath::Deposit)], "{code}");
        assert!(
            matches!(closed(&plan, PaymentPath::SameCard), Why::CardDeclined | Why::CardUsedUp),
            "{code}"
        );
    }
    let plan = Desk::new().attempt(State::Rejected(604)).plan();
    assert!(plan.never.contains(&Never::Card(card())));
}

#[test]
fn a_method_that_was_refused_gives_way_to_another_one() {
    let plan = Desk::new().attempt(State::Rejected(403)).plan();
    assert_eq!(plan.first, take(PaymentPath::Deposit));
    assert_eq!(closed(&plan, PaymentPath::OtherCard), Why::MethodRefused);
    assert!(plan.never.contains(&Never::Method(PaymentMethod::Vcc)));
}

#[test]
fn after_411_the_balance_is_checked_first() {
    let plan = Desk::new().attempt_with(State::NotApplied, |attempt| attempt.answer = Some(411)).plan();
    assert_eq!(plan.first, Advice::CheckBalance);
    assert_eq!(plan.also, [take(PaymentPath::Deposit), take(PaymentPath::OtherCard)]);
    assert!(plan.never.contains(&Never::BeforeQuery));
}

#[test]
fn after_415_the_traveller_confirms_and_then_the_same_again() {
    let plan = Desk::new().attempt(State::Rejected(415)).plan();
    assert_eq!(
        (plan.first, plan.also.as_slice()),
        (Advice::ConfirmTraveller, &[take(PaymentPath::SameCard)][..])
    );
    assert!(plan.never.contains(&Never::BeforeConfirmation));
}

#[test]
fn before_the_first_payment_too_the_traveller_of_ryanair_confirms() {
    let mut desk = Desk::new();
    desk.order.airlines = vec![paydesk::domain::order::Airline::RYANAIR].into();
    let plan = desk.plan();
    assert_eq!(plan.first, Advice::ConfirmTraveller);
    assert_eq!(
        plan.also,
        [take(PaymentPath::Deposit), take(PaymentPath::OtherCard), take(PaymentPath::Account)]
    );
    assert!(plan.never.contains(&Never::BeforeConfirmation));
}

#[test]
fn after_a_refusal_that_has_nothing_to_do_with_the_card_no_other_card_is_asked_for() {
    let limited = Desk::new().attempt(State::Rejected(429)).plan();
    assert_eq!(limited.first, take(PaymentPath::SameCard), "the same again, a little later");
    for code in [900, 901, 902] {
        assert_eq!(Desk::new().attempt(State::Rejected(code)).plan().first, Advice::CheckAccess, "{code}");
    }
}

#[test]
fn a_fare_that_has_changed_is_regenerated_at_the_new_price_and_else_booked_anew() {
    let plan = Desk::new().status(CANCELLED, Some("601")).plan();
    assert_eq!(plan.first, take(PaymentPath::NewDeposit));
    assert!(plan.also.contains(&take(PaymentPath::NewCard)) && plan.also.ends_with(&[Advice::BookAnew]));
}

#[test]
fn a_deposit_that_is_the_only_path_and_still_short_is_topped_up_all_the_same() {
    let mut desk = Desk::new().status(CANCELLED, Some("617"));
    desk.balance = Some("0");
    desk.order.details.as_mut().unwrap().methods = vec![PaymentMethod::Deposit];
    assert_eq!(desk.plan().first, Advice::TopUp);
}

#[test]
fn past_its_deadline_an_order_is_regenerated() {
    let plan = |seconds: i64| {
        Desk::new().details(move |d| d.deadline = Some(sample::now() - seconds.seconds())).plan()
    };
    for seconds in [0, 4] {
        // By the vendor's clock it may still be open: neither is it paid nor is one made in its place.
        let plan = plan(seconds);
        assert_eq!((plan.cause.clone(), plan.first), (Cause::Unclear, Advice::WaitAndAsk));
        assert_eq!(closed(&plan, PaymentPath::Deposit), Why::DeadlinePassed);
        assert_eq!(closed(&plan, PaymentPath::NewDeposit), Why::ClockInDoubt);
    }
    let plan = plan(5);
    assert_eq!((plan.cause.clone(), plan.first), (Cause::Lapsed, take(PaymentPath::NewDeposit)));
    assert!(plan.also.contains(&Advice::BookAnew));
    assert_eq!(closed(&plan, PaymentPath::Deposit), Why::DeadlinePassed);
    assert!(plan.never.contains(&Never::PayOrder(sample::no())));
}

#[test]
fn what_is_being_ticketed_is_waited_for_and_never_paid() {
    let plan = Desk::new().status(OrderStatus::Ticketing, None).plan();
    assert_eq!((plan.first, plan.also.as_slice()), (Advice::WaitAndAsk, &[Advice::StopTicketing][..]));
    assert!(plan.never.contains(&Never::Pay));
    assert_eq!(closed(&plan, PaymentPath::Deposit), Why::Paid);
    assert_eq!(closed(&plan, PaymentPath::NewDeposit), Why::Paid);
    let mut late = Desk::new().status(OrderStatus::Ticketing, None);
    late.order.paid_at = Some(sample::now() - 11.minutes());
    assert_eq!(late.plan().first, Advice::AskSupport);
}

#[test]
fn in_progress_and_paid_without_a_pnr_are_waited_for() {
    for code in [406, 615] {
        let desk =
            Desk::new().status(OrderStatus::Ticketing, None).attempt(State::InDoubt(Doubt::Status(code)));
        let plan = desk.plan();
        assert_eq!(plan.first, Advice::WaitAndAsk, "{code}");
        assert!(PaymentPath::ALL.into_iter().filter(|path| path.pays()).all(|path| !plan.is_open(path)));
    }
    let plan = Desk::new().status(CANCELLED, Some("615")).plan();
    assert_eq!(plan.first, Advice::Investigate);
    assert_eq!(closed(&plan, PaymentPath::NewDeposit), Why::AskVendor);
}

#[test]
fn what_is_ticketed_is_left_alone() {
    let plan = Desk::new().status(OrderStatus::Ticketed, None).plan();
    assert_eq!((plan.first, plan.also.as_slice()), (Advice::Done, &[][..]));
    assert_eq!(plan.never, [Never::Pay, Never::Regenerate]);
    assert_eq!(closed(&plan, PaymentPath::NewDeposit), Why::Paid);
}

#[test]
fn a_declined_card_after_acceptance_leads_to_a_new_order_paid_by_deposit() {
    for code in ["604", "613", "616", "623", "633"] {
        let desk = Desk::new().status(CANCELLED, Some(code)).attempt(State::Reversed);
        let plan = desk.plan();
        assert_eq!(plan.first, take(PaymentPath::NewDeposit), "{code}");
        assert!(plan.also.contains(&take(PaymentPath::NewCard)), "{code}");
        assert_eq!(closed(&plan, PaymentPath::OtherCard), Why::Cancelled, "{code}");
        assert!(plan.never.contains(&Never::PayOrder(sample::no())), "{code}");
        assert!(plan.never.contains(&Never::Card(card())), "{code}");
        assert_eq!(plan.suggested(), Some(PaymentPath::NewDeposit));
    }
    // Paid by another desk: its card is not known here.
    let plan = Desk::new().status(CANCELLED, Some("604")).plan();
    assert!(plan.never.contains(&Never::DeclinedCard));
}

#[test]
fn a_flight_that_is_gone_is_booked_anew_and_only_perhaps_regenerated() {
    let gone = ["602", "603", "606", "607", "611"].map(|code| (code, Advice::BookAnew));
    // The flight is there, at another price of its baggage.
    let dearer = ["631", "632"].map(|code| (code, Advice::VerifyAnew));
    for (code, first) in gone.into_iter().chain(dearer) {
        let plan = Desk::new().status(CANCELLED, Some(code)).plan();
        assert_eq!(plan.first, first, "{code}");
        assert!(plan.also.contains(&take(PaymentPath::NewDeposit)), "{code}");
    }
}

#[test]
fn a_deposit_that_was_short_is_topped_up_first() {
    let mut desk = Desk::new().status(CANCELLED, Some("617"));
    let plan = desk.plan();
    assert_eq!(plan.first, Advice::TopUp);
    assert_eq!(plan.also.first(), Some(&take(PaymentPath::NewDeposit)));
    assert!(plan.also.contains(&take(PaymentPath::NewCard)));
    desk.balance = Some("104.99");
    let short = desk.plan();
    assert_eq!(closed(&short, PaymentPath::NewDeposit), Why::BalanceShort(sample::usd("0.01")));
    assert!(short.is_open(PaymentPath::NewCard));
}

#[test]
fn a_double_booking_is_found_before_anything_else() {
    let plan = Desk::new().status(CANCELLED, Some("608")).plan();
    assert_eq!((plan.first, plan.also.as_slice()), (Advice::FindOtherBooking, &[][..]));
    assert_eq!(closed(&plan, PaymentPath::NewDeposit), Why::FindOtherBooking);
    assert!(plan.never.contains(&Never::RegenerateBlindly));
}

#[test]
fn after_a_day_only_a_new_booking_is_left() {
    let day = SignedDuration::from_hours(24);
    let plan = Desk::new().status(CANCELLED, Some("604")).age(day).plan();
    assert_eq!(plan.first, Advice::BookAnew);
    assert_eq!(closed(&plan, PaymentPath::NewDeposit), Why::TooOld);
    assert!(plan.never.contains(&Never::Regenerate));
    let young = Desk::new().status(CANCELLED, Some("604")).age(day - SignedDuration::from_secs(1));
    assert!(young.plan().is_open(PaymentPath::NewDeposit));
}

#[test]
fn a_fulfilment_order_in_its_last_minute_is_given_up() {
    let desk = |left: i64| {
        let deadline = sample::now() + left.seconds();
        let made = SignedDuration::from_secs(300 - left);
        Desk::new().attempt(State::Rejected(604)).age(made).details(move |d| d.deadline = Some(deadline))
    };
    let plan = desk(59).plan();
    assert_eq!(plan.first, Advice::BookAnew);
    assert_eq!(closed(&plan, PaymentPath::Deposit), Why::TooLate);
    assert!(plan.never.contains(&Never::MoreRetries));
    assert!(desk(60).plan().is_open(PaymentPath::Deposit));
}

#[test]
fn several_airlines_close_no_way_that_the_vendor_offers() {
    let mut desk = Desk::new().status(CANCELLED, Some("604"));
    desk.order.airlines.extend([paydesk::domain::order::Airline::parse("5J").unwrap()]);
    let plan = desk.plan();
    assert!(plan.is_open(PaymentPath::NewCard) && plan.is_open(PaymentPath::NewDeposit));
    let plan = desk.details(|details| details.methods = vec![PaymentMethod::Deposit]).plan();
    assert_eq!(closed(&plan, PaymentPath::NewCard), Why::NotOffered);
    assert!(plan.is_open(PaymentPath::NewDeposit));
}

#[test]
fn a_person_decides_where_the_evidence_contradicts_itself() {
    for state in [State::Conflict, State::PaidElsewhere] {
        let plan = Desk::new().attempt(state.clone()).plan();
        assert_eq!((plan.cause.clone(), plan.first), (Cause::Unsettled(state), Advice::Investigate));
    }
}

/// A cancelled order whose regeneration is in `state`.
fn regenerated(state: regeneration::State) -> Desk {
    let mut desk = Desk::new().status(CANCELLED, Some("604")).attempt(State::Reversed);
    if let Some(child) = state.child() {
        desk.lineage.links.push((child, sample::no()));
        desk.child = Some(Order { no: child, created: Some(sample::now()), ..sample::order() });
    }
    desk.lineage.regenerations.push(sample::regeneration(state));
    desk
}

fn states(desk: &Desk, path: PaymentPath, agreed: bool) -> Vec<(StepKind, StepState)> {
    recovery::steps::steps(path, &desk.facts(), true, agreed)
        .into_iter()
        .map(|step| (step.kind, step.state))
        .collect()
}

#[test]
fn an_order_is_regenerated_once() {
    for state in [regeneration::State::Sending, regeneration::State::InDoubt(Doubt::NoAnswer)] {
        let plan = regenerated(state.clone()).plan();
        assert_eq!((plan.cause.clone(), plan.first), (Cause::Regenerating, Advice::WaitAndAsk), "{state:?}");
        assert_eq!(closed(&plan, PaymentPath::NewDeposit), Why::Regenerating);
        assert!(plan.never.contains(&Never::RegenerateAgain));
    }
    for state in [regeneration::State::Refused(316), regeneration::State::NotMade] {
        assert!(regenerated(state).plan().is_open(PaymentPath::NewDeposit), "it may be asked for again");
    }
    let mut unseen = regenerated(regeneration::State::Made(child()));
    unseen.child = None;
    assert_eq!(closed(&unseen.plan(), PaymentPath::NewDeposit), Why::ChildNotSeen(child()));
}

#[test]
fn the_checklist_goes_on_where_it_was_left() {
    use StepKind::{Ask, Compare, Follow, Pay, Regenerate};
    use StepState::{Done, Later, Running, Yours};
    let path = PaymentPath::NewDeposit;
    let desk = Desk::new().status(CANCELLED, Some("604"));
    let first = recovery::steps::steps(path, &desk.facts(), false, false);
    assert_eq!(first.first().map(|step| step.state), Some(Running));
    assert_eq!(
        states(&desk, path, false),
        [(Ask, Done), (Regenerate, Yours), (Compare, Later), (Pay, Later), (Follow, Later)]
    );
    let sending = regenerated(regeneration::State::Sending);
    assert_eq!(states(&sending, path, false).get(1), Some(&(Regenerate, Running)));
    let mut made = regenerated(regeneration::State::Made(child()));
    assert_eq!(states(&made, path, false).get(2..4), Some(&[(Compare, Yours), (Pay, Later)][..]));
    assert_eq!(states(&made, path, true).get(2..4), Some(&[(Compare, Done), (Pay, Yours)][..]));
    let paid = Attempt::restore(Snapshot { order: child(), ..sample::attempt(State::Accepted).snapshot() });
    made.lineage.attempts.push(paid);
    made.child.as_mut().unwrap().status = OrderStatus::Ticketing;
    // Whatever was agreed to before the restart: it was paid, so it was agreed to.
    assert_eq!(states(&made, path, false).get(3..), Some(&[(Pay, Done), (Follow, Running)][..]));
    made.child.as_mut().unwrap().status = OrderStatus::Ticketed;
    assert!(states(&made, path, false).iter().all(|(_, state)| *state == Done));
    let last = made.lineage.attempts.last_mut().unwrap();
    *last = last.in_state(State::Rejected(403));
    made.child.as_mut().unwrap().status = OrderStatus::Unpaid;
    assert_eq!(states(&made, path, true).get(3), Some(&(Pay, Yours)), "refused: it may be tried again");
}

#[test]
fn a_dearer_price_asks_again_and_a_cheaper_one_does_not() {
    let compare = |new: &str| {
        let old = Desk::new().order;
        let mut child = old.clone();
        child.details.as_mut().unwrap().options[0].ticket_fare.as_mut().unwrap().money = sample::usd(new);
        Comparison::of(PaymentMethod::Deposit, &old, &child).unwrap()
    };
    assert!(!compare("100").asks_again() && !compare("99.99").asks_again() && compare("100.01").asks_again());
    assert_eq!(compare("104").rise(), Some(sample::usd("4")));
    let percent = |percent: i64| rust_decimal::Decimal::from(percent);
    // 105 with its fee; five per cent of that are 5.25.
    assert!(compare("105.25").is_within(percent(5)) && !compare("105.26").is_within(percent(5)));
    assert!(compare("100").is_within(percent(0)));
    let unknown = Comparison { old: None, new: sample::usd("1") };
    assert!(unknown.asks_again() && !unknown.is_within(percent(1_000)));
}

#[test]
fn only_what_can_be_its_child_is_taken_for_one() {
    let mut parent = Desk::new().status(CANCELLED, Some("604")).order;
    (parent.from, parent.to) = (Some("SIN".into()), Some("KUL".into()));
    let doubtful = regenerated(regeneration::State::InDoubt(Doubt::NoAnswer)).lineage.regenerations.remove(0);
    let child = |change: fn(&mut Order)| {
        let mut order = Order { no: child(), created: Some(sample::now()), ..parent.clone() };
        change(&mut order);
        doubtful.may_have_made(&order, &parent)
    };
    assert!(child(|_| {}));
    assert!(!child(|order| order.created = Some(sample::now() - 3.minutes())));
    assert!(!child(|order| order.passengers = vec!["OTHER/PERSON".into()].into()));
    assert!(!child(|order| order.airlines = Vec::new().into()));
    assert!(!child(|order| order.no = sample::no()));
    // The way back, on an order of its own, for the same people on the same day.
    assert!(!child(|order| (order.from, order.to) = (Some("KUL".into()), Some("SIN".into()))));
    assert!(child(|order| (order.from, order.to) = (None, None)), "a list need not say");
    let other = |order: &mut Order| {
        order.details.as_mut().unwrap().original = Some("DEMOA20261103102500999".parse().unwrap());
    };
    assert!(!child(other), "it says that it was made from another one");
    assert!(child(|order| {
        order.passengers = Vec::new().into();
        order.details.as_mut().unwrap().original = Some(sample::no());
    }));
}

#[test]
fn a_doubt_about_a_new_order_ends_by_finding_it_or_by_three_spaced_searches_in_vain() {
    let parent = Desk::new().status(CANCELLED, Some("604")).order;
    let doubtful = regenerated(regeneration::State::InDoubt(Doubt::NoAnswer)).lineage.regenerations.remove(0);
    let search = |at: &[i64]| {
        let mut regeneration = doubtful.clone();
        for second in at {
            let next = sample::after_search(
                &regeneration,
                &parent,
                &[sample::no()],
                &[],
                true,
                sample::moment(*second),
            );
            regeneration = next.unwrap_or(regeneration);
        }
        regeneration.state.clone()
    };
    assert_eq!(search(&[60, 120, 180]), regeneration::State::NotMade);
    for vain in [&[60, 120, 179][..], &[60, 180], &[178, 179, 180]] {
        assert!(search(vain).is_open(), "{vain:?}");
    }
    let born = Order { no: child(), created: Some(sample::now()), ..parent.clone() };
    let found = sample::after_search(
        &doubtful,
        &parent,
        &[sample::no()],
        std::slice::from_ref(&born),
        false,
        sample::moment(5),
    )
    .unwrap();
    assert_eq!(found.state, regeneration::State::Found(child()));
    let known =
        sample::after_search(&doubtful, &parent, &[sample::no(), child()], &[born], true, sample::moment(5))
            .unwrap();
    assert!(known.state.is_open(), "an order that was there before");
    for second in [60, 120, 180, 240] {
        let partial =
            sample::after_search(&doubtful, &parent, &[sample::no()], &[], false, sample::moment(second));
        assert_eq!(partial, None, "a search that may have missed the newest orders");
    }
}

#[test]
fn a_child_is_looked_for_from_the_earliest_moment_that_any_clock_allows() {
    let mut parent = Desk::new().status(CANCELLED, Some("604")).order;
    parent.created = Some(sample::now() - 3.hours());
    let mut doubtful =
        regenerated(regeneration::State::InDoubt(Doubt::NoAnswer)).lineage.regenerations.remove(0);
    let since = |at: i64, wall: i64, settled, doubtful: &mut Regeneration| {
        let clock = |minutes: i64| sample::now() + minutes.minutes();
        let mut snapshot = doubtful.snapshot();
        snapshot.sent.now = Now { at: clock(at), wall: clock(wall), settled };
        *doubtful = Regeneration::restore(snapshot);
        doubtful.born_after(Some(&parent)).duration_since(sample::now()).as_mins()
    };
    assert_eq!(since(0, 0, true, &mut doubtful), -2);
    assert_eq!(since(40, 0, true, &mut doubtful), -2, "the vendor's dates were ahead");
    assert_eq!(since(0, 40, true, &mut doubtful), -2, "the desk's clock was");
    assert_eq!(since(40, 40, false, &mut doubtful), -180, "nobody knew: since the old order was made");
}

#[test]
fn an_order_that_another_one_names_as_its_origin_is_followed_there_and_never_paid() {
    // Regenerated elsewhere: the link is all that is known of it.
    let child: OrderNo = "DEMOA20261103101500999".parse().unwrap();
    let mut desk = Desk::new();
    desk.lineage.links.push((child, sample::no()));
    let plan = desk.plan();
    assert_eq!(plan.cause, Cause::Regenerated(child));
    assert!(plan.never.contains(&Never::PayOrder(sample::no())));
    let mut plain = sample::Desk::new();
    plain.lineage.links.push((child, sample::no()));
    let found = order_obstacles(&plain.context());
    assert!(found.contains(&Obstacle::Regenerated { child: Some(child) }), "{found:?}");
}

#[test]
fn what_no_card_can_mend_is_waited_for_or_asked_about_and_never_tried_with_the_same_card() {
    for (code, first) in [(401, Advice::WaitAndAsk), (405, Advice::WaitAndAsk), (412, Advice::AskSupport)] {
        let plan = Desk::new().attempt(State::Rejected(code)).plan();
        assert_eq!(plan.first, first, "{code}");
        assert!(!plan.is_open(PaymentPath::SameCard), "{code}");
    }
}
