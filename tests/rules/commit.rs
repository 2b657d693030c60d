//! The traveller's confirmation at the airline: nothing but a link that was given, and a word that was said after it, opens
//! the way to a payment.

use jiff::{Timestamp, ToSpan};
use paydesk::domain::{
    attempt::State,
    committable::{NotNow, Progress, may_ask, may_state},
    method::PaymentMethod,
    moment::Now,
    obstacle::Obstacle,
    order::{Airline, OrderStatus},
    payable::payment_obstacles,
    recovery::Advice,
    story::OperatorAction::{self, GotLink, StatedConfirmed},
    triage::{Means, NextStep, next_step, triage},
};

use crate::{
    base,
    sample::{self, Desk},
};

/// A desk whose order is Ryanair's.
fn ryanair() -> Desk {
    let mut desk = Desk::new();
    desk.order.airlines = vec![Airline::RYANAIR].into();
    desk
}

fn link(minute: i64) -> OperatorAction {
    GotLink { asked: sample::moment(minute * 60) }
}

fn at(minute: i64) -> Timestamp {
    sample::now() + minute.minutes()
}

impl Desk {
    fn after(mut self, actions: &[OperatorAction]) -> Self {
        for action in actions {
            self.lineage.put_action(sample::no(), action);
        }
        self
    }

    fn progress(&self, minute: i64) -> Option<Progress> {
        Progress::of(&self.order, &self.lineage, at(minute))
    }

    /// What stands against a payment by deposit at that minute.
    fn against(&self, minute: i64) -> Vec<Obstacle> {
        let context = paydesk::domain::context::PaymentContext { now: at(minute), ..self.context() };
        sample::draft(PaymentMethod::Deposit).obstacles(&context)
    }
}

#[test]
fn a_word_without_a_link_is_none_and_a_link_alone_neither() {
    use Progress::{Confirmed, NoLink, Waiting};
    let check = |actions: &[OperatorAction], want: Progress| {
        let desk = ryanair().after(actions);
        assert_eq!(desk.progress(5), Some(want), "{actions:?}");
        let obstacle = Some(Obstacle::TravellerNotConfirmed(want)).filter(|_| !want.is_confirmed());
        assert_eq!(desk.against(5), Vec::from_iter(obstacle), "{actions:?}");
        let next = next_step(&desk.order, &desk.lineage, Now::agreed(at(5)));
        assert_eq!(next == NextStep::ConfirmThenPay, !want.is_confirmed(), "{actions:?}: {next:?}");
    };
    check(&[], NoLink);
    check(&[StatedConfirmed], NoLink);
    check(&[link(0)], Waiting(at(30)));
    check(&[StatedConfirmed, link(0)], Waiting(at(30)));
    check(&[link(0), StatedConfirmed], Confirmed(at(30)));
    // What was said holds of the link that it was said of.
    check(&[link(0), StatedConfirmed, link(2)], Waiting(at(32)));
    check(&[link(0), StatedConfirmed, link(2), StatedConfirmed], Confirmed(at(32)));
    assert_eq!(NextStep::ConfirmThenPay.means(), Means::Commit);
}

#[test]
fn a_link_holds_thirty_minutes_whatever_was_said_of_it() {
    let mut desk = ryanair().after(&[link(0), StatedConfirmed]);
    desk.details().deadline = Some(at(60));
    assert_eq!(desk.progress(29), Some(Progress::Confirmed(at(30))));
    assert_eq!(desk.against(29), []);
    for minute in [30, 31, 59] {
        assert_eq!(desk.progress(minute), Some(Progress::Expired(at(30))));
        assert_eq!(desk.against(minute), [Obstacle::TravellerNotConfirmed(Progress::Expired(at(30)))]);
    }
    // The screens know when that is.
    let case = base::case(desk.order.clone(), desk.lineage.clone());
    let said = triage(&case, Now::agreed(at(5)));
    assert_eq!((said.next, said.until), (NextStep::Pay, Some(at(30))));
}

#[test]
fn what_the_vendor_denies_is_not_confirmed_by_what_was_said_before() {
    let denied = |mut desk: Desk| {
        desk.lineage.put_attempt(sample::attempt(State::Rejected(415)));
        desk
    };
    let desk = denied(ryanair().after(&[link(0), StatedConfirmed]));
    assert_eq!(desk.progress(5), Some(Progress::Waiting(at(30))));
    let desk = desk.after(&[StatedConfirmed]);
    assert_eq!(desk.progress(5), Some(Progress::Confirmed(at(30))));
    assert_eq!(desk.against(5), []);
    assert_eq!(next_step(&desk.order, &desk.lineage, Now::agreed(at(5))), NextStep::Pay);
    // An airline of which nobody knew that it wants this.
    let other = denied(Desk::new());
    assert_eq!(other.progress(5), Some(Progress::NoLink));
    assert_eq!(other.against(5), [Obstacle::TravellerNotConfirmed(Progress::NoLink)]);
    assert_eq!(Desk::new().progress(5), None, "most want nothing");
}

#[test]
fn it_is_asked_for_only_while_the_order_can_be_paid_and_said_only_of_a_link_that_holds() {
    let check = |desk: &Desk, minute: i64, ask: Result<(), NotNow>, state: Result<(), NotNow>| {
        assert_eq!(may_ask(&desk.order, &desk.lineage, at(minute)), ask);
        assert_eq!(may_state(&desk.order, &desk.lineage, at(minute)), state);
    };
    let mut long = ryanair().after(&[link(0)]);
    long.details().deadline = Some(at(60));
    check(&ryanair(), 0, Ok(()), Err(NotNow::NoLink));
    check(&long, 5, Ok(()), Ok(()));
    check(&long, 31, Ok(()), Err(NotNow::Expired));
    let not_wanted = Err(NotNow::NotWanted);
    check(&Desk::new(), 0, not_wanted, not_wanted);
    for status in [OrderStatus::Ticketing, OrderStatus::Ticketed, OrderStatus::Cancelled] {
        let mut desk = ryanair().after(&[link(0)]);
        desk.order.status = status;
        let over = Err(NotNow::NotPayable(status));
        check(&desk, 5, over, over);
    }
    let lapsed = Err(NotNow::NotPayable(OrderStatus::Unpaid));
    check(&ryanair().after(&[link(10)]), 30, lapsed, lapsed);
}

#[test]
fn it_is_looked_at_once_more_before_the_payment_leaves() {
    let desk = ryanair().after(&[link(0), StatedConfirmed]);
    let Ok(payment) = sample::draft(PaymentMethod::Deposit).into_payment(&desk.context()) else {
        panic!("nothing is against it")
    };
    assert_eq!(payment_obstacles(&payment, &desk.context()), []);
    let renewed = desk.after(&[link(1)]);
    let waiting = Obstacle::TravellerNotConfirmed(Progress::Waiting(at(31)));
    assert_eq!(payment_obstacles(&payment, &renewed.context()), [waiting]);
}

#[test]
fn the_plan_says_so_first_and_goes_on_once_it_is_confirmed() {
    let plan = |desk: &Desk| {
        paydesk::domain::recovery::plan(&paydesk::domain::recovery::Facts {
            now: Now::agreed(at(5)),
            order: &desk.order,
            lineage: &desk.lineage,
            child: None,
            balance: desk.balance,
        })
    };
    assert_eq!(plan(&ryanair()).first, Advice::ConfirmTraveller);
    assert_eq!(plan(&ryanair().after(&[link(0)])).first, Advice::ConfirmTraveller);
    assert_eq!(plan(&ryanair().after(&[link(0), StatedConfirmed])).first, Advice::Pay);
}
