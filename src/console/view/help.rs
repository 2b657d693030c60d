//! All keys, part by part in two columns, from the table of actions; and what the signs mean.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns, wrap},
    overlay,
};
use crate::{
    console::{
        action::{Action, Context},
        keymap::Hint,
        layer::Layer,
        picture::Picture,
        theme::{Mark, Role, Signs},
    },
    domain::fold::fold_text,
    lang::Lang,
};

/// The part below which it stands what a filter finds.
const FILTER: &str = "context.filter";

/// Lines of the pane below the list: that there is more, and that no key pays.
const KEPT: u16 = 2;

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
    let inner =
        canvas.frame_with(area, Role::Accent, lang.text("help.title"), &overlay::searched(picture, area));
    let over = [Context::Overlay, Context::Search, Context::Palette];
    let below = picture.ui.layers.iter().rev().map(Layer::context).find(|context| !over.contains(context));
    let mut lines = lines(picture, below.unwrap_or(Context::Table), inner);
    // At the foot: what the signs mean, where there is room for it below everything else.
    let mut notes = notes(lang, canvas.signs, inner.width);
    if lines.len() + notes.len() + 1 > usize::from(inner.height) {
        let money = notes.split_off(notes.len().saturating_sub(1));
        lines.extend(std::iter::once(Line::Blank).chain(notes.into_iter().map(Line::Text)));
        notes = money;
    }
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
                    let ink = |role| if hint.is_off { Role::Muted } else { role };
                    canvas.put(x, y, *keys, ink(Role::Accent), &hint.keys);
                    canvas.put(x + keys + 1, y, width.saturating_sub(keys + 2), ink(Role::Text), hint.text);
                }
            }
        }
    }
    if usize::from(room) + above < lines.len() {
        let more = lang.fill(
            "help.more",
            &[("key", &picture.model.setup.keymap.label(Context::Overlay, Action::LineDown))],
        );
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

/// The whole list, or what a search leaves of it. The keys of the screen below it come first, and without a title.
///
/// What has more lines than the pane goes on in the next one as a whole: nobody reads a column over two of them.
fn lines(picture: Picture<'_>, below: Context, inner: Rect) -> Vec<Line> {
    let (width, screen) = (inner.width, 2 * usize::from(inner.height.saturating_sub(KEPT)));
    let (lang, mut lines) = (picture.lang(), Vec::new());
    let is_searched = !picture.ui.search.value().is_empty();
    for mut section in picture.model.setup.keymap.help(lang, below, picture.standing()) {
        let title = lang.text(section.title);
        let is_named = fold_text(picture.ui.search.value()).trim().eq_ignore_ascii_case(title);
        section.keys.retain(|hint| is_named || overlay::is_found(picture, &[&hint.keys, hint.text]));
        if section.keys.is_empty() {
            continue;
        }
        if !lines.is_empty() || is_searched {
            if !lines.is_empty() {
                lines.push(Line::Blank);
            }
            lines.push(Line::Title(title));
        }
        let keys = section.keys.iter().map(|hint| columns(&hint.keys)).max().unwrap_or_default().max(KEYS);
        for part in section.keys.chunks(screen.max(2)) {
            let (left, right) = part.split_at(part.len().div_ceil(2));
            let mut right = right.iter().cloned();
            lines.extend(left.iter().cloned().map(|hint| Line::Keys([Some(hint), right.next()], keys)));
        }
        if section.title == FILTER && !is_searched {
            lines.extend(wrap(lang.text("help.filter"), width).into_iter().map(Line::Text));
        }
    }
    if lines.is_empty() {
        lines.push(Line::Text(lang.text("help.nothing").to_owned()));
    }
    lines
}
