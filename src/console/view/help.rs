//! All keys, part by part in two columns, from the table of actions; and what the signs mean.

use ratatui::layout::{Position, Rect};

use super::canvas::{Canvas, columns, wrap};
use crate::{
    console::{
        action::{Action, Context},
        keymap::{self, Hint},
        layer::Layer,
        picture::Picture,
        theme::{Mark, Role, Signs},
    },
    lang::Lang,
};

/// The part below which it stands what a filter finds.
const FILTER: &str = "context.filter";

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
    let below =
        picture.ui.layers.iter().rev().map(Layer::context).find(|context| *context != Context::Overlay);
    let lines = lines(lang, below.unwrap_or(Context::Table), inner.width);
    // At the foot: whether there is more, and what the signs mean.
    let notes = notes(lang, canvas.signs, inner.width);
    let foot = u16::try_from(notes.len()).unwrap_or(u16::MAX).saturating_add(1);
    let room = inner.height.saturating_sub(foot);
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
    for (y, line) in (inner.y + room + 1..inner.bottom()).zip(&notes) {
        canvas.put(inner.x, y, inner.width, Role::Muted, line);
    }
    None
}

/// What the signs mean, and that no key pays.
fn notes(lang: Lang, signs: Signs, width: u16) -> Vec<String> {
    let sign = |mark| signs.mark(mark);
    let (failed, going, done) = (sign(Mark::Failed), sign(Mark::Going), sign(Mark::Done));
    let (warning, selected) = (sign(Mark::Warning), signs.selection());
    let (new, changed) = (sign(Mark::New), sign(Mark::Changed));
    let values: [(&str, &dyn std::fmt::Display); 7] = [
        ("failed", &failed),
        ("going", &going),
        ("done", &done),
        ("warning", &warning),
        ("selected", &selected),
        ("new", &new),
        ("changed", &changed),
    ];
    let notes = [lang.fill("help.marks", &values), lang.text("help.money").to_owned()];
    notes.iter().flat_map(|note| wrap(note, width)).collect()
}

/// The whole list. The keys of the screen below it come first, and without a title.
fn lines(lang: Lang, below: Context, width: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    for section in keymap::help(lang, below) {
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
