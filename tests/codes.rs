//! Every status code through everything that gives advice: the plan of recovery, the detail and `show` say one and the same.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod program;
mod rig;
mod vendor;

use std::{collections::BTreeSet, fs, path::Path};

use paydesk::{
    domain::{
        attempt::{Attempt, Sent, Snapshot, State},
        card::CardNumber,
        case::Case,
        codes::{self, Family},
        method::PaymentMethod,
        moment::Now,
        order::OrderStatus,
        recovery::{self, Advice, Facts, PaymentPath, Plan},
        triage::{NextStep, triage},
    },
    lang::{Lang, recovery as plans, words},
};
use program::Desk;
use rig::{Rig, Sketch, case, money, number, sample};
use vendor::{Vendor, details, usual};

const BY_CARD: [PaymentMethod; 2] = [PaymentMethod::Deposit, PaymentMethod::Vcc];

/// An order that was cancelled with `code`.
fn cancelled(code: &str) -> Case {
    let sketch =
        Sketch { n: 5, status: OrderStatus::Cancelled, methods: BY_CARD.to_vec(), ..Sketch::default() };
    let mut case = case(&sketch);
    case.order.ticketing_error =
        Some(paydesk::domain::order::TicketingError { code: code.into(), message: None }.into());
    case
}

/// An unpaid order that `pay.do` answered with `status` when a card was tried, and that queries show unpaid since.
fn answered(rig: &Rig, status: i64) -> Case {
    let sketch = Sketch { n: 5, minutes_left: 25, methods: BY_CARD.to_vec(), ..Sketch::default() };
    let state = match State::after_send(&Sent::Answered { status, msg: None }) {
        State::Refused(status) => State::Rejected(status),
        State::InDoubt(_) => State::NotApplied,
        accepted => accepted,
    };
    let attempt = Attempt::restore(Snapshot {
        method: PaymentMethod::Vcc,
        card: Some(CardNumber::parse("4111111111111111").unwrap().masked()),
        sent: Some(sample::moment(rig.now, 5_000)),
        state,
        answer: Some(status),
        ..sample::claimed(number(5), rig.now)
    });
    sample::case(case(&sketch).order, sample::lineage(number(5), vec![attempt]))
}

/// True when `advice` is `step` by the paths that are open.
fn agree(step: NextStep, advice: Advice) -> bool {
    use NextStep as Next;
    match advice {
        Advice::WaitForStop => step == Next::WaitForStop,
        Advice::Pay => step == Next::Pay,
        Advice::WaitAndAsk => matches!(
            step,
            Next::Ask
                | Next::WaitForAnswers
                | Next::FindDeadline
                | Next::WaitForOutcome
                | Next::WaitForNewOrder
                | Next::WaitForBaggage
                | Next::WaitForCancellation
                | Next::WaitForTicket
        ),
        Advice::Investigate => step == Next::Investigate,
        Advice::AskSupport => matches!(step, Next::AskSupport | Next::SettleWithSupport),
        Advice::MendAndSameCard => step == Next::MendThenPay,
        Advice::CheckBalance => step == Next::CheckBalance,
        Advice::CheckAccess => step == Next::CheckAccess,
        Advice::TopUp => step == Next::TopUpAndRegenerate,
        Advice::ConfirmTraveller => step == Next::ConfirmThenPay,
        Advice::FindOtherBooking => step == Next::FindOtherBooking,
        Advice::BookAnew => step == Next::BookAnew,
        Advice::VerifyAnew => step == Next::VerifyAnew,
        Advice::RecoverNewOrder => step == Next::FollowNewOrder,
        Advice::DecideBaggageLoss => step == Next::DecideBaggageLoss,
        Advice::CancelAtVendor => step == Next::CancelForBaggage,
        Advice::Done => matches!(step, Next::Done | Next::TicketedAs(_)),
        Advice::Take(PaymentPath::SameCard) => matches!(step, Next::Pay),
        Advice::Take(PaymentPath::OtherCard) => step == Next::PayByOtherMeans,
        Advice::Take(PaymentPath::Deposit) => {
            matches!(step, Next::PayByOtherMeans | Next::PayByOtherMethod | Next::PayByDeposit)
        }
        Advice::Take(PaymentPath::NewDeposit | PaymentPath::NewCard | PaymentPath::NewAccount) => matches!(
            step,
            Next::RegenerateOtherMeans
                | Next::RegenerateNewPrice
                | Next::RegenerateLater
                | Next::RegenerateLapsed
                | Next::FollowNewOrder
        ),
        Advice::Take(PaymentPath::Account | PaymentPath::StopIssuance | PaymentPath::Stop)
        | Advice::StopTicketing => false,
    }
}

fn plan(case: &Case, now: Now) -> Plan {
    let balance = Some(money("10000", "USD"));
    recovery::plan(&Facts { now, order: &case.order, lineage: &case.lineage, child: None, balance })
}

/// What every screen says of a case.
fn check(rig: &mut Rig, case: &Case, about: &str) {
    let now = rig.console.model.clocks();
    let (next, first) = (triage(case, now).next, plan(case, now).first);
    assert!(agree(next, first), "{about}: the table says {next:?}, the plan {first:?}");
    rig.publish(vec![case.clone()]);
    while rig.selected() != number(5) {
        rig.press("j");
    }
    let flat = |text: &str| text.split([' ', '\n', '|', '>']).collect::<Vec<_>>().concat();
    rig.press("Enter");
    let said = words::next_step(Lang::En, next);
    let start: String = flat(&said).chars().take(30).collect();
    assert!(flat(&rig.screen()).contains(&start), "{about}: {said}\n{}", rig.screen());
    rig.press("Esc t");
    let said = plans::advice(Lang::En, first);
    assert!(flat(&rig.screen()).contains(&flat(said)), "{about}: {said}\n{}", rig.screen());
    rig.press("Esc");
}

#[test]
fn every_code_of_a_failed_ticketing_gets_one_and_the_same_advice_everywhere() {
    let mut rig = Rig::new((160, 50));
    let known = codes::numbers(Family::Ticketing).collect::<BTreeSet<_>>();
    assert!(known.len() > 30, "{known:?}");
    for code in known.iter().map(ToString::to_string).chain(["777".into(), "odd".into()]) {
        let case = cancelled(&code);
        check(&mut rig, &case, &format!("errorCode {code}"));
    }
}

#[test]
fn a_code_that_suspends_ticketing_gets_the_same_advice_everywhere_while_it_does() {
    let mut rig = Rig::new((160, 50));
    let suspends = |code: &String| codes::ticketing(code).baggage.is_some();
    let known: Vec<String> =
        codes::numbers(Family::Ticketing).map(|code| code.to_string()).filter(suspends).collect();
    assert_eq!(known.len(), 2, "{known:?}");
    for code in known {
        let mut case = cancelled(&code);
        case.order.status = OrderStatus::Ticketing;
        check(&mut rig, &case, &format!("errorCode {code} of an order in ticketing"));
    }
}

#[test]
fn every_code_of_a_payment_gets_one_and_the_same_advice_everywhere() {
    let mut rig = Rig::new((160, 50));
    let known = codes::numbers(Family::Pay).collect::<BTreeSet<_>>();
    assert!(known.len() > 25, "{known:?}");
    for status in known.into_iter().chain([777]) {
        let case = answered(&rig, status);
        check(&mut rig, &case, &format!("status {status}"));
    }
}

#[test]
fn show_says_of_every_code_of_a_failed_ticketing_what_the_screens_say() {
    let rig = Rig::new((120, 40));
    let codes: Vec<String> = codes::numbers(Family::Ticketing).map(|code| code.to_string()).collect();
    let orders: Vec<String> = (0..codes.len()).map(vendor::number).collect();
    let known = (orders.clone(), codes.clone());
    let vendor = Vendor::start(usual(orders.clone(), move |no| {
        let mut details = details(no);
        let at = known.0.iter().position(|known| known == no).unwrap();
        details["orderStatus"] = "-3".into();
        details["errorCode"] = known.1[at].as_str().into();
        details
    }));
    let desk = Desk::at(&vendor.url());
    for (order, code) in orders.iter().zip(codes) {
        let shown = desk.run(&["show", order, "--json"], "").json();
        assert_eq!(shown["order"]["errorCode"], code, "{shown}");
        let next = triage(&cancelled(&code), rig.console.model.clocks()).next;
        assert_eq!(shown["nextStep"], words::next_step(Lang::En, next), "{code}");
    }
}

/// The vendor's numbers stand in `assets/codes.toml` alone: a rule that knows one by itself would be a second table.
#[test]
fn no_rule_but_the_table_of_codes_knows_a_number_of_the_vendors() {
    let families = [Family::Pay, Family::Regenerate, Family::Query, Family::Ticketing];
    let numbers: BTreeSet<String> = families
        .into_iter()
        .flat_map(codes::numbers)
        .filter(|number| *number >= 100)
        .map(|number| number.to_string())
        .collect();
    let mut found = Vec::new();
    look(Path::new("src/domain"), &mut |path, line| {
        // Brands of cards begin with three digits, characters are named by theirs, and amounts have an exponent.
        let is_other = ["card.rs", "text.rs", "fold.rs", "amount.rs"].iter().any(|file| path.ends_with(file));
        let code = line.split("//").next().unwrap();
        let words = code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        // `400` and `407..=410`, but not `x300`, `600_000` or `1.5`.
        let stands = words.flat_map(|word| word.split("..")).any(|word| numbers.contains(word));
        if stands && !is_other {
            found.push(format!("{path}: {line}"));
        }
    });
    assert!(found.is_empty(), "{found:#?}");
}

/// Every line of the rules, tests excluded.
fn look(folder: &Path, line: &mut impl FnMut(&str, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            look(&path, line);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for each in text.split("#[cfg(test)]").next().unwrap().lines() {
            line(&path.display().to_string(), each);
        }
    }
}
