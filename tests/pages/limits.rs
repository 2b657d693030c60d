//! The times that run for an order, as they stand in its detail and wherever one is counted down.

use std::sync::Arc;

use jiff::{SignedDuration, tz::TimeZone};
use paydesk::{
    desk::{health::Health, hub::Update},
    domain::{
        attempt::State as Paying,
        case::Case,
        method::PaymentMethod,
        order::OrderStatus,
        stop::{self, Stop},
        story::OperatorAction,
    },
    lang::Lang,
};

use crate::{
    rig::{self, Rig, Sketch, case, noon, number, sample},
    scenes::{LANGS, SECOND},
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// The screen as one text without its blanks and frames: wrapped lines are read on.
fn flat(rig: &mut Rig) -> String {
    rig.screen().chars().filter(|c| !c.is_whitespace() && !matches!(c, '|' | '>' | '│' | '▌')).collect()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '>').collect()
}

/// A desk in Tokyo with this order alone, its detail open.
fn detail(size: (u16, u16), lang: Lang, case: Case) -> Rig {
    let mut rig = Rig::new(size);
    rig.console.ui.lang = lang;
    rig.console.model.setup.zone = TimeZone::get("Asia/Tokyo").unwrap();
    rig.publish(vec![case]);
    rig.press("Enter");
    rig
}

fn unpaid() -> Case {
    case(&Sketch::default())
}

fn ticketing() -> Case {
    let mut case = case(&Sketch { status: OrderStatus::Ticketing, ..Sketch::default() });
    case.order.paid_at = Some(noon());
    case
}

fn fulfilment() -> Case {
    let mut case = case(&Sketch { minutes_left: 4, ..Sketch::default() });
    case.order.created = Some(noon() - MINUTE);
    case
}

fn by_card() -> Case {
    let mut case = ticketing();
    let paid = sample::attempt(number(1), noon(), Paying::Paid);
    let paid = paydesk::domain::attempt::Attempt::restore(paydesk::domain::attempt::Snapshot {
        method: PaymentMethod::Vcc,
        ..paid.snapshot()
    });
    Arc::make_mut(&mut case.lineage).put_attempt(paid);
    case
}

fn declined() -> Case {
    case(&Sketch { status: OrderStatus::Cancelled, error: Some("604"), ..Sketch::default() })
}

fn stopping() -> Case {
    let mut case = ticketing();
    let stop = Stop::begin(number(1), sample::moment(noon(), 1), noon());
    Arc::make_mut(&mut case.lineage).put_stop(stop.ended(stop::State::Asked, noon()));
    case
}

fn with_link() -> Case {
    let mut case = case(&Sketch { airline: "FR", minutes_left: 40, ..Sketch::default() });
    let action = OperatorAction::GotLink { asked: sample::moment(noon(), 1) };
    Arc::make_mut(&mut case.lineage).put_action(number(1), &action);
    case
}

/// What the detail of `case` says of one time, at all sizes, in both languages.
fn check(case: impl Fn() -> Case, key: &str, left: &str, ends: &str) {
    for size in [(80, 24), (120, 40), (200, 50)] {
        for lang in LANGS {
            let mut rig = detail(size, lang, case());
            let text = |section: &str| lang.find(&format!("{section}.{key}")).unwrap();
            let mut seen = flat(&mut rig);
            for _ in 0..30 {
                rig.press("j");
                seen.push_str(&flat(&mut rig));
            }
            let mut ends = ends.to_owned();
            if lang == Lang::ZhCn {
                ends = ends.replace(", ", "，").replace("4 Nov", "11月4日");
            }
            for said in [text("limit"), left, &ends, text("limit_end")] {
                assert!(seen.contains(&squeezed(said)), "no {said:?} at {size:?}:\n{}", rig.screen());
            }
        }
    }
}

#[test]
fn the_detail_names_the_payment_deadline_its_end_in_three_zones_and_what_happens_then() {
    check(unpaid, "payment", "20:00", "06:42:00 UTC, 15:42 JST, 14:42 SGT");
}

#[test]
fn the_detail_names_the_fulfilment_window() {
    check(fulfilment, "fulfilment", "04:00", "06:26:00 UTC, 15:26 JST, 14:26 SGT");
}

#[test]
fn the_detail_names_the_usual_ticketing_time_and_the_longest() {
    check(ticketing, "late_ticketing", "10:00", "06:32:00 UTC, 15:32 JST, 14:32 SGT");
    check(ticketing, "overdue_ticketing", "1h00", "07:22:00 UTC, 16:22 JST, 15:22 SGT");
}

#[test]
fn the_detail_names_the_confirmation_of_a_passed_through_card() {
    check(by_card, "card_confirmation", "2h00", "08:22:00 UTC, 17:22 JST, 16:22 SGT");
}

#[test]
fn the_detail_names_the_day_for_regenerating_with_the_day_of_its_end() {
    check(declined, "regeneration", "23h", "4 Nov 06:12:00 UTC, 15:12 JST, 14:12 SGT");
}

#[test]
fn the_detail_names_the_eight_minutes_of_stopping_issuance() {
    check(stopping, "stop", "08:00", "06:30:00 UTC, 15:30 JST, 14:30 SGT");
}

#[test]
fn the_detail_names_the_half_hour_of_a_link_for_the_traveller() {
    check(with_link, "commit_link", "30:00", "06:52:00 UTC, 15:52 JST, 14:52 SGT");
}

#[test]
fn the_detail_names_the_half_hour_for_a_decision_on_baggage() {
    check(
        || rig::troubled("3011", noon()),
        "baggage_decision",
        "30:00",
        "06:52:00 UTC, 15:52 JST, 14:52 SGT",
    );
}

#[test]
fn a_zone_that_equals_another_is_not_said_twice() {
    for (zone, ends) in [("UTC", "06:42:00 UTC, 14:42 SGT"), ("Asia/Shanghai", "06:42:00 UTC, 14:42 SGT")] {
        let mut rig = detail((120, 40), Lang::En, unpaid());
        rig.console.model.setup.zone = TimeZone::get(zone).unwrap();
        let screen = rig.screen();
        assert!(screen.contains(ends), "{zone}:\n{screen}");
        assert_eq!(screen.matches("14:42").count(), 1, "{screen}");
    }
}

/// Below five minutes and past the end in the table, the head of the form and the detail, without colour too.
#[test]
fn a_countdown_says_due_below_five_minutes_and_late_after_it_wherever_it_stands() {
    for lang in LANGS {
        for size in [(80, 24), (120, 40), (200, 50)] {
            for keys in ["", "Enter", "$"] {
                let mut rig = Rig::new(size);
                rig.console.ui.lang = lang;
                rig.sketch(&Sketch { minutes_left: 6, ..Sketch::default() });
                rig.press(keys);
                let [due, late] = ["due.due", "due.late"].map(|key| lang.text(key));
                let counted = format!("{due} 04:59");
                rig.pass(MINUTE);
                assert!(!rig.screen().contains(&format!("{due} 0")), "{keys:?} {}", rig.screen());
                rig.pass(SECOND);
                assert!(rig.screen().contains(&counted), "{keys:?} at {size:?}:\n{}", rig.screen());
                rig.pass(MINUTE * 4 + SECOND * 58);
                assert!(rig.screen().contains(&format!("{due} 00:01")), "{}", rig.screen());
                assert!(!rig.screen().contains(late), "{}", rig.screen());
                rig.pass(SECOND);
                assert!(rig.screen().contains(late), "{keys:?} at {size:?}:\n{}", rig.screen());
            }
        }
    }
}

/// The vendor's clock is 90 s ahead of ours: what is counted down goes by it, and every second is drawn.
#[test]
fn countdowns_are_right_to_a_second_by_the_vendors_clock() {
    let mut rig = Rig::new((120, 40));
    let health = Health { clock_offset: SECOND * 90, last_success: Some(rig.now), ..Health::default() };
    rig.news(Update { health: Some(health), ..Update::default() });
    rig.publish(vec![unpaid()]);
    for second in 0..70 {
        let left = MINUTE * 20 - SECOND * (90 + second);
        let shown = format!("{:02}:{:02} left", left.as_mins(), left.as_secs() % 60);
        let wake = rig.console.next_wake().unwrap();
        assert!(wake.duration_since(rig.now) <= SECOND, "nobody would draw the next second");
        let screen = rig.screen();
        assert!(screen.contains(&shown), "not {shown}:\n{screen}");
        let count = screen.matches(shown.trim_end_matches(" left")).count();
        assert_eq!(count, 2, "in the table, and in the detail once:\n{screen}");
        rig.pass(SECOND);
    }
}

/// What takes hours is not drawn every second.
#[test]
fn a_time_of_hours_wakes_the_desk_by_minutes_and_in_its_last_hour_by_seconds() {
    let mut rig = detail((120, 40), Lang::En, declined());
    // The start is over, at which what there was before is told of.
    rig.pass(SECOND * 6);
    let next = rig.console.next_wake().unwrap().duration_since(rig.now);
    assert!(next > SECOND * 5, "a desk at rest is woken in {next}");
    let mut late = declined();
    late.order.created = Some(noon() - SignedDuration::from_hours(23) - MINUTE * 30);
    let mut rig = Rig::new((80, 24));
    rig.publish(vec![late]);
    assert!(rig.rows()[0].contains("30:00"), "{}", rig.screen());
    rig.pass(SECOND);
    assert!(rig.rows()[0].contains("29:59"), "{}", rig.screen());
}
