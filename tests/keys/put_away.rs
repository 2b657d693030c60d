//! Orders that are snoozed or handled: they leave their queues and come back by themselves.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    console::{
        Effect,
        filter::{Filter, Reading},
        list::List,
        standstill::Standstill,
    },
    desk::{
        health::Health,
        hub::{Command, Update},
    },
    domain::{
        alert::{Alert, Cause, Key},
        author::Author,
        case::Case,
        order::{OrderNo, OrderStatus},
        story::OperatorAction,
        triage::{Group, Queue},
        work::Work,
    },
    lang::Lang,
};

use crate::rig::{Rig, Sketch, case, noon, number, sample};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn sketch(n: u32) -> Sketch {
    Sketch { n, minutes_left: 5 + i64::from(n), ..Sketch::default() }
}

/// Three unpaid orders that need somebody, in that queue; the first is selected by hand.
fn desk() -> Rig {
    let mut rig = Rig::new((120, 40));
    rig.publish([1, 2, 3].map(|n| case(&sketch(n))).into());
    rig.press("1 g");
    rig.effects.clear();
    rig
}

fn said(rig: &Rig) -> String {
    rig.console.ui.remark.as_ref().map(|remark| remark.text.clone()).unwrap_or_default()
}

/// What the console has asked of the desk about people's work since the last time.
fn asked(rig: &mut Rig) -> Vec<Command> {
    let effects = std::mem::take(&mut rig.effects).into_iter();
    let asked = effects.filter_map(|effect| match effect {
        Effect::Send(Command::Watch(_)) => None,
        Effect::Send(command) => Some(command),
        _ => None,
    });
    asked.collect()
}

fn li() -> Author {
    sample::author("li")
}

/// The same with something left on it.
fn left(case: Case, action: &OperatorAction, at: Timestamp) -> Case {
    left_by(&li(), case, action, at)
}

fn left_by(author: &Author, mut case: Case, action: &OperatorAction, at: Timestamp) -> Case {
    let mut work = case.work().clone();
    work.on_action(action, author, at);
    case.work = Some(Arc::new(work));
    case
}

/// Does what the desk would do with the commands.
fn relay(rig: &mut Rig) -> Vec<Command> {
    let commands = asked(rig);
    for command in &commands {
        let (order, action) = match command {
            Command::Snooze { order, until, reason } => {
                (order, OperatorAction::Snoozed { until: *until, reason: reason.clone() })
            }
            Command::Wake(order) => (order, OperatorAction::Woken),
            Command::Handle { order, group } => (order, OperatorAction::Handled { group: *group }),
            Command::Unhandle(order) => (order, OperatorAction::Unhandled),
            _ => continue,
        };
        let known = Case::clone(rig.console.model.case(*order).unwrap());
        let now = rig.now;
        rig.publish(vec![left(known, &action, now)]);
    }
    commands
}

fn rows(rig: &Rig) -> Vec<OrderNo> {
    let list = &rig.console.ui.list;
    (0..list.shown()).map(|at| list.row(at).unwrap().0.order.no).collect()
}

#[test]
fn s_15m_callback_hides_the_order_until_then_and_it_is_back_at_that_second_with_a_mark() {
    let mut rig = desk();
    // With time until then, so that its deadline has not passed.
    rig.publish(vec![
        case(&Sketch { minutes_left: 9, ..sketch(1) }),
        case(&Sketch { minutes_left: 40, ..sketch(4) }),
    ]);
    rig.press("2 G s");
    for letter in "15m".chars() {
        rig.press(&letter.to_string());
    }
    rig.press("Space callback");
    assert!(rig.screen().contains("back at 06:37"), "{}", rig.screen());
    rig.press("Enter");
    let until = noon() + SECOND * 900;
    let want = Command::Snooze { order: number(4), until, reason: "callback".into() };
    assert_eq!(relay(&mut rig), [want]);
    assert!(said(&rig).contains("snoozed until 06:37"), "{}", said(&rig));
    assert!(!rows(&rig).contains(&number(4)) && rig.selected() == number(1), "its neighbour is selected");
    assert!(rig.screen().contains("1 snoozed"), "{}", rig.screen());
    let row = |rig: &mut Rig| {
        let no = number(4);
        rig.rows().into_iter().find(|row| row.contains(no.as_str().split_at(18).1)).unwrap_or_default()
    };
    rig.press("7");
    let shown = row(&mut rig);
    assert!(shown.contains("  z") && shown.contains("06:37 ca~"), "{shown}");
    rig.message(paydesk::console::Message::Resized(200, 50));
    let shown = row(&mut rig);
    assert!(shown.contains("until 06:37 callback"), "{shown}");
    rig.message(paydesk::console::Message::Resized(120, 40));
    rig.press("2");
    rig.pass(SECOND * 899);
    assert!(!rows(&rig).contains(&number(4)));
    rig.pass(SECOND);
    assert!(rows(&rig).contains(&number(4)), "{}", rig.screen());
    let shown = row(&mut rig);
    assert!(shown.contains('b') && shown.contains("back LIN"), "{shown}");
    assert!(!rig.screen().contains("1 snoozed"));
    rig.press("G");
    assert!(rig.screen().contains("snoozed until 06:37 by"), "{}", rig.screen());
}

#[test]
fn the_clock_of_the_wall_counts_however_far_the_vendor_s_is_ahead() {
    for offset in [-90, 90] {
        let mut rig = desk();
        let until = rig.now + SECOND * 60;
        let health = Health { clock_offset: SECOND * offset, ..rig.console.model.health.clone() };
        rig.news(Update { health: Some(health), ..Update::default() });
        // What is due by the new clock is done at once.
        rig.message(paydesk::console::Message::Woke);
        let snoozed = OperatorAction::Snoozed { until, reason: "".into() };
        rig.publish(vec![left(case(&sketch(3)), &snoozed, noon())]);
        rig.pass(SECOND * 59);
        assert!(!rows(&rig).contains(&number(3)), "{offset}");
        rig.pass(SECOND);
        assert!(rows(&rig).contains(&number(3)), "{offset}");
    }
}

#[test]
fn snooze_and_handled_are_taken_back_with_u() {
    let mut rig = desk();
    rig.press("s 2h Enter");
    relay(&mut rig);
    assert_eq!(rows(&rig), [number(2), number(3)]);
    rig.press("u");
    assert_eq!(relay(&mut rig), [Command::Wake(number(1))]);
    assert_eq!(said(&rig), "Undone: TESTA~0001 is not snoozed any more.");
    assert_eq!(rows(&rig), [1, 2, 3].map(number));
    rig.press("g d");
    assert_eq!(relay(&mut rig), [Command::Handle { order: number(1), group: Group::Due }]);
    assert_eq!(rows(&rig), [number(2), number(3)]);
    rig.press("u");
    assert_eq!(relay(&mut rig), [Command::Unhandle(number(1))]);
    assert_eq!(rows(&rig), [1, 2, 3].map(number));
}

#[test]
fn u_takes_back_what_the_desk_has_not_said_yet() {
    for (keys, undone) in [("s 2h Enter", Command::Wake(number(1))), ("d", Command::Unhandle(number(1)))] {
        let mut rig = desk();
        rig.press(keys);
        asked(&mut rig);
        rig.press("u");
        assert_eq!(asked(&mut rig), [undone], "{keys}");
    }
}

#[test]
fn what_another_person_has_put_away_since_is_not_taken_back() {
    let later = OperatorAction::Snoozed { until: noon() + SECOND * 600, reason: "hers".into() };
    let group = Group::Due;
    for (keys, theirs) in
        [("s 2h Enter", OperatorAction::Handled { group }), ("d", later.clone()), ("s 2h Enter", later)]
    {
        let mut rig = desk();
        rig.press(keys);
        relay(&mut rig);
        let known = Case::clone(rig.console.model.case(number(1)).unwrap());
        rig.publish(vec![left_by(&sample::author("mei"), known, &theirs, noon())]);
        asked(&mut rig);
        rig.press("u");
        assert_eq!(asked(&mut rig), [], "{keys} {theirs:?}");
        assert_eq!(said(&rig), "Not undone: mei has put TESTA~0001 away since.", "{keys} {theirs:?}");
    }
}

#[test]
fn several_are_taken_back_one_after_the_other_the_newest_first() {
    let mut rig = desk();
    for keys in ["s 2h Enter", "d", "d"] {
        rig.press(keys);
        relay(&mut rig);
        rig.draw();
    }
    assert_eq!(rows(&rig), []);
    for (n, undone) in
        [(3, Command::Unhandle(number(3))), (2, Command::Unhandle(number(2))), (1, Command::Wake(number(1)))]
    {
        rig.press("u");
        assert_eq!(relay(&mut rig), [undone]);
        assert!(rows(&rig).contains(&number(n)));
    }
    rig.press("u");
    assert_eq!(said(&rig), "Nothing to undo.");
}

#[test]
fn the_deadline_of_a_snoozed_order_is_raised_all_the_same() {
    let mut rig = desk();
    rig.publish(vec![case(&Sketch { minutes_left: 11, ..sketch(4) })]);
    rig.press("2 G s 2h Enter");
    relay(&mut rig);
    assert!(!rows(&rig).contains(&number(4)));
    rig.message(paydesk::console::Message::Focus(false));
    for (passed, step) in [(60, 10), (300, 5), (240, 1)] {
        rig.effects.clear();
        rig.pass(SECOND * passed);
        let key = Key { cause: Cause::Deadline(number(4)), step };
        let raised =
            |effect: &Effect| matches!(effect, Effect::Send(Command::Raise(keys)) if keys.contains(&key));
        assert!(rig.effects.iter().any(raised), "{step}: {:?}", rig.effects);
        let alert = Alert { key, raised_at: rig.now, acknowledged: None };
        rig.news(Update { alerts: vec![alert], ..Update::default() });
        assert!(rig.effects.contains(&Effect::Ring), "{step}");
        assert!(!rows(&rig).contains(&number(4)), "it stays put away");
    }
}

#[test]
fn s_on_a_snoozed_order_changes_it_and_u_restores_what_it_was() {
    let mut rig = desk();
    rig.press("7 g s");
    rig.press("30m Space callback Enter");
    relay(&mut rig);
    rig.press("s");
    assert!(rig.screen().contains("06:52 callback"), "what it is snoozed for is there: {}", rig.screen());
    rig.press("C-u");
    rig.press("2h Enter");
    let later = Command::Snooze { order: number(1), until: noon() + SECOND * 7_200, reason: "".into() };
    assert_eq!(relay(&mut rig), [later]);
    rig.press("u");
    let before =
        Command::Snooze { order: number(1), until: noon() + SECOND * 1_800, reason: "callback".into() };
    assert_eq!(relay(&mut rig), [before]);
}

#[test]
fn what_is_no_time_ahead_is_said_while_it_is_typed_and_sends_nothing() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk();
        rig.console.ui.lang = lang;
        rig.press("s call");
        assert!(rig.screen().contains(lang.text("prompt.no_time")), "{}", rig.screen());
        rig.press("Enter");
        assert!(asked(&mut rig).is_empty() && said(&rig) == lang.text("prompt.no_time"));
        rig.press("C-u");
        rig.press("15m");
        assert!(rig.screen().contains("06:37"), "{}", rig.screen());
        rig.press("Esc");
        assert!(asked(&mut rig).is_empty() && rig.console.ui.layers.is_empty());
    }
}

#[test]
fn d_and_s_in_the_detail_go_on_to_the_next_order() {
    let mut rig = desk();
    rig.press("Enter d");
    relay(&mut rig);
    assert!(rig.console.ui.layers.show_detail() && rig.selected() == number(2), "{}", rig.screen());
    rig.press("s 1h Enter");
    relay(&mut rig);
    assert!(rig.console.ui.layers.show_detail() && rig.selected() == number(3), "{}", rig.screen());
    rig.press("d");
    relay(&mut rig);
    assert_eq!(rig.selected(), number(3));
    assert!(said(&rig).ends_with("End of queue."), "{}", said(&rig));
    rig.press("n");
    assert_eq!(rig.selected(), number(3));
}

#[test]
fn money_in_doubt_and_what_is_over_are_put_away_by_nothing() {
    let doubtful = sample::attempt(number(1), noon(), paydesk::domain::attempt::State::Conflict);
    let mut in_doubt = case(&sketch(1));
    Arc::make_mut(&mut in_doubt.lineage).attempts.push(doubtful);
    let over = case(&Sketch { status: OrderStatus::Ticketed, ..sketch(2) });
    for (case, why) in [(in_doubt, "in doubt"), (over, "waits for nobody")] {
        let mut rig = Rig::new((120, 40));
        rig.publish(vec![case.clone()]);
        rig.press("g");
        rig.effects.clear();
        for key in ["d", "s"] {
            rig.press(key);
            assert!(said(&rig).contains(why), "{}", said(&rig));
            assert!(asked(&mut rig).is_empty() && rig.console.ui.layers.is_empty());
        }
        // Whatever the journal holds.
        let group = Group::of(&case, noon());
        let until = noon() + SECOND * 900;
        for action in
            [OperatorAction::Handled { group }, OperatorAction::Snoozed { until, reason: "".into() }]
        {
            assert!(left(case.clone(), &action, noon()).away(group, noon()).is_none());
        }
    }
}

#[test]
fn what_was_handled_is_back_when_an_answer_shows_its_cause_again_or_it_needs_somebody_for_something_else() {
    let mut rig = desk();
    rig.press("d");
    relay(&mut rig);
    assert_eq!(rows(&rig), [number(2), number(3)]);
    let mut shown_again = Case::clone(rig.console.model.case(number(1)).unwrap());
    Arc::make_mut(shown_again.work.as_mut().unwrap()).handled.as_mut().unwrap().is_checked = true;
    rig.publish(vec![shown_again]);
    assert_eq!(rows(&rig), [1, 2, 3].map(number));
    let row = rig.rows()[0].clone();
    assert!(row.contains("back LIN"), "{row}");
    // Unpaid with time, and handled as that: it is due at that second.
    let long = case(&Sketch { minutes_left: 11, ..sketch(4) });
    rig.publish(vec![left(long, &OperatorAction::Handled { group: Group::Unpaid }, noon())]);
    rig.press("2");
    assert_eq!(rows(&rig).len(), 3);
    rig.pass(SECOND * 61);
    assert_eq!(rows(&rig).len(), 4, "{}", rig.screen());
}

#[test]
fn a_filter_asks_for_what_is_snoozed_handled_or_back_in_both_languages() {
    let snoozed = OperatorAction::Snoozed { until: noon() + SECOND * 600, reason: "callback".into() };
    let mut rig = Rig::new((120, 40));
    rig.publish(vec![
        left(case(&sketch(41)), &snoozed, noon()),
        left(case(&sketch(42)), &OperatorAction::Handled { group: Group::Unpaid }, noon()),
        case(&sketch(43)),
    ]);
    let mut leaves = |text: &str| {
        let reading = Reading { now: rig.now, zone: jiff::tz::TimeZone::UTC };
        let now = rig.now;
        rig.console.ui.list.filter(Filter::read(text, &reading).unwrap(), now, &Standstill::default());
        rows(&rig)
    };
    assert_eq!(leaves("is:snoozed"), [number(41)]);
    assert_eq!(leaves("处于:稍后"), [number(41)]);
    assert_eq!(leaves("is:handled"), [number(42)]);
    assert_eq!(leaves("snoozed:<15m"), [number(41)]);
    assert_eq!(leaves("!is:snoozed,handled"), [number(43)]);
    assert_eq!(leaves("is:back"), []);
    // And at that second it is.
    rig.pass(SECOND * 600);
    assert_eq!(rows(&rig), [number(41)], "{}", rig.screen());
}

/// Whatever is snoozed, handled, woken, changed and however time passes: each count is what its queue shows, and no
/// order stands in a queue twice.
#[test]
fn the_counts_of_all_queues_equal_their_rows_for_1000_orders_over_1000_steps() {
    let mut rng = fastrand::Rng::with_seed(14);
    let (mut list, still) = (List::default(), Standstill::default());
    let mut now = noon();
    let statuses = [
        OrderStatus::Unpaid,
        OrderStatus::Unpaid,
        OrderStatus::Ticketing,
        OrderStatus::Ticketed,
        OrderStatus::Cancelled,
    ];
    let any = |rng: &mut fastrand::Rng, n: u32| {
        let (status, minutes_left) = (statuses[rng.usize(..5)], rng.i64(1..90));
        let error = (status == OrderStatus::Cancelled).then_some("604");
        case(&Sketch { n, status, minutes_left, error, ..Sketch::default() })
    };
    let mut known: BTreeMap<OrderNo, Arc<Case>> =
        (0..1_000).map(|n| any(&mut rng, n)).map(|case| (case.order.no, Arc::new(case))).collect();
    list.put(known.values().cloned().collect(), now, &still);
    for step in 0..1_000 {
        let mut changed = Vec::new();
        for _ in 0..[0, 1, 3, 100][rng.usize(..4)] {
            let n = rng.u32(..1_000);
            let mut case = Case::clone(&known[&number(n)]);
            let group = Group::of(&case, now);
            let action = match rng.u8(..7) {
                0 | 1 => {
                    OperatorAction::Snoozed { until: now + SECOND * rng.i32(1..3_600), reason: "r".into() }
                }
                2 | 3 => OperatorAction::Handled { group },
                4 => OperatorAction::Woken,
                5 => OperatorAction::Unhandled,
                _ => {
                    let work = case.work.take();
                    case = Case { work, ..any(&mut rng, n) };
                    if let Some(handled) =
                        case.work.as_mut().and_then(|work| Arc::make_mut(work).handled.as_mut())
                    {
                        handled.is_checked = rng.bool();
                    }
                    OperatorAction::StatedConfirmed
                }
            };
            let case = Arc::new(left(case, &action, now));
            known.insert(case.order.no, Arc::clone(&case));
            changed.push(case);
        }
        list.put(changed, now, &still);
        if rng.u8(..3) == 0 {
            now += SECOND * rng.i32(1..120);
            list.pass_time(now, &still);
        }
        let queue = Queue::ALL[step % Queue::ALL.len()];
        list.look_at(queue);
        let mut rows: Vec<OrderNo> = (0..list.shown()).map(|at| list.row(at).unwrap().0.order.no).collect();
        assert_eq!(list.count(queue), rows.len(), "step {step}, {queue:?}");
        rows.sort();
        let waits = |case: &&Arc<Case>| {
            let group = Group::of(case, now);
            queue == Queue::All || queue.holds(group) && case.away(group, now).is_none()
        };
        let want: Vec<OrderNo> = known.values().filter(waits).map(|case| case.order.no).collect();
        assert_eq!(rows, want, "step {step}, {queue:?}");
        let snoozed = known.values().filter(|case| {
            matches!(case.away(Group::of(case, now), now), Some(paydesk::domain::away::Away::Snoozed(_)))
        });
        assert_eq!(list.snoozed(), snoozed.count(), "step {step}");
    }
    assert_ne!(Work::default(), *known.values().find(|case| case.work.is_some()).unwrap().work());
}
