//! How the desk looks, beyond its words: inks, what a moved selection changes, and that nothing touches a frame.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::time::Duration;

use crossterm::event::KeyCode;
use jiff::SignedDuration;
use paydesk::{
    config::BuiltIn,
    console::{
        Effect, Message,
        terminal::screen::Screen,
        theme::{Role, Signs, Theme},
    },
    desk::hub::Command,
    domain::{
        method::PaymentMethod,
        order::{OrderNo, OrderStatus},
    },
    lang::Lang,
};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::{Position, Rect},
    style::Modifier,
};
use rig::{Line, Rig, Sketch, case};

const SIZES: [(u16, u16); 4] = [(80, 24), (100, 30), (120, 40), (200, 50)];

/// A desk with an order of every kind, looked at in a theme with signs.
fn desk(size: (u16, u16), lang: Lang, theme: Theme, signs: Signs) -> Rig {
    let mut rig = Rig::new(size);
    rig.console.ui.lang = lang;
    rig.console.model.setup.theme = theme;
    rig.console.model.setup.signs = signs;
    let of = |n, status| Sketch { n, status, ..Sketch::default() };
    let names = vec!["VON DER HEIDE-WATANABE/MORITZ", "王小明", "王芳"];
    let sketches = [
        Sketch { n: 1, methods: PaymentMethod::ALL.to_vec(), minutes_left: 3, ..Sketch::default() },
        Sketch { n: 2, names, minutes_left: 8, ..Sketch::default() },
        Sketch {
            n: 3, names: vec!["欧阳娜娜·古力娜扎尔/迪丽热巴"], minutes_left: 27, ..Sketch::default()
        },
        Sketch { n: 4, error: Some("604"), ..of(4, OrderStatus::Cancelled) },
        of(5, OrderStatus::Ticketing),
        of(6, OrderStatus::Ticketed),
        of(7, OrderStatus::Unknown(Some(7))),
    ];
    rig.publish(sketches.iter().map(case).collect());
    rig
}

fn drawn(rig: &Rig) -> Buffer {
    let (columns, rows) = rig.console.ui.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    rig.console.draw(&mut buffer);
    buffer
}

/// The line in which the selected row stands, and the columns from its edge to the frame.
fn selected(buffer: &Buffer, signs: Signs) -> (u16, std::ops::Range<u16>) {
    let y = (0..buffer.area.height).find(|y| buffer[(2, *y)].symbol() == signs.selection()).unwrap();
    let end = (3..buffer.area.width).find(|x| buffer[(*x, y)].symbol() == signs.vertical()).unwrap();
    (y, 2..end - 1)
}

fn inks(cell: &Cell) -> (ratatui::style::Color, Modifier) {
    (cell.fg, cell.modifier)
}

#[test]
fn a_selected_row_keeps_its_inks_on_another_ground() {
    for theme in [BuiltIn::Dark, BuiltIn::Light, BuiltIn::ColourBlind].map(Theme::built_in) {
        let mut rig = desk((120, 40), Lang::En, theme.clone(), Signs::Unicode);
        let first = drawn(&rig);
        let (y, row) = selected(&first, Signs::Unicode);
        rig.press("j");
        let second = drawn(&rig);
        let ground = theme.style(Role::Selection).bg;
        assert!(ground.is_some());
        let tinted = row.clone().take_while(|x| Some(first[(*x, y)].bg) == ground).count();
        assert!((20..=40).contains(&tinted), "{tinted}");
        for x in row.skip(1) {
            let (before, after) = (&first[(x, y)], &second[(x, y)]);
            assert_eq!((inks(before), before.symbol()), (inks(after), after.symbol()), "column {x}");
            assert_eq!(Some(before.bg) == ground, usize::from(x) < 2 + tinted, "column {x}");
            assert_ne!(Some(after.bg), ground, "column {x}");
        }
    }
}

/// Urgent is rare: a row that calls for nobody has nothing of it, whatever became of its order.
#[test]
fn what_is_over_is_muted_and_what_can_be_mended_is_not() {
    let theme = Theme::built_in(BuiltIn::Dark);
    let urgent = theme.style(Role::Urgent).fg.unwrap();
    for size in SIZES {
        for (error, calls) in [(Some("604"), true), (Some("606"), false), (None, false)] {
            let mut rig = desk(size, Lang::En, theme.clone(), Signs::Unicode);
            let cancelled = Sketch { n: 8, status: OrderStatus::Cancelled, error, ..Sketch::default() };
            rig.publish(vec![case(&cancelled)]);
            rig.press(&format!("p / {} Enter", rig::number(8)));
            let buffer = drawn(&rig);
            let (y, row) = selected(&buffer, Signs::Unicode);
            let said: String = row.clone().map(|x| buffer[(x, y)].symbol()).collect();
            assert!(said.contains('✗'), "{said}");
            assert_eq!(row.into_iter().any(|x| buffer[(x, y)].fg == urgent), calls, "{error:?}: {said}");
        }
    }
}

#[test]
fn on_a_wide_screen_the_detail_has_room_and_the_table_says_who_works_on_what() {
    for (size, least) in [((120, 40), 40), ((180, 45), 60), ((200, 50), 60), ((240, 60), 60)] {
        let mut rig = desk(size, Lang::En, Theme::mono(), Signs::Ascii);
        let areas = paydesk::console::view::layout::areas(rig.console.picture());
        assert!(areas.detail.unwrap().width >= least, "{areas:?}");
        assert!(size.0 < 200 || rig.screen().contains("OWNER"), "{}", rig.screen());
    }
}

#[test]
fn without_colours_the_selected_row_is_reversed() {
    let rig = desk((80, 24), Lang::ZhCn, Theme::mono(), Signs::Ascii);
    let buffer = drawn(&rig);
    let (y, row) = selected(&buffer, Signs::Ascii);
    let number = row.clone().find(|x| buffer[(*x, y)].symbol() == "~").unwrap();
    assert!((row.start..number + 7).all(|x| buffer[(x, y)].modifier.contains(Modifier::REVERSED)));
}

#[test]
fn a_moved_selection_changes_two_rows_and_the_detail_alone() {
    for size in SIZES {
        let theme = Theme::built_in(BuiltIn::Dark);
        for (keys, has_detail) in [("", true), ("p", false)] {
            let mut rig = desk(size, Lang::En, theme.clone(), Signs::Unicode);
            rig.press(keys);
            let before = drawn(&rig);
            let (y, _) = selected(&before, Signs::Unicode);
            rig.press("j");
            let after = drawn(&rig);
            assert_eq!(selected(&after, Signs::Unicode).0, y + 1);
            let (table, below) = (paydesk::console::view::layout::areas(rig.console.picture()), size.1 - 1);
            let detail = table.detail.unwrap_or_default();
            assert_eq!(detail.height > 0, has_detail);
            for at in before.area.positions() {
                let is_row = (y..y + 2).contains(&at.y) && at.x < table.table.right();
                let is_header = at.y == 0;
                if before[at] != after[at] && !is_row && !is_header {
                    assert!(detail.contains(at) && at.y < below, "{size:?} {keys}: {at:?}");
                }
            }
        }
    }
}

/// How many bytes each move of the selection through a desk writes, the greatest of them; with the detail, how many it takes
/// until the row is marked.
fn bytes_of_a_move(mut rig: Rig, keys: &str) -> (usize, usize) {
    rig.press(keys);
    let line = Line::default();
    let mut screen = Screen::new(line.clone(), rig.console.ui.size);
    let mut frame = |rig: &Rig| {
        screen.draw(rig.console.first_seen(), |buffer| rig.console.draw(buffer)).unwrap();
        line.0.take()
    };
    frame(&rig);
    let moves = ["j"; 6].iter().map(|key| {
        rig.press(key);
        let bytes = frame(&rig);
        let end = "\x1b[?2026l".as_bytes();
        let ended = bytes.windows(end.len()).position(|part| part == end);
        // A few bytes are all there at once.
        let first = ended.map_or(bytes.len(), |at| at + end.len());
        (bytes.len(), first)
    });
    moves.fold((0, 0), |(all, first), (more, marked)| (all.max(more), first.max(marked)))
}

#[test]
fn a_move_is_few_bytes_and_the_row_comes_before_the_detail() {
    let themes = [BuiltIn::Dark, BuiltIn::Light, BuiltIn::HighContrast, BuiltIn::ColourBlind, BuiltIn::Mono];
    for size in SIZES {
        for lang in [Lang::En, Lang::ZhCn] {
            for theme in themes.map(Theme::built_in) {
                for signs in [Signs::Unicode, Signs::Ascii] {
                    let desk = || desk(size, lang, theme.clone(), signs);
                    let (hidden, _) = bytes_of_a_move(desk(), "p");
                    let (all, first) = bytes_of_a_move(desk(), "");
                    assert!(all < 2_200, "{size:?} {lang:?}: {all} bytes with the detail");
                    assert!(hidden < 400, "{size:?} {lang:?}: {hidden} bytes");
                    assert!(first < 480, "{size:?} {lang:?}: the row after {first} bytes");
                }
            }
        }
    }
}

#[test]
fn a_held_key_draws_the_detail_once_it_rests() {
    for size in SIZES {
        let mut rig = desk(size, Lang::En, Theme::built_in(BuiltIn::Dark), Signs::Unicode);
        let shown = |rig: &Rig| {
            let area = paydesk::console::view::layout::areas(rig.console.picture()).detail.unwrap();
            let buffer = drawn(rig);
            (area.x..area.right()).map(|x| buffer[(x, area.y)].symbol().to_owned()).collect::<String>()
        };
        let names = |rig: &Rig, order: OrderNo| shown(rig).contains(order.as_str());
        rig.press("j");
        let read = rig.selected();
        assert!(names(&rig, read), "a key by itself: {}", shown(&rig));
        rig.pass(SignedDuration::from_secs(1));
        let hold = |rig: &mut Rig, keys: &str| {
            keys.split(' ').for_each(|key| {
                let key = KeyCode::Char(key.parse().unwrap());
                rig.strike(key.into(), Duration::from_millis(60));
            });
        };
        hold(&mut rig, "j j j");
        let passed = rig.selected();
        assert_ne!(passed, read);
        assert!(!names(&rig, passed), "while the key is held: {}", shown(&rig));
        rig.pass(SignedDuration::from_millis(120));
        assert!(names(&rig, passed), "at rest: {}", shown(&rig));
        // What is opened is what is selected, at once.
        hold(&mut rig, "k k");
        let opened = rig.selected();
        rig.press("Enter");
        assert!(names(&rig, opened));
    }
}

#[test]
fn under_a_held_key_the_table_alone_is_drawn_and_all_else_is_as_a_whole_frame_would_show_it() {
    for size in [(80, 24), (120, 40), (200, 50)] {
        for (theme, keys) in [
            (BuiltIn::Dark, "j j j j j j k k k G k k k"),
            (BuiltIn::Light, "j j j p j j j p j j"),
            (BuiltIn::Mono, "j j j L j j S j Esc j j Space Space j j"),
            (BuiltIn::Dark, "j j j ? j Esc j j f j j f 2 j j 7 j j Enter j j Esc j j n n n"),
        ] {
            let mut rig = desk(size, Lang::En, Theme::built_in(theme), Signs::Unicode);
            rig.publish((10..90).map(|n| case(&Sketch { n, ..Sketch::default() })).collect());
            let (mut frame, mut alone) = (drawn(&rig), 0);
            for key in rig::strokes(keys) {
                rig.strike(key, Duration::from_millis(if key.code == KeyCode::Char('j') { 30 } else { 60 }));
                let whole = drawn(&rig);
                if rig.console.has_only_moved() {
                    rig.console.draw_table(&mut frame);
                }
                if rig.console.is_moving() {
                    alone += 1;
                } else {
                    frame = whole.clone();
                }
                rig.message(Message::Drawn);
                // The keys in the last line are those of the selected order.
                let differs = |at: &Position| frame[*at] != whole[*at] && at.y + 1 < size.1;
                assert_eq!(frame.area.positions().find(differs), None, "{size:?} {keys} at {:?}", key.code);
            }
            // Where it stands below, the detail has its upper frame in common with the table.
            assert_eq!(alone > 0, size.0 > 80, "{size:?} {keys}: {alone}");
            rig.pass(SignedDuration::from_millis(70));
            assert!(!rig.console.is_moving(), "at rest all of it is drawn");
        }
    }
}

#[test]
fn the_desk_learns_what_is_looked_at_once_a_held_key_rests() {
    let mut rig = desk((120, 40), Lang::En, Theme::built_in(BuiltIn::Dark), Signs::Unicode);
    rig.pass(SignedDuration::from_secs(1));
    rig.effects.clear();
    let watches = |rig: &Rig| {
        let is_watch = |effect: &&Effect| matches!(effect, Effect::Send(Command::Watch(_)));
        rig.effects.iter().filter(is_watch).count()
    };
    for _ in 0..30 {
        rig.message(Message::Key(KeyCode::Down.into()));
        rig.pass(SignedDuration::from_millis(33));
        rig.message(Message::Key(KeyCode::Up.into()));
        rig.pass(SignedDuration::from_millis(33));
    }
    assert_eq!(watches(&rig), 0, "while it is held");
    rig.press("j");
    rig.pass(SignedDuration::from_millis(250));
    assert_eq!(watches(&rig), 1, "at rest");
}

#[test]
fn nothing_touches_a_frame_and_nothing_runs_out_of_one() {
    for size in SIZES {
        for lang in [Lang::En, Lang::ZhCn] {
            for keys in ["", "j", "j j j", "j j j j", "Enter", "/ TEST", "f", "? ", "@", "S"] {
                let theme = Theme::built_in(BuiltIn::Dark);
                let mut rig = desk(size, lang, theme, Signs::Unicode);
                rig.press(keys);
                let buffer = drawn(&rig);
                let symbol = |x: u16, y: u16| buffer[(x, y)].symbol();
                for at in buffer.area.positions().filter(|at| symbol(at.x, at.y) == "│") {
                    for beside in
                        [at.x.checked_sub(1), Some(at.x + 1).filter(|x| *x < size.0)].into_iter().flatten()
                    {
                        let sign = symbol(beside, at.y);
                        assert!(
                            [" ", "│"].contains(&sign),
                            "{size:?} {lang:?} {keys}: {sign:?} at {at:?}\n{}",
                            rig.screen()
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn every_line_has_the_width_of_the_screen_also_where_characters_are_wide() {
    for size in SIZES {
        for signs in [Signs::Unicode, Signs::Ascii] {
            let rig = desk(size, Lang::ZhCn, Theme::built_in(BuiltIn::Dark), signs);
            let buffer = drawn(&rig);
            for y in 0..size.1 {
                let mut x = 0;
                while x < size.0 {
                    x += u16::try_from(unicode_width::UnicodeWidthStr::width(buffer[(x, y)].symbol()))
                        .unwrap()
                        .max(1);
                }
                assert_eq!(x, size.0, "line {y}");
            }
        }
    }
}

#[test]
fn the_desk_and_an_order_in_either_set_of_signs_without_colours() {
    for (signs, word) in [(Signs::Unicode, "unicode"), (Signs::Ascii, "ascii")] {
        let mut rig = desk((80, 24), Lang::En, Theme::mono(), signs);
        insta::assert_snapshot!(format!("mono_table_{word}"), rig.screen());
        rig.press("j j Enter");
        insta::assert_snapshot!(format!("mono_detail_{word}"), rig.screen());
    }
}
