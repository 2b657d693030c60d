//! The first line of every screen: what environment this is, how well the desk sees, what money there is, what time it is.

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::{
    alerts,
    canvas::{Canvas, columns},
    head::stage,
};
use crate::{
    console::{
        picture::Picture,
        theme::{Mark, Role},
        wake,
    },
    domain::{money::Money, vendor_clock::Trust},
};

/// What the program is called.
pub(super) const NAME: &str = "paydesk";

/// Columns that the host takes at most, and those below which it is not worth showing.
const LONGEST_HOST: u16 = 34;
const SHORTEST_HOST: u16 = 9;

/// Blanks between two parts.
const GAP: u16 = 2;

/// Cells of the gauge of the requests, from so many columns on.
const BUDGET_GAUGE: u16 = 6;

/// A header of fewer columns says what it can in short.
const SHORT_BELOW: u16 = 100;

/// Draws the line: the stage first, what is wrong next, and what is always there from the right end.
pub(super) fn draw(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let area = Rect { height: 1, ..area };
    canvas.tint(area, Role::Bar);
    let lang = picture.lang();
    let (y, setup) = (area.y, &picture.model.setup);
    let mut x = stage(picture, area.x, y, canvas) + 1;
    let is_short = area.width < SHORT_BELOW;
    let troubles = troubles(picture);
    if setup.read_only {
        x = canvas.put(x, y, 20, Role::Soon, lang.text("header.read_only")) + GAP;
    }
    if picture.model.standstill.is_on() {
        x = canvas.put(x, y, 12, Role::Soon, lang.text("header.paused")) + GAP;
    }
    if let Some(text) = &troubles {
        x = canvas.put(x, y, 26, Role::Soon, text) + GAP;
    }
    if let Some((role, text)) = alerts::head(picture) {
        x = canvas.put(x, y, area.width, role, &text) + GAP;
    }
    // From the right: the clock, the money, the requests, the health. What is nearer to the stage has room first.
    let mut end = area.right().saturating_sub(1);
    // A clock would be the only thing that moves on a desk at rest.
    if wake::counts_seconds(picture) {
        let clock = clock(picture, picture.model.now(), "%H:%M %Z");
        end = put_before(canvas, end, y, Role::Muted, &clock);
    }
    let (mark, role, health) = health(picture, is_short);
    let health_width = columns(&health) + 2;
    let mut room = end.saturating_sub(x + health_width + GAP);
    let balances = balances(picture, room);
    let mut money = Vec::new();
    let has_name = troubles.is_none() || !is_short;
    let host_width = columns(&setup.host);
    let named = if has_name { columns(NAME) + 1 + host_width.min(SHORTEST_HOST) + GAP } else { 0 };
    for (n, balance) in balances.iter().enumerate() {
        let width = columns(balance) + GAP;
        // The first goes before name and host, the others after them.
        if width + if n == 0 { 0 } else { named } > room {
            break;
        }
        room -= width;
        money.push(balance.as_str());
    }
    let name = columns(NAME) + 1;
    let mut host = if has_name && name <= room { (room - name).min(host_width).min(LONGEST_HOST) } else { 0 };
    if host < SHORTEST_HOST.min(host_width) {
        host = 0;
    }
    let left = room.saturating_sub(name + host + GAP);
    let budget = budget(picture).filter(|budget| columns(budget) + BUDGET_GAUGE + 1 + GAP <= left);
    if has_name && name <= room {
        x = canvas.put(x, y, area.width, Role::Strong, NAME) + 1;
        canvas.put_cut(x, y, host, Role::Muted, &setup.host);
    }
    for balance in money.into_iter().rev() {
        end = put_before(canvas, end, y, Role::Text, balance);
    }
    if let Some(budget) = budget {
        end = put_before(canvas, end, y, Role::Muted, &budget);
        let health = &picture.model.health;
        let (used, all) = (i64::from(health.requests_last_minute), i64::from(health.budget_per_minute));
        let role = if used * 10 >= all * 9 { Role::Soon } else { Role::Going };
        // Beside its numbers.
        end = end + GAP - 1 - BUDGET_GAUGE;
        canvas.gauge(end, y, BUDGET_GAUGE, role, (used, all));
        end = end.saturating_sub(GAP);
    }
    let start = end.saturating_sub(health_width);
    canvas.sign(start, y, role, canvas.signs.mark(mark));
    canvas.put(start + 2, y, health_width, role, &health);
}

/// Writes a part so that it ends before `end`; returns where the part before it ends.
fn put_before(canvas: &mut Canvas<'_>, end: u16, y: u16, role: Role, text: &str) -> u16 {
    let start = end.saturating_sub(columns(text));
    canvas.put(start, y, end - start, role, text);
    start.saturating_sub(GAP)
}

fn clock(picture: Picture<'_>, at: Timestamp, format: &str) -> String {
    at.to_zoned(picture.model.setup.zone.clone()).strftime(format).to_string()
}

/// How many requests went out in the last minute, of how many.
fn budget(picture: Picture<'_>) -> Option<String> {
    let health = &picture.model.health;
    let (used, budget) = (health.requests_last_minute, health.budget_per_minute);
    (budget > 0).then(|| picture.lang().fill("header.budget", &[("used", &used), ("budget", &budget)]))
}

/// Which airlines are in trouble, or how many where that is too long.
fn troubles(picture: Picture<'_>) -> Option<String> {
    const NAMED: usize = 3;
    let (lang, model) = (picture.lang(), picture.model);
    let codes: Vec<String> =
        model.troubles.all(model.now()).map(|trouble| trouble.airline.to_string()).collect();
    match codes.len() {
        0 => None,
        1..=NAMED => {
            let airlines = codes.join(" ");
            Some(lang.fill("header.troubles", &[("airlines", &airlines)]))
        }
        count => Some(lang.fill("header.many_troubles", &[("count", &count)])),
    }
}

/// What money there is, the first with its word. Where not all of it has room beside the host, that of the selected order
/// stands first.
fn balances(picture: Picture<'_>, room: u16) -> Vec<String> {
    let mut balances: Vec<Money> = picture.model.balances.values().copied().collect();
    let all: u16 = balances.iter().map(|balance| columns(&balance.to_string()) + 2).sum();
    let word = picture.lang().text("header.deposit");
    if all + columns(word) + columns(&picture.model.setup.host).min(LONGEST_HOST) + 3 > room {
        let selected = picture.selected_case().and_then(|case| case.order.settlement_currency());
        balances.sort_by_key(|balance| Some(balance.currency) != selected);
    }
    let labelled = |(n, balance): (usize, Money)| match n {
        0 => format!("{word} {balance}"),
        _ => balance.to_string(),
    };
    balances.into_iter().enumerate().map(labelled).collect()
}

/// How well the desk sees, in words, and what of the picture is still to come.
fn health(picture: Picture<'_>, is_short: bool) -> (Mark, Role, String) {
    let lang = picture.lang();
    let health = &picture.model.health;
    if health.paying_off.is_some() {
        return (Mark::Urgent, Role::Urgent, lang.text("header.paying_off").to_owned());
    }
    let stale =
        picture.model.stale_for().map(|age| lang.fill("header.stale", &[("seconds", &age.as_secs())]));
    if let Some(until) = health.silent_until.filter(|until| *until > picture.model.now()) {
        let at = clock(picture, until, "%H:%M:%S");
        let text = lang.fill("header.silent", &[("at", &at)]);
        let text = lang.besides(&stale.into_iter().chain([text]).collect::<Vec<_>>());
        return (Mark::Urgent, Role::Urgent, text);
    }
    if let Some(stale) = stale {
        return (Mark::Urgent, Role::Urgent, stale);
    }
    match (health.last_success, health.failures) {
        _ if health.is_reading => (Mark::Going, Role::Going, lang.text("header.reading").to_owned()),
        (None, 0) => (Mark::Going, Role::Going, lang.text("header.connecting").to_owned()),
        (_, 0) if matches!(health.clock, Trust::Doubtful(_)) => {
            (Mark::Warning, Role::Soon, lang.text("header.clock_doubt").to_owned())
        }
        (_, 0) if health.clock_offset.abs().as_secs() > 30 => (
            Mark::Warning,
            Role::Soon,
            lang.fill("header.clock", &[("seconds", &health.clock_offset.as_secs())]),
        ),
        (_, 0) if health.unpriced > 0 => {
            let key = if is_short { "header.unpriced_short" } else { "header.unpriced" };
            (Mark::Going, Role::Going, lang.fill(key, &[("count", &health.unpriced)]))
        }
        (_, 0) => (Mark::Done, Role::Good, lang.text("header.live").to_owned()),
        (_, failures) => (Mark::Warning, Role::Soon, lang.fill("header.failing", &[("failures", &failures)])),
    }
}
