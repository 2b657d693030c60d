//! The queues of the console: those that are built in and those of the user's own, their counts, and the day they go by.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::{collections::BTreeMap, sync::Arc};

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use paydesk::{
    console::{
        Effect, Message,
        alerts::AlertWays,
        aside::Aside,
        filter::{Filter, Reading},
        list::{
            List,
            queue::{OwnQueue, Tab},
        },
        reload::Reload,
        standstill::Standstill,
    },
    desk::hub::Command,
    domain::{
        case::Case,
        missing::Missing,
        order::{OrderNo, OrderStatus},
        story::{Happening, What},
        triage::{Day, Group, Queue, ended_at},
    },
    lang::Lang,
};
use rig::{Rig, Sketch, case, noon, number, sample};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn own(queues: &[(&str, &str)], reading: &Reading) -> Vec<OwnQueue> {
    queues.iter().map(|(name, filter)| OwnQueue::read(name, filter, reading).unwrap()).collect()
}

/// An order of the last two days, as it may be at `now`.
fn random(rng: &mut Rng, n: u32, now: Timestamp) -> Case {
    let statuses =
        [OrderStatus::Unpaid, OrderStatus::Ticketing, OrderStatus::Ticketed, OrderStatus::Cancelled];
    let status = statuses[rng.usize(..4)];
    let is_failed = status == OrderStatus::Cancelled && rng.bool();
    let mut case = case(&Sketch {
        n,
        airline: ["TR", "5J", "QG", "FR"][rng.usize(..4)],
        status,
        minutes_left: now.duration_since(noon()).as_mins() + rng.i64(-200..200),
        error: is_failed.then_some("604"),
        ..Sketch::default()
    });
    let created = now - SignedDuration::from_secs(rng.i64(0..2 * 86_400));
    case.order.created = Some(created);
    case.order.paid_at = matches!(status, OrderStatus::Ticketing | OrderStatus::Ticketed).then_some(created);
    if rng.bool() {
        let at = created + SignedDuration::from_secs(rng.i64(0..=now.duration_since(created).as_secs()));
        case.story.push(Arc::new(Happening { at, by: None, what: What::Seen { status, error: None } }));
    }
    case
}

/// The same rule as the desk's, told by the calendar.
fn ended_today(case: &Case, group: Group, now: Timestamp, zone: &TimeZone) -> bool {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    ended_at(case, group).is_none_or(|ended| day(ended) >= day(now))
}

#[test]
fn each_count_equals_the_rows_its_filter_gives_on_1000_random_orders_while_they_change_and_time_passes() {
    let zone = zone("Asia/Singapore");
    let texts = [
        ("TR now", "airline:TR status:unpaid"),
        ("soon", "due:<30m"),
        ("this morning", "created:>06:00"),
        ("young", "age:<3h !status:cancelled"),
        ("finished 5J", "queue:done airline:5J"),
        ("dear", "amount:>100USD"),
    ];
    let mut rng = Rng::with_seed(13);
    let (mut now, mut list) = (noon(), List::default());
    let reading = |now| Reading { now, zone: zone.clone() };
    list.set_up(own(&texts, &reading(now)), zone.clone(), now);
    let mut known: BTreeMap<OrderNo, Arc<Case>> = BTreeMap::new();
    let put = |list: &mut List, cases: Vec<Case>, known: &mut BTreeMap<OrderNo, Arc<Case>>, now| {
        let cases: Vec<Arc<Case>> = cases.into_iter().map(Arc::new).collect();
        known.extend(cases.iter().map(|case| (case.order.no, Arc::clone(case))));
        list.put(cases, now, &Standstill::default());
    };
    let all: Vec<Case> = (0..1_000).map(|n| random(&mut rng, n, now)).collect();
    put(&mut list, all, &mut known, now);
    let mut midnights = 0;
    let mut most = [0; 13];
    for step in 0..120 {
        let words = ["action", "unpaid", "ticketing", "recover", "\"in doubt\"", "done", "all"];
        for (place, tab) in list.tabs().collect::<Vec<_>>().into_iter().enumerate() {
            let text = words.get(place).map(|word| format!("queue:{word}"));
            let text = text.unwrap_or_else(|| texts[place - words.len()].1.to_owned());
            let filter = Filter::read(&text, &reading(now)).unwrap();
            let is_in = |case: &Case| {
                let group = Group::of(case, now);
                filter.leaves(case, group, now)
                    && (tab != Tab::from(Queue::Done) || ended_today(case, group, now, &zone))
            };
            let want = known.values().filter(|case| is_in(case)).count();
            assert_eq!(list.count(tab), want, "{text} in step {step} at {now}");
            most[place] = want.max(most[place]);
            list.look_at(tab);
            let rows = (0..list.shown()).filter_map(|at| list.row(at));
            assert!(rows.clone().all(|(case, _)| is_in(case)), "{text} in step {step}");
            assert_eq!(list.shown(), want, "{text} in step {step}");
        }
        if step % 2 == 0 {
            let many = if step % 10 == 0 { 100 } else { rng.u32(1..20) };
            let changed = (0..many).map(|_| (rng.u32(..1_005), rng.u64(..))).collect::<Vec<_>>();
            let cases = changed.into_iter().map(|(n, seed)| random(&mut Rng::with_seed(seed), n, now));
            put(&mut list, cases.collect(), &mut known, now);
        } else {
            let before = Day::of(now, &zone);
            now += SignedDuration::from_secs(rng.i64(1..4_000));
            midnights += usize::from(!before.holds(now));
            list.pass_time(now, &Standstill::default());
        }
    }
    assert!(midnights > 0, "a midnight came");
    let idle: Vec<usize> = (0..most.len()).filter(|place| most[*place] == 0).collect();
    assert_eq!(idle, [Tab::from(Queue::InDoubt).place()], "nobody paid, so nothing is in doubt");
}

#[test]
fn an_order_that_crosses_ten_minutes_to_its_deadline_is_in_needs_action_within_a_second_of_the_clock() {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch { minutes_left: 12, ..Sketch::default() });
    let of_rig = |rig: &Rig| rig.console.ui.list.count(Queue::Action);
    rig.pass(SignedDuration::from_secs(5));
    rig.effects.clear();
    assert_eq!(of_rig(&rig), 0);
    rig.pass(SignedDuration::from_secs(114));
    assert_eq!(of_rig(&rig), 0, "10:01 is left");
    rig.pass(SignedDuration::from_secs(2));
    assert_eq!(of_rig(&rig), 1, "9:59 is left");
    assert!(rig.screen().contains("1 Action 1"), "{}", rig.screen());
    let is_asking = |effect: &Effect| !matches!(effect, Effect::Send(Command::Raise(_)));
    assert!(!rig.effects.iter().any(is_asking), "nothing was asked, no key came: {:?}", rig.effects);
}

fn ticketed(n: u32, ended: Timestamp) -> Case {
    let mut case = case(&Sketch { n, status: OrderStatus::Ticketed, ..Sketch::default() });
    case.order.created = Some(ended - minutes(600));
    let what = What::Seen { status: OrderStatus::Ticketed, error: None };
    case.story.push(Arc::new(Happening { at: ended, by: None, what }));
    case
}

#[test]
fn done_is_what_ended_today_by_the_desks_own_zone_and_the_day_turns_by_the_clock() {
    // 23:40 in Singapore, 15:40 in London.
    let now = at("2026-11-03T15:40:00Z");
    for (name, want, turns_at) in [
        ("Asia/Singapore", [2, 0], "2026-11-03T16:00:00Z"),
        ("Europe/London", [1, 1], "2026-11-04T00:00:00Z"),
    ] {
        let mut list = List::default();
        list.set_up(Vec::new(), zone(name), now);
        // 23:50 of the second and 0:10 of the third in Singapore.
        let cases = [ticketed(1, at("2026-11-02T16:10:00Z")), ticketed(2, at("2026-11-03T15:30:00Z"))];
        list.put(cases.map(Arc::new).into(), now, &Standstill::default());
        assert_eq!((list.count(Queue::Done), list.count(Queue::All)), (want[0], 2), "{name}");
        assert_eq!(list.next_change(), Some(at(turns_at)), "{name}");
        let before = at(turns_at) - SignedDuration::from_nanos(1);
        assert!(!list.pass_time(before.min(at("2026-11-03T16:00:00Z") - minutes(1)), &Standstill::default()));
        assert_eq!(list.count(Queue::Done), want[0], "{name}");
        assert_eq!(
            list.pass_time(at("2026-11-03T16:00:00Z"), &Standstill::default()),
            name == "Asia/Singapore"
        );
        assert_eq!(list.count(Queue::Done), want[1], "{name}");
        list.pass_time(at("2026-11-04T00:00:00Z"), &Standstill::default());
        assert_eq!((list.count(Queue::Done), list.count(Queue::All)), (0, 2), "{name}");
        // A clock that is put back makes it yesterday again.
        list.pass_time(now, &Standstill::default());
        assert_eq!(list.count(Queue::Done), want[0], "{name}");
        // Another zone, another day.
        list.set_up(Vec::new(), zone("Pacific/Kiritimati"), now);
        assert_eq!(list.count(Queue::Done), 1, "5:40 of the fourth: one ended at 5:30");
    }
}

#[test]
fn a_day_is_as_long_as_the_clocks_make_it() {
    let hours = |zone_name: &str, noon: &str| {
        let day = Day::of(at(noon), &zone(zone_name));
        let start = at(noon) - minutes(24 * 60);
        let begins = (0..24 * 60).map(|n| start + minutes(n)).find(|at| day.holds(*at)).unwrap();
        (begins.to_string(), day.ends_at().duration_since(begins).as_hours())
    };
    assert_eq!(hours("Europe/Berlin", "2026-03-29T10:00:00Z"), ("2026-03-28T23:00:00Z".into(), 23));
    assert_eq!(hours("Europe/Berlin", "2026-10-25T11:00:00Z"), ("2026-10-24T22:00:00Z".into(), 25));
    // The clocks were put forward at midnight: that day began at 1:00.
    assert_eq!(hours("America/Sao_Paulo", "2018-11-04T15:00:00Z"), ("2018-11-04T03:00:00Z".into(), 23));
    // Samoa had no thirtieth.
    assert_eq!(hours("Pacific/Apia", "2011-12-29T22:00:00Z"), ("2011-12-29T10:00:00Z".into(), 24));
}

#[test]
fn an_order_has_ended_when_it_was_seen_to_else_when_the_vendor_says() {
    let of = |case: &Case| {
        let group = Group::of(case, noon());
        ended_at(case, group).map(|at| at.duration_since(noon()).as_mins())
    };
    assert_eq!(of(&ticketed(1, noon() - minutes(7))), Some(-7));
    let first_seen = |status| {
        let mut case = case(&Sketch { status, ..Sketch::default() });
        (case.order.created, case.order.paid_at) = (Some(noon() - minutes(90)), Some(noon() - minutes(80)));
        case
    };
    assert_eq!(of(&first_seen(OrderStatus::Ticketed)), Some(-80));
    let unpaid = Case {
        order: paydesk::domain::order::Order { paid_at: None, ..first_seen(OrderStatus::Cancelled).order },
        ..first_seen(OrderStatus::Cancelled)
    };
    assert_eq!(of(&unpaid), Some(-90));
    assert_eq!(of(&case(&Sketch { minutes_left: -3, ..Sketch::default() })), Some(-3), "lapsed");
    assert_eq!(of(&case(&Sketch::default())), None, "it waits");
    let mut gone = case(&Sketch::default());
    let missing = [1, 31].iter().fold(Missing::unlisted(sample::moment(noon(), 0)), |missing, up| {
        missing.denied(sample::moment(noon(), *up))
    });
    let no = gone.order.no;
    Arc::make_mut(&mut gone.lineage).missing.insert(no, missing);
    assert_eq!(of(&gone), Some(0));
}

fn reload(rig: &mut Rig, queues: &[(&str, &str)]) {
    let queues = Some(own(queues, &Reading { now: rig.now, zone: TimeZone::UTC }));
    rig.message(Message::Aside(Aside::Reloaded(Box::new(Reload { queues, ..Reload::default() }))));
}

#[test]
fn queues_of_the_users_own_stand_behind_the_others_and_have_the_next_keys() {
    let mut rig = Rig::new((120, 40));
    rig.publish(vec![
        case(&Sketch { n: 1, airline: "TR", ..Sketch::default() }),
        case(&Sketch { n: 2, airline: "5J", ..Sketch::default() }),
    ]);
    rig.press("8");
    assert!(rig.screen().contains("No queue has this number"), "{}", rig.screen());
    let tabs = [("TR now", "airline:TR"), ("虎航", "airline:TR"), ("dear", "amount:>100000")];
    reload(&mut rig, &tabs);
    let screen = rig.screen();
    assert!(
        screen.contains("8 TR now 1") && screen.contains("9 虎航 1") && screen.contains(" dear 0"),
        "{screen}"
    );
    rig.press("8");
    assert_eq!((rig.rows().len(), rig.selected()), (1, number(1)));
    assert!(rig.screen().contains("[8 TR now 1]") && rig.screen().contains("- TR now -"), "{}", rig.screen());
    rig.press("0 0");
    assert!(rig.screen().contains("[dear 0]"), "{}", rig.screen());
    rig.press("0");
    assert!(rig.screen().contains("[1 Action 0]"), "{}", rig.screen());
    // At the end of a line that has no room for all of them.
    rig.press("9");
    let mut small = Rig::new((80, 24));
    reload(&mut small, &tabs);
    small.press("7");
    assert!(small.screen().contains("[7 All 0]"), "{}", small.screen());
    small.press("9");
    assert!(small.screen().contains("[9 虎航 0]"), "{}", small.screen());
}

#[test]
fn a_queue_that_is_looked_at_stays_open_under_its_name_and_shows_everything_once_it_is_gone() {
    let mut rig = Rig::new((120, 40));
    rig.publish(vec![
        case(&Sketch { n: 1, airline: "TR", ..Sketch::default() }),
        case(&Sketch { n: 2, airline: "5J", ..Sketch::default() }),
    ]);
    reload(&mut rig, &[("TR", "airline:TR"), ("5J", "airline:5J")]);
    rig.press("9 j");
    assert_eq!(rig.selected(), number(2));
    reload(&mut rig, &[("5J", "airline:5J")]);
    assert!(rig.screen().contains("[8 5J 1]"), "{}", rig.screen());
    assert_eq!((rig.rows().len(), rig.selected()), (1, number(2)));
    // Rows may not move: what is saved meanwhile comes after.
    rig.press("f");
    reload(&mut rig, &[]);
    assert_eq!(rig.rows().len(), 1);
    rig.press("f");
    assert_eq!((rig.rows().len(), rig.selected()), (2, number(2)));
    assert!(rig.screen().contains("[7 All 2]"), "{}", rig.screen());
}

#[test]
fn what_waits_for_a_restart_is_named_and_what_is_wrong_stays_at_the_foot_and_in_the_log() {
    for (lang, waits, stays) in [
        (
            Lang::En,
            "restart to use the new payment.limits, polling.sweep_seconds",
            "The old configuration stays",
        ),
        (Lang::ZhCn, "重启后才会使用新的 payment.limits, polling.sweep_seconds", "沿用原配置"),
    ] {
        let mut rig = Rig::new((120, 40));
        let limits = rig.console.model.setup.limits.clone();
        let reload = Reload {
            lang: Some(lang),
            alerts: Some(AlertWays { bell: false, notify: true, title: true }),
            zone: Some(zone("Asia/Tokyo")),
            waits: vec!["payment.limits".into(), "polling.sweep_seconds".into()],
            ..Reload::default()
        };
        rig.message(Message::Aside(Aside::Reloaded(Box::new(reload))));
        assert!(rig.screen().contains(waits), "{}", rig.screen());
        let setup = &rig.console.model.setup;
        assert_eq!((setup.alerts.bell, &setup.zone, &setup.limits), (false, &zone("Asia/Tokyo"), &limits));
        let wrong = "config.toml, line 3, column 10: unknown key";
        rig.message(Message::Aside(Aside::NotReloaded(wrong.into())));
        for keys in ["k", "@"] {
            rig.press(keys);
            let screen = rig.screen();
            assert!(screen.contains(stays) && screen.contains("line 3, column 10"), "{screen}");
        }
        assert!(!rig.effects.iter().any(|effect| matches!(effect, Effect::Send(Command::Pay { .. }))));
    }
}
