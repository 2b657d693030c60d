//! The confirmation: the page on which money leaves, or not. Everything that decides stands on it, Cancel is the
//! default, and the amount must be typed.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, wrap},
    head::left,
};
use crate::{
    console::{
        action::{Action, Context},
        form::{Confirmation, PayForm},
        keymap,
        picture::Picture,
        theme::Role,
    },
    domain::{case::Case, context::PaymentContext, field::Field, method::PaymentMethod, outlay::Outlay},
    lang::words,
};

/// Lines below the facts: a blank, the question, a blank, the field, a remark, the hints.
const ASKING: u16 = 6;

/// Columns of the labels.
const LABEL: u16 = 13;

/// Draws it over the form; returns where the caret stands.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &PayForm,
    confirmation: &Confirmation,
    case: &Case,
    payment_context: &PaymentContext<'_>,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> Position {
    let lang = picture.lang();
    let width = 80.min(area.width);
    let room = width.saturating_sub(4 + LABEL);
    let mut lines = Vec::new();
    for (label, role, text) in facts(picture, form, confirmation, case, payment_context) {
        for (n, line) in wrap(&text, room).into_iter().take(2).enumerate() {
            lines.push((if n == 0 { lang.text(label) } else { "" }, role, line));
        }
    }
    let height = (u16::try_from(lines.len()).unwrap_or(u16::MAX)).saturating_add(ASKING + 2).min(area.height);
    let frame =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    let title = format!("{} - {}", picture.model.setup.stage.word(), lang.text("confirm.title"));
    let inner = canvas.frame(frame, Role::Due, &title);
    for (y, (label, role, line)) in (inner.y..inner.bottom()).zip(&lines) {
        canvas.put(inner.x, y, LABEL - 1, Role::Dim, label);
        canvas.put(inner.x + LABEL, y, room, *role, line);
    }
    ask(picture, form, confirmation, inner, canvas)
}

/// The facts that decide, each with its label.
fn facts(
    picture: Picture<'_>,
    form: &PayForm,
    confirmation: &Confirmation,
    case: &Case,
    payment_context: &PaymentContext<'_>,
) -> Vec<(&'static str, Role, String)> {
    let lang = picture.lang();
    let order = &case.order;
    let method = form.draft.method;
    let amount = confirmation.reviewed.amount;
    let flights: Vec<&str> = order
        .details
        .iter()
        .flat_map(|details| &details.segments)
        .map(|segment| segment.flight.as_str())
        .collect();
    let day = order.departs.map_or(String::new(), |day| words::date(lang, day));
    let names: Vec<&str> = order.passengers.iter().map(|name| name.as_str()).collect();
    let mut charge = match method {
        PaymentMethod::Deposit => format!("{amount}  {}", lang.text("detail.from_deposit")),
        PaymentMethod::Byoa => format!("{amount}  {}", lang.text("detail.from_account")),
        PaymentMethod::Vcc | PaymentMethod::Mor => format!("{amount}  {}", form.draft.number.masked()),
    };
    if method == PaymentMethod::Vcc {
        let kind = lang.text(if form.draft.reusable { "form.multi_use" } else { "form.single_use" });
        let ceiling = form.draft.text(Field::Ceiling);
        charge.push_str(&format!("  {kind}  {} {} {ceiling}", lang.text("confirm.ceiling"), amount.currency));
    }
    let outlay = Outlay::by(method, order);
    let fee = outlay.and_then(|outlay| outlay.fee);
    let is_besides = outlay.is_some_and(|outlay| !outlay.is_fee_included);
    let taken = if method == PaymentMethod::Deposit { Some(amount) } else { fee.filter(|_| is_besides) };
    let after = payment_context.balance.and_then(|balance| balance.minus(taken?));
    let mut fee = match fee {
        Some(fee) if is_besides => lang.fill("confirm.fee_besides", &[("fee", &fee)]),
        Some(fee) => lang.fill("confirm.fee_within", &[("fee", &fee)]),
        None => lang.text("confirm.no_fee").to_owned(),
    };
    if let Some(after) = after {
        fee.push_str(&format!("   {} {after}", lang.text("confirm.balance_after")));
    }
    let asked =
        payment_context.asked_at.map_or(0, |asked_at| payment_context.now.duration_since(asked_at).as_secs());
    let deadline = lang.fill(
        "confirm.deadline_text",
        &[("left", &left(picture, case)), ("age", &asked), ("attempts", &case.lineage.attempts.len())],
    );
    let then = if method == PaymentMethod::Vcc { "confirm.then_vcc" } else { "confirm.then_text" };
    let route = format!("{}  {}  {}  {day}", order.no, order.route(), flights.join(" "));
    let troubles = payment_context.rules.troubles.of_all(&order.airlines, payment_context.now);
    let trouble = troubles.first().map(|trouble| words::airline_trouble(lang, trouble));
    let facts =
        [("confirm.order", Role::Plain, route), ("confirm.passengers", Role::Plain, names.join(", "))];
    let trouble = trouble.map(|text| ("confirm.airline", Role::Bad, text));
    let rest = [
        ("confirm.charge", Role::Due, charge),
        ("confirm.fee", Role::Plain, fee),
        ("confirm.deadline", Role::Plain, deadline),
        ("confirm.then", Role::Plain, lang.text(then).to_owned()),
        ("confirm.doubt", Role::Plain, lang.text("confirm.doubt_text").to_owned()),
    ];
    facts.into_iter().chain(trouble).chain(rest).collect()
}

/// The amount to type, whether it matches, and how long the page holds.
fn ask(
    picture: Picture<'_>,
    form: &PayForm,
    confirmation: &Confirmation,
    inner: Rect,
    canvas: &mut Canvas<'_>,
) -> Position {
    const FIELD: u16 = 20;
    let lang = picture.lang();
    let y = inner.bottom().saturating_sub(ASKING - 1);
    canvas.put(inner.x, y, inner.width, Role::Plain, lang.text("confirm.type_amount"));
    let currency = confirmation.reviewed.amount.currency;
    let x = canvas.put(inner.x, y + 2, inner.width, Role::Title, &format!("  {currency} [ "));
    let end = canvas.put(x, y + 2, FIELD, Role::Field, &confirmation.typed);
    canvas.put(end, y + 2, (x + FIELD).saturating_sub(end), Role::Field, &" ".repeat(usize::from(FIELD)));
    let (role, verdict) = match (confirmation.matches(), confirmation.typed.is_empty()) {
        (true, _) => (Role::Good, "confirm.matches"),
        (false, true) if !confirmation.takes_keys(picture.model.now()) => (Role::Busy, "confirm.not_yet"),
        (false, true) => (Role::Dim, "confirm.empty"),
        (false, false) => (Role::Bad, "confirm.differs"),
    };
    canvas.put(x + FIELD + 1, y + 2, inner.width, role, &format!("]  {}", lang.text(verdict)));
    let keys = |action| keymap::label(Context::Confirm, action);
    let (cancel, confirm) = (keys(Action::Cancel), keys(Action::Confirm));
    let left = confirmation.left(picture.model.now());
    let hints = lang.fill("confirm.hints", &[("cancel", &cancel), ("confirm", &confirm), ("left", &left)]);
    if let Some(remark) = form.remark {
        canvas.put(inner.x, y + 3, inner.width, Role::Due, lang.text(remark));
    }
    canvas.put(inner.x, y + 4, inner.width, Role::Plain, &hints);
    Position::new(end, y + 2)
}
