//! Which order keys act on: the one that was drawn as selected, and none if none was.

use jiff::SignedDuration;
use paydesk::{
    console::{
        Effect,
        action::{ACTIONS, Context},
    },
    domain::order::OrderStatus,
    lang::Lang,
};

use crate::rig::{Rig, Sketch, case, number};

/// Forty unpaid orders, the nearest to its end first, and three that are being ticketed.
fn desk(size: (u16, u16)) -> Rig {
    let mut rig = Rig::new(size);
    let unpaid = (1..=40).map(|n| case(&sketch(n)));
    let ticketing = (41..=43).map(|n| case(&Sketch { status: OrderStatus::Ticketing, ..sketch(n) }));
    rig.publish(unpaid.chain(ticketing).collect());
    rig.draw();
    rig
}

fn sketch(n: u32) -> Sketch {
    let airline = if n.is_multiple_of(2) { "TR" } else { "QG" };
    Sketch { n, airline, minutes_left: 12 + i64::from(n), ..Sketch::default() }
}

/// Somebody pays the order.
fn ticketed(rig: &mut Rig, n: u32) {
    rig.sketch(&Sketch { status: OrderStatus::Ticketed, ..sketch(n) });
}

fn remark(rig: &Rig) -> &str {
    rig.console.ui.remark.as_ref().map_or("", |remark| remark.text.as_str())
}

/// True when anything that was done names an order, or a screen of one was opened.
fn has_acted(rig: &Rig) -> bool {
    let layers = &rig.console.ui.layers;
    let is_open = layers.form().is_some() || layers.recover().is_some() || layers.show_detail();
    is_open || format!("{:?}", rig.effects).contains("TESTA")
}

#[test]
fn nothing_is_done_to_an_order_that_no_row_shows() {
    for size in [(80, 24), (120, 40)] {
        for hidden in ["/ nobody Enter", "4", "5", "p 5", "f 5", "/ nobody Enter f"] {
            for row in ACTIONS {
                for chord in row.chords(Context::Table) {
                    let mut rig = desk(size);
                    rig.press("jj");
                    rig.press(hidden);
                    rig.pass(SignedDuration::from_secs(1));
                    let screen = rig.screen();
                    assert!(!screen.contains("TESTA"), "{hidden} at {size:?} shows an order:\n{screen}");
                    rig.effects.clear();
                    rig.press(&chord.label());
                    // The filter is away with Esc, and the rows are back with another queue.
                    if rig.console.ui.list.shown() == 0 {
                        assert!(!has_acted(&rig), "{} by {} after {hidden}", row.id, chord.label());
                    }
                }
            }
            let mut rig = desk(size);
            rig.press("jj");
            rig.press(hidden);
            for key in ["$", "t", "y", "r", "Enter"] {
                rig.press(key);
                assert_eq!(remark(&rig), Lang::En.text("message.none_selected"), "{key} after {hidden}");
            }
        }
    }
}

#[test]
fn what_the_filter_hid_is_selected_again_without_it() {
    let mut rig = desk((120, 40));
    rig.press("jj / nobody");
    assert_eq!(rig.console.picture().selected(), None);
    rig.press("Esc");
    assert_eq!(rig.console.picture().selected(), Some(number(3)));
}

#[test]
fn the_cursor_goes_to_the_neighbour_of_an_order_that_leaves_in_every_queue_and_filter() {
    // The queue, the filter, which order is selected, and in which row it stands.
    for (keys, n, row) in [("2", 8, 7), ("2 / TR Enter", 8, 3), ("2 / unpaid Enter", 20, 19)] {
        let mut rig = desk((80, 24));
        rig.press(keys);
        rig.press(&"j".repeat(row));
        assert_eq!(rig.selected(), number(n), "{keys}");
        let step = if keys.contains("TR") { 2 } else { 1 };
        ticketed(&mut rig, n);
        rig.draw();
        assert_eq!(rig.selected(), number(n + step), "{keys}");
        // Several at once, above it and below it, and itself.
        let gone = [n - step, n + step, n + 2 * step];
        rig.publish(gone.map(|n| case(&Sketch { status: OrderStatus::Ticketed, ..sketch(n) })).into());
        assert_eq!(rig.selected(), number(n + 3 * step), "{keys}");
        rig.draw();
        rig.press("n");
        assert_eq!(rig.selected(), number(n + 4 * step), "{keys}: on from there");
        rig.press("N N");
        assert_eq!(rig.selected(), number(n - 2 * step), "{keys}: back over those that have left");
    }
}

#[test]
fn at_the_end_of_a_queue_the_neighbour_is_the_one_above_and_an_empty_queue_selects_what_comes_next() {
    let mut rig = desk((80, 24));
    rig.press("3 G");
    assert_eq!(rig.selected(), number(43));
    for n in [43, 42] {
        ticketed(&mut rig, n);
        rig.draw();
        assert_eq!(rig.selected(), number(n - 1));
    }
    ticketed(&mut rig, 41);
    assert_eq!(rig.console.picture().selected(), None);
    rig.sketch(&Sketch { status: OrderStatus::Ticketing, ..sketch(7) });
    assert_eq!(rig.console.picture().selected(), Some(number(7)));
}

#[test]
fn a_key_for_an_order_that_has_just_left_does_nothing_to_its_neighbour() {
    for key in ["$", "t", "y", "r", "Enter"] {
        let mut rig = desk((120, 40));
        rig.press("2 jj");
        rig.draw();
        ticketed(&mut rig, 3);
        rig.effects.clear();
        rig.press(key);
        assert!(!has_acted(&rig), "{key} acted on an order that was not drawn as selected");
        assert_eq!(remark(&rig), Lang::En.text("message.has_left"), "{key}");
        assert_eq!(rig.selected(), number(4));
        rig.press(key);
        assert!(has_acted(&rig), "{key} again is meant for the one that is selected now");
    }
    // While it is not known yet whether a hand struck the key, nothing moves under it.
    let mut rig = desk((120, 40));
    rig.press("2 jj");
    rig.draw();
    rig.strike(crate::rig::strokes("$")[0], std::time::Duration::ZERO);
    ticketed(&mut rig, 3);
    rig.draw();
    rig.wait(std::time::Duration::from_secs(1));
    assert!(!has_acted(&rig));
    assert_eq!(remark(&rig), Lang::En.text("message.has_left"));
}

#[test]
fn an_order_on_the_whole_screen_stays_there_and_the_next_is_its_neighbour() {
    let mut rig = desk((80, 24));
    rig.press("2 jj Enter");
    ticketed(&mut rig, 3);
    rig.draw();
    assert_eq!(rig.selected(), number(3), "it is being read");
    rig.press("y");
    let copied = rig
        .effects
        .iter()
        .any(|effect| matches!(effect, Effect::Copy(text) if text.as_str() == number(3).as_str()));
    assert!(copied, "it is on the screen");
    rig.press("n");
    assert_eq!(rig.selected(), number(4));
    ticketed(&mut rig, 4);
    rig.press("N");
    assert_eq!(rig.selected(), number(2));
    ticketed(&mut rig, 2);
    rig.press("Esc");
    assert_eq!(rig.selected(), number(5), "back at the table the neighbour is selected");
    rig.press("G Enter");
    ticketed(&mut rig, 40);
    rig.press("n");
    assert_eq!((rig.selected(), remark(&rig)), (number(40), "End of queue."));
}

#[test]
fn the_first_row_stays_selected_until_a_key_moves_or_uses_the_selection() {
    let first = |rig: &mut Rig, n: u32| {
        rig.sketch(&Sketch { n, minutes_left: 11 - i64::from(n - 100), ..Sketch::default() });
        rig.draw();
        (rig.selected(), rig.console.ui.top)
    };
    for keys in ["L L", "? Esc", "@ Esc", "p p", "i", "R", "7", "S Esc", "/ TEST Enter", "x Esc", "C-l"] {
        let mut rig = desk((80, 24));
        rig.press(keys);
        assert_eq!(first(&mut rig, 101), (number(101), 0), "after {keys}");
        assert_eq!(first(&mut rig, 102), (number(102), 0), "after {keys}");
    }
    for keys in ["j", "G", "n", "y", "r", "$ Esc", "t Esc", "b", "w", "Enter Esc", "/ Down Enter"] {
        let mut rig = desk((80, 24));
        rig.press(keys);
        let chosen = rig.selected();
        assert_eq!(first(&mut rig, 101).0, chosen, "after {keys}");
    }
}

#[test]
fn a_hundred_inserts_and_a_hundred_sortings_leave_the_same_order_selected_and_keys_act_on_the_one_that_was_drawn()
 {
    for size in [(80, 24), (120, 40), (200, 50)] {
        let mut rig = desk(size);
        rig.press(&"j".repeat(20));
        let chosen = rig.selected();
        let letters: Vec<char> =
            paydesk::console::column::COLUMNS.iter().filter_map(|column| column.letter()).collect();
        for n in 0..100_u32 {
            // Above it, below it, and in its very place.
            let minutes_left = 1 + i64::from(n * 37 % 60);
            rig.publish(vec![case(&Sketch { n: 1_000 + n, minutes_left, ..Sketch::default() })]);
            assert_eq!(rig.selected(), chosen, "after insert {n}");
            rig.press("S");
            rig.press(&letters[n as usize % letters.len()].to_string());
            assert_eq!(rig.selected(), chosen, "after sorting {n}");
            assert!(
                chosen.as_str().get(18..).is_some_and(|end| rig.selected_row().contains(end)),
                "it is on the screen: {}",
                rig.screen()
            );
        }
        // A burst of news between the picture and the key.
        rig.draw();
        rig.effects.clear();
        rig.publish(
            (2_000..2_100).map(|n| case(&Sketch { n, minutes_left: 1, ..Sketch::default() })).collect(),
        );
        rig.press("y");
        let copied = rig.effects.iter().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text.to_string()),
            _ => None,
        });
        assert_eq!(copied.as_deref(), Some(chosen.as_str()));
    }
}
