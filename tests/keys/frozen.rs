//! Rows that must not move: they stay where they are, say the newest, and are marked where there is news.

use jiff::SignedDuration;
use paydesk::{
    console::{Effect, Message},
    desk::hub::Command,
    domain::{obstacle::Obstacle, order::OrderStatus},
    lang::{Lang, words},
};

use crate::rig::{Rig, Sketch, case, number};

const SECOND: SignedDuration = SignedDuration::from_secs(1);
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

fn sketch(n: u32, minutes_left: i64) -> Sketch {
    Sketch { n, minutes_left, ..Sketch::default() }
}

/// Three unpaid orders, the second one selected, and nothing moves.
fn frozen(size: (u16, u16), lang: Lang) -> Rig {
    let mut rig = Rig::new(size);
    rig.console.ui.lang = lang;
    rig.publish([(1, 12), (2, 20), (3, 25)].map(|(n, left)| case(&sketch(n, left))).into());
    rig.press("j f");
    rig
}

/// The row of an order, and in which line of the screen it stands.
fn row(rig: &mut Rig, n: u32) -> Option<(usize, String)> {
    let (rows, no) = (rig.rows(), number(n));
    let at = rows.iter().position(|row| row.contains(no.as_str().split_at(18).1))?;
    Some((at, rows[at].clone()))
}

fn each(check: impl Fn(Rig, Lang)) {
    for size in SIZES {
        for lang in [Lang::En, Lang::ZhCn] {
            check(frozen(size, lang), lang);
        }
    }
}

#[test]
fn a_frozen_row_stays_says_the_newest_and_is_marked() {
    each(|mut rig, lang| {
        let ticketed = lang.text("state.ticketed");
        rig.publish(vec![case(&Sketch { status: OrderStatus::Ticketed, ..sketch(1, 12) })]);
        rig.publish(vec![case(&Sketch { status: OrderStatus::Ticketed, ..sketch(2, 20) })]);
        let (at, first) = row(&mut rig, 1).unwrap();
        assert!(at == 0 && first.starts_with("  +") && first.contains(ticketed), "{first}");
        let (at, second) = row(&mut rig, 2).unwrap();
        assert!(at == 1 && second.starts_with("> +") && second.contains(ticketed), "{second}");
        let (at, third) = row(&mut rig, 3).unwrap();
        assert!(at == 2 && third.starts_with("   ") && !third.contains(ticketed), "{third}");
        // The detail, which is the newest of the selected one, says the same as its row.
        let screen = rig.screen();
        assert!(screen.contains(&words::status(lang, OrderStatus::Ticketed)), "{screen}");
        rig.press("f");
        let (at, third) = row(&mut rig, 3).unwrap();
        assert!(at == 0 && !third.contains('+'), "{}", rig.screen());
        assert_eq!(row(&mut rig, 1).unwrap().1.chars().nth(2), Some(' '));
    });
}

#[test]
fn what_is_new_waits_and_is_counted_and_what_only_says_the_same_again_is_not() {
    each(|mut rig, lang| {
        let says = |rig: &mut Rig, held: usize, age: &str| {
            let status = rig.draw()[2].clone();
            let want = lang.fill("status.frozen", &[("age", &age), ("at", &"06:22:00"), ("held", &held)]);
            assert!(status.contains(&want), "{status:?}, not {want:?}");
        };
        rig.publish(vec![case(&sketch(3, 25))]);
        says(&mut rig, 0, "0:00");
        rig.publish(vec![case(&sketch(4, 5))]);
        assert!(row(&mut rig, 4).is_none(), "{}", rig.screen());
        says(&mut rig, 1, "0:00");
        rig.pass(SECOND * 61);
        says(&mut rig, 1, "1:01");
        rig.press("f");
        assert_eq!(row(&mut rig, 4).unwrap().0, 0);
    });
}

#[test]
fn countdowns_go_on_and_a_deadline_that_comes_near_or_passes_shows() {
    each(|mut rig, lang| {
        let (_, before) = row(&mut rig, 1).unwrap();
        assert!(before.contains("12:00") && before.starts_with("   "), "{before}");
        rig.pass(SECOND * 3 * 60);
        let (at, near) = row(&mut rig, 1).unwrap();
        assert!(at == 0 && near.contains("09:00") && near.starts_with(" ! "), "{near}");
        rig.pass(SECOND * 10 * 60);
        let (at, lapsed) = row(&mut rig, 1).unwrap();
        assert!(at == 0 && lapsed.starts_with("   "), "{lapsed}");
        assert!(lapsed.contains(lang.text("due.late")), "{lapsed}");
    });
}

#[test]
fn a_countdown_that_comes_with_a_change_runs_as_well() {
    let mut rig = Rig::new((80, 24));
    let mut bare = case(&sketch(1, 20));
    bare.order.details = None;
    rig.publish(vec![bare]);
    rig.press("f p");
    rig.publish(vec![case(&sketch(1, 20))]);
    let wake = rig.console.next_wake().unwrap();
    assert!(wake <= rig.now + SECOND, "it says 20:00 until {wake}");
}

#[test]
fn an_action_is_judged_by_the_newest() {
    let mut rig = frozen((80, 24), Lang::En);
    rig.publish(vec![case(&Sketch { status: OrderStatus::Ticketed, ..sketch(2, 20) })]);
    rig.press("$");
    let why = words::obstacle_reason(Lang::En, &Obstacle::AlreadyTicketed);
    assert!(rig.screen().contains(&*why), "{}", rig.screen());
}

#[test]
fn that_rows_are_frozen_is_seen_beside_a_filter_and_another_sorting() {
    each(|mut rig, lang| {
        rig.press("/ TEST Enter S a");
        rig.message(Message::Woke);
        let [filter, status] = [2, 3].map(|line| rig.draw()[line].clone());
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("age", &"0:00"), ("at", &"06:22:00"), ("held", &0)];
        assert!(status.contains(&lang.fill("status.frozen", &values)), "{status}");
        assert!(filter.contains("/TEST") && filter.contains(lang.text("status.filter_hint")), "{filter}");
    });
}

#[test]
fn a_list_that_contradicts_the_last_answer_is_drawn_at_once() {
    let mut rig = frozen((80, 24), Lang::En);
    rig.press("f");
    rig.console.ui.dirty = false;
    let mut listed = case(&sketch(1, 12));
    listed.listed_as = Some(OrderStatus::Ticketed);
    rig.publish(vec![listed]);
    assert!(rig.console.ui.dirty);
}

#[test]
fn the_age_of_a_frozen_picture_counts_seconds_on_every_size_and_also_beside_one_order_alone() {
    each(|mut rig, lang| {
        for keys in ["", "p", "Enter"] {
            rig.press(keys);
            let before = rig.screen();
            rig.pass(SECOND * 42);
            let (age, wake) = (rig.screen(), rig.console.next_wake().unwrap());
            assert_ne!(before, age, "{keys}");
            assert!(wake <= rig.now + SECOND, "it is drawn again at {wake}");
            let word = lang.text("status.frozen").split(' ').next().unwrap();
            assert!(age.contains(word), "{age}");
        }
        assert!(rig.screen().contains("2:06"), "{}", rig.screen());
        rig.press("Esc");
        rig.pass(SECOND * 3_600);
        assert!(rig.screen().contains("1:02:06"), "it does not end by itself: {}", rig.screen());
    });
}

#[test]
fn what_a_key_does_to_a_frozen_row_rests_on_a_fresh_query() {
    for size in SIZES {
        let mut rig = frozen(size, Lang::En);
        rig.effects.clear();
        rig.press("$");
        let inspected = rig
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Send(Command::Inspect(order)) if *order == number(2)));
        assert!(inspected, "{:?}", rig.effects);
    }
}
