//! Order after order in the detail.

use paydesk::domain::order::OrderStatus;

use crate::rig::{Rig, Sketch, case, number};

/// Three unpaid orders and one that is ticketed, in the queue of the unpaid.
fn unpaid() -> Rig {
    let mut rig = Rig::new((80, 24));
    let mut cases: Vec<_> =
        (1..=3).map(|n| case(&Sketch { n, minutes_left: 12 + i64::from(n), ..Sketch::default() })).collect();
    cases.push(case(&Sketch { n: 4, status: OrderStatus::Ticketed, ..Sketch::default() }));
    rig.publish(cases);
    rig.press("2 g Enter");
    rig
}

fn said(rig: &Rig) -> String {
    rig.console.ui.remark.as_ref().map(|remark| remark.text.clone()).unwrap_or_default()
}

#[test]
fn n_in_the_detail_opens_the_next_order_of_the_same_queue_and_says_where_it_ends() {
    let mut rig = unpaid();
    for n in 2..=3 {
        rig.press("n");
        assert_eq!(rig.selected(), number(n));
        assert!(rig.console.ui.layers.show_detail() && rig.screen().contains(number(n).as_str()));
        assert_eq!(said(&rig), "");
    }
    rig.press("n");
    assert_eq!((rig.selected(), said(&rig).as_str()), (number(3), "End of queue."));
    rig.press("N N");
    assert_eq!((rig.selected(), said(&rig).as_str()), (number(1), ""));
    rig.press("N");
    assert_eq!((rig.selected(), said(&rig).as_str()), (number(1), "Start of queue."));
}

#[test]
fn n_goes_on_from_where_an_order_stood_that_has_left_the_queue() {
    let mut rig = unpaid();
    rig.press("n");
    rig.publish(vec![case(&Sketch { n: 2, status: OrderStatus::Ticketed, ..Sketch::default() })]);
    assert_eq!(rig.selected(), number(2), "what is read stays");
    rig.press("n");
    assert_eq!(rig.selected(), number(3));
    rig.publish(vec![case(&Sketch { n: 3, status: OrderStatus::Ticketed, ..Sketch::default() })]);
    rig.press("n");
    assert_eq!((rig.selected(), said(&rig).as_str()), (number(3), "End of queue."));
    rig.press("N");
    assert_eq!(rig.selected(), number(1));
}
