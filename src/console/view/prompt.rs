//! The line that is asked for at the foot of the screen, in a frame above the keys.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns},
    filter::skip,
    hints,
};
use crate::console::{action::Context, picture::Picture, prompt::Prompt, theme::Role};

/// Lines of the frame with what is in it.
const LINES: u16 = 3;

/// Draws it; returns where the caret stands.
pub(super) fn draw(
    picture: Picture<'_>,
    prompt: &Prompt,
    screen: Rect,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let lang = picture.lang();
    let on = match prompt.orders.as_slice() {
        [order] => order.short().to_string(),
        orders => lang.fill("prompt.orders", &[("count", &orders.len())]),
    };
    let foot = Rect { y: screen.bottom().saturating_sub(1), height: 1, ..screen };
    let area = Rect { y: foot.y.saturating_sub(LINES), height: LINES, ..screen };
    let inner = canvas.frame(area, Role::Accent, &lang.fill(prompt.kind.title(), &[("on", &on)]));
    canvas.clear(foot);
    hints::draw(lang, &[Context::Note], foot, canvas);
    let room = inner.width.saturating_sub(1).max(1);
    let scroll = u16::try_from(prompt.input.visual_scroll(usize::from(room))).unwrap_or(0);
    canvas.tint(inner, Role::Field);
    canvas.put(inner.x, inner.y, inner.width, Role::Field, skip(prompt.input.value(), scroll));
    let before: String = prompt.input.value().chars().take(prompt.input.cursor()).collect();
    let caret = inner.x + columns(&before).saturating_sub(scroll);
    Some(Position::new(caret.min(inner.right().saturating_sub(1)), inner.y))
}
