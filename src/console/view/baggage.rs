//! The page of a loss on baggage: what happened, how long there is, and what each choice does.

use jiff::{SignedDuration, Timestamp};
use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns, end_of},
    head::{self, title, trip},
    hints,
    page::Page,
};
use crate::{
    console::{action::Context, baggage::BaggageForm, column::countdown, picture::Picture, theme::Role},
    domain::{baggage::trouble::Trouble, case::Case, codes::Baggage},
    lang::{
        baggage as baggage_words,
        words::{status, ticketing_error},
    },
};

/// Draws it over the whole screen; returns where the caret stands.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &BaggageForm,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    canvas.clear(area);
    let lang = picture.lang();
    let mut page = Page { area, y: area.y, canvas };
    let x = title(picture, "baggage.title", form.order, area, page.canvas);
    let (case, trouble) = form.view(picture.model)?;
    let order = &case.order;
    trip(order, x, area, 0, page.canvas);
    page.rule();
    if let Some(trouble) = &trouble {
        happened(picture, case, trouble, &mut page);
        page.y -= 1;
        page.rule();
        choices(picture, form, trouble, &mut page);
    } else {
        let status = status(lang, order.status);
        page.say(Role::Busy, &lang.fill("baggage.gone", &[("status", &status)]));
    }
    foot(picture, form, area, page.canvas)
}

fn happened(picture: Picture<'_>, case: &Case, trouble: &Trouble, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    if let Some(error) = &case.order.ticketing_error {
        let meaning = ticketing_error(lang, &error.code).map_or("", |(meaning, _)| meaning);
        let text = format!("{}  {meaning}", error.code);
        page.entry(lang.text("baggage.happened"), Role::Bad, &text);
        if let Some(message) = &error.message {
            page.entry("", Role::Dim, message);
        }
    }
    for (n, (role, line)) in clock(picture, case, trouble).into_iter().enumerate() {
        page.entry(if n == 0 { lang.text("baggage.clock") } else { "" }, role, &line);
    }
    if BaggageForm::offers(trouble) {
        let decided = baggage_words::standing(lang, &trouble.standing);
        page.entry(lang.text("baggage.decided"), Role::Title, &decided);
    }
}

/// How long there is, and from when that is counted.
pub(super) fn clock(picture: Picture<'_>, case: &Case, trouble: &Trouble) -> Vec<(Role, String)> {
    let lang = picture.lang();
    if trouble.what == Baggage::CannotBeBought {
        return vec![(Role::Due, lang.text("baggage.no_clock").to_owned())];
    }
    let time = |at: Timestamp| at.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
    let (Some(since), Some(ends)) = (trouble.since, trouble.ends_at()) else {
        return vec![(Role::Due, lang.text("baggage.no_start").to_owned())];
    };
    let left = ends.duration_since(picture.model.shown_wall(case));
    let at = time(picture.model.now() + left);
    let first = if left > SignedDuration::ZERO {
        let role = if left.as_mins() < 10 { Role::Bad } else { Role::Due };
        (role, lang.fill("baggage.left", &[("left", &countdown(left)), ("at", &at)]))
    } else {
        (Role::Bad, lang.fill("baggage.over", &[("at", &at)]))
    };
    let from = if since.notified { "baggage.notified" } else { "baggage.seen" };
    vec![first, (Role::Dim, lang.fill(from, &[("at", &time(since.at))]))]
}

fn choices(picture: Picture<'_>, form: &BaggageForm, trouble: &Trouble, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    if !BaggageForm::offers(trouble) {
        return page.say(Role::Plain, lang.text("baggage.cannot_what"));
    }
    let choices =
        [(true, "baggage.accept", "baggage.accept_what"), (false, "baggage.refuse", "baggage.refuse_what")];
    for (accept, name, what) in choices {
        let is_chosen = form.accept == Some(accept);
        let (mark, role) = if is_chosen { (">", Role::Title) } else { (" ", Role::Plain) };
        page.say(role, &format!("{mark} {}", lang.text(name)));
        page.indented(Role::Dim, lang.text(what));
    }
}

/// What is asked, or how fresh the answer is; and the keys.
fn foot(picture: Picture<'_>, form: &BaggageForm, area: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let (x, y, width) = (area.x + 1, area.bottom() - 2, area.width - 2);
    canvas.rule(area.x, y - 1, area.width);
    let Some(input) = &form.asking else {
        let asked = picture.model.asked_at(form.order).filter(|asked| *asked >= form.opened_at);
        canvas.put(x, y, width, Role::Dim, &head::asked(picture, asked));
        hints::draw(lang, &[Context::Baggage], Rect { y: y + 1, height: 1, ..area }, canvas);
        return None;
    };
    let key = if form.accept == Some(true) { "baggage.ask_accept" } else { "baggage.ask_refuse" };
    let text = lang.fill(key, &[("order", &form.order), ("text", &input.value())]);
    // What is typed stands at its end.
    let line = end_of(&text, width);
    canvas.put(x, y, width, Role::Field, &line);
    canvas.put(x, y + 1, width, Role::Plain, lang.text("baggage.keys"));
    Some(Position::new((x + columns(&line)).min(area.right() - 1), y))
}
