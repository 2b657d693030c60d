//! What stands at the head of several screens: the stage, and the time that is left.

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::{
    config::Stage,
    console::{
        column::{self, countdown},
        picture::Picture,
        theme::Role,
    },
    domain::{
        case::Case,
        order::{Order, OrderNo},
    },
};

/// LIVE, SANDBOX or DEMO, first on every screen. Returns the column after it.
pub(super) fn stage(picture: Picture<'_>, x: u16, y: u16, canvas: &mut Canvas<'_>) -> u16 {
    let stage = picture.model.setup.stage;
    let role = if stage == Stage::Live { Role::Live } else { Role::Stage };
    canvas.put(x, y, 12, role, &format!(" {} ", stage.word()))
}

/// The head of a page over the whole screen that is about one order: stage, title and number. Returns the column after it.
pub(super) fn title(
    picture: Picture<'_>,
    key: &'static str,
    order: OrderNo,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> u16 {
    let x = stage(picture, area.x, area.y, canvas);
    let title = format!(" {}  {order}", picture.lang().text(key));
    canvas.put(x, area.y, area.width, Role::Title, &title) + 2
}

/// Where it flies and who with, beside the title, `kept` columns before the end left free.
pub(super) fn trip(order: &Order, x: u16, area: Rect, kept: u16, canvas: &mut Canvas<'_>) {
    let x = canvas.put(x, area.y, area.width.saturating_sub(x), Role::Plain, &order.route()) + 2;
    let names: Vec<&str> = order.passengers.iter().map(|name| name.as_str()).collect();
    canvas.put(x, area.y, area.right().saturating_sub(x + kept), Role::Dim, &names.join(", "));
}

/// When the order was asked for, or that it still is.
pub(super) fn asked(picture: Picture<'_>, asked: Option<Timestamp>) -> String {
    let lang = picture.lang();
    match asked {
        Some(at) => {
            let at = at.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
            lang.fill("recover.asked", &[("at", &at)])
        }
        None => lang.text("recover.asking").to_owned(),
    }
}

/// How long ago something was, in whole minutes of the clock.
pub(super) fn age(picture: Picture<'_>, since: Timestamp) -> String {
    let [now, since] = [picture.model.now(), since].map(column::whole_minute);
    column::age(picture.lang(), now.duration_since(since))
}

/// The time left, with its word, or that nobody knows.
pub(super) fn time_left(picture: Picture<'_>, case: &Case) -> String {
    let lang = picture.lang();
    if case.order.is_undated() {
        return lang.text("detail.undated").to_owned();
    }
    format!("{} {}", lang.text("detail.left"), left(picture, case))
}

/// The time left as a countdown.
pub(super) fn left(picture: Picture<'_>, case: &Case) -> String {
    case.order.deadline().map_or("--:--".into(), |deadline| {
        let left = deadline.duration_since(picture.model.shown_now(case));
        if left.is_positive() { countdown(left) } else { "0:00".into() }
    })
}
