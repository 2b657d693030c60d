use proptest::prelude::*;

use super::*;
use crate::sim::{order::Failure, scenario::Lapsed};

/// The story so far, as it is printed.
fn story(world: &mut World) -> Vec<String> {
    world.story.news().map(ToString::to_string).collect()
}

#[test]
fn the_same_seed_makes_the_same_hour_to_the_byte() {
    let hour = |seed| {
        let mut world = World::new(setup("calm-desk", seed, 60), start());
        after(&mut world, 3_600);
        everything(&world)
    };
    assert_eq!(hour(7), hour(7));
    assert_ne!(hour(7), hour(8));
}

#[test]
fn every_story_is_the_same_on_another_day_at_another_speed_and_with_pauses() {
    for name in Scenario::names() {
        let lines = |speed: f64, day: &str, pause: bool| {
            let start: Timestamp = day.parse().unwrap();
            let speed_setup = Setup { speed: Speed::new(speed).unwrap(), orders: None, ..setup(name, 7, 0) };
            let mut world = World::new(speed_setup, start);
            let mut wall = start;
            for step in 0..400 {
                wall += SignedDuration::from_secs_f64(9.0 / speed);
                world.advance(wall);
                if pause && step % 50 == 7 {
                    world.clock_mut().pause();
                    wall += secs(100);
                    world.advance(wall);
                    world.clock_mut().resume();
                }
            }
            let mut lines = story(&mut world);
            lines.retain(|line| line.as_str() < "00:55");
            lines
        };
        let plain = lines(1.0, "2026-11-03T06:00:00Z", false);
        assert_eq!(plain, lines(50.0, "2027-02-28T23:59:59.999Z", false), "{name}");
        assert_eq!(plain, lines(3.0, "2026-11-03T06:00:00Z", true), "{name}");
        assert!(name == "quiet" || plain.len() > 3, "{name} logs something");
    }
}

#[test]
fn tickets_are_issued_anew_as_often_as_the_story_says_and_nothing_else_changes() {
    let story = "[cast]\norders = 1000\n[cast.mix]\nticketed = 9\ncancelled = 1\n";
    let locators = |world: &World| -> Vec<Vec<String>> {
        world.orders.iter().map(|order| order.locators().to_vec()).collect()
    };
    let mut world = played_world(&format!("{story}[reissues]\nevery = ['5ms', '5ms']"));
    let (before, states) = (locators(&world), world.orders.iter().map(Order::status).collect::<Vec<_>>());
    after(&mut world, 2);
    let now = locators(&world);
    let changed = before.iter().zip(&now).filter(|(before, now)| before != now).count();
    // Four hundred times any of a thousand, some of them twice, and one in ten has no ticket.
    assert!((270..=330).contains(&changed), "{changed} changed in two seconds");
    assert!(before.iter().zip(&now).all(|(before, now)| before.len() == now.len()));
    assert_eq!(states, world.orders.iter().map(Order::status).collect::<Vec<_>>());
    let mut quiet = played_world(story);
    let before = locators(&quiet);
    after(&mut quiet, 2);
    assert_eq!(before, locators(&quiet), "not unless the story says so");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn it_does_not_matter_how_often_somebody_looks(
        seed: u64,
        steps in prop::collection::vec(0i64..120_000, 1..40),
    ) {
        let total: i64 = steps.iter().sum();
        let mut at_once = World::new(setup("calm-desk", seed, 35), start());
        let mut in_steps = World::new(setup("calm-desk", seed, 35), start());
        at_once.advance(later(total));
        let mut now = start();
        for step in steps {
            now += SignedDuration::from_millis(step);
            in_steps.advance(now);
            prop_assert!(in_steps.next_due().is_some_and(|due| due > now));
        }
        prop_assert_eq!(everything(&at_once), everything(&in_steps));
        prop_assert_eq!(story(&mut at_once), story(&mut in_steps));
    }
}

#[test]
fn thirty_orders_show_everything_with_any_seed() {
    for seed in 0..50 {
        let world = World::new(setup("calm-desk", seed, 30), start());
        assert_eq!(world.orders.len(), 30);
        let now = Moment::START;
        for method in PaymentMethod::ALL {
            let ready = |order: &Order| {
                order.is_payable(at(14 * 60))
                    && order.routing.supports(method)
                    && order.confirmed
                    && !order.routing.is_mixed()
                    && world.can_afford(order, method)
            };
            assert!(count(&world, ready) >= 4, "{method} with seed {seed}");
        }
        let payable = |order: &Order| order.is_payable(now);
        assert!(count(&world, |order| order.status() == 0 && order.deadline <= now) >= 1);
        assert!(count(&world, |order| payable(order) && order.deadline < at(60)) >= 1);
        assert!(count(&world, |order| payable(order) && !order.confirmed) >= 1);
        assert!(count(&world, |order| payable(order) && order.routing.is_mixed()) >= 1);
        let too_dear = |order: &Order| payable(order) && !world.can_afford(order, PaymentMethod::Deposit);
        assert!(count(&world, too_dear) >= 1);
        assert!(count(&world, |order| order.failure() == Some(Failure::of(604))) >= 1);
        assert!(count(&world, |order| order.status() == 2) >= 1);
        let late = |order: &Order| {
            order.status() == 1 && order.paid().is_some_and(|paid| now.since(paid.at) > secs(10 * 60))
        };
        assert!(count(&world, late) >= 1);
        assert!(world.ledger.double_charges().is_empty());
        for order in &world.orders {
            assert!(order.made <= now && order.updated <= now, "{:?} lies ahead", order.no);
        }
    }
}

#[test]
fn numbers_stay_unique_and_in_order_when_orders_crowd() {
    let mut world = World::new(setup("calm-desk", 3, 10_000), start());
    after(&mut world, 600);
    assert!(world.orders.len() > 10_000);
    assert!(world.orders.is_sorted_by(|one, next| one.no < next.no && one.created < next.created));
}

#[test]
fn a_quiet_world_has_nothing_to_do() {
    let mut world = World::new(setup("quiet", 5, 200), start());
    assert_eq!(world.next_due(), None);
    let before = everything(&world);
    after(&mut world, 86_400);
    assert_eq!(everything(&world), before);
    assert_eq!(count(&world, |order| matches!(order.status(), 0 | 1)), 0);
}

#[test]
fn a_calm_desk_brings_orders_pays_some_and_lets_others_lapse() {
    let mut world = World::new(setup("calm-desk", 11, 40), start());
    after(&mut world, 3_600);
    let now = world.moment();
    let arrived = world.orders.split_off(40);
    assert!((180..=450).contains(&arrived.len()), "{} arrived", arrived.len());
    assert!(arrived.iter().any(|order| order.status() == 2), "paid by somebody else");
    assert!(arrived.iter().any(|order| order.status() == -3), "and declined");
    assert!(arrived.iter().any(|order| order.status() == 0 && order.deadline < now), "lapsed");
    assert!(world.orders.iter().all(|order| order.status() != 1), "even the late one is done");
}

#[test]
fn speed_shortens_what_lies_ahead_and_nothing_else() {
    let ten = Setup { speed: Speed::new(10.0).unwrap(), ..setup("calm-desk", 11, 40) };
    let (mut slow, mut fast) = (World::new(setup("calm-desk", 11, 40), start()), World::new(ten, start()));
    let created = |world: &World| world.orders.iter().map(|order| order.created).collect::<Vec<_>>();
    assert_eq!(created(&slow), created(&fast));
    after(&mut slow, 3_600);
    after(&mut fast, 360);
    assert_eq!(slow.orders.len(), fast.orders.len());
    let newest = fast.orders.last().unwrap();
    let hold = fast.clock.wall(newest.deadline).duration_since(newest.created);
    assert!((hold - secs(180)).abs() < SignedDuration::from_millis(10), "{hold}");
}

#[test]
fn a_step_goes_to_the_next_thing_that_happens() {
    let mut world = desk();
    world.clock_mut().pause();
    assert_eq!(world.next_due(), None, "nothing is due while it is paused");
    let mut before = world.moment();
    for _ in 0..20 {
        assert!(world.step(start()));
        assert!(world.moment() >= before);
        before = world.moment();
    }
    assert!(before > Moment::START && world.clock().is_paused());
}

#[test]
fn the_stories_do_what_their_presenters_say() {
    for seed in 0..25 {
        let played = |name: &str, seconds: i64| {
            let mut world = World::new(Setup { orders: None, ..setup(name, seed, 0) }, start());
            after(&mut world, seconds);
            world
        };
        let end = |world: &World, name: &str| {
            let order = named(world, name);
            (order.status(), order.failure().map(|failure| failure.code))
        };
        let declined = played("vcc-decline", 58);
        assert_eq!(end(&declined, "hero"), (-3, Some(604)), "{seed}");
        let blocked = played("card-blocked", 150);
        for (name, code) in [("first", 633), ("again", 613), ("third", 623)] {
            assert_eq!(end(&blocked, name), (-3, Some(code)), "{name} with seed {seed}");
        }
        let outage = played("airline-outage", 170);
        assert_eq!(end(&outage, "before"), (2, None), "{seed}");
        for (name, want) in [
            ("declined-1", (-3, Some(634))),
            ("declined-2", (-3, Some(634))),
            ("silent-1", (1, None)),
            ("silent-2", (1, None)),
        ] {
            assert_eq!(end(&outage, name), want, "{name} with seed {seed}");
        }
        let minutes = played("fulfilment-5min", 290);
        assert_eq!(
            (end(&minutes, "quick"), end(&minutes, "declined")),
            ((2, None), (-3, Some(604))),
            "{seed}"
        );
        assert_eq!(end(&minutes, "stuck"), (-3, Some(634)), "{seed}");
        let mixed = played("mixed-airlines", 114);
        assert_eq!((end(&mixed, "round-trip"), end(&mixed, "outbound")), ((2, None), (2, None)), "{seed}");
        assert_eq!(end(&mixed, "inbound").0, 1, "{seed}: the way back fails after the way out is ticketed");
        assert_eq!(end(&played("mixed-airlines", 132), "inbound"), (-3, Some(604)), "{seed}");
        let confirm = played("ryanair-confirm", 250);
        assert!(!named(&confirm, "late").is_payable(confirm.moment()), "{seed}");
        assert!(named(&confirm, "yours").is_payable(confirm.moment()), "{seed}");
    }
}

const HERO: &str = "[[order]]\nname = 'hero'\npart = 'open vcc'\nairline = 'VY'\nmethods = ['deposit', 'vcc']\n\
                    declines = 604\n";

#[test]
fn a_timeline_is_played_in_its_order_and_after_what_it_waits_for() {
    let mut world = played_world(&format!(
        "{HERO}
        [[timeline]]
        at = '10s'
        pay = {{ order = 'hero', method = 'vcc' }}
        [[timeline]]
        after = {{ order = 'hero', event = 'cancelled', wait = '5s' }}
        say = {{ en = 'Declined.', zh-CN = '被拒绝。' }}
        [[timeline]]
        at = '15s'
        arrive = {{ name = 'late', part = 'open deposit', left = '4m' }}
        [[timeline]]
        after = {{ order = 'hero/1', event = 'regenerated' }}
        notify = {{ type = 'order.schedulechange', order = 'hero/1' }}"
    ));
    after(&mut world, 60);
    let hero = named(&world, "hero");
    assert_eq!((hero.status(), hero.failure().map(|failure| failure.code)), (-3, Some(604)));
    assert_eq!(named(&world, "late").deadline, at(15 + 240));
    let hero = hero.no;
    world.regenerate(hero.as_str()).unwrap();
    after(&mut world, 70);
    let lines = story(&mut world).join("\n");
    let words = [
        "opened",
        "paid",
        "arrived",
        "late",
        "cancelled",
        "Declined. / 被拒绝。",
        "regenerated",
        "order.schedulechange once",
    ];
    let mut rest = lines.as_str();
    for word in words {
        let (_, after) =
            rest.split_once(word).unwrap_or_else(|| panic!("no {word} in its place in\n{lines}"));
        rest = after;
    }
    assert_eq!(world.sent().len(), 2);
}

#[test]
fn a_cue_breaks_mends_switches_and_stops() {
    let mut world = played_world(&format!(
        "{HERO}
        [[timeline]]
        at = '1s'
        fault = {{ fault = 'hang', share = 50, lasts = '1h' }}
        [[timeline]]
        at = '2s'
        pay = {{ order = 'hero', method = 'deposit' }}
        [[timeline]]
        at = '3s'
        stop = 'hero'
        [[timeline]]
        at = '4s'
        switches = {{ lapsed = 'cancelled', cancelled = '3' }}
        [[timeline]]
        at = '5s'
        mend = true"
    ));
    after(&mut world, 4);
    assert_eq!(world.faults.armed(world.moment()).count(), 1);
    assert!(named(&world, "hero").paid().unwrap().stop_asked);
    assert_eq!(world.switches.lapsed, Lapsed::Cancelled);
    after(&mut world, 5);
    assert_eq!(world.faults.armed(world.moment()).count(), 0);
}

#[test]
fn webhooks_are_lost_doubled_and_overtaken_as_often_as_the_story_says() {
    let sent = |hooks: &str| {
        let mut world = played_world(&format!(
            "[cast]\norders = 200\n[cast.mix]\nticketing = 1\n[webhooks]\ndelay = ['1s', '2s']\n{hooks}"
        ));
        after(&mut world, 200);
        assert_eq!(count(&world, |order| order.status() == 2), 200);
        (world.sent().len(), world.sent().map(|delivery| delivery.of).is_sorted())
    };
    assert_eq!(sent("lost = 100").0, 0);
    assert_eq!(sent("doubled = 100").0, 400);
    assert_eq!(sent("").0, 200);
    let (some, _) = sent("lost = 30");
    assert!((120..=160).contains(&some), "{some} of 200");
    assert!(!sent("shuffled = 50").1);
}
