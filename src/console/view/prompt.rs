//! The line that is asked for at the foot of the screen, in a frame above the keys.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns},
    hints,
    input::Window,
};
use crate::console::{
    action::Context,
    layer::prompt::{Kind, Prompt},
    picture::Picture,
    theme::Role,
    until::{self, Until},
};

/// Lines of the frame with what is in it.
const LINES: u16 = 3;

/// Draws it; returns where the caret stands.
pub(super) fn draw(picture: Picture<'_>, prompt: &Prompt, screen: Rect, canvas: &mut Canvas<'_>) -> Position {
    let lang = picture.lang();
    let on = match prompt.orders.as_slice() {
        [order] => order.short(),
        orders => lang.fill("prompt.orders", &[("count", &orders.len())]),
    };
    let foot = Rect { y: screen.bottom().saturating_sub(1), height: 1, ..screen };
    let area = Rect { y: foot.y.saturating_sub(LINES), height: LINES, ..screen };
    let inner = canvas.frame(area, Role::Accent, &lang.fill(prompt.kind.title(), &[("on", &on)]));
    if let Some((ink, end)) = comes_back(picture, prompt) {
        let width = columns(&end);
        canvas.put(area.right().saturating_sub(width + 3), area.y, width, ink, &end);
    }
    canvas.clear(foot);
    hints::draw(picture, &[Context::Note], foot, canvas);
    let room = inner.width.saturating_sub(1).max(1);
    let Window { shown, caret, .. } = Window::of(&prompt.input, room);
    canvas.tint(inner, Role::Field);
    canvas.put(inner.x, inner.y, inner.width, Role::Field, shown);
    Position::new((inner.x + caret).min(inner.right().saturating_sub(1)), inner.y)
}

/// When the orders that are snoozed come back by what is typed, or what is wrong with it.
fn comes_back(picture: Picture<'_>, prompt: &Prompt) -> Option<(Role, String)> {
    let (lang, model) = (picture.lang(), picture.model);
    if prompt.kind != Kind::Snooze {
        return None;
    }
    let now = model.now();
    let (ink, text) = match Until::read(prompt.input.value(), now, &model.setup.zone) {
        Ok(until) => {
            let at = until::shown(until.at, now, &model.setup.zone, lang);
            let back = until.at + model.health.clock_offset;
            let is_late = prompt.orders.iter().filter_map(|order| model.case(*order)).any(|case| {
                let has_time = case.order.has_time_left(model.shown_now(case));
                has_time && case.order.deadline().is_some_and(|deadline| deadline <= back)
            });
            let (ink, key) =
                if is_late { (Role::Urgent, "prompt.too_late") } else { (Role::Good, "prompt.comes_back") };
            (ink, lang.fill(key, &[("at", &at)]))
        }
        Err(key @ "prompt.empty_snooze") => (Role::Muted, lang.text(key).to_owned()),
        Err(key) => (Role::Soon, lang.text(key).to_owned()),
    };
    Some((ink, format!(" {text} ")))
}
