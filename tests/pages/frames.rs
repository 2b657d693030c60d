//! What holds for the lines of every page: they keep off their frames, and what is cut says so.

use std::collections::BTreeSet;

use paydesk::{console::view::layout::page_width, lang::Lang};
use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    rig::Rig,
    scenes::{ALL, LANGS, SIZES, desk},
};

fn drawn(rig: &Rig) -> Buffer {
    let (columns, rows) = rig.console.ui.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    rig.console.draw(&mut buffer);
    buffer
}

#[test]
fn nothing_touches_a_frame() {
    for (name, show) in ALL {
        for (columns, rows) in SIZES {
            for lang in LANGS {
                let mut rig = desk((columns, rows), lang);
                show(&mut rig);
                let buffer = drawn(&rig);
                for y in 0..rows {
                    for x in (0..columns).filter(|x| buffer[(*x, y)].symbol() == "│") {
                        let below = buffer[(x, y + 1)].symbol();
                        // A question that lies over a part of the page interrupts it.
                        let has_question = name == "quitting" || name.starts_with("confirm");
                        let goes_on = has_question || matches!(below, "│" | "╰" | "╯" | "├" | "┤");
                        assert!(goes_on, "{name}, {x},{y} ends in {below:?}\n{}", rig.screen());
                        let beside = [x.checked_sub(1), Some(x + 1).filter(|x| *x < columns)];
                        for symbol in beside.into_iter().flatten().map(|x| buffer[(x, y)].symbol()) {
                            let is_free = matches!(symbol, " " | "│");
                            assert!(is_free, "{name}, {x},{y}: {symbol:?}\n{}", rig.screen());
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn no_line_of_a_chinese_page_begins_with_a_closing_sign() {
    for (name, show) in ALL {
        for width in (80..=140).step_by(3) {
            let mut rig = desk((width, 40), Lang::ZhCn);
            show(&mut rig);
            let screen = rig.draw();
            for part in screen.iter().flat_map(|line| line.split('│')).map(str::trim) {
                let is_wrong = part.starts_with(|sign| "，。；：）、！？」』》】％".contains(sign));
                assert!(!is_wrong, "{part:?} of {name} at {width}: {screen:#?}");
            }
        }
    }
}

/// The words in the first columns of a screen below its head.
fn words(rig: &mut Rig, width: u16) -> BTreeSet<String> {
    let width = usize::from(width);
    let mut lines = rig.draw();
    // The foot of a page goes over the whole screen.
    if width < lines[0].chars().count() {
        lines.pop();
    }
    let words = lines.iter().skip(2).flat_map(|line| {
        let page: String = line.chars().take(width).collect();
        page.split([' ', '│']).map(ToOwned::to_owned).collect::<Vec<_>>()
    });
    words.collect()
}

/// Half a word is one that stands in no text, and on no page with room for everything.
#[test]
fn no_word_is_cut_without_a_mark() {
    let texts: BTreeSet<String> =
        paydesk::lang::all().flat_map(|(_, en, _)| en.split(' ')).map(ToOwned::to_owned).collect();
    for (name, show) in ALL {
        // A list has no room for all of it anywhere.
        let mut wide = desk((400, 120), Lang::En);
        show(&mut wide);
        let whole = words(&mut wide, 400);
        for size in SIZES {
            // Where a question lies over a part of the page, that is cut by it.
            if name == "quitting" || (name.starts_with("confirm") && size.0 > 80) {
                continue;
            }
            let mut rig = desk(size, Lang::En);
            show(&mut rig);
            for word in words(&mut rig, page_width(size.0)) {
                let is_known = whole.contains(&word) || texts.contains(&word) || word.ends_with('~');
                let is_word = word.chars().all(|c| c.is_alphabetic() || c == '\'');
                assert!(is_known || !is_word, "{name} {size:?}: {word:?}\n{}", rig.screen());
            }
        }
    }
}
