//! All keys, part by part in two columns, from the table of actions; and what the signs mean.

use ratatui::layout::{Position, Rect};

use super::canvas::{Canvas, columns, wrap};
use crate::{
    console::{
        action::{Action, Context},
        keymap::{self, Hint},
        picture::Picture,
        theme::{Mark, Role},
    },
    lang::Lang,
};

/// The part below which it stands what a filter finds.
const FILTER: &str = "context.filter";

/// Lines at the foot: whether there is more, and what the signs mean.
const NOTES: u16 = 5;

/// Columns of the screen that keys take at least.
const KEYS: u16 = 9;

/// One line of the list.
enum Line {
    Blank,
    Title(&'static str),
    Text(String),
    /// Two keys side by side, each in so many columns before its text.
    Keys([Option<Hint>; 2], u16),
}

/// Draws the list from where it is scrolled to.
pub(super) fn draw(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let inner = canvas.frame(area, Role::Accent, lang.text("help.title"));
    let lines = lines(lang, inner.width);
    let room = inner.height.saturating_sub(NOTES);
    let above = picture.ui.overlay_scroll.min(lines.len().saturating_sub(usize::from(room)));
    for (line, y) in lines.iter().skip(above).zip(inner.y..inner.y + room) {
        match line {
            Line::Blank => {}
            Line::Title(title) => {
                canvas.put(inner.x, y, inner.width, Role::Accent, title);
            }
            Line::Text(text) => {
                canvas.put(inner.x, y, inner.width, Role::Muted, text);
            }
            Line::Keys(pair, keys) => {
                let width = inner.width / 2;
                for (x, hint) in [inner.x, inner.x + width].into_iter().zip(pair) {
                    let Some(hint) = hint else { continue };
                    canvas.put(x, y, *keys, Role::Accent, &hint.keys);
                    canvas.put(x + keys + 1, y, width.saturating_sub(keys + 2), Role::Text, hint.text);
                }
            }
        }
    }
    if usize::from(room) + above < lines.len() {
        let more = lang.fill("help.more", &[("key", &keymap::label(Context::Overlay, Action::LineDown))]);
        canvas.put(inner.x, inner.y + room, inner.width, Role::Muted, &more);
    }
    let sign = |mark| canvas.signs.mark(mark);
    let (failed, going, done) = (sign(Mark::Failed), sign(Mark::Going), sign(Mark::Done));
    let (warning, selected) = (sign(Mark::Warning), canvas.signs.selection());
    let signs: [(&str, &dyn std::fmt::Display); 5] = [
        ("failed", &failed),
        ("going", &going),
        ("done", &done),
        ("warning", &warning),
        ("selected", &selected),
    ];
    let notes = [lang.fill("help.marks", &signs), lang.text("help.money").to_owned()];
    let notes = notes.iter().flat_map(|note| wrap(note, inner.width));
    for (y, line) in (inner.y + room + 1..inner.bottom()).zip(notes) {
        canvas.put(inner.x, y, inner.width, Role::Muted, &line);
    }
    None
}

/// The whole list. What stands on the screen below it, the keys of the table, comes first and without a title.
fn lines(lang: Lang, width: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    for section in keymap::help(lang) {
        if !lines.is_empty() {
            lines.extend([Line::Blank, Line::Title(lang.text(section.title))]);
        }
        let keys = section.keys.iter().map(|hint| columns(&hint.keys)).max().unwrap_or_default().max(KEYS);
        let mut left = section.keys;
        let mut right = left.split_off(left.len().div_ceil(2)).into_iter();
        lines.extend(left.into_iter().map(|hint| Line::Keys([Some(hint), right.next()], keys)));
        if section.title == FILTER {
            lines.extend(wrap(lang.text("help.filter"), width).into_iter().map(Line::Text));
        }
    }
    lines
}
