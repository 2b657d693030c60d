//! The page of a loss on baggage: what happened, how long there is, and what each choice does.

use ratatui::layout::{Position, Rect};

use super::{
    baggage,
    canvas::{Canvas, wrap_to},
    head, one_order,
    page::Page,
};
use crate::{
    console::{
        action::Context,
        layer::baggage::BaggageForm,
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{
        baggage::{decision::WINDOW, trouble::Trouble},
        case::Case,
    },
    lang::{
        baggage as baggage_words,
        words::{status, ticketing_error},
    },
};

/// The choices, each with its name and what it does.
const CHOICES: [(bool, &str, &str); 2] =
    [(true, "baggage.accept", "baggage.accept_what"), (false, "baggage.refuse", "baggage.refuse_what")];

/// Draws it over the whole screen; returns where the caret stands.
pub(super) fn draw(picture: Picture<'_>, form: &BaggageForm, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let (case, trouble) = form.view(picture.model)?;
    let order = &case.order;
    let asked = picture.model.asked_at(form.order).filter(|asked| *asked >= form.opened_at);
    let asked = head::asked(picture, asked);
    let mut page = one_order::open(picture, form.order, "baggage.title", &asked, canvas);
    let caret = question(picture, form, &mut page);
    if let Some(trouble) = &trouble {
        happened(picture, case, trouble, &mut page);
        page.gap(12);
        choices(picture, form, trouble, &mut page);
    } else {
        let status = status(lang, order.status);
        page.say(Role::Going, &lang.fill("baggage.gone", &[("status", &status)]));
    }
    page.story(picture, case);
    caret
}

fn happened(picture: Picture<'_>, case: &Case, trouble: &Trouble, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    if let Some(error) = &case.order.ticketing_error {
        let meaning = ticketing_error(lang, &error.code).map_or("", |(meaning, _)| meaning);
        let text = format!("{}  {meaning}", error.code);
        page.entry(lang.text("baggage.happened"), Role::Urgent, &text, 2);
        if let Some(message) = &error.message {
            page.entry("", Role::Muted, message, 2);
        }
    }
    let label = lang.text("baggage.clock");
    for (n, (role, line)) in baggage::clock(picture, case, trouble).into_iter().enumerate() {
        let left = trouble.ends_at().map(|ends| ends.duration_since(picture.model.shown_wall(case)));
        match left.filter(|left| n == 0 && left.is_positive()) {
            Some(left) => page.clock(Some(label), role, (left.as_secs(), WINDOW.as_secs()), &line),
            None => page.entry(if n == 0 { label } else { "" }, role, &line, 2),
        }
    }
    if BaggageForm::offers(trouble) {
        let decided = baggage_words::standing(lang, &trouble.standing);
        page.entry(lang.text("baggage.decided"), Role::Strong, &decided, 2);
    }
}

/// The two choices: side by side where the order stands beside the page, else one below the other.
fn choices(picture: Picture<'_>, form: &BaggageForm, trouble: &Trouble, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    if !BaggageForm::offers(trouble) {
        return page.say(Role::Text, lang.text("baggage.cannot_what"));
    }
    let is_beside = page.area.width < page.canvas.buffer.area.width.saturating_sub(4);
    if !is_beside {
        let chosen = page.canvas.signs.mark(Mark::Chosen);
        for (accept, name, what) in CHOICES {
            let (mark, role) =
                if form.accept == Some(accept) { (chosen, Role::Strong) } else { (" ", Role::Text) };
            page.say(role, &format!("{mark} {}", lang.text(name)));
            // While it is asked for one of them, that one is seen whole.
            if form.asking.is_none() || form.accept == Some(accept) {
                page.say_in(4, Role::Muted, lang.text(what));
            }
        }
        return;
    }
    let width = (page.area.width - 1) / 2;
    let texts =
        CHOICES.map(|(_, _, what)| wrap_to(lang.text(what), width - 4, page.left().saturating_sub(2)));
    let height = texts.iter().map(Vec::len).max().unwrap_or(0);
    let height = u16::try_from(height).unwrap_or(u16::MAX).saturating_add(2).min(page.left());
    let left = page.area.x;
    let places = [(left, width), (left + width + 1, page.area.width - width - 1)];
    for ((accept, name, _), (lines, (x, width))) in CHOICES.into_iter().zip(texts.into_iter().zip(places)) {
        let is_chosen = form.accept == Some(accept);
        let (line, text) = if is_chosen { (Role::Accent, Role::Text) } else { (Role::Faint, Role::Muted) };
        let mark = if is_chosen { page.canvas.signs.mark(Mark::Chosen) } else { " " };
        let title = format!("{mark} {}", lang.text(name));
        let inner = page.canvas.pane(Rect { x, y: page.y, width, height }, title.trim_start(), "", line);
        for (line, y) in lines.iter().zip(inner.y..inner.bottom()) {
            page.canvas.put(inner.x, y, inner.width, text, line);
        }
    }
    page.y += height;
}

/// What is asked in the last lines of the page, and the keys below it.
fn question(picture: Picture<'_>, form: &BaggageForm, page: &mut Page<'_, '_>) -> Option<Position> {
    let lang = picture.lang();
    let Some(input) = &form.asking else {
        page.keys(picture, &[Context::Baggage]);
        return None;
    };
    let key = if form.accept == Some(true) { "baggage.ask_accept" } else { "baggage.ask_refuse" };
    page.keys_said(lang.text("baggage.keys"));
    page.ask(Role::Field, &lang.fill(key, &[("order", &form.order), ("text", &input.value())]))
}
