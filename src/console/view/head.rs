//! What stands at the head of several screens: the stage, and the time that is left.

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use crate::{
    config::Stage,
    console::{
        column::{self, countdown},
        picture::Picture,
        theme::{Mark, Role, Signs},
    },
    domain::{
        case::Case,
        order::{OrderNo, OrderStatus},
        recovery::StepState,
        work::Owner,
    },
    lang::{Lang, time_limit, words},
};

/// LIVE, SANDBOX or DEMO, first on every screen. Returns the column after it.
pub(super) fn stage(picture: Picture<'_>, x: u16, y: u16, canvas: &mut Canvas<'_>) -> u16 {
    let stage = picture.model.setup.stage;
    let role = if stage == Stage::Live { Role::Live } else { Role::Stage };
    canvas.put(x, y, 12, role, &format!(" {} ", stage.word()))
}

/// The line that says which order a page is about: its number whole, where it flies and who with, and at the right end how
/// long it can be paid as a gauge and a number, or how it stands.
pub(super) fn identity(
    picture: Picture<'_>,
    order: OrderNo,
    case: Option<&Case>,
    area: Rect,
    canvas: &mut Canvas<'_>,
) {
    let number = order.as_str();
    let (prefix, tail) = number.split_at(number.len().saturating_sub(4));
    let x = canvas.put(area.x + 1, area.y, area.width, Role::Muted, prefix);
    let x = canvas.put(x, area.y, area.width, Role::Strong, tail) + 2;
    let Some(case) = case else { return };
    let order = &case.order;
    let mut end = area.right().saturating_sub(1);
    let (role, text) = standing(picture, case);
    end = end.saturating_sub(columns(&text));
    canvas.put(end, area.y, columns(&text), role, &text);
    if let Some(left) = order.time_left(picture.model.shown_now(case)).filter(|_| is_payable(picture, case)) {
        end = end.saturating_sub(GAUGE + 1);
        canvas.gauge(end, area.y, GAUGE, role, (left.as_secs(), HOLD.as_secs()));
    }
    let flights: Vec<&str> =
        order.details.iter().flat_map(|details| &details.segments).map(|part| part.flight.as_str()).collect();
    let airlines = || order.airlines.iter().map(|airline| airline.code()).collect();
    let flights = if flights.is_empty() { airlines() } else { flights };
    let day = order.departs.map_or(String::new(), |day| words::date(picture.lang(), day));
    let names: Vec<&str> = order.passengers.iter().map(|name| name.as_str()).collect();
    let parts = [
        (Role::Strong, order.route()),
        (Role::Text, flights.join(" ")),
        (Role::Text, day),
        (Role::Text, names.join(", ")),
    ];
    parts
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .fold(x, |x, (role, text)| canvas.put_cut(x, area.y, end.saturating_sub(x + 2), role, &text) + 2);
}

/// Cells of the gauge of the time that is left.
pub(super) const GAUGE: u16 = 4;

/// Most orders are held for so long: where the gauge is full.
const HOLD: SignedDuration = SignedDuration::from_mins(30);

fn is_payable(picture: Picture<'_>, case: &Case) -> bool {
    case.order.has_time_left(picture.model.shown_now(case)) && !case.is_replaced() && !case.is_gone()
}

/// How long the order can be paid, or how it stands.
fn standing(picture: Picture<'_>, case: &Case) -> (Role, String) {
    let (lang, order) = (picture.lang(), &case.order);
    if is_payable(picture, case) || (order.is_undated() && !case.is_gone()) {
        let left = order.time_left(picture.model.shown_now(case)).unwrap_or_default();
        return (pressing(left), time_left(picture, case));
    }
    let role = match order.status {
        OrderStatus::Unpaid | OrderStatus::Cancelled => Role::Urgent,
        OrderStatus::Ticketing => Role::Going,
        OrderStatus::Ticketed => Role::Good,
        OrderStatus::Unknown(_) => Role::Doubt,
    };
    if case.is_gone() {
        return (Role::Muted, lang.text("state.gone").to_owned());
    }
    if order.has_lapsed(picture.model.shown_now(case)) {
        return (role, lang.text("due.late").to_owned());
    }
    (role, words::status(lang, order.status))
}

/// The ink of a time that is left.
pub(super) fn pressing(left: SignedDuration) -> Role {
    match left.as_mins() {
        ..5 => Role::Urgent,
        5..10 => Role::Soon,
        _ => Role::Good,
    }
}

/// The mark and the ink of a step of a plan.
pub(super) fn step_looks(signs: Signs, state: StepState) -> (&'static str, Role) {
    match state {
        StepState::Done => (signs.mark(Mark::Done), Role::Good),
        StepState::Yours => (signs.mark(Mark::Urgent), Role::Soon),
        StepState::Running => (signs.mark(Mark::Going), Role::Going),
        StepState::Later => ("-", Role::Muted),
        StepState::Stuck => (signs.mark(Mark::Failed), Role::Urgent),
    }
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

/// The same to the second.
pub(super) fn seconds(picture: Picture<'_>, since: Timestamp) -> String {
    let past = picture.model.now().duration_since(since).max(SignedDuration::ZERO).as_secs();
    let (hours, minutes, seconds) = (past / 3_600, past / 60 % 60, past % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The time left, with its word, or that nobody knows.
pub(super) fn time_left(picture: Picture<'_>, case: &Case) -> String {
    let lang = picture.lang();
    if case.order.is_undated() {
        return lang.text("detail.undated").to_owned();
    }
    match case.order.time_left(picture.model.shown_now(case)).filter(|left| left.is_positive()) {
        Some(left) => countdown_words(lang, left),
        None => left(picture, case),
    }
}

/// Some time that is left, in words: behind the one for a short time, or with the one for what is left.
pub(super) fn countdown_words(lang: Lang, left: SignedDuration) -> String {
    match time_limit::word(lang, left) {
        Some(word) => format!("{word} {}", countdown(left)),
        None => lang.fill("limits.left", &[("left", &countdown(left))]),
    }
}

/// The time left as a countdown, with a word once it is short, and that word alone once it is over.
pub(super) fn left(picture: Picture<'_>, case: &Case) -> String {
    let Some(left) = case.order.time_left(picture.model.shown_now(case)) else { return "--:--".into() };
    match time_limit::word(picture.lang(), left) {
        Some(word) if left.is_positive() => format!("{word} {}", countdown(left)),
        Some(word) => word.to_owned(),
        None => countdown(left),
    }
}

/// Who has an order, and for how long yet.
pub(super) fn owner(picture: Picture<'_>, owner: &Owner) -> String {
    let (lang, model) = (picture.lang(), picture.model);
    // Begun minutes count, as long as any of it is left.
    let left = (owner.left(model.now()).as_secs() + 59) / 60;
    if owner.is(&model.setup.author) {
        return lang.fill("work.yours", &[("left", &left)]);
    }
    let since = owner.since.to_zoned(model.setup.zone.clone()).strftime("%H:%M").to_string();
    let key = if owner.is_person(&model.setup.author) { "work.yours_elsewhere" } else { "work.theirs" };
    lang.fill(key, &[("who", &owner.name()), ("since", &since), ("left", &left)])
}
