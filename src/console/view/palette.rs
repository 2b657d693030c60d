//! The palette: a line to type into, and below it what that finds, with the keys that would have done the same.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns},
    input::Window,
    pane::around,
};
use crate::console::{
    layer::palette::{Found, Palette},
    picture::Picture,
    theme::Role,
};

/// Columns of its pane at most.
const WIDTH: u16 = 78;

/// Lines of its list at most,
const LINES: u16 = 14;

/// and on a screen of fewer lines as many as there are: what would look out below it is cut off from what it belongs to.
const WHOLE_BELOW: u16 = 32;

/// Where it lies, on a screen of that size: below the bars, and above the foot.
fn area(screen: Rect) -> Rect {
    let width = WIDTH.min(screen.width.saturating_sub(2));
    let height = height(screen.height);
    Rect { x: screen.x + (screen.width - width) / 2, y: screen.y + 2, width, height }
}

/// Its lines with the frame and what is typed: between the bars at the head and the one at the foot.
fn height(rows: u16) -> u16 {
    let room = rows.saturating_sub(3);
    if rows < WHOLE_BELOW { room } else { room.min(LINES + 3) }
}

/// How many actions it shows at a time on a screen with so many rows.
pub fn page(rows: u16) -> usize {
    usize::from(height(rows).saturating_sub(3))
}

/// Draws it; returns the caret.
pub(super) fn draw(
    picture: Picture<'_>,
    palette: &Palette,
    screen: Rect,
    canvas: &mut Canvas<'_>,
) -> Position {
    let (lang, keymap) = (picture.lang(), &picture.model.setup.keymap);
    let pane = area(screen);
    canvas.lift(around(pane));
    // What is chosen is about this order, which the pane may hide.
    let subject = picture.subject().map(|order| order.to_string()).unwrap_or_default();
    let inner = canvas.pane(pane, lang.text("palette.title"), &subject, Role::Accent);
    canvas.put(inner.x, inner.y, 1, Role::Accent, ":");
    let room = inner.width.saturating_sub(3);
    let input = palette.input();
    let Window { shown, caret, .. } = Window::of(input, room);
    canvas.put(inner.x + 1, inner.y, room, Role::Field, shown);
    let count = palette.found().len().to_string();
    if columns(input.value()) + columns(&count) + 3 < room {
        canvas.put_right(inner.x, inner.y, inner.width, Role::Muted, &count);
    }
    let caret = Position::new((inner.x + 1 + caret).min(inner.right()), inner.y);
    let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    if palette.found().is_empty() {
        canvas.put_cut(list.x + 2, list.y, list.width - 2, Role::Muted, lang.text("palette.nothing"));
        return caret;
    }
    let rows = usize::from(list.height);
    let top = palette.chosen().unwrap_or(0).saturating_sub(rows.saturating_sub(1));
    let standing = picture.standing();
    let found = palette.found();
    let keys = |at: usize| {
        let row = match &found[at] {
            Found::Action(action) => action.row(),
            Found::Jump(_) => None,
        };
        row.map_or_else(String::new, |row| keymap.labels(palette.below, row))
    };
    let widest = (0..found.len()).map(|at| columns(&keys(at))).max().unwrap_or(0).min(14);
    for (at, y) in (top..found.len()).zip(list.y..list.bottom()) {
        let why = match &found[at] {
            Found::Action(action) => action.possible(standing).err(),
            Found::Jump(_) => None,
        };
        let is_chosen = Some(at) == palette.chosen();
        if is_chosen {
            canvas.tint(Rect { y, height: 1, ..list }, Role::Selection);
            canvas.put(list.x, y, 1, Role::Accent, canvas.signs.selection());
        }
        let ink = |role| if why.is_some() { Role::Muted } else { role };
        canvas.put_cut(list.x + 2, y, widest, ink(Role::Accent), &keys(at));
        let x = list.x + 2 + widest + 2;
        let title = found[at].title(lang);
        let end = canvas.put_cut(x, y, list.right().saturating_sub(x), ink(Role::Text), &title);
        if let Some(why) = why {
            let room = list.right().saturating_sub(end + 2);
            canvas.put_cut(end + 2, y, room, Role::Muted, &picture.why(why));
        }
    }
    caret
}
