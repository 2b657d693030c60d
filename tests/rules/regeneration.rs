//! What proves that a new order was made from a dead one, or that none was.

use std::collections::BTreeSet;

use jiff::ToSpan;
use paydesk::domain::{
    attempt::{Attempt, Doubt, NotSent, Snapshot, State as Paying},
    lineage::Lineage,
    moment::Now,
    order::{Details, Order, OrderNo, OrderStatus, Segment},
    regenerable::{NotNow, may_regenerate},
    regeneration::{self, Called, Kind, Regeneration, Search, State, may_be_child},
};

use crate::sample::{self, child};

/// The dead order: one flight for one traveller.
fn dead() -> Order {
    let mut order = Order {
        status: OrderStatus::Cancelled,
        created: Some(sample::now()),
        passengers: vec!["SANTOS/RAFAEL".into()].into(),
        ..sample::order()
    };
    (order.from, order.to) = (Some("SIN".into()), Some("KUL".into()));
    order
}

fn doubtful() -> Regeneration {
    sample::regeneration(State::InDoubt(Doubt::NoAnswer))
}

#[test]
fn every_status_of_a_call_for_a_new_order() {
    let refusals = [
        3, 100, 107, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 319, 320,
        321, 322, 323, 324, 325, 326, 327, 328, 329, 407, 408, 409, 410, 429, 701, 702, 703, 704, 705, 800,
        900, 901, 902, 6051,
    ];
    // All others leave it open: the vendor does not know itself, says that a new order may exist, or says what nobody
    // has explained.
    for status in -10_000..=10_000 {
        let want = if refusals.contains(&status) {
            State::Refused(status)
        } else {
            State::InDoubt(Doubt::Status(status))
        };
        assert_eq!(State::after_call(&Called::Refused(status)), want, "{status}");
    }
    let not_sent = NotSent::NoConnection(paydesk::domain::read_error::ReadError::Unreachable {
        host: "h:443".into(),
        reason: "refused".into(),
    });
    assert_eq!(State::after_call(&Called::Not(not_sent.clone())), State::NotSent(not_sent));
    assert_eq!(State::after_call(&Called::Made(child())), State::Made(child()));
    for doubt in [Doubt::NoAnswer, Doubt::Http(502), Doubt::Cut("reset".into()), Doubt::Crash] {
        assert_eq!(State::after_call(&Called::Doubt(doubt.clone())), State::InDoubt(doubt));
    }
}

#[test]
fn a_search_that_began_before_the_call_proves_nothing() {
    let born = Order { no: child(), ..dead() };
    for found in [&[][..], &[born]] {
        assert_eq!(
            sample::after_search(&doubtful(), &dead(), &[], found, true, sample::moment(-1)),
            None,
            "{found:?}"
        );
        assert!(
            sample::after_search(&doubtful(), &dead(), &[], found, true, sample::moment(0)).is_some(),
            "{found:?}"
        );
    }
}

#[test]
fn a_new_order_is_for_the_same_people_on_the_same_flights() {
    let flies = |flights: [(&str, &str, &str); 2], mut order: Order| {
        let segment = |(flight, from, to): (&str, &str, &str)| Segment {
            flight: flight.into(),
            carrier: None,
            from: from.into(),
            to: to.into(),
            departs: None,
            arrives: None,
            inbound: false,
        };
        let details = Details { segments: flights.map(segment).to_vec(), ..Details::default() };
        order.details = Some(Box::new(details));
        order
    };
    let (out, back) = (("TR452", "SIN", "KUL"), ("TR453", "KUL", "SIN"));
    let parent = flies([out, back], dead());
    let other = |flights| flies(flights, Order { no: child(), ..dead() });
    assert!(may_be_child(&other([out, back]), &parent, sample::now()));
    assert!(
        !may_be_child(&other([out, ("TR459", "KUL", "SIN")]), &parent, sample::now()),
        "a later flight back"
    );
    assert!(!may_be_child(&other([back, out]), &parent, sample::now()), "the other way round");
    let nobody = |no| Order { no, passengers: Vec::new().into(), ..dead() };
    assert!(
        !may_be_child(&nobody(child()), &nobody(sample::no()), sample::now()),
        "nobody is not the same people"
    );
}

#[test]
fn only_a_young_dead_order_of_a_trip_that_nobody_is_paying_is_regenerated() {
    let now = Now::agreed(sample::now());
    for order in [sample::no(), child()] {
        let open = Attempt::restore(Snapshot {
            order,
            ..sample::attempt(Paying::InDoubt(Doubt::NoAnswer)).snapshot()
        });
        let lineage = sample::lineage(vec![open.clone()]);
        assert_eq!(
            may_regenerate(&dead(), &lineage, now),
            Err(NotNow::AttemptOpen(open.state.clone())),
            "{order}"
        );
    }
    assert_eq!(may_regenerate(&dead(), &Lineage::new(sample::no()), now), Ok(()));
    for (status, why) in [
        (OrderStatus::Ticketing, NotNow::Alive),
        (OrderStatus::Ticketed, NotNow::Alive),
        (OrderStatus::Unpaid, NotNow::StillPayable),
        (OrderStatus::Unknown(Some(7)), NotNow::Unclear),
        (OrderStatus::Unknown(None), NotNow::Unclear),
    ] {
        let order = Order { status, ..dead() };
        assert_eq!(may_regenerate(&order, &Lineage::new(sample::no()), now), Err(why), "{status:?}");
    }
    for created in [Some(sample::now() - 24.hours()), None] {
        let old = Order { created, ..dead() };
        assert_eq!(
            may_regenerate(&old, &Lineage::new(sample::no()), now),
            Err(NotNow::TooOld),
            "{created:?}"
        );
    }
}

#[test]
fn a_call_that_a_dead_program_may_have_sent_is_in_doubt() {
    let refused = State::Refused(316);
    for (state, want) in [
        (State::Sending, Some(State::InDoubt(Doubt::Crash))),
        (State::InDoubt(Doubt::NoAnswer), None),
        (State::Made(child()), None),
        (State::Found(child()), None),
        (refused, None),
        (State::NotMade, None),
    ] {
        let judged =
            sample::regeneration(state.clone()).apply(&regeneration::Event::OwnerDied, sample::now());
        assert_eq!(judged.ok().map(|next| next.state.clone()), want, "{state:?}");
    }
}

fn standing(state: State) -> Regeneration {
    Regeneration::restore(regeneration::Snapshot { state, ..doubtful().snapshot() })
}

fn every_state() -> Vec<State> {
    vec![
        State::Sending,
        State::Made(child()),
        State::Found(child()),
        State::InDoubt(Doubt::NoAnswer),
        State::Refused(316),
        State::NotSent(NotSent::Interrupted),
        State::NotMade,
    ]
}

/// How the call may end: by what it made, by a refusal, without having been sent, and without an answer.
fn every_end() -> [Called; 5] {
    [
        Called::Made(another()),
        Called::Refused(302),
        Called::Refused(9_999),
        Called::Not(NotSent::Interrupted),
        Called::Doubt(Doubt::Http(502)),
    ]
}

/// An order that only a late answer names.
fn another() -> OrderNo {
    "DEMOA20261103104000789".parse().unwrap()
}

#[test]
fn a_late_answer_does_not_overwrite_what_others_have_learnt_meanwhile() {
    let late = |before: &Regeneration, called: &Called| {
        before
            .apply(&regeneration::Event::Called { called, known: &[sample::no()] }, sample::now() + 1.hour())
    };
    // Found by a search or by another program, which had taken this one for dead.
    for known in [State::Made(child()), State::Found(child()), State::Refused(316)] {
        let known = standing(known);
        for called in every_end() {
            assert_eq!(late(&known, &called), Ok(known.clone()), "{called:?}");
        }
    }
    // Searched for in vain, and made after all: that alone is news.
    let in_vain = standing(State::NotMade);
    for called in every_end() {
        let want = match called {
            Called::Made(order) => State::Made(order),
            _ => State::NotMade,
        };
        assert_eq!(late(&in_vain, &called).unwrap().state, want, "{called:?}");
    }
    let again = Called::Made(sample::no());
    assert_eq!(late(&in_vain, &again), Ok(in_vain.clone()), "an order that is known");
    assert!(late(&standing(State::NotSent(NotSent::Interrupted)), &again).is_err(), "no answer is awaited");
}

#[test]
fn every_step_that_an_event_makes_is_one_that_the_journal_takes_and_no_other() {
    let born = [Order { no: child(), ..dead() }];
    let parent = dead();
    let mut events: Vec<regeneration::Event<'_>> =
        vec![regeneration::Event::Named(child()), regeneration::Event::OwnerDied];
    let ends = every_end();
    for called in &ends {
        events.push(regeneration::Event::Called { called, known: &[] });
    }
    for found in [&[][..], &born] {
        let search =
            Search { parent: &parent, known: &[], found, is_whole: true, asked: sample::moment(200) };
        events.push(regeneration::Event::Searched(search));
    }
    let mut made = BTreeSet::new();
    for state in every_state() {
        for searches in [(0, None), (99, Some(sample::moment(100)))] {
            let before = Regeneration::restore(regeneration::Snapshot {
                searches,
                ..standing(state.clone()).snapshot()
            });
            for event in &events {
                let Ok(after) = before.apply(event, sample::now()) else { continue };
                assert_eq!(before.may_become(&after), Ok(()), "{state:?} and {event:?}");
                if after.state != before.state {
                    made.insert((state.word(), after.state.word()));
                }
            }
        }
    }
    for from in Kind::ALL {
        for to in Kind::ALL {
            let is_made = made.contains(&(from.word(), to.word()));
            assert_eq!(from.may_become(*to), is_made, "{from:?} to {to:?}");
        }
    }
}
