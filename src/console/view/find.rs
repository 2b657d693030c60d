//! The prompt for what to look for at the vendor: what is typed, what it means, and which forms there are.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, wrap},
    input::Window,
    layout::page_width,
    pane::around,
};
use crate::{
    console::{
        layer::{
            find::{FindPrompt, Unread, Wanted, example, name, read, words},
            jump::Jump,
        },
        picture::Picture,
        theme::Role,
    },
    domain::find::Kind,
};

/// Columns of the screen that the pane takes.
const WIDTH: u16 = 62;

/// Columns before what a form means.
const EXAMPLE: u16 = 16;

/// Draws the prompt; returns its caret.
pub(super) fn draw(
    picture: Picture<'_>,
    prompt: &FindPrompt,
    screen: Rect,
    canvas: &mut Canvas<'_>,
) -> Position {
    let lang = picture.lang();
    let about = wrap(lang.text("find.about"), WIDTH - 4);
    let lines = u16::try_from(Kind::ALL.len() + 1 + about.len()).unwrap_or(8);
    let height = lines + 6;
    let room = page_width(screen.width);
    let frame =
        Rect { x: screen.x + (room.saturating_sub(WIDTH)) / 2, y: screen.y + 4, width: WIDTH, height };
    canvas.lift(around(frame));
    let inner = canvas.pane(frame, lang.text("find.title"), "", Role::Accent);
    let typed = prompt.input.value();
    let (field, y) = (Rect { height: 1, ..inner }, inner.y);
    let Window { shown, caret, .. } = Window::of(&prompt.input, field.width - 1);
    canvas.tint(field, Role::Field);
    canvas.put(field.x, y, field.width, Role::Field, shown);
    let (role, meant) = match read(typed) {
        Ok(Wanted::Find(find)) => (Role::Strong, lang.fill("find.meant", &[("what", &words(lang, &find))])),
        Ok(Wanted::Jump(Jump::Order(order))) => {
            (Role::Strong, lang.fill("find.meant_order", &[("order", &order)]))
        }
        Ok(Wanted::Jump(Jump::Pnr(pnr))) => (Role::Strong, pnr.as_str().to_owned()),
        Err(Unread::Empty) => (Role::Muted, String::new()),
        Err(Unread::Form) => (Role::Soon, lang.text("find.no_form").to_owned()),
        Err(Unread::Value(kind)) => (
            Role::Soon,
            lang.fill("find.no_value", &[("field", &name(lang, kind)), ("example", &example(lang, kind))]),
        ),
    };
    canvas.put_cut(inner.x, y + 1, inner.width, role, &meant);
    canvas.rule(inner.x, y + 2, inner.width);
    let order = (lang.text("find.order_example"), lang.text("find.order"));
    let forms = Kind::ALL.iter().map(|kind| (example(lang, *kind), name(lang, *kind))).chain([order]);
    let mut y = y + 3;
    for (example, name) in forms {
        canvas.put(inner.x, y, EXAMPLE, Role::Accent, example);
        canvas.put_cut(inner.x + EXAMPLE, y, inner.width - EXAMPLE, Role::Text, name);
        y += 1;
    }
    for line in &about {
        y += 1;
        canvas.put(inner.x, y, inner.width, Role::Muted, line);
    }
    Position::new((field.x + caret).min(field.right() - 1), field.y)
}
