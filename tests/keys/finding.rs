//! Looking for orders at the vendor, going to one, choosing columns, and going back to the view before.

use jiff::{SignedDuration, tz::TimeZone};
use paydesk::{
    atlas::ReadError,
    console::{
        Effect, Message,
        aside::Aside,
        column::{COLUMNS, Column},
        filter::Reading,
        list::queue::OwnQueue,
        reload::Reload,
    },
    desk::hub::{Command, CommandId, Reply, Update},
    domain::{
        find::Find,
        order::{OrderNo, OrderStatus},
        triage::Queue,
    },
};

use crate::{
    rig::{Rig, Sketch, case, number},
    scenes::sends,
};

/// Some orders of two airlines, the first of them dead.
fn desk() -> Rig {
    sized((80, 24))
}

fn sized(size: (u16, u16)) -> Rig {
    let mut rig = Rig::new(size);
    let sketch = |n: u32| Sketch {
        n,
        airline: if n.is_multiple_of(2) { "TR" } else { "5J" },
        status: if n == 1 { OrderStatus::Cancelled } else { OrderStatus::Unpaid },
        minutes_left: 20 + i64::from(n),
        ..Sketch::default()
    };
    rig.publish((1..=8).map(|n| case(&sketch(n))).collect());
    rig.pass(SignedDuration::from_secs(1));
    rig.effects.clear();
    rig
}

fn stranger(n: u32) -> Sketch {
    Sketch { n: 900 + n, names: vec!["ZHANG/SAN"], ..Sketch::default() }
}

fn reply(rig: &mut Rig, reply: Reply) {
    rig.news(Update { replies: vec![(CommandId(1), reply)], ..Update::default() });
}

/// The vendor answers with these, of which the console knew nothing.
fn finds(rig: &mut Rig, text: &str, orders: &[u32]) {
    rig.publish(orders.iter().map(|n| case(&stranger(*n))).collect());
    let find = Find::by_form(text).unwrap();
    let orders = orders.iter().map(|n| number(900 + n)).collect();
    reply(rig, Reply::Found { find, orders, more: false });
}

fn asks_for(rig: &Rig, text: &str) -> bool {
    sends(rig, |command| *command == Command::Find(Find::by_form(text).unwrap()))
}

fn inspects(rig: &Rig, order: OrderNo) -> bool {
    sends(rig, |command| *command == Command::Inspect(order))
}

fn shown(rig: &Rig) -> Vec<OrderNo> {
    (0..).map_while(|at| Some(rig.console.ui.list.row(at)?.0.order.no)).collect()
}

#[test]
fn what_is_looked_for_is_asked_of_the_vendor_and_its_hits_carry_from_server() {
    for size in [(80, 24), (120, 40)] {
        let mut rig = sized(size);
        rig.press("F zhang/san");
        assert!(rig.screen().contains("asks for passenger ZHANG/SAN"), "{}", rig.screen());
        rig.press("Enter");
        assert!(asks_for(&rig, "ZHANG/SAN"));
        assert_eq!(
            rig.effects.iter().filter(|effect| matches!(effect, Effect::Send(Command::Find(_)))).count(),
            1
        );
        finds(&mut rig, "ZHANG/SAN", &[1, 2]);
        assert_eq!(shown(&rig), [number(901), number(902)], "a view of just the hits");
        let screen = rig.screen();
        assert!(screen.contains("From server (@): passenger ZHANG/SAN"), "{screen}");
        assert!(rig.rows().iter().all(|row| row.contains('@')), "{screen}");
        assert!(screen.contains("from server"), "{screen}");
        // They have joined the others, where they stay marked.
        rig.press("Esc");
        assert_eq!(rig.console.ui.list.hits(), None);
        assert_eq!(shown(&rig).len(), 10);
        assert_eq!(rig.rows().iter().filter(|row| row.contains('@')).count(), 2, "{}", rig.screen());
    }
}

#[test]
fn nothing_found_says_so_with_the_field_that_was_asked() {
    let mut rig = desk();
    rig.press("F pnr:ABCDEF Enter");
    finds(&mut rig, "ABCDEF", &[]);
    assert!(rig.screen().contains("The vendor has no order for PNR ABCDEF."), "{}", rig.screen());
    assert_eq!(shown(&rig).len(), 8);
    rig.press("Esc F SIN-BKK Enter");
    finds(&mut rig, "SIN-BKK", &[]);
    assert!(
        rig.screen().contains("no order for route SIN-BKK. It wants codes of cities"),
        "{}",
        rig.screen()
    );
    rig.press("Esc F a@b.com Enter");
    let find = Find::by_form("a@b.com").unwrap();
    reply(&mut rig, Reply::NotFound { find, error: ReadError::NoAnswer("cut".into()) });
    assert!(rig.screen().contains("e-mail a@b.com"), "{}", rig.screen());
}

#[test]
fn what_has_no_form_asks_nothing_and_a_paste_never_asks() {
    let mut rig = desk();
    rig.press("F zhang Enter");
    assert!(rig.screen().contains("Which field is meant?"), "{}", rig.screen());
    rig.press("Esc Esc");
    rig.press("F");
    rig.message(Message::Paste("ABC123\r\n".into()));
    rig.pass(SignedDuration::from_secs(1));
    rig.burst("Enter Enter", std::time::Duration::from_millis(2));
    rig.pass(SignedDuration::from_secs(1));
    assert!(!sends(&rig, |command| matches!(command, Command::Find(_))), "{:?}", rig.effects);
    rig.press("Enter");
    assert!(asks_for(&rig, "ABC123"));
}

#[test]
fn a_card_number_is_never_looked_for() {
    let mut rig = desk();
    rig.press("F 4532015112830366");
    assert!(!rig.screen().contains("4532015112830366"), "{}", rig.screen());
    rig.message(Message::Paste("4532 0151 1283 0366".into()));
    rig.press("Enter");
    assert!(!rig.screen().contains("0366"), "{}", rig.screen());
    assert!(!sends(&rig, |command| matches!(command, Command::Find(_))));
}

#[test]
fn a_pasted_order_number_opens_the_order_by_one_query_even_if_it_is_in_no_list() {
    let mut rig = desk();
    let order = number(901);
    rig.press("F");
    rig.message(Message::Paste(format!("  \"{order}\"\r\n")));
    rig.pass(SignedDuration::from_secs(1));
    rig.press("Enter");
    assert!(inspects(&rig, order));
    let queries = rig.effects.iter().filter(|effect| matches!(effect, Effect::Send(Command::Inspect(_))));
    assert_eq!(queries.count(), 1);
    rig.sketch(&stranger(1));
    reply(&mut rig, Reply::Answered(order));
    assert!(rig.console.ui.layers.show_detail() && rig.selected() == order);
    assert!(rig.screen().contains(order.as_str()), "{}", rig.screen());
    // It is an order like every other: the form opens on it, with the same questions.
    rig.effects.clear();
    rig.press("$");
    assert_eq!(rig.console.ui.layers.form().map(|form| form.order), Some(order));
}

#[test]
fn an_order_that_the_vendor_does_not_know_is_said_to_be_unknown_and_nothing_is_added() {
    let mut rig = desk();
    let order = number(901);
    rig.press(&format!("F {order} Enter"));
    reply(&mut rig, Reply::Unanswered { order, error: ReadError::NoSuchOrder, unsettled: None });
    assert!(rig.screen().contains("Nothing was added"), "{}", rig.screen());
    assert_eq!(shown(&rig).len(), 8);
    assert!(!rig.console.ui.layers.show_detail());
    // Should it come later, nobody waits for it any more.
    rig.sketch(&stranger(1));
    reply(&mut rig, Reply::Answered(order));
    assert!(!rig.console.ui.layers.show_detail());
}

#[test]
fn an_order_that_is_known_opens_at_once_whatever_queue_and_filter_leave() {
    let mut rig = desk();
    rig.press("/ airline:TR Enter");
    rig.press(&format!("F {} Enter", number(3)));
    assert!(rig.console.ui.layers.show_detail() && rig.selected() == number(3));
    assert!(inspects(&rig, number(3)), "and it is asked for");
    rig.press("Esc");
    assert!(shown(&rig).contains(&rig.selected()), "back in the table something that is drawn is selected");
}

#[test]
fn an_answer_tears_nobody_away_from_a_form() {
    let mut rig = desk();
    rig.press("F ABC123 Enter");
    rig.press("$");
    let form = rig.console.ui.layers.form().map(|form| form.order);
    assert!(form.is_some());
    finds(&mut rig, "ABC123", &[1]);
    assert_eq!(rig.console.ui.layers.form().map(|form| form.order), form);
    assert_eq!(rig.console.ui.list.hits(), None);
    let mut rig = desk();
    let order = number(901);
    rig.press(&format!("F {order} Enter"));
    rig.press("$");
    let form = rig.console.ui.layers.form().map(|form| form.order);
    rig.sketch(&stranger(1));
    reply(&mut rig, Reply::Answered(order));
    assert!(form.is_some() && rig.console.ui.layers.form().map(|form| form.order) == form);
}

#[test]
fn the_last_view_comes_back_with_queue_filter_order_and_selection_and_goes_again() {
    let mut rig = desk();
    rig.press("-");
    assert!(rig.screen().contains("no view before"), "{}", rig.screen());
    rig.press("2 / airline:TR Enter j j");
    let (order, rows) = (rig.selected(), shown(&rig));
    assert_eq!(rows.len(), 4);
    rig.press("7");
    rig.press("-");
    assert_eq!(rig.console.ui.list.tab(), Queue::Unpaid.into());
    assert_eq!((rig.selected(), shown(&rig)), (order, rows.clone()));
    rig.press("-");
    assert_eq!(rig.console.ui.list.tab(), Queue::All.into(), "like `cd -`");
    assert_eq!(rig.console.ui.filter.value(), "airline:TR");
    // A filter that is taken away is one view less, and so is another order of rows.
    rig.press("Esc -");
    assert_eq!(rig.console.ui.filter.value(), "airline:TR");
    rig.press("S a");
    let (sort, _) = rig.console.ui.list.sorted_by();
    assert_eq!(sort.id, "amount");
    rig.press("-");
    assert_eq!(rig.console.ui.list.sorted_by().0.id, "urgency");
}

#[test]
fn letters_of_a_filter_are_no_views_of_their_own() {
    let mut rig = desk();
    rig.press("/ airline:TR Enter -");
    assert_eq!(rig.console.ui.filter.value(), "");
    rig.press("-");
    assert_eq!(rig.console.ui.filter.value(), "airline:TR");
}

fn heads(rig: &mut Rig) -> String {
    rig.draw().into_iter().skip_while(|line| !line.starts_with('+')).nth(1).unwrap()
}

#[test]
fn columns_are_chosen_ordered_and_sized_in_a_pane_without_a_file() {
    for size in [(80, 24), (120, 40), (200, 50)] {
        let mut rig = sized(size);
        let usual = heads(&mut rig);
        assert!(usual.contains("DUE") && usual.contains("ROUTE"), "{usual}");
        // The first one away; the second one behind the third, and wider.
        rig.press("+ Space j J > > > Enter");
        let chosen = heads(&mut rig);
        assert!(!chosen.contains("DUE"), "{chosen}");
        let [route, order] = ["ROUTE", "ORDER"].map(|head| chosen.find(head).unwrap());
        assert!(route < order, "{chosen}");
        assert!(rig.console.ui.layers.is_empty());
        // Esc leaves them as they were.
        rig.press("+ Space j Space Esc");
        assert_eq!(heads(&mut rig), chosen);
        // And 0 is what fits best.
        rig.press("+ 0 Enter");
        assert_eq!((heads(&mut rig), &rig.console.ui.columns), (usual, &None));
    }
}

#[test]
fn every_column_can_be_shown_at_80x24_and_says_where_it_has_no_room() {
    let mut rig = desk();
    rig.press("+");
    for _ in 0..20 {
        rig.press("j");
    }
    let screen = rig.screen();
    assert!(screen.contains("[ ]") && screen.contains("default"), "{screen}");
    // From the last to the first, all of them are ticked.
    for _ in 0..20 {
        let form = rig.console.ui.columns.clone();
        let at = rig.screen();
        let is_ticked = at.lines().any(|line| line.contains("> [x]"));
        if !is_ticked {
            rig.press("Space");
            assert_ne!(rig.console.ui.columns, form);
        }
        rig.press("k");
    }
    let chosen = rig.console.ui.columns.clone().unwrap();
    assert!(chosen.picks().iter().all(|pick| pick.is_shown));
    assert!(rig.screen().contains("no room"), "{}", rig.screen());
    let columns = chosen.picks().iter().map(|pick| pick.column.id);
    assert!(columns.clone().all(|id| Column::named(id).is_some()) && columns.count() == COLUMNS.len() - 1);
}

#[test]
fn a_term_about_a_hidden_column_is_marked_and_still_counts() {
    let mut rig = desk();
    rig.press("/ amount:>1 Enter");
    let rows = shown(&rig);
    assert!(!rig.screen().contains("hidden"), "{}", rig.screen());
    let chosen = |rig: &mut Rig| {
        rig.press("+");
        while !rig.screen().lines().any(|line| line.contains("> [x] AMOUNT")) {
            rig.press("j");
        }
        rig.press("Space Enter");
    };
    chosen(&mut rig);
    assert!(rig.screen().contains("hidden, still asked: amount"), "{}", rig.screen());
    assert_eq!(shown(&rig), rows, "which orders are shown does not hang on which columns are");
}

/// The configuration was saved with these queues.
fn saved(rig: &mut Rig, queues: &[(&str, &str)]) {
    let reading = Reading { now: rig.now, zone: TimeZone::UTC };
    let own = queues.iter().map(|(name, filter)| OwnQueue::read(name, filter, &reading).unwrap());
    let reload = Reload { queues: Some(own.collect()), ..Reload::default() };
    rig.message(Message::Aside(Aside::Reloaded(Box::new(reload))));
}

#[test]
fn the_last_view_is_of_the_same_queue_wherever_that_stands_after_the_file_was_saved() {
    let mut rig = desk();
    let (tr, fives) = (("TR", "airline:TR"), ("5J", "airline:5J"));
    saved(&mut rig, &[tr, fives]);
    rig.press("9 7");
    saved(&mut rig, &[fives, tr]);
    rig.press("-");
    assert!(rig.screen().contains("[8 5J 4]"), "{}", rig.screen());
    // One that is gone is none: everything is shown.
    rig.press("7");
    saved(&mut rig, &[tr]);
    rig.press("-");
    assert!(rig.screen().contains("[7 All 8]"), "{}", rig.screen());
    // What is looked at stays what it is, and is no other view for having moved.
    rig.press("2 8");
    saved(&mut rig, &[fives, tr]);
    rig.press("-");
    assert_eq!(rig.console.ui.list.tab(), Queue::Unpaid.into());
}

#[test]
fn the_queue_before_what_was_found_is_kept_by_its_name_whatever_was_saved_meanwhile() {
    let mut rig = desk();
    rig.console.restore(None);
    let (tr, fives) = (("TR", "airline:TR"), ("5J", "airline:5J"));
    saved(&mut rig, &[tr, fives]);
    rig.press("9 F pnr:ABCDEF Enter");
    finds(&mut rig, "ABCDEF", &[1, 2]);
    saved(&mut rig, &[fives]);
    assert_eq!(rig.console.left().unwrap().queue, "own 5J");
    rig.press("Esc");
    assert!(rig.screen().contains("[8 5J "), "{}", rig.screen());
}

#[test]
fn wider_makes_a_column_wider_and_narrower_narrower_than_it_is_seen() {
    // As the pane says it of the column that keys are for.
    let width = |rig: &mut Rig| -> i32 {
        let screen = rig.screen();
        let line = screen.lines().find_map(|line| line.split_once("> [x] PASSENGER")).unwrap().1;
        let digits = line.chars().filter(char::is_ascii_digit).collect::<String>();
        digits.parse().unwrap()
    };
    for (size, key, by) in [((120, 40), ">", 1), ((120, 40), "<", -1), ((200, 50), ">", 0)] {
        let mut rig = sized(size);
        rig.press("p +");
        while !rig.screen().lines().any(|line| line.contains("> [x] PASSENGER")) {
            rig.press("j");
        }
        let before = width(&mut rig);
        rig.press(key);
        assert_eq!(width(&mut rig), before + by, "{key} from {before} at {size:?}");
    }
}
