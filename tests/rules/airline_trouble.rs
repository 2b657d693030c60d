//! When an airline is marked as being in trouble, who says so, and when that is over.

use jiff::{SignedDuration, Timestamp, ToSpan};
use paydesk::domain::{
    airline_trouble::{AirlineStatus, AirlineTrouble, AirlineTroubles, SaidBy},
    obstacle::Obstacle,
    order::{Airline, Order, OrderNo, OrderStatus, TicketingError},
    seen::Seen,
};

use crate::{
    base,
    sample::{self, Desk},
};

fn airline(code: &str) -> Airline {
    Airline::parse(code).unwrap()
}

fn at(minute: i64) -> Timestamp {
    base::start() + minute.minutes()
}

fn seen(code: &str, status: OrderStatus, error: Option<&str>, paid: i64) -> Seen {
    let airlines = code.split(' ').map(airline).collect();
    let ticketing_error = error.map(|code| TicketingError { code: code.into(), message: None }.into());
    let order = base::bare_order(base::number(1), status);
    Seen::of(&Order { airlines, ticketing_error, paid_at: Some(at(paid)), ..order })
}

/// A desk that sees orders end.
#[derive(Default)]
struct Eyes {
    troubles: AirlineTroubles,
    orders: u32,
}

impl Eyes {
    /// An order that was in ticketing is ticketed, or cancelled with this code. True if that changes a mark.
    fn ends(&mut self, code: &str, error: Option<&str>, minute: i64) -> bool {
        let status = if error.is_some() { OrderStatus::Cancelled } else { OrderStatus::Ticketed };
        let before = seen(code, OrderStatus::Ticketing, None, minute - 1);
        let (order, seen) = (self.number(), seen(code, status, error, minute - 1));
        self.troubles.on_seen(order, Some(&before), &seen, at(minute))
    }

    /// An order is seen for the first time, and has been cancelled by then.
    fn finds(&mut self, code: &str, error: &str, paid: i64, minute: i64) {
        let (order, seen) = (self.number(), seen(code, OrderStatus::Cancelled, Some(error), paid));
        self.troubles.on_seen(order, None, &seen, at(minute));
    }

    fn number(&mut self) -> OrderNo {
        self.orders += 1;
        base::number(self.orders)
    }

    fn says(&mut self, codes: &str, word: &str, minute: i64) -> bool {
        let airlines = codes.split(' ').map(airline).collect();
        self.troubles.on_status(&AirlineStatus { airlines, word: word.into() }, at(minute))
    }

    fn of(&self, code: &str, minute: i64) -> Option<AirlineTrouble> {
        self.troubles.of(airline(code), at(minute))
    }

    fn is_marked(&self, code: &str, minute: i64) -> bool {
        self.of(code, minute).is_some()
    }
}

#[test]
fn three_declines_of_one_airline_within_ten_minutes_mark_it_for_half_an_hour() {
    let mut eyes = Eyes::default();
    assert!(!eyes.ends("TR", Some("604"), 0) && !eyes.ends("5J", Some("604"), 1));
    assert!(!eyes.ends("TR", Some("633"), 5) && !eyes.is_marked("TR", 5));
    assert!(eyes.ends("TR", Some("634"), 10));
    let said_by = SaidBy::Desk { declines: 3, until: at(40) };
    let want = AirlineTrouble { airline: airline("TR"), said_by, since: at(0), unconfirmed_hours: 0 };
    assert_eq!(eyes.of("TR", 10), Some(want));
    assert_eq!(eyes.troubles.next_change(at(10)), Some(at(40)));
    assert!(eyes.is_marked("TR", 39) && !eyes.is_marked("TR", 40) && !eyes.is_marked("5J", 10));
    assert_eq!(eyes.troubles.next_change(at(40)), None);
    // As long as more are declined it goes on, from when it began.
    eyes.ends("TR", Some("604"), 38);
    let said_by = SaidBy::Desk { declines: 4, until: at(68) };
    assert_eq!(eyes.of("TR", 50).map(|trouble| (trouble.said_by, trouble.since)), Some((said_by, at(0))));
}

#[test]
fn three_that_are_further_apart_or_not_of_the_airline_or_of_several_mark_nobody() {
    let mut eyes = Eyes::default();
    for minute in [0, 6, 11, 17] {
        eyes.ends("TR", Some("604"), minute);
    }
    assert!(!eyes.is_marked("TR", 17));
    // The fare, the passenger, the deposit, the card's own limit.
    for code in ["601", "605", "617", "623", "616", "777"] {
        eyes.ends("5J", Some(code), 0);
    }
    assert!(!eyes.is_marked("5J", 0));
    for _ in 0..3 {
        eyes.ends("VY FR", Some("604"), 0);
    }
    assert!(!eyes.is_marked("VY", 0) && !eyes.is_marked("FR", 0));
}

#[test]
fn one_order_counts_once_however_often_it_is_seen() {
    let mut troubles = AirlineTroubles::default();
    let ticketing = seen("TR", OrderStatus::Ticketing, None, 0);
    let declined = seen("TR", OrderStatus::Cancelled, Some("604"), 0);
    for _ in 0..4 {
        troubles.on_seen(base::number(1), Some(&ticketing), &declined, at(1));
        troubles.on_seen(base::number(1), Some(&declined), &declined, at(1));
    }
    troubles.on_refusal(base::number(1), &[airline("TR")], 604, at(1));
    assert_eq!(troubles.of(airline("TR"), at(1)), None);
    // A refusal at once counts like one that comes later; that of the vendor itself does not.
    troubles.on_refusal(base::number(2), &[airline("TR")], 413, at(1));
    troubles.on_refusal(base::number(3), &[airline("TR")], 604, at(2));
    assert_eq!(troubles.of(airline("TR"), at(2)), None);
    assert!(troubles.on_refusal(base::number(4), &[airline("TR")], 604, at(3)));
    assert!(troubles.of(airline("TR"), at(3)).is_some());
}

#[test]
fn what_a_desk_finds_at_its_start_is_as_old_as_its_payment() {
    let mut eyes = Eyes::default();
    // Declined during the night, all of them seen in the morning.
    for hour in 0..4 {
        eyes.finds("TR", "604", hour * 60, 600);
    }
    assert!(!eyes.is_marked("TR", 600));
    // Seen in ticketing before the night.
    for paid in 0..3 {
        let (before, after) =
            (OrderStatus::Ticketing, seen("5J", OrderStatus::Cancelled, Some("604"), paid * 30));
        let before = seen("5J", before, None, paid * 30);
        eyes.troubles.on_seen(
            base::number(90 + u32::try_from(paid).unwrap()),
            Some(&before),
            &after,
            at(600),
        );
    }
    assert!(!eyes.is_marked("5J", 600));
    // Just now.
    for paid in [598, 590, 595] {
        eyes.finds("VY", "604", paid, 600);
    }
    assert_eq!(eyes.of("VY", 600).map(|trouble| trouble.since), Some(at(590)));
}

#[test]
fn a_ticket_after_the_mark_ends_it_and_one_before_does_not() {
    let mut eyes = Eyes::default();
    eyes.ends("TR", Some("604"), 0);
    eyes.ends("TR", Some("604"), 1);
    eyes.ends("TR", None, 2);
    eyes.ends("TR", Some("604"), 3);
    assert!(eyes.is_marked("TR", 3), "half of them may fail");
    assert!(!eyes.ends("5J", None, 4) && eyes.is_marked("TR", 4), "that of another airline says nothing");
    assert!(eyes.ends("TR", None, 5));
    assert!(!eyes.is_marked("TR", 5));
    eyes.ends("TR", Some("604"), 6);
    assert!(!eyes.is_marked("TR", 6), "three new ones are wanted");
    // A list shows the newest first.
    let mut backwards = Eyes::default();
    for (error, minute) in [(None, 5), (Some("604"), 3), (Some("604"), 1), (Some("604"), 0)] {
        backwards.ends("TR", error, minute);
    }
    assert!(!backwards.is_marked("TR", 5));
}

#[test]
fn the_vendors_word_holds_until_it_takes_it_back() {
    let mut eyes = Eyes::default();
    assert!(eyes.says("TR 5J", "Maintenance", 0));
    let vendor = |word: &str| SaidBy::Vendor(word.into());
    let said = |unconfirmed_hours| AirlineTrouble {
        airline: airline("TR"),
        said_by: vendor("Maintenance"),
        since: at(0),
        unconfirmed_hours,
    };
    // Nothing repeats it, and the word that takes it back may be lost: after an hour that is said.
    assert_eq!(eyes.troubles.next_change(at(7)), Some(at(60)));
    assert_eq!((eyes.of("TR", 59), eyes.of("TR", 60)), (Some(said(0)), Some(said(1))));
    assert_eq!(eyes.troubles.next_change(at(60)), Some(at(120)));
    assert!(eyes.says("TR 5J", "Maintenance", 67), "the same again confirms it");
    assert!(!eyes.says("TR", "Maintenance", 66), "an older one does not");
    assert_eq!((eyes.of("TR", 126), eyes.of("TR", 24 * 60)), (Some(said(0)), Some(said(22))));
    let mut eyes = Eyes::default();
    assert!(eyes.says("TR 5J", "Maintenance", 0));
    assert!(!eyes.ends("TR", None, 8) && eyes.is_marked("TR", 8), "some get through");
    assert!(eyes.says("TR", "Inactive", 9));
    assert_eq!(
        eyes.of("TR", 9).map(|trouble| (trouble.said_by, trouble.since)),
        Some((vendor("Inactive"), at(9)))
    );
    assert!(eyes.says("TR", " active".trim(), 10) && !eyes.says("TR", "Active", 11));
    assert!(!eyes.is_marked("TR", 10) && eyes.is_marked("5J", 10));
    let all: Vec<Airline> = eyes.troubles.all(at(10)).map(|trouble| trouble.airline).collect();
    assert_eq!(all, [airline("5J")]);
    // A word that nobody knows yet is no recovery.
    assert!(eyes.says("VY", "On strike", 12));
    assert_eq!(eyes.of("VY", 12).map(|trouble| trouble.said_by), Some(vendor("On strike")));
    // Its recovery ends what was seen here, too.
    for minute in [20, 21, 22] {
        eyes.ends("QG", Some("604"), minute);
    }
    assert!(eyes.is_marked("QG", 22) && eyes.says("QG", "Active", 23) && !eyes.is_marked("QG", 23));
}

#[test]
fn a_long_outage_is_known_from_its_beginning() {
    let mut eyes = Eyes::default();
    for minute in (0..600).step_by(5) {
        eyes.ends("TR", Some("604"), minute);
    }
    assert_eq!(eyes.of("TR", 600).map(|trouble| trouble.since), Some(at(0)));
}

#[test]
fn a_payment_of_an_airline_in_trouble_is_warned_of_and_goes_on() {
    let mut desk = Desk::new();
    let [flies] = desk.order.airlines[..] else { unreachable!("one airline") };
    let since = desk.now - SignedDuration::from_mins(5);
    desk.troubles.on_status(&AirlineStatus { airlines: vec![flies], word: "Maintenance".into() }, since);
    for method in paydesk::domain::method::PaymentMethod::ALL {
        let draft = sample::draft(method);
        let said_by = SaidBy::Vendor("Maintenance".into());
        let trouble = AirlineTrouble { airline: flies, said_by, since, unconfirmed_hours: 0 };
        assert_eq!(draft.obstacles(&desk.context()), [Obstacle::AirlineTrouble(trouble)]);
        assert!(draft.into_payment(&desk.context()).is_ok());
    }
}
