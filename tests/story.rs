//! A demo's story that is paused, moved or begun again, and what the console makes of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use jiff::SignedDuration;
use paydesk::{
    console::{
        Effect, Message,
        aside::{Aside, StoryTurn},
    },
    desk::hub::{Command, Update},
    domain::{
        case::Case,
        freshness::Freshness,
        missing::Missing,
        moment::Moment,
        order::{OrderNo, OrderStatus},
        stop::{self, Stop},
        triage::{Group, Queue},
    },
};

use crate::rig::{Rig, Sketch, case, noon, number, sample, troubled};

fn secs(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

fn story(rig: &mut Rig, turn: StoryTurn) {
    rig.message(Message::Aside(Aside::Story(turn)));
}

/// How often the screen says that so much is left, `m:ss`.
fn says(screen: &str, left: &str) -> usize {
    screen.split([' ', '\n', '(', ')']).filter(|word| word.trim_start_matches('0') == left).count()
}

/// The order as the vendor tells it now: its deadline is that much later than it was at first.
fn answered(rig: &mut Rig, sketch: &Sketch, later: SignedDuration) {
    let mut case: Case = case(sketch);
    let deadline = &mut case.order.details.as_mut().unwrap().deadline;
    *deadline = deadline.map(|at| at + later);
    rig.publish(vec![case]);
}

#[test]
fn countdowns_stand_still_while_the_story_does_and_go_on_with_it() {
    for (lang, paused) in [("", "paused"), ("L", "暂停")] {
        for keys in ["", "Enter", "$"] {
            let mut rig = Rig::new((120, 40));
            let sketch = Sketch { minutes_left: 9, ..Sketch::default() };
            rig.sketch(&sketch);
            rig.press(lang);
            rig.press(keys);
            rig.publish(vec![case(&sketch)]);
            rig.pass(secs(10));
            let running = rig.screen();
            let shown = says(&running, "8:50");
            assert!(shown > 0 && !running.contains(paused), "{running}");
            story(&mut rig, StoryTurn::Paused);
            rig.pass(secs(5));
            let screen = rig.screen();
            assert_eq!(says(&screen, "8:50"), shown, "{screen}");
            // It is asked for meanwhile: the answer is as much later, but for a part of a second.
            answered(&mut rig, &sketch, secs(4));
            assert_eq!(says(&rig.screen(), "8:50"), shown);
            rig.pass(secs(3_000));
            // What decides about money goes by the time that it is.
            let drawn = shown - usize::from(keys == "$");
            assert_eq!(says(&rig.screen(), "8:50"), drawn, "however long: {}", rig.screen());
            assert!(keys == "$" || rig.screen().contains(paused));
            story(&mut rig, StoryTurn::Resumed);
            assert_eq!(says(&rig.screen(), "8:50"), drawn);
            rig.pass(secs(10));
            let screen = rig.screen();
            assert!(says(&screen, "8:40") == drawn && !screen.contains(paused), "{screen}");
            // The new deadline is known from now on, and counted by.
            answered(&mut rig, &sketch, secs(3_005));
            rig.pass(secs(10));
            let screen = rig.screen();
            assert_eq!(says(&screen, "8:30"), shown, "{screen}");
        }
    }
}

#[test]
fn an_order_stays_in_its_queue_while_the_story_stands_still() {
    let mut rig = Rig::new((120, 40));
    rig.sketch(&Sketch { minutes_left: 12, ..Sketch::default() });
    let group = |rig: &Rig| rig.console.picture().row(0).unwrap().1;
    story(&mut rig, StoryTurn::Paused);
    rig.pass(secs(3_600));
    assert_eq!(group(&rig), Group::Unpaid, "an hour, and its twelve minutes are left");
    assert!(rig.console.next_wake().is_none_or(|wake| wake > rig.now));
    story(&mut rig, StoryTurn::Resumed);
    rig.pass(secs(119));
    assert_eq!(group(&rig), Group::Unpaid);
    rig.pass(secs(2));
    assert_eq!(group(&rig), Group::Due);
    // Paused again before it was asked for.
    story(&mut rig, StoryTurn::Paused);
    rig.pass(secs(3_600));
    assert_eq!(group(&rig), Group::Due);
    story(&mut rig, StoryTurn::Resumed);
    rig.pass(secs(601));
    assert_eq!(group(&rig), Group::Lapsed);
}

#[test]
fn the_clocks_of_baggage_and_of_stopping_stand_still_too() {
    let mut rig = Rig::new((120, 40));
    rig.publish(vec![troubled("3011", noon())]);
    rig.press("b");
    stands_still(&mut rig, ["29:00", "28:00"]);
    let mut rig = Rig::new((120, 40));
    let mut ticketing = case(&Sketch { status: OrderStatus::Ticketing, ..Sketch::default() });
    ticketing.order.paid_at = Some(noon() - secs(30));
    let sent: Moment = sample::moment(noon(), 100);
    let stop = Stop::begin(ticketing.order.no, sent, noon()).ended(stop::State::Asked, noon());
    std::sync::Arc::make_mut(&mut ticketing.lineage).put_stop(stop);
    rig.publish(vec![ticketing]);
    rig.press("t");
    stands_still(&mut rig, ["7:00", "6:00"]);
}

/// A minute, a pause of ten, and one minute more: so much is left then.
fn stands_still(rig: &mut Rig, [first, last]: [&str; 2]) {
    rig.pass(secs(60));
    // On the page, and in the detail beside it.
    let shown = says(&rig.screen(), first);
    assert!(shown > 0, "{}", rig.screen());
    story(rig, StoryTurn::Paused);
    for seconds in [0, 5, 600] {
        rig.pass(secs(seconds));
        assert_eq!(says(&rig.screen(), first), shown, "{}", rig.screen());
    }
    story(rig, StoryTurn::Resumed);
    rig.pass(secs(60));
    assert_eq!(says(&rig.screen(), last), shown, "{}", rig.screen());
}

#[test]
fn no_rule_about_money_goes_by_a_clock_that_stands_still() {
    let mut rig = Rig::new((120, 40));
    rig.sketch(&Sketch { minutes_left: 9, ..Sketch::default() });
    story(&mut rig, StoryTurn::Paused);
    rig.pass(secs(600));
    let model = &rig.console.model;
    let context = model.payment_context(model.case(number(1)).unwrap());
    assert_eq!(context.now, noon() + secs(600), "what was told ten minutes ago has passed");
    assert_eq!(model.clocks().at, noon() + secs(600));
}

/// The orders that the console asks for.
fn asked(rig: &mut Rig) -> (Vec<OrderNo>, usize) {
    let effects = std::mem::take(&mut rig.effects);
    let sweeps = effects.iter().filter(|effect| matches!(effect, Effect::Send(Command::RefreshAll))).count();
    let orders = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send(Command::Inspect(order)) => Some(order),
        _ => None,
    });
    (orders.collect(), sweeps)
}

#[test]
fn what_may_have_moved_is_asked_for_and_after_a_reset_the_list() {
    let mut rig = Rig::new((120, 40));
    rig.sketch(&Sketch { n: 1, minutes_left: 20, ..Sketch::default() });
    rig.sketch(&Sketch { n: 2, minutes_left: 5, ..Sketch::default() });
    rig.sketch(&Sketch { n: 3, status: OrderStatus::Ticketed, ..Sketch::default() });
    asked(&mut rig);
    story(&mut rig, StoryTurn::Paused);
    assert_eq!(asked(&mut rig), (vec![], 0));
    rig.pass(secs(3_600));
    story(&mut rig, StoryTurn::Moved);
    assert_eq!(asked(&mut rig).0, [number(2), number(1)], "the nearest to its end first");
    story(&mut rig, StoryTurn::Resumed);
    assert_eq!(asked(&mut rig).0, [number(2), number(1)]);
    story(&mut rig, StoryTurn::Reset);
    assert_eq!(asked(&mut rig), (vec![], 1));
}

#[test]
fn a_step_of_the_story_is_seen_although_it_stands_still() {
    let mut rig = Rig::new((120, 40));
    let sketch = Sketch { minutes_left: 9, ..Sketch::default() };
    rig.sketch(&sketch);
    story(&mut rig, StoryTurn::Paused);
    rig.pass(secs(60));
    story(&mut rig, StoryTurn::Moved);
    // Two minutes were skipped, and one has passed on the wall.
    answered(&mut rig, &sketch, secs(60 - 120));
    let screen = rig.screen();
    assert!(says(&screen, "7:00") > 0, "{screen}");
}

/// The order with what speaks for it that the vendor has it no more.
fn missing(sketch: &Sketch, denials: &[u64]) -> Case {
    let mut case = case(sketch);
    let at = |up: u64| sample::moment(noon(), up);
    let missing = denials.iter().fold(Missing::unlisted(at(0)), |missing, up| missing.denied(at(*up)));
    std::sync::Arc::make_mut(&mut case.lineage).missing.insert(case.order.no, missing);
    case
}

#[test]
fn a_gone_order_stands_with_what_is_done_says_since_when_and_no_key_pays_or_recovers_it() {
    for (size, lang, word, why) in [
        ((80, 24), "", "gone", "The vendor has no"),
        ((120, 40), "", "gone", "The vendor has no"),
        ((80, 24), "L", "已无此单", "供应商已无此单"),
        ((120, 40), "L", "已无此单", "供应商已无此单"),
    ] {
        let mut rig = Rig::new(size);
        rig.press(lang);
        let sketch = Sketch { minutes_left: 5, ..Sketch::default() };
        rig.publish(vec![missing(&sketch, &[1])]);
        assert_eq!(rig.console.ui.list.count(Queue::Action), 1, "half proven: it stays what it was");
        rig.publish(vec![missing(&sketch, &[1, 31])]);
        let list = &rig.console.ui.list;
        assert_eq!(
            (list.count(Queue::Action), list.count(Queue::Unpaid), list.count(Queue::Done)),
            (0, 0, 1)
        );
        let screen = rig.screen();
        assert!(screen.contains(word) && says(&screen, "5:00") == 0, "{screen}");
        rig.press("Enter");
        let screen = rig.screen();
        assert!(screen.contains(why) && screen.contains("06:22:00"), "since when: {screen}");
        rig.press("Esc");
        asked(&mut rig);
        rig.press("$");
        assert!(rig.console.ui.layers.form().is_none(), "no form to pay it: {}", rig.screen());
        assert!(rig.screen().contains(why), "{}", rig.screen());
        assert_eq!(asked(&mut rig).0, [number(1)], "it is asked for once more all the same");
        rig.press("Esc t");
        let plan = rig.screen();
        rig.press("Enter Enter");
        let sends =
            rig.effects.iter().any(|effect| matches!(effect, Effect::Send(Command::Regenerate { .. })));
        assert!(!sends && rig.payments() == 0, "{plan}");
        // And it comes back.
        rig.press("Esc Esc");
        rig.sketch(&sketch);
        assert_eq!(rig.console.ui.list.count(Queue::Action), 1);
    }
}

#[test]
fn an_order_with_money_on_it_stays_where_it_is_and_says_that_the_vendor_does_not_know_it() {
    for (lang, what) in [("", "money may hang on it"), ("L", "可能涉及款项")] {
        let mut rig = Rig::new((200, 50));
        rig.press(lang);
        let ticketing = Sketch { status: OrderStatus::Ticketing, ..Sketch::default() };
        rig.publish(vec![missing(&ticketing, &[1, 31])]);
        assert_eq!(rig.console.ui.list.count(Queue::Ticketing), 1);
        rig.press("Enter");
        assert!(rig.screen().contains(what), "{}", rig.screen());
    }
}

#[test]
fn what_is_only_remembered_may_turn_out_to_be_gone() {
    let mut rig = Rig::new((120, 40));
    let remembered = |case: Case| Update { remembered: vec![case.into()], ..Update::default() };
    rig.news(remembered(case(&Sketch::default())));
    assert_eq!(rig.console.ui.list.count(Queue::Unpaid), 1);
    rig.news(remembered(missing(&Sketch::default(), &[1, 31])));
    assert_eq!(rig.console.ui.list.count(Queue::Done), 1);
    assert!(rig.console.model.remembered_from(number(1)).is_some());
    let fresh = Freshness { asked_at: noon(), up: std::time::Duration::from_secs(9) };
    let case = case(&Sketch::default());
    rig.news(Update { fresh: vec![(case.order.no, fresh)], cases: vec![case.into()], ..Update::default() });
    assert_eq!(rig.console.ui.list.count(Queue::Unpaid), 1);
}

#[test]
fn a_story_that_begins_again_alerts_of_nothing_that_is_so_at_its_beginning() {
    for (is_reset, raised) in [(true, 0), (false, 1)] {
        let mut rig = Rig::new((120, 40));
        rig.pass(secs(90));
        if is_reset {
            story(&mut rig, StoryTurn::Reset);
        }
        // It has come below five minutes half a minute ago.
        rig.sketch(&Sketch { minutes_left: 6, ..Sketch::default() });
        let raises = |effect: &&Effect| matches!(effect, Effect::Send(Command::Raise(_)));
        assert_eq!(rig.effects.iter().filter(raises).count(), raised, "{is_reset}");
    }
}
