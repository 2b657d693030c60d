//! What each observation proves about an attempt.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, ToSpan};
use paydesk::domain::{
    attempt::{
        Attempt, Beside, Decision, Doubt, Event, Evidence, Kind, NotSent, Sent, Snapshot, State,
        is_definite_refusal,
    },
    method::PaymentMethod,
    moment::Now,
    order::{Details, Order, OrderStatus},
    regenerable::may_regenerate,
    regeneration::is_dead,
    triage::{NextStep, next_step},
};
use proptest::prelude::*;

use crate::sample::{self, ByEvents};

/// Seconds after the send.
fn at(seconds: i64) -> Timestamp {
    sample::now() + seconds.seconds()
}

fn attempt(state: &State) -> Attempt {
    Attempt::restore(Snapshot {
        claimed_at: at(-1),
        sent: Some(sample::moment(0)),
        changed_at: at(0),
        ..sample::attempt(state.clone()).snapshot()
    })
}

fn order(status: OrderStatus, deadline: i64) -> Order {
    let details = Details { deadline: Some(at(deadline)), ..Details::default() };
    Order { details: Some(Box::new(details)), ..sample::bare_order(status) }
}

fn every_state() -> Vec<State> {
    let doubts = [
        Doubt::NoAnswer,
        Doubt::Cut("reset".into()),
        Doubt::Unreadable("html".into()),
        Doubt::Http(502),
        Doubt::Status(402),
        Doubt::Status(404),
        Doubt::Status(406),
        Doubt::Status(411),
        Doubt::Crash,
    ];
    let mut states = vec![
        State::Claimed,
        State::Sending,
        State::Accepted,
        State::Refused(413),
        State::Paid,
        State::Ticketed,
        State::PaidElsewhere,
        State::Conflict,
        State::Reversed,
        State::Rejected(413),
        State::NotSent(NotSent::Interrupted),
        State::NotApplied,
        State::Closed,
    ];
    states.extend(doubts.map(State::InDoubt));
    states
}

const STATUSES: [OrderStatus; 5] = [
    OrderStatus::Unpaid,
    OrderStatus::Ticketing,
    OrderStatus::Ticketed,
    OrderStatus::Cancelled,
    OrderStatus::Unknown(Some(7)),
];

/// What each state becomes before the deadline by unpaid, ticketing, ticketed, cancelled and an unknown status.
fn expected(state: &State) -> [Option<State>; 5] {
    use State::{Conflict, Paid, PaidElsewhere, Rejected, Reversed, Ticketed};
    match state {
        // Cancelled: it may still be on its way, and one answer may be wrong.
        State::InDoubt(Doubt::Status(402 | 404 | 406)) => {
            [None, Some(PaidElsewhere), Some(PaidElsewhere), None, None]
        }
        State::InDoubt(_) => [None, Some(Paid), Some(Ticketed), None, None],
        State::Accepted => [None, Some(Paid), Some(Ticketed), Some(Reversed), None],
        State::Refused(code) => {
            let rejected = Some(Rejected(*code));
            [rejected.clone(), Some(PaidElsewhere), Some(PaidElsewhere), rejected, None]
        }
        State::Paid => [Some(Conflict), None, Some(Ticketed), Some(Reversed), None],
        State::Ticketed => [Some(Conflict), Some(Conflict), None, Some(Conflict), None],
        State::Reversed => [Some(Conflict), Some(Conflict), Some(Conflict), None, None],
        _ => [None, None, None, None, None],
    }
}

/// The vendor says by which method an order was paid: what was paid by another one was not paid by this attempt.
#[test]
fn a_doubt_about_an_order_that_was_paid_by_another_method_is_somebody_elses_payment() {
    let paid_by = |method, status| {
        let mut order = order(status, 900);
        let options = sample::order().details.unwrap().options;
        let payment = options.into_iter().find(|option| option.method == method);
        order.details.as_mut().unwrap().payment = payment;
        order
    };
    let doubts = every_state()
        .into_iter()
        .filter(|state| matches!(state, State::InDoubt(Doubt::NoAnswer | Doubt::Crash | Doubt::Http(_))));
    for doubt in doubts {
        let attempt = attempt(&doubt);
        for (status, ours) in
            [(OrderStatus::Ticketing, State::Paid), (OrderStatus::Ticketed, State::Ticketed)]
        {
            for method in PaymentMethod::ALL {
                let want = if method == attempt.method { ours.clone() } else { State::PaidElsewhere };
                let next = attempt.after_query(&paid_by(method, status), sample::moment(5)).unwrap();
                assert_eq!(next.state, want, "{doubt:?} {method} {status:?}");
            }
        }
    }
    // Of a contradiction spaced answers that agree say the same.
    let mut torn = attempt(&State::Conflict);
    for seconds in [10, 40] {
        torn = torn
            .after_query(&paid_by(PaymentMethod::Byoa, OrderStatus::Ticketed), sample::moment(seconds))
            .unwrap();
    }
    assert_eq!(torn.state, State::PaidElsewhere);
}

#[test]
fn every_state_and_every_status_of_the_order() {
    for state in every_state() {
        for (status, want) in STATUSES.into_iter().zip(expected(&state)) {
            let got = attempt(&state)
                .after_query(&order(status, 900), sample::moment(5))
                .filter(|next| next.state != state);
            let got = got.map(|next| next.state.clone());
            assert_eq!(got, want, "{state:?} and a query that says {status:?}");
        }
    }
}

#[test]
fn a_query_asked_before_the_send_proves_nothing() {
    for state in every_state() {
        for status in STATUSES {
            let asked_before = attempt(&state).after_query(&order(status, -60), sample::moment(-1));
            assert_eq!(asked_before, None, "{state:?} {status:?}");
            let never_sent = Attempt::restore(Snapshot { sent: None, ..attempt(&state).snapshot() });
            assert_eq!(
                never_sent.after_query(&order(status, -60), sample::moment(5)),
                None,
                "{state:?} {status:?}"
            );
        }
    }
}

#[test]
fn a_query_asked_before_the_send_had_ended_proves_nothing() {
    let refused = Sent::Answered { status: 604, msg: None };
    let ended = attempt(&State::Sending).after_send(&refused, sample::moment(10));
    assert_eq!((&ended.state, ended.answer), (&State::Refused(604), Some(604)));
    for status in STATUSES {
        assert_eq!(ended.after_query(&order(status, 900), sample::moment(9)), None, "{status:?}");
    }
    let later = ended.after_query(&order(OrderStatus::Unpaid, 900), sample::moment(11));
    assert_eq!(later.unwrap().state, State::Rejected(604));
}

#[test]
fn what_others_learnt_of_an_attempt_meanwhile_outweighs_its_late_answer() {
    let accepted = Sent::Answered { status: 0, msg: None };
    let lost = Sent::Doubt(Doubt::NoAnswer);
    for state in every_state() {
        let ends_as = |sent| attempt(&state).after_send(sent, sample::moment(70)).state.clone();
        let want = match &state {
            State::Sending | State::InDoubt(_) => (State::Accepted, State::InDoubt(Doubt::NoAnswer)),
            State::NotApplied => (State::Conflict, state.clone()),
            known => (known.clone(), known.clone()),
        };
        assert_eq!((ends_as(&accepted), ends_as(&lost)), want, "{state:?}");
    }
}

#[test]
fn accepted_and_still_unpaid_after_the_deadline_is_a_contradiction() {
    let check = |state: State, asked: i64, want: State| {
        let next = attempt(&state).after_query(&order(OrderStatus::Unpaid, 900), sample::moment(asked));
        assert_eq!(next.map_or(state, |next| next.state.clone()), want, "asked {asked} s after the send");
    };
    check(State::Accepted, 5, State::Accepted);
    check(State::Accepted, 899, State::Accepted);
    // The vendor's clock is known to 5 s.
    check(State::Accepted, 904, State::Accepted);
    check(State::Accepted, 905, State::Conflict);
    // Paid was seen: that it is not is a contradiction at any time.
    check(State::Paid, 5, State::Conflict);
}

/// The attempt after queries asked so many seconds after its send, each with what it said.
fn after(state: &State, answers: &[(i64, OrderStatus)]) -> Attempt {
    answers.iter().fold(attempt(state), |attempt, (second, status)| {
        attempt.after_query(&order(*status, 90_000), sample::moment(*second)).unwrap_or(attempt)
    })
}

#[test]
fn a_doubt_about_a_cancelled_order_outlasts_the_quarantine_and_a_second_answer() {
    use OrderStatus::{Cancelled, Ticketing, Unpaid};
    let doubt = State::InDoubt(Doubt::Http(502));
    let check = |answers: &[(i64, OrderStatus)], want: &State| {
        assert_eq!(&after(&doubt, answers).state, want, "{answers:?}");
    };
    check(&[(2, Cancelled)], &doubt);
    check(&[(2, Cancelled), (100, Cancelled), (179, Cancelled)], &doubt);
    check(&[(181, Cancelled)], &doubt);
    check(&[(181, Cancelled), (200, Cancelled)], &doubt);
    check(&[(181, Cancelled), (201, Cancelled)], &State::Reversed);
    check(&[(100, Cancelled), (180, Cancelled)], &State::Reversed);
    // An answer that says otherwise begins again; carried out late, it is found.
    check(&[(100, Cancelled), (170, Unpaid), (190, Cancelled)], &doubt);
    check(&[(2, Cancelled), (76, Ticketing)], &State::Paid);
}

#[test]
fn what_a_later_answer_takes_back_is_a_contradiction_until_two_agree() {
    use OrderStatus::{Cancelled, Ticketed, Ticketing, Unpaid};
    let check = |from: State, answers: &[(i64, OrderStatus)], want: &State| {
        assert_eq!(&after(&from, answers).state, want, "{from:?} and {answers:?}");
    };
    let conflict = &State::Conflict;
    check(State::Accepted, &[(2, Cancelled), (4, Ticketed)], conflict);
    check(State::Accepted, &[(2, Cancelled), (4, Ticketed), (23, Ticketed)], conflict);
    check(State::Accepted, &[(2, Cancelled), (4, Ticketed), (24, Ticketed)], &State::Ticketed);
    check(State::Accepted, &[(2, Cancelled), (4, Ticketed), (30, Ticketing), (40, Ticketed)], conflict);
    check(State::Accepted, &[(2, Cancelled), (4, Ticketing), (24, Ticketing)], &State::Paid);
    check(State::Ticketed, &[(400, Cancelled)], conflict);
    check(State::Ticketed, &[(400, Cancelled), (420, Cancelled)], &State::Reversed);
    check(State::Ticketed, &[(2, Cancelled), (22, Cancelled), (42, Cancelled)], conflict);
    // Nothing that was once seen paid is ever called unpaid by answers alone.
    check(State::Paid, &[(200, Unpaid), (300, Unpaid), (90_400, Unpaid)], conflict);
    check(State::Reversed, &[(200, Unpaid), (300, Unpaid), (90_400, Unpaid)], conflict);
}

#[test]
fn a_contradiction_never_ends_as_paid_by_an_attempt_whose_own_answer_says_otherwise() {
    use OrderStatus::{Cancelled, Ticketed, Ticketing};
    let paid = |status, answer| {
        let mut attempt = Attempt::restore(Snapshot { answer, ..attempt(&State::Reversed).snapshot() });
        for second in [200, 230, 260] {
            attempt = attempt.after_query(&order(status, 90_000), sample::moment(second)).unwrap_or(attempt);
        }
        attempt.state.clone()
    };
    for status in [Ticketing, Ticketed] {
        for refused in [402, 404, 406, 401, 604] {
            assert_eq!(paid(status, Some(refused)), State::PaidElsewhere, "{refused} {status:?}");
        }
    }
    for answer in [None, Some(0), Some(615), Some(9999)] {
        assert_eq!(paid(Ticketing, answer), State::Paid, "{answer:?}");
        assert_eq!(paid(Ticketed, answer), State::Ticketed, "{answer:?}");
    }
    assert_eq!(paid(Cancelled, Some(402)), State::Reversed, "and money stays open where it may be");
}

#[test]
fn an_answer_asked_for_before_the_one_that_is_believed_says_nothing() {
    let ticketed = after(&State::Accepted, &[(30, OrderStatus::Ticketed)]);
    assert_eq!(ticketed.state, State::Ticketed);
    let earlier = order(OrderStatus::Ticketing, 900);
    assert_eq!(ticketed.after_query(&earlier, sample::moment(29)), None);
    assert_eq!(ticketed.after_query(&earlier, sample::moment(31)).unwrap().state, State::Conflict);
}

#[test]
fn no_order_is_dead_by_one_clock_or_by_a_clock_in_doubt() {
    let unpaid = Order { created: Some(at(-600)), ..order(OrderStatus::Unpaid, 60) };
    let check = |vendor: i64, wall: i64, settled: bool, dead: bool| {
        let now = Now { at: at(vendor), wall: at(wall), settled };
        assert_eq!(is_dead(&unpaid, now), dead, "{vendor} {wall} {settled}");
        let may = may_regenerate(&unpaid, &sample::lineage(Vec::new()), now).is_ok();
        assert_eq!(may, dead, "{vendor} {wall} {settled}");
    };
    check(65, 65, true, true);
    check(64, 65, true, false);
    check(2_460, 30, true, false);
    check(30, 2_460, true, false);
    check(2_460, 2_460, false, false);
    let cancelled = order(OrderStatus::Cancelled, 60);
    assert!(is_dead(&cancelled, Now { at: at(0), wall: at(0), settled: false }), "by the vendor's word");
}

#[test]
fn a_doubt_is_cleared_by_no_deadline_that_one_clock_alone_calls_past() {
    let mut doubtful = asked_at(&[62, 122], 60);
    let by = |settled, wall: i64| {
        let mut asked = sample::moment(200);
        asked.now = Now { at: at(200), wall: at(wall), settled };
        asked
    };
    for asked in [by(false, 200), by(true, 10)] {
        doubtful = doubtful.after_query(&order(OrderStatus::Unpaid, 60), asked).unwrap();
        assert!(matches!(doubtful.state, State::InDoubt(_)), "{asked:?}");
    }
    let both = doubtful.after_query(&order(OrderStatus::Unpaid, 60), by(true, 200)).unwrap();
    assert_eq!(both.state, State::NotApplied);
}

#[test]
fn a_refusal_on_an_order_that_shows_a_payment_is_not_believed() {
    let refused = attempt(&State::Refused(403));
    let mut cancelled = order(OrderStatus::Cancelled, 900);
    assert_eq!(refused.after_query(&cancelled, sample::moment(5)).unwrap().state, State::Rejected(403));
    cancelled.paid_at = Some(at(1));
    assert_eq!(refused.after_query(&cancelled, sample::moment(5)).unwrap().state, State::Reversed);
}

/// A doubt after queries that said unpaid, sent so many seconds after it.
fn asked_at(seconds: &[i64], deadline: i64) -> Attempt {
    let mut doubtful = attempt(&State::InDoubt(Doubt::NoAnswer));
    for second in seconds {
        if let Some(next) =
            doubtful.after_query(&order(OrderStatus::Unpaid, deadline), sample::moment(*second))
        {
            doubtful = next;
        }
    }
    doubtful
}

#[test]
fn a_doubt_is_cleared_by_deadline_quarantine_and_three_spaced_answers_together() {
    let check = |deadline: i64, asked: &[i64], clears: bool| {
        let state = asked_at(asked, deadline).state.clone();
        assert_eq!(state == State::NotApplied, clears, "deadline {deadline}, asked {asked:?}: {state:?}");
    };
    check(60, &[62, 122, 180], true);
    check(60, &[62, 122, 179], false);
    check(60, &[62, 180], false);
    check(175, &[62, 122, 180], true);
    check(176, &[62, 122, 180], false);
    check(900, &[62, 122, 180, 300, 600], false);
    check(60, &[100_000], false);
    check(60, &[62, 63, 64, 65, 66, 67], false);
    // Spaced from the one that counted, whatever came in between.
    check(60, &[140, 150, 160, 170, 180], true);
    check(60, &[150, 160, 170, 180], false);
    // The last that counts must be asked late, not only the last of all.
    check(60, &[2, 42, 82, 101, 181], true);
    // Three answers at once are one.
    check(60, &[180, 181, 182, 183], false);
    check(60, &[180, 200, 220], true);
    let mut unknown = order(OrderStatus::Unpaid, 0);
    unknown.details = None;
    let next = asked_at(&[62, 122], 60).after_query(&unknown, sample::moment(9_000)).unwrap();
    assert!(next.state.blocks(), "a deadline that is not known");
}

#[test]
fn a_person_may_deny_only_after_the_quarantine_and_right_after_an_answer() {
    let check = |asked: &[i64], now: i64, may: bool| {
        let got = asked_at(asked, 9_000).after_decision(Decision::DidNotHappen, sample::moment(now));
        assert_eq!(got, may.then_some(State::NotApplied), "{asked:?} at {now}");
    };
    check(&[62, 122, 182], 185, true);
    check(&[62, 122, 182], 192, false);
    check(&[62, 122], 182, false);
    check(&[62, 82, 102], 105, false);
    check(&[62, 122, 182, 190], 199, true);
    for state in every_state().into_iter().filter(|state| !matches!(state, State::InDoubt(_))) {
        let certain = Attempt::restore(Snapshot {
            state: state.clone(),
            ..asked_at(&[62, 122, 182], 9_000).snapshot()
        });
        assert_eq!(certain.after_decision(Decision::DidNotHappen, sample::moment(185)), None, "{state:?}");
    }
}

#[test]
fn as_many_answers_are_asked_for_as_it_takes() {
    let doubt = State::InDoubt(Doubt::NoAnswer);
    for (said, deadline) in [(OrderStatus::Unpaid, 60), (OrderStatus::Cancelled, 900)] {
        let after_answers = |mut attempt: Attempt, asked: &[i64]| {
            for second in asked {
                let next = attempt.after_query(&order(said, deadline), sample::moment(*second));
                attempt = next.unwrap_or(attempt);
            }
            attempt
        };
        let needed = after_answers(attempt(&doubt), &[170]).answers_needed();
        let asked: Vec<i64> = (0..i64::from(needed)).map(|n| 180 + n * 20).collect();
        let one_less = after_answers(attempt(&doubt), &asked[1..]);
        assert!(matches!(one_less.state, State::InDoubt(_)), "{said:?}");
        assert!(!after_answers(attempt(&doubt), &asked).state.blocks(), "{said:?}");
    }
}

#[test]
fn a_screen_offers_only_what_may_be_decided() {
    let check = |asked: &[i64], now: i64, offered: bool| {
        let offer = asked_at(asked, 9_000).decision_to_offer(at(now));
        assert_eq!(offer, offered.then_some(Decision::DidNotHappen), "{asked:?} at {now}");
    };
    check(&[62, 122, 182], 185, true);
    check(&[62, 122, 182], 192, false);
    check(&[62, 122], 125, false);
    check(&[62, 122, 170], 175, false);
    for state in every_state().into_iter().filter(|state| !matches!(state, State::InDoubt(_))) {
        let offer = Attempt::restore(Snapshot {
            state: state.clone(),
            ..asked_at(&[62, 122, 182], 9_000).snapshot()
        })
        .decision_to_offer(at(185));
        assert_eq!(offer, state.is_break().then_some(Decision::Close), "{state:?}");
    }
}

#[test]
fn a_person_may_deny_only_what_the_answers_call_unpaid() {
    let doubt = State::InDoubt(Doubt::NoAnswer);
    for (said, may) in [(OrderStatus::Unpaid, true), (OrderStatus::Unknown(Some(7)), false)] {
        let asked = after(&doubt, &[(62, said), (122, said), (182, said)]);
        let decided = asked.after_decision(Decision::DidNotHappen, sample::moment(185));
        assert_eq!(decided.is_some(), may, "{said:?}");
    }
}

#[test]
fn a_wall_clock_that_jumps_clears_no_doubt() {
    let mut doubtful = asked_at(&[62, 82, 102], 60);
    let mut late = sample::moment(110);
    late.now = Now::agreed(late.now.at + SignedDuration::from_hours(5));
    if let Some(next) = doubtful.after_query(&order(OrderStatus::Unpaid, 60), late) {
        doubtful = next;
    }
    assert_eq!(doubtful.state, State::InDoubt(Doubt::NoAnswer));
}

#[test]
fn a_doubt_that_no_answer_can_end_is_a_persons() {
    let doubtful = attempt(&State::InDoubt(Doubt::NoAnswer));
    let asked = |status: Option<OrderStatus>| {
        let answers = status.map(|status| [(60, status), (120, status), (200, status), (235, status)]);
        after(&State::InDoubt(Doubt::NoAnswer), answers.as_ref().map_or(&[][..], |answers| &answers[..]))
    };
    let closes = |attempt: &Attempt, second: i64| {
        let closed = attempt.after_decision(Decision::Close, sample::moment(second)) == Some(State::Closed);
        assert_eq!(attempt.needs_a_person(at(second)), closed, "what is offered is what is judged");
        closed
    };
    assert!(!closes(&doubtful, 239) && closes(&doubtful, 240), "never an answer");
    let odd = asked(Some(OrderStatus::Unknown(Some(7))));
    assert!(!closes(&odd, 239) && closes(&odd, 240), "no answer that anybody understands");
    let unpaid = asked(Some(OrderStatus::Unpaid));
    assert!(!closes(&unpaid, 400), "what the answers say ends it");
    assert!(closes(&unpaid, 415), "and then no answer came any more");
    assert!(!closes(&attempt(&State::Sending), 9_000) && !closes(&attempt(&State::Accepted), 9_000));
    let lineage = sample::lineage(vec![doubtful]);
    let step = |second| next_step(&order(OrderStatus::Unpaid, 90_000), &lineage, Now::agreed(at(second)));
    assert_eq!((step(239), step(240)), (NextStep::WaitForOutcome, NextStep::Investigate));
}

#[test]
fn what_only_a_person_can_find_out_only_a_person_closes() {
    for state in every_state() {
        let closed = attempt(&state).after_decision(Decision::Close, sample::moment(5));
        let is_theirs = matches!(state, State::Conflict | State::PaidElsewhere | State::Reversed);
        assert_eq!(closed, is_theirs.then_some(State::Closed), "{state:?}");
    }
}

#[test]
fn what_is_final_lets_go_of_the_lineage_only_when_nothing_was_charged() {
    let free = [
        State::Reversed,
        State::Rejected(413),
        State::NotSent(NotSent::Interrupted),
        State::NotApplied,
        State::Closed,
    ];
    for state in every_state() {
        assert_eq!(state.blocks(), !free.contains(&state), "{state:?}");
        assert!(!state.is_open() || state.blocks(), "{state:?} is asked about, and so must block");
        assert!(!state.is_doubtful() || state.blocks(), "{state:?} may have charged, and so must block");
    }
}

#[test]
fn a_program_that_starts_believes_only_what_was_on_disk() {
    for state in every_state() {
        let want = match state {
            State::Claimed => Some(State::NotSent(NotSent::Interrupted)),
            State::Sending => Some(State::InDoubt(Doubt::Crash)),
            _ => None,
        };
        assert_eq!(attempt(&state).after_death(), want, "{state:?}");
    }
}

#[test]
fn proof_that_nothing_left_and_doubt_pass_through_the_send_unchanged() {
    let reason = NotSent::NoConnection(paydesk::domain::read_error::ReadError::Unreachable {
        host: "h:443".into(),
        reason: "refused".into(),
    });
    assert_eq!(State::after_send(&Sent::Not(reason.clone())), State::NotSent(reason));
    for doubt in [Doubt::NoAnswer, Doubt::Http(500), Doubt::Cut("reset".into()), Doubt::Crash] {
        assert_eq!(State::after_send(&Sent::Doubt(doubt.clone())), State::InDoubt(doubt));
    }
}

#[test]
fn the_documented_statuses_of_pay_do() {
    let refusals =
        [100, 400, 401, 403, 405, 407, 408, 409, 410, 412, 413, 414, 415, 429, 604, 616, 900, 901, 902];
    let doubts = [-1, 2, 402, 404, 406, 411, 615, 9999];
    for status in refusals {
        assert_eq!(answered(status), State::Refused(status));
    }
    for status in doubts {
        assert_eq!(answered(status), State::InDoubt(Doubt::Status(status)));
    }
    assert_eq!(answered(0), State::Accepted);
    let all = (-10_000..=10_000).filter(|status| is_definite_refusal(*status));
    assert_eq!(all.collect::<Vec<_>>(), refusals, "no other number is a refusal");
}

fn answered(status: i64) -> State {
    State::after_send(&Sent::Answered { status, msg: Some("success".into()) })
}

proptest! {
    /// Only 0 accepts, whatever `msg` says, and a number that no document names is doubt.
    #[test]
    fn only_zero_accepts(status in prop_oneof![any::<i64>(), -1000_i64..1000]) {
        match answered(status) {
            State::Accepted => prop_assert_eq!(status, 0),
            State::Refused(code) => {
                prop_assert_eq!(code, status);
                prop_assert!((100..=902).contains(&status));
            }
            State::InDoubt(doubt) => {
                prop_assert_eq!(doubt, Doubt::Status(status));
                prop_assert!(status != 0);
            }
            other => prop_assert!(false, "{other:?} after an answer"),
        }
    }
}

#[test]
fn a_doubt_after_the_vendor_reported_a_payment_is_settled_by_no_clock() {
    for status in [402, 404, 615] {
        let doubtful = attempt(&State::InDoubt(Doubt::Status(status)));
        let mut now = doubtful.clone();
        for second in [62, 122, 180, 240, 300] {
            now = now.after_query(&order(OrderStatus::Unpaid, 900), sample::moment(second)).unwrap_or(now);
        }
        assert_eq!(now.state, doubtful.state, "{status} before the deadline");
        let late = now.after_query(&order(OrderStatus::Unpaid, 300), sample::moment(400)).unwrap();
        assert_eq!(late.state, State::Conflict, "{status}");
    }
}

#[test]
fn an_order_seen_paid_reopens_the_attempt_that_was_taken_for_none() {
    let lineage = |states: &[State]| {
        let attempts = states.iter().map(attempt).collect::<Vec<_>>();
        sample::lineage(attempts)
    };
    let seen = |states: &[State], status, second| {
        let lineage = lineage(states);
        lineage.contradicted(&order(status, 900), sample::moment(second)).map(|attempt| attempt.state.clone())
    };
    let denied = [State::NotApplied];
    assert_eq!(seen(&denied, OrderStatus::Ticketing, 400), Some(State::NotApplied));
    assert_eq!(seen(&denied, OrderStatus::Ticketed, 400), Some(State::NotApplied));
    assert_eq!(seen(&denied, OrderStatus::Unpaid, 400), None);
    assert_eq!(seen(&denied, OrderStatus::Cancelled, 400), None);
    assert_eq!(seen(&denied, OrderStatus::Ticketed, -1), None, "asked before it was sent");
    assert_eq!(seen(&[State::NotApplied, State::Paid], OrderStatus::Ticketed, 400), None, "explained");
    assert_eq!(seen(&[State::Rejected(403)], OrderStatus::Ticketed, 400), None);
}

/// Each kind of event, in each of its forms, with these ends of a send and these answers.
fn every_event<'a>(sends: &'a [Sent], orders: &'a [Order]) -> Vec<Event<'a>> {
    let mut events = vec![
        Event::Sending(sample::moment(0), Some(sample::usd("500"))),
        Event::NotSent(NotSent::Interrupted),
        Event::Contradicted,
        Event::OwnerDied,
    ];
    for second in [5, 400] {
        let moment = sample::moment(second);
        events.extend(sends.iter().map(|sent| Event::Ended(sent, moment)));
        events.extend([Decision::DidNotHappen, Decision::Close].map(|what| Event::Decided(what, moment)));
        for order in orders {
            for (is_held, was_denied) in [(false, false), (true, false), (false, true), (true, true)] {
                let beside = Beside { is_held, was_denied };
                events.push(Event::Queried { order, asked: moment, beside });
            }
        }
    }
    events
}

/// What queries may have said before: nothing, or each status often and long enough, the last time just now.
fn every_evidence() -> Vec<Evidence> {
    let said = |status| Evidence {
        said: Some(status),
        answers: 5,
        last: Some(sample::moment(398)),
        counted: Some(sample::moment(360)),
    };
    std::iter::once(Evidence::default()).chain(STATUSES.map(said)).collect()
}

/// The steps from kind to kind that single events make; each of them must be one that the journal takes.
fn steps() -> BTreeSet<(&'static str, &'static str)> {
    let answered = |status| Sent::Answered { status, msg: None };
    let sends = [
        Sent::Not(NotSent::Interrupted),
        Sent::Doubt(Doubt::NoAnswer),
        answered(0),
        answered(604),
        answered(402),
        answered(9_999),
    ];
    let paid = |order| Order { paid_at: Some(at(1)), ..order };
    let each = |status| [order(status, 900), order(status, 60), paid(order(status, 900))];
    let orders: Vec<Order> = STATUSES.into_iter().flat_map(each).collect();
    let events = every_event(&sends, &orders);
    let mut steps = BTreeSet::new();
    for state in every_state() {
        for evidence in every_evidence() {
            for answer in [None, Some(0), Some(604), Some(402)] {
                let sent = (state != State::Claimed).then(|| sample::moment(0));
                let before =
                    Attempt::restore(Snapshot { sent, evidence, answer, ..attempt(&state).snapshot() });
                for event in &events {
                    let Ok(after) = before.apply(event, at(400)) else { continue };
                    assert_eq!(before.may_become(&after), Ok(()), "{before:?}\nand {event:?}");
                    if after.state.kind() != before.state.kind() {
                        steps.insert((before.state.word(), after.state.word()));
                    }
                }
            }
        }
    }
    steps
}

#[test]
fn every_step_that_an_event_makes_is_one_that_the_journal_takes_and_no_other() {
    let steps = steps();
    // Several events of which only the last was written are one step: from a send, and from the doubt that another
    // program has made of it.
    let reached = |from: Kind| {
        let mut seen = BTreeSet::from([from.word()]);
        while let Some(next) =
            steps.iter().find(|(before, after)| seen.contains(before) && !seen.contains(after))
        {
            seen.insert(next.1);
        }
        seen
    };
    for from in Kind::ALL {
        let is_behind = matches!(from, Kind::Sending | Kind::InDoubt);
        for to in Kind::ALL.iter().filter(|to| *to != from) {
            let is_made =
                steps.contains(&(from.word(), to.word())) || is_behind && reached(*from).contains(to.word());
            assert_eq!(from.may_become(*to), is_made, "{from:?} to {to:?}");
        }
    }
}
