//! Alerts at the console: raised to the second, told of while nobody looks, listed until somebody acknowledges them.

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    console::{Effect, Message},
    desk::hub::{Command, Update},
    domain::{
        alert::{Alert, Cause, Key},
        order::OrderStatus,
        triage::Queue,
    },
};

use crate::rig::{Rig, Sketch, case, noon, number};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn deadline(n: u32, step: u32) -> Key {
    Key { cause: Cause::Deadline(number(n)), step }
}

fn raised(key: Key, at: Timestamp) -> Alert {
    Alert { key, raised_at: at, acknowledged: None }
}

impl Rig {
    /// What the console asked the desk to raise since the last call, which the desk does at once.
    fn desk_raises(&mut self) -> Vec<Key> {
        let mut keys = Vec::new();
        for effect in &self.effects {
            if let Effect::Send(Command::Raise(asked)) = effect {
                keys.extend(asked.clone());
            }
        }
        self.effects.retain(|effect| !matches!(effect, Effect::Send(Command::Raise(_))));
        let alerts = keys.iter().map(|key| raised(*key, self.now)).collect();
        self.news(Update { alerts, ..Update::default() });
        keys
    }

    /// How often it rang, what the terminal was to tell, and what the window is called, since the last call.
    fn signals(&mut self) -> (usize, Vec<String>, Option<String>) {
        let rings = self.effects.iter().filter(|effect| **effect == Effect::Ring).count();
        let text = |effect: &Effect| match effect {
            Effect::Notify(text) => Some(text.to_string()),
            _ => None,
        };
        let texts = self.effects.iter().filter_map(text).collect();
        let mut titles = self.effects.iter().filter_map(|effect| match effect {
            Effect::Title(title) => Some(title.to_string()),
            _ => None,
        });
        let title = titles.next_back();
        self.effects.clear();
        (rings, texts, title)
    }

    fn acknowledged(&self) -> Vec<Key> {
        let keys = |effect: &Effect| match effect {
            Effect::Send(Command::Acknowledge(keys)) => Some(keys.clone()),
            _ => None,
        };
        self.effects.iter().filter_map(keys).flatten().collect()
    }
}

/// A console with an order that can be paid for so many minutes more; the start is over.
fn desk(minutes_left: i64) -> Rig {
    let mut rig = Rig::new((120, 40));
    rig.pass(SECOND * 6);
    rig.healthy();
    rig.sketch(&Sketch { minutes_left, ..Sketch::default() });
    rig.signals();
    rig
}

#[test]
fn each_threshold_is_raised_once_at_its_second_and_notified_once_while_nobody_looks() {
    let mut rig = desk(11);
    rig.message(Message::Focus(false));
    for (until, step, urgent) in [(60, 10, false), (360, 5, true), (600, 1, true)] {
        let at = noon() + SECOND * until;
        rig.pass(at.duration_since(rig.now) - SECOND);
        rig.healthy();
        assert_eq!(rig.desk_raises(), [], "{step}");
        rig.signals();
        rig.pass(SECOND);
        assert_eq!(rig.desk_raises(), [deadline(1, step)]);
        let text = format!("paydesk DEMO: {}  pay within {step} min", number(1).short());
        let title = (step == 10).then(|| "1! paydesk DEMO".to_owned());
        assert_eq!(rig.signals(), (1, vec![text], title), "{step}");
        assert_eq!(rig.console.ui.alerts.waiting, (1, urgent));
        // Again the same answer, again the same alert from another program: nothing is told twice.
        rig.sketch(&Sketch { minutes_left: 11, ..Sketch::default() });
        rig.news(Update { alerts: vec![raised(deadline(1, step), at)], ..Update::default() });
        assert_eq!(rig.signals(), (0, vec![], None));
    }
}

#[test]
fn nothing_is_notified_while_somebody_looks_or_what_is_switched_off() {
    for (focus, bell, notify, want) in [
        (Some(true), true, true, (0, 0)),
        (Some(false), true, true, (1, 1)),
        (None, true, true, (1, 1)),
        (Some(false), false, true, (0, 1)),
        (Some(false), true, false, (1, 0)),
        (Some(false), false, false, (0, 0)),
    ] {
        let mut rig = desk(11);
        let ways = &mut rig.console.model.setup.alerts;
        (ways.bell, ways.notify) = (bell, notify);
        if let Some(focus) = focus {
            rig.message(Message::Focus(focus));
        }
        rig.pass(SECOND * 54);
        assert_eq!(rig.desk_raises(), [deadline(1, 10)]);
        let (rings, texts, _) = rig.signals();
        assert_eq!((rings, texts.len()), want, "{focus:?} {bell} {notify}");
        assert_eq!(rig.console.ui.alerts.waiting.0, 1, "it is listed all the same");
    }
    let mut rig = desk(11);
    rig.console.model.setup.alerts.title = false;
    rig.pass(SECOND * 54);
    rig.desk_raises();
    assert_eq!(rig.signals().2, None);
}

#[test]
fn a_title_that_is_switched_off_while_it_counts_counts_no_more() {
    let mut rig = desk(11);
    rig.pass(SECOND * 54);
    rig.desk_raises();
    assert_eq!(rig.signals().2.as_deref(), Some("1! paydesk DEMO"));
    rig.console.model.setup.alerts.title = false;
    rig.pass(SECOND);
    assert_eq!(rig.signals().2.as_deref(), Some("paydesk DEMO"));
    rig.pass(SECOND * 300);
    rig.desk_raises();
    assert_eq!(rig.signals().2, None);
    rig.console.model.setup.alerts.title = true;
    rig.pass(SECOND);
    assert_eq!(rig.signals().2.as_deref(), Some("1! paydesk DEMO"));
}

#[test]
fn what_rows_said_before_the_start_is_notified_together_and_fills_no_list() {
    let mut rig = Rig::new((120, 40));
    let of = |n| Sketch { n, minutes_left: 4, ..Sketch::default() };
    rig.publish((1..8).map(|n| case(&of(n))).collect());
    rig.sketch(&Sketch { status: OrderStatus::Cancelled, error: Some("604"), ..of(9) });
    assert_eq!(rig.desk_raises(), []);
    // What nobody has acknowledged stays from before.
    rig.news(Update { alerts: vec![raised(deadline(7, 5), noon() - SECOND * 60)], ..Update::default() });
    assert_eq!((rig.signals().0, rig.console.ui.alerts.waiting), (0, (1, true)));
    rig.pass(SECOND * 5);
    let (rings, texts, _) = rig.signals();
    let before = "paydesk DEMO: 8 orders needed somebody before the start; ";
    assert_eq!((rings, texts.len()), (1, 1));
    assert!(texts[0].starts_with(before) && texts[0].ends_with("pay within 5 min"), "{texts:?}");
    // The next threshold of each is an alert, and so is what goes wrong from now on.
    rig.sketch(&Sketch { status: OrderStatus::Ticketing, ..of(1) });
    assert_eq!(rig.desk_raises(), []);
    rig.sketch(&Sketch { status: OrderStatus::Cancelled, error: Some("604"), ..of(1) });
    assert_eq!(rig.desk_raises(), [Key { cause: Cause::Declined(number(1), None), step: 0 }]);
    rig.pass(SECOND * 175);
    rig.healthy();
    assert_eq!(rig.desk_raises().len(), 6);
}

#[test]
fn a_doubt_from_before_the_start_is_an_alert() {
    let mut rig = Rig::new((120, 40));
    let attempt = crate::rig::sample::in_doubt(number(1), rig.now, 700, 1);
    let order = case(&Sketch::default()).order;
    let doubted =
        crate::rig::sample::case(order, crate::rig::sample::lineage(number(1), vec![attempt.clone()]));
    rig.publish(vec![doubted]);
    assert_eq!(rig.desk_raises(), [Key { cause: Cause::InDoubt(number(1), attempt.id), step: 10 }]);
}

#[test]
fn an_alert_is_listed_until_it_is_acknowledged_and_says_by_whom() {
    let mut rig = desk(11);
    rig.pass(SECOND * 54);
    rig.desk_raises();
    let screen = rig.screen();
    assert!(screen.contains("alerts: 1 (a)") && screen.contains("pay within 10 min"), "{screen}");
    rig.press("a");
    let screen = rig.screen();
    assert!(screen.contains("1 waiting") && screen.contains(number(1).as_str()), "{screen}");
    rig.press("a");
    assert_eq!(rig.acknowledged(), [deadline(1, 10)]);
    let by = Some(("mei".into(), rig.now));
    rig.news(Update {
        alerts: vec![Alert { acknowledged: by, ..raised(deadline(1, 10), rig.now) }],
        ..Update::default()
    });
    let screen = rig.screen();
    assert!(screen.contains("acknowledged by mei at 06:23:00"), "{screen}");
    assert!(!screen.contains("alerts: 1 (a)"), "{screen}");
    // The next threshold waits again.
    rig.press("Esc");
    rig.pass(SECOND * 300);
    assert_eq!(rig.desk_raises(), [deadline(1, 5)]);
    assert_eq!(rig.console.ui.alerts.waiting, (1, true));
}

#[test]
fn an_alert_whose_cause_is_over_stays_listed_and_counts_no_more() {
    let mut rig = desk(11);
    rig.pass(SECOND * 54);
    rig.desk_raises();
    rig.sketch(&Sketch { status: OrderStatus::Ticketed, ..Sketch::default() });
    assert_eq!(rig.signals().2.as_deref(), Some("paydesk DEMO"));
    let screen = rig.screen();
    assert!(!screen.contains("alerts:"), "{screen}");
    rig.press("a");
    let screen = rig.screen();
    assert!(screen.contains(number(1).as_str()) && screen.contains("over"), "{screen}");
    rig.press("A");
    assert_eq!(rig.acknowledged(), [deadline(1, 10)]);
}

#[test]
fn what_waits_is_listed_before_what_is_over_and_that_before_what_somebody_has_acknowledged() {
    let mut rig = desk(11);
    rig.sketch(&Sketch { n: 2, minutes_left: 11, ..Sketch::default() });
    rig.pass(SECOND * 54);
    assert_eq!(rig.desk_raises().len(), 2);
    rig.sketch(&Sketch { n: 3, minutes_left: 11, ..Sketch::default() });
    rig.pass(SECOND * 2);
    assert_eq!(rig.desk_raises(), [deadline(3, 10)]);
    // The newest is over, and one of the older ones was acknowledged.
    rig.sketch(&Sketch { n: 3, status: OrderStatus::Ticketed, ..Sketch::default() });
    let acknowledged = Some(("mei".into(), rig.now));
    let alerts = vec![Alert { acknowledged, ..raised(deadline(1, 10), rig.now) }];
    rig.news(Update { alerts, ..Update::default() });
    rig.press("a");
    let screen = rig.screen();
    let at = [2, 3, 1].map(|n| screen.find(number(n).as_str()).unwrap());
    assert!(at.is_sorted(), "{screen}");
}

#[test]
fn enter_goes_to_the_order_whatever_leaves_it_out() {
    let mut rig = desk(11);
    rig.sketch(&Sketch { n: 2, status: OrderStatus::Ticketed, ..Sketch::default() });
    rig.pass(SECOND * 54);
    rig.desk_raises();
    rig.press("6");
    assert_eq!(rig.selected(), number(2));
    rig.press("a Enter");
    assert_eq!((rig.selected(), rig.console.ui.list.tab()), (number(1), Queue::All.into()));
    assert!(rig.console.ui.layers.is_empty());
}

#[test]
fn keys_that_no_hand_struck_acknowledge_nothing() {
    let mut rig = desk(11);
    rig.pass(SECOND * 54);
    rig.desk_raises();
    rig.press("a");
    rig.burst("aaAA", std::time::Duration::ZERO);
    rig.message(Message::Paste("aA".to_owned()));
    assert_eq!(rig.acknowledged(), []);
}

#[test]
fn a_deposit_too_low_for_what_is_open_is_notified_until_it_suffices() {
    let mut rig = desk(25);
    let balance = |rig: &mut Rig, amount: &str| {
        let money = crate::rig::money(amount, "USD");
        let balances = [(money.currency, money)];
        rig.news(Update { balances: Some(std::sync::Arc::new(balances.into())), ..Update::default() });
    };
    let low = |step| Key { cause: Cause::BalanceLow(crate::rig::money("1", "USD").currency), step };
    assert_eq!(rig.desk_raises(), []);
    balance(&mut rig, "100.00");
    assert_eq!(rig.desk_raises(), [low(1)]);
    balance(&mut rig, "90.00");
    assert_eq!(rig.desk_raises(), []);
    balance(&mut rig, "500.00");
    assert_eq!(rig.console.ui.alerts.waiting.0, 0);
    // Low again, and nobody has acknowledged the first one: it speaks of this, too.
    balance(&mut rig, "90.00");
    assert_eq!((rig.desk_raises(), rig.console.ui.alerts.waiting.0), (vec![], 1));
    let done = Alert { acknowledged: Some(("mei".into(), rig.now)), ..raised(low(1), rig.now) };
    rig.news(Update { alerts: vec![done], ..Update::default() });
    assert_eq!(rig.desk_raises(), []);
    balance(&mut rig, "500.00");
    balance(&mut rig, "90.00");
    assert_eq!(rig.desk_raises(), [low(2)]);
}

#[test]
fn the_order_of_the_selected_alert_stands_below_the_list_and_counts_down_there() {
    let mut rig = desk(11);
    rig.pass(SECOND * 54);
    rig.desk_raises();
    rig.press("a");
    let screen = rig.screen();
    assert!(screen.contains("10:00 left") && screen.contains("PAY WITH"), "{screen}");
    assert!(rig.console.next_wake().unwrap().duration_since(rig.now) <= SECOND);
}
