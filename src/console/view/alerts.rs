//! The alerts: how many wait, the newest in a line, and the list of all.

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::{
    canvas::{Canvas, columns, wrap},
    detail,
    layout::Areas,
    pane::FRAME_LINES,
};
use crate::{
    console::{
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{
        alert::{Alert, Cause, Key, Listed},
        case::Case,
    },
    lang::{alert as alert_words, words},
};

/// From so many columns on an alert stands in one line, with what to do; else in two.
const ONE_LINE_FROM: u16 = 110;

/// Lines that the order of an alert has below the list at least.
const ORDER_FROM: u16 = 10;

/// Columns of a time, of an order's number and of what is the matter.
const TIME: u16 = 10;
const ORDER: u16 = 24;
const MATTER: u16 = 36;

/// How many wait and how to see them, in the ink of the most urgent; nothing if none does.
pub(super) fn head(picture: Picture<'_>) -> Option<(Role, String)> {
    let (count, is_urgent) = picture.ui.alerts.waiting;
    let role = if is_urgent { Role::Urgent } else { Role::Soon };
    (count > 0).then(|| (role, picture.lang().fill("alert.head", &[("count", &count)])))
}

fn clock(picture: Picture<'_>, at: Timestamp) -> String {
    at.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string()
}

fn lines(picture: Picture<'_>) -> Vec<Listed> {
    picture.ui.alerts.watch.lines(&picture.model.raised, picture.model.now())
}

fn mark(key: Key, canvas: &Canvas<'_>) -> (Role, &'static str) {
    let (role, mark) = match (key.is_urgent(), key.cause) {
        (_, Cause::InDoubt(..)) => (Role::Doubt, Mark::Doubt),
        (true, _) => (Role::Urgent, Mark::Urgent),
        (false, Cause::Declined(..)) => (Role::Soon, Mark::Failed),
        (false, _) => (Role::Soon, Mark::Warning),
    };
    (role, canvas.signs.mark(mark))
}

/// The newest ones that wait, beside each other as far as they are whole.
pub(super) fn newest(picture: Picture<'_>, areas: &Areas, canvas: &mut Canvas<'_>) {
    let area = areas.alerts;
    if area.height == 0 {
        return;
    }
    let mut x = area.x + 1;
    for &Alert { key, raised_at, .. } in &picture.ui.alerts.newest {
        let case = key.cause.order().and_then(|order| picture.model.case(order));
        let text = alert_words::alert(picture.lang(), key, case.map(|case| &**case));
        let text = format!("{}  {text}", clock(picture, raised_at));
        let end = x + columns(&text) + 2;
        if end > area.right() {
            break;
        }
        let (role, sign) = mark(key, canvas);
        canvas.sign(x, area.y, role, sign);
        canvas.put(x + 2, area.y, area.width, role, &text);
        x = end + 3;
    }
}

/// The list, newest first.
pub(super) fn list(picture: Picture<'_>, selected: Option<Cause>, area: Rect, canvas: &mut Canvas<'_>) {
    let lang = picture.lang();
    let lines = lines(picture);
    let waiting = lines.iter().filter(|line| line.waits()).count();
    let end = if waiting > 0 { lang.fill("alert.waiting", &[("count", &waiting)]) } else { String::new() };
    canvas.clear(area);
    let each = if area.width >= ONE_LINE_FROM { 1 } else { 2 };
    let area = match selected_case(picture, selected) {
        Some(case) => {
            above(picture, case, u16::try_from(lines.len()).unwrap_or(u16::MAX), each, area, canvas)
        }
        None => area,
    };
    let inner = canvas.pane(area, lang.text("alert.title"), &end, Role::Accent);
    if lines.is_empty() {
        for (y, text) in (inner.y..inner.bottom()).zip(wrap(lang.text("alert.none"), inner.width)) {
            canvas.put(inner.x, y, inner.width, Role::Muted, &text);
        }
        return;
    }
    let page = usize::from(inner.height / each).max(1);
    let at = lines.iter().position(|line| Some(line.cause()) == selected);
    let top = at.map_or(0, |at| (at + 1).saturating_sub(page));
    let rows = lines.iter().enumerate().skip(top).take(page);
    for ((n, line), y) in rows.zip((inner.y..).step_by(usize::from(each))) {
        one(picture, line, at == Some(n), Rect { y, height: each, ..inner }, canvas);
    }
}

/// The order of the selected alert, if it is about one.
fn selected_case(picture: Picture<'_>, selected: Option<Cause>) -> Option<&Case> {
    picture.model.case(selected?.order()?).map(|case| &**case)
}

/// What the list needs of `area`; the order of the selected alert stands below it, where there is room for both.
fn above(
    picture: Picture<'_>,
    case: &Case,
    lines: u16,
    each: u16,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> Rect {
    let height = lines.saturating_mul(each).saturating_add(FRAME_LINES);
    let left = area.height.saturating_sub(height);
    if left < ORDER_FROM {
        return area;
    }
    detail::beside(picture, case, Rect { y: area.y + height, height: left, ..area }, canvas);
    Rect { height, ..area }
}

fn one(picture: Picture<'_>, line: &Listed, is_selected: bool, area: Rect, canvas: &mut Canvas<'_>) {
    let lang = picture.lang();
    let key = line.alert.key;
    let case = line.cause().order().and_then(|order| picture.model.case(order)).map(|case| &**case);
    let is_done = !line.waits();
    let ink = |ink| if is_done { Role::Muted } else { ink };
    let (role, sign) = mark(key, canvas);
    let y = area.y;
    if is_selected {
        canvas.sign(area.x, y, Role::Accent, canvas.signs.selection());
    }
    canvas.sign(area.x + 2, y, ink(role), if is_done { "-" } else { sign });
    let mut x = area.x + 4;
    canvas.put(x, y, TIME, Role::Muted, &clock(picture, line.alert.raised_at));
    x += TIME;
    if let Some(order) = line.cause().order() {
        canvas.put(x, y, ORDER, ink(Role::Text), order.as_str());
        x += ORDER;
    }
    let is_wide = area.height == 1;
    let room = area.right().saturating_sub(x);
    let matter = alert_words::matter(lang, key, case);
    canvas.put_cut(x, y, if is_wide { room.min(MATTER) } else { room }, ink(role), &matter);
    let next = match case {
        _ if line.is_over => lang.text("alert.over").to_owned(),
        Some(case) => {
            let made = picture.model.successor(case).map(|made| &**made);
            words::next_on(lang, case, made, picture.model.shown_clocks(case))
        }
        None => alert_words::around(lang, line.cause()).to_owned(),
    };
    let acknowledged = line
        .alert
        .acknowledged
        .as_ref()
        .map(|(who, at)| lang.fill("alert.acknowledged", &[("who", who), ("at", &clock(picture, *at))]));
    let said = acknowledged.unwrap_or(next);
    // In a line of its own below the time, or behind what is the matter.
    let below = area.x + 4 + TIME;
    let (x, y) = if is_wide { (below + ORDER + MATTER + 1, y) } else { (below, y + 1) };
    canvas.put_cut(x, y, area.right().saturating_sub(x), ink(Role::Text), &said);
    if is_selected {
        canvas.tint(Rect { height: 1, ..area }, Role::Selection);
    }
}
