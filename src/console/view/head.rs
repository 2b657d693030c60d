//! What stands at the head of several screens: the stage, and the time that is left.

use super::canvas::Canvas;
use crate::{
    config::Stage,
    console::{column::countdown, picture::Picture, theme::Role},
    domain::context::PaymentContext,
    lang::Lang,
};

/// LIVE, SANDBOX or DEMO, first on every screen. Returns the column after it.
pub(super) fn stage(picture: Picture<'_>, x: u16, y: u16, canvas: &mut Canvas<'_>) -> u16 {
    let stage = picture.model.setup.stage;
    let role = if stage == Stage::Live { Role::Live } else { Role::Stage };
    canvas.put(x, y, 12, role, &format!(" {} ", stage.word()))
}

/// The time left, with its word, or that nobody knows.
pub(super) fn time_left(lang: Lang, payment_context: &PaymentContext<'_>) -> String {
    if payment_context.order.is_undated() {
        return lang.text("detail.undated").to_owned();
    }
    format!("{} {}", lang.text("detail.left"), left(payment_context))
}

/// The time left as a countdown.
pub(super) fn left(payment_context: &PaymentContext<'_>) -> String {
    payment_context.order.deadline().map_or("--:--".into(), |deadline| {
        let left = deadline.duration_since(payment_context.now);
        if left.is_positive() { countdown(left) } else { "0:00".into() }
    })
}
