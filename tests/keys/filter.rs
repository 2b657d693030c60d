//! The filter while it is typed: completion, mistakes, the list of fields, and where it is seen afterwards.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::SignedDuration;
use paydesk::{console::action::Context, domain::order::OrderStatus, lang::Lang};

use crate::{
    rig::{Rig, Sketch, number},
    scenes::SECOND,
};

/// Five orders: two of QG, one each of TR, FR and 5J, the last of them ticketed.
fn desk(size: (u16, u16)) -> Rig {
    let mut rig = Rig::new(size);
    let airlines = ["QG", "TR", "FR", "5J", "QG"];
    let sketch = |(n, airline): (u32, &'static str)| Sketch { n, airline, ..Sketch::default() };
    let mut sketches: Vec<Sketch> = (1..).zip(airlines).map(sketch).collect();
    sketches[3].status = OrderStatus::Ticketed;
    sketches[1].minutes_left = 11;
    rig.publish(sketches.iter().map(crate::rig::case).collect());
    rig
}

fn typed(keys: &str) -> Rig {
    let mut rig = desk((80, 24));
    rig.press("/");
    rig.press(keys);
    rig
}

fn text(rig: &Rig) -> &str {
    rig.console.ui.filter.value()
}

#[test]
fn tab_completes_fields_words_and_what_orders_have_and_goes_round() {
    let mut rig = typed("airl Tab");
    assert_eq!(text(&rig), "airline:");
    // The airline of most orders first.
    let mut seen = Vec::new();
    for _ in 0..4 {
        rig.press("Tab");
        seen.push(text(&rig).to_owned());
    }
    assert_eq!(seen, ["airline:QG", "airline:5J", "airline:FR", "airline:TR"]);
    let screen = rig.draw();
    assert!(screen[3].contains("QG  5J  FR  TR"), "{}", screen[3]);
    rig.press("Tab");
    assert_eq!((text(&rig), rig.console.ui.list.shown()), ("airline:QG", 2));
    rig.press("BackTab");
    assert_eq!((text(&rig), rig.console.ui.list.shown()), ("airline:TR", 1));
    // What was completed is text like all other.
    rig.press(", f Tab");
    assert_eq!((text(&rig), rig.console.ui.list.shown()), ("airline:TR,FR", 2));
    rig.press("Space ! stat Tab ticketed");
    assert_eq!((text(&rig), rig.console.ui.list.shown()), ("airline:TR,FR !status:ticketed", 2));
    let mut rig = typed("status:tick Tab");
    assert_eq!(text(&rig), "status:ticketed");
    rig.press("C-u method:v Tab");
    assert_eq!(text(&rig), "method:vcc");
    rig.press("C-u currency: Tab");
    assert_eq!(text(&rig), "currency:USD");
}

#[test]
fn tab_completes_the_whole_of_what_the_caret_stands_in() {
    for (typed, back, want, caret) in [
        ("airline:TR", 7, "airline:TR", 8),
        ("airline:TR", 1, "airline:TR", 10),
        ("airline:TR,5J", 4, "airline:TR,5J", 10),
        ("pax:\"LIN/M\",x", 4, "pax:LIN/MEIYU,x", 13),
        ("!airl TR", 5, "!airline: TR", 9),
    ] {
        let mut rig = desk((80, 24));
        rig.press("/");
        rig.message(paydesk::console::Message::Paste(typed.into()));
        for _ in 0..back {
            rig.strike(KeyEvent::new(KeyCode::Left, KeyModifiers::NONE), Duration::from_millis(125));
        }
        // A key right behind a paste is none of a hand.
        rig.pass(SECOND);
        rig.press("Tab");
        assert_eq!((text(&rig), rig.console.ui.filter.input().cursor()), (want, caret), "{typed}");
    }
}

#[test]
fn what_is_pasted_again_and_again_does_not_grow_without_end() {
    for keys in ["/", "F", ":", "? /"] {
        let mut rig = desk((80, 24));
        rig.press(keys);
        for _ in 0..3 {
            rig.message(paydesk::console::Message::Paste("a:,".repeat(1_000)));
        }
        rig.draw();
        let ui = &rig.console.ui;
        let longest = [ui.filter.value(), ui.search.value()].map(|text| text.chars().count());
        assert!(longest.iter().all(|chars| *chars <= 4_096), "{keys}: {longest:?}");
    }
}

#[test]
fn tab_completes_in_chinese_and_says_so_where_it_knows_nothing() {
    let mut rig = typed("Esc L / 航 Tab");
    assert_eq!(text(&rig), "航程:");
    rig.press("Tab");
    assert_eq!(text(&rig), "航司:", "the list of fields goes round");
    rig.press("C-u 状态:已出 Tab");
    assert_eq!((text(&rig), rig.console.ui.list.shown()), ("状态:已出票", 1));
    rig.press("C-u xyz Tab");
    assert_eq!(text(&rig), "xyz");
    assert!(rig.screen().contains("没有以此开头的内容"));
}

#[test]
fn tab_completes_the_names_of_passengers_that_orders_have() {
    let mut rig = typed("pax:lin Tab");
    assert_eq!((text(&rig), rig.console.ui.list.shown()), ("pax:LIN/MEIYU", 5));
    rig.press("C-u route:cgk Tab");
    assert_eq!(text(&rig), "route:CGK-SUB");
}

/// Where the caret stands on the screen, and what stands before it in its line.
fn caret(rig: &mut Rig) -> (u16, String) {
    let size = rig.console.ui.size;
    let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, size.0, size.1));
    let caret = rig.console.draw(&mut buffer).unwrap();
    let mut before = String::new();
    let mut x = 0;
    while x < caret.x {
        let symbol = buffer[(x, caret.y)].symbol();
        before.push_str(symbol);
        x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol)).unwrap().max(1);
    }
    assert_eq!(x, caret.x, "the caret stands in a character of {before:?}");
    (caret.x, before)
}

#[test]
fn the_caret_stands_behind_what_is_before_it_however_long_and_wide_the_text_is() {
    for keys in ["/", "F", ":"] {
        for letters in ["王小明", "a王", "ab", "王a小"] {
            for length in 1..90 {
                let mut rig = desk((80, 24));
                rig.press(keys);
                let typed: String = letters.chars().cycle().take(length).collect();
                rig.message(paydesk::console::Message::Paste(typed.clone()));
                for back in [0, 1, 2, 30] {
                    for _ in 0..back {
                        rig.strike(
                            KeyEvent::new(KeyCode::Left, KeyModifiers::NONE),
                            Duration::from_millis(125),
                        );
                    }
                    let stands = length.saturating_sub(match back {
                        0 => 0,
                        1 => 1,
                        2 => 3,
                        _ => 33,
                    });
                    let (_, before) = caret(&mut rig);
                    let last: String = typed.chars().take(stands).skip(stands.saturating_sub(3)).collect();
                    let seen = before.trim_start_matches(|c: char| !typed.contains(c));
                    let seen: String =
                        seen.chars().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect();
                    assert!(
                        last.ends_with(&seen) || seen.ends_with(&last),
                        "{keys} {typed} at {stands}: {before:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_mistake_is_marked_at_its_letter_and_the_filter_before_it_stays_in_force() {
    let mut rig = typed("airline:QG Space");
    assert_eq!(rig.console.ui.list.shown(), 2);
    rig.press("status:unpayd");
    assert_eq!(rig.console.ui.list.shown(), 2, "the last one that could be read is in force");
    let screen = rig.draw();
    let column = |line: &str, part: &str| line.find(part).unwrap();
    assert_eq!(column(&screen[3], "^"), column(&screen[2], "unpayd"), "{}\n{}", screen[2], screen[3]);
    assert!(screen[3].contains("status is never unpayd: unpaid?"), "{}", screen[3]);
    assert!(screen[4].contains("still in force: airline:QG"), "{}", screen[4]);
    // Enter keeps no mistake.
    rig.press("Enter");
    assert_eq!(rig.console.ui.layers.context(), Context::Filter);
    assert!(rig.screen().contains("Mend the filter first"));
    rig.press("Backspace Backspace id Enter");
    assert_eq!((rig.console.ui.layers.context(), text(&rig)), (Context::Table, "airline:QG status:unpaid"));
    assert_eq!(rig.console.ui.list.shown(), 2);
    // What was a name on its way was never meant as a word.
    let mut rig = typed("airline:QG,TR,5J Space created:>1h");
    let screen = rig.draw();
    assert_eq!(column(&screen[3], "^"), column(&screen[2], "1h"));
    assert!(screen[4].ends_with("created is written as >14:05, 13:00..14:00, 2026-11-03"), "{}", screen[4]);
    assert!(screen[5].contains("still in force: airline:QG,TR,5J created:"), "{}", screen[5]);
    let mut rig = typed("airlin:TR");
    assert_eq!(rig.console.ui.list.shown(), 5);
    assert!(rig.draw()[4].contains("still showing all"));
    assert!(rig.draw()[3].contains("no field is called airlin: airline?"));
    rig.press("Esc");
    assert_eq!((text(&rig), rig.console.ui.list.shown()), ("", 5));
    assert!(!rig.screen().contains("airlin"));
}

#[test]
fn a_question_mark_lists_the_fields_where_a_term_begins_and_is_a_letter_elsewhere() {
    for key in ["?", "？"] {
        let mut rig = typed(key);
        assert_eq!(text(&rig), "");
        let screen = rig.screen();
        assert!(screen.contains("due:<10m") && screen.contains("note:\"call back\""), "{screen}");
        rig.press("Esc");
        assert!(!rig.screen().contains("due:<10m"));
        assert_eq!(rig.console.ui.layers.context(), Context::Filter, "Esc took the list away alone");
        rig.press("TR");
        rig.press(key);
        assert_eq!(text(&rig), format!("TR{key}"));
        rig.press("C-u airline:QG Space");
        rig.press(key);
        assert_eq!(text(&rig), "airline:QG ");
        assert!(rig.screen().contains("due:<10m"));
        // It stays while the term is typed.
        rig.press("T");
        assert!(rig.screen().contains("due:<10m"));
        rig.press("Enter");
        assert!(!rig.screen().contains("due:<10m"));
    }
}

#[test]
fn a_filter_that_is_longer_than_its_line_is_seen_around_the_caret() {
    let mut rig = typed(
        "airline:TR,5J,QG,FR Space !status:ticketed Space amount:>100USD Space route:cgk Space from:cgk Space pax:linmei",
    );
    let screen = rig.draw();
    assert!(screen[2].ends_with("pax:linmei"), "{}", screen[2]);
    assert!(!screen[2].contains("airline"));
    let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 80, 24));
    let caret = rig.console.draw(&mut buffer).unwrap();
    assert_eq!(usize::from(caret.x), screen[2].len());
    rig.press("C-a");
    assert!(rig.draw()[2].contains("/airline:TR,5J"));
}

#[test]
fn a_filter_in_force_is_seen_on_every_screen() {
    for size in [(80, 24), (120, 40), (200, 50)] {
        for (lang, want) in
            [(Lang::En, "4 of 5, filter !status:ticketed"), (Lang::ZhCn, "4/5 筛选 !status:ticketed")]
        {
            for keys in ["$", "t", "?", "@", "Enter $", "$ Enter", "c"] {
                let mut rig = desk(size);
                rig.console.ui.lang = lang;
                rig.press("/ !status:ticketed Enter");
                rig.press(keys);
                rig.pass(SECOND);
                let screen = rig.draw();
                let table = ["4 of 5 orders", "4 / 5 个订单"].iter().any(|count| screen[3].contains(count));
                let said = screen[1..3].iter().any(|line| line.contains(want));
                assert!(said || table, "{keys} {lang:?}: {screen:#?}");
                assert!(table == matches!(keys, "c"), "{keys}");
            }
        }
    }
    let mut rig = desk((80, 24));
    rig.press("$");
    assert!(!rig.screen().contains("filter"), "none is set");
}

#[test]
fn an_order_comes_into_the_filter_when_its_time_has_come_without_a_key() {
    let mut rig = typed("due:<10m Enter");
    assert_eq!(rig.console.ui.list.shown(), 0);
    rig.pass(SignedDuration::from_secs(60));
    assert_eq!(rig.console.ui.list.shown(), 0, "exactly ten minutes are not less");
    rig.pass(SECOND);
    let row = rig.console.ui.list.row(0).map(|(case, _)| case.order.no);
    assert_eq!(row, Some(number(2)));
    assert!(rig.screen().contains("1 of 5 orders"));
    rig.pass(SignedDuration::from_mins(10));
    let orders = (0..rig.console.ui.list.shown()).map(|at| rig.console.ui.list.row(at).unwrap().0.order.no);
    let orders: Vec<_> = orders.collect();
    assert_eq!(orders, [number(1), number(3), number(5)], "it has lapsed, and others have come");
}
