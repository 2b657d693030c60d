//! The confirmation: the page on which money leaves, or not. Everything that decides stands on it, what leaves and from
//! where first; Cancel is the default, and the amount must be typed.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns, wrap, wrap_to},
    head::{pressing, stage, time_left},
    layout::page_width,
    pane::around,
};
use crate::{
    console::{
        action::{Action, Context},
        layer::pay::{Confirmation, PayForm},
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{case::Case, context::PaymentContext, field::Field, method::PaymentMethod, outlay::Outlay},
    lang::words,
};

/// Lines below the facts: the question, the field, a remark, the keys.
const ASKING: u16 = 4;

/// Columns of the labels.
const LABEL: u16 = 13;

/// Columns of the whole, and of the field.
const WIDTH: u16 = 80;
const FIELD: u16 = 24;

/// A sum that leaves, with what is said of where it comes from and of what is left there.
struct Sum {
    amount: String,
    role: Role,
    from: String,
    after: String,
}

/// Draws it over the form; returns where the caret stands.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &PayForm,
    confirmation: &Confirmation,
    case: &Case,
    context: &PaymentContext<'_>,
    canvas: &mut Canvas<'_>,
) -> Position {
    let lang = picture.lang();
    let area = canvas.buffer.area;
    // Over the form alone: the order beside it is seen whole.
    let page = page_width(area.width);
    let width = if page < area.width { WIDTH.min(page - 4) } else { WIDTH.min(area.width) };
    let room = width.saturating_sub(6 + LABEL);
    let sums = in_width(sums(picture, form, confirmation, context), width - 6);
    let mut facts = Vec::new();
    for (label, role, text) in self::facts(picture, form, case, context) {
        for (n, line) in wrap_to(&text, room, 2).into_iter().enumerate() {
            facts.push((if n == 0 { lang.text(label) } else { "" }, role, line));
        }
    }
    let [sum_lines, fact_lines] =
        [sums.len(), facts.len()].map(|count| u16::try_from(count).unwrap_or(u16::MAX));
    let least = sum_lines.saturating_add(fact_lines).saturating_add(ASKING + 2);
    // Blank lines where there is room for them, the ones that part the sums and the keys first.
    let gaps = (area.height - 3).saturating_sub(least).min(5);
    let height = least.saturating_add(gaps).min(area.height);
    // As wide as the screen it lies on the frame of the form, so that nothing of that looks out below it.
    let (y, height) = if width < area.width {
        ((area.height - height) / 2, height)
    } else {
        let height = height.max(area.height - 3);
        (area.height.saturating_sub(height + 1).min(2), height)
    };
    let frame = Rect { x: area.x + (page - width) / 2, y, width, height };
    let word = picture.model.setup.stage.word();
    let end = lang.fill("confirm.valid", &[("left", &confirmation.left(picture.model.now()))]);
    let title = format!("{word}  {}", lang.text("confirm.title"));
    canvas.lift(around(frame));
    let inner = canvas.pane(frame, &title, &end, Role::Soon);
    stage(picture, frame.x + 2, frame.y, canvas);
    let inner = Rect { x: inner.x + 1, width: inner.width - 2, ..inner };
    let gap = |from: u16| u16::from(gaps >= from);
    let mut y = inner.y + gap(3);
    put_sums(&sums, Rect { y, ..inner }, canvas);
    y += sum_lines + gap(1);
    for (label, role, line) in facts {
        canvas.put_cut(inner.x, y, LABEL - 1, Role::Muted, label);
        canvas.put(inner.x + LABEL, y, room, role, &line);
        y += 1;
    }
    y += gap(2);
    canvas.put(inner.x, y, inner.width, Role::Text, lang.text("confirm.type_amount"));
    y += 1 + gap(4);
    let caret = ask(picture, confirmation, (inner, y), canvas);
    let keys_at = if gaps >= 5 { y + 3 } else { y + 2 };
    let remark = form.remark.map(|remark| wrap(lang.text(remark), inner.width)).unwrap_or_default();
    for (y, line) in (y + 1..keys_at).zip(remark) {
        canvas.put(inner.x, y, inner.width, Role::Soon, &line);
    }
    let y = keys_at;
    keys(picture, confirmation, Rect { y, ..inner }, canvas);
    caret
}

/// What leaves, by the side of where from.
fn sums(
    picture: Picture<'_>,
    form: &PayForm,
    confirmation: &Confirmation,
    context: &PaymentContext<'_>,
) -> Vec<Sum> {
    let lang = picture.lang();
    let method = form.draft.method;
    let amount = confirmation.reviewed.amount;
    let card = form.draft.number.masked();
    let from = match method {
        PaymentMethod::Deposit => lang.text("confirm.leaves_deposit").to_owned(),
        PaymentMethod::Byoa => lang.text("confirm.leaves_account").to_owned(),
        PaymentMethod::Vcc | PaymentMethod::Mor => lang.fill("confirm.leaves_card", &[("card", &card)]),
    };
    let ceiling = || {
        let kind = lang.text(if form.draft.reusable { "form.multi_use" } else { "form.single_use" });
        let (ceiling, currency) = (form.draft.text(Field::Ceiling), amount.currency);
        format!("{kind}  {} {currency} {ceiling}", lang.text("confirm.ceiling"))
    };
    let outlay = Outlay::by(method, context.order);
    let both = outlay.zip(context.balance);
    let both = both.and_then(|(outlay, balance)| Some((balance, outlay.balance_after(balance)?)));
    let after = match both {
        Some((before, after)) => {
            lang.fill("confirm.after", &[("before", &before.grouped()), ("after", &after)])
        }
        None => lang.text("confirm.after_unknown").to_owned(),
    };
    let leaves =
        |after: String| Sum { amount: amount.to_string(), role: Role::Strong, from: from.clone(), after };
    let besides = |fee: String, text: &str| Sum {
        amount: fee,
        role: Role::Strong,
        from: text.to_owned(),
        after: after.clone(),
    };
    let within =
        |text: String| Sum { amount: String::new(), role: Role::Muted, from: text, after: String::new() };
    let of_card = if method == PaymentMethod::Vcc { ceiling() } else { String::new() };
    let card_fee = outlay.and_then(|outlay| Some((outlay.ticket?, outlay.card_fee?))).map(|(ticket, fee)| {
        within(lang.fill("confirm.card_fee_within", &[("ticket", &ticket), ("fee", &fee)]))
    });
    let ticket = outlay.and_then(|outlay| outlay.ticket).map_or("?".to_owned(), |ticket| ticket.to_string());
    let mut sums = match outlay.and_then(|outlay| Some((outlay.fee?, outlay.is_fee_included))) {
        Some((fee, false)) => {
            vec![leaves(of_card), besides(fee.to_string(), lang.text("confirm.fee_leaves"))]
        }
        Some((fee, true)) => {
            vec![
                leaves(after.clone()),
                within(lang.fill("confirm.fee_within", &[("ticket", &ticket), ("fee", &fee)])),
            ]
        }
        None if method == PaymentMethod::Deposit => {
            vec![leaves(after.clone()), within(lang.text("confirm.no_fee").to_owned())]
        }
        None => vec![leaves(of_card), besides(String::new(), lang.text("confirm.no_fee"))],
    };
    // What the card is charged in all stands above what it is made of.
    if let Some(card_fee) = card_fee {
        sums.insert(1, card_fee);
    }
    sums
}

/// What is left after a sum goes into a line of its own where it has no room beside it.
fn in_width(sums: Vec<Sum>, width: u16) -> Vec<Sum> {
    let widest = sums.iter().map(|sum| columns(&sum.amount)).max().unwrap_or(0);
    let split = |mut sum: Sum| {
        let is_long = widest + columns(&sum.from) + columns(&sum.after) + 4 > width;
        let after = if is_long { std::mem::take(&mut sum.after) } else { String::new() };
        let below = Sum { amount: String::new(), role: Role::Muted, from: String::new(), after };
        [Some(sum), Some(below).filter(|below| !below.after.is_empty())]
    };
    sums.into_iter().flat_map(split).flatten().collect()
}

/// The sums below each other, and what is left of each at the end of its line.
fn put_sums(sums: &[Sum], area: Rect, canvas: &mut Canvas<'_>) {
    let widest = sums.iter().map(|sum| columns(&sum.amount)).max().unwrap_or(0);
    for (y, sum) in (area.y..).zip(sums) {
        canvas.put_right(area.x, y, widest, sum.role, &sum.amount);
        let x = area.x + widest + 2;
        let after = columns(&sum.after);
        canvas.put_cut(x, y, area.right().saturating_sub(x + after + 2), Role::Text, &sum.from);
        canvas.put(area.right() - after, y, after, Role::Muted, &sum.after);
    }
}

/// The facts that decide besides, each with its label.
fn facts(
    picture: Picture<'_>,
    form: &PayForm,
    case: &Case,
    context: &PaymentContext<'_>,
) -> Vec<(&'static str, Role, String)> {
    let lang = picture.lang();
    let order = &case.order;
    let flights: Vec<&str> = order
        .details
        .iter()
        .flat_map(|details| &details.segments)
        .map(|segment| segment.flight.as_str())
        .collect();
    let day = order.departs.map_or(String::new(), |day| words::date(lang, day));
    let names: Vec<&str> = order.passengers.iter().map(|name| name.as_str()).collect();
    let asked = context.asked_at.map_or(0, |asked_at| context.now.duration_since(asked_at).as_secs());
    let deadline = lang.fill(
        "confirm.deadline_text",
        &[("left", &time_left(picture, case)), ("age", &asked), ("attempts", &case.lineage.attempts.len())],
    );
    let pressing = pressing(order.time_left(picture.model.shown_now(case)).unwrap_or_default());
    let pressing = if pressing == Role::Good { Role::Text } else { pressing };
    let then = if form.draft.method == PaymentMethod::Vcc { "confirm.then_vcc" } else { "confirm.then_text" };
    let route = format!("{}  {}  {}  {day}", order.no, order.route(), flights.join(" "));
    let troubles = context.rules.troubles.of_all(&order.airlines, context.now);
    let trouble = troubles.first().map(|trouble| words::airline_trouble(lang, trouble));
    let facts = [("confirm.order", Role::Text, route), ("confirm.passengers", Role::Text, names.join(", "))];
    let trouble = trouble.map(|text| ("confirm.airline", Role::Urgent, text));
    let rest = [
        ("confirm.deadline", pressing, deadline),
        ("confirm.then", Role::Text, lang.text(then).to_owned()),
        ("confirm.doubt", Role::Text, lang.text("confirm.doubt_text").to_owned()),
    ];
    facts.into_iter().chain(trouble).chain(rest).collect()
}

/// The amount to type, and whether it matches. Returns the caret.
fn ask(
    picture: Picture<'_>,
    confirmation: &Confirmation,
    (inner, y): (Rect, u16),
    canvas: &mut Canvas<'_>,
) -> Position {
    let lang = picture.lang();
    let currency = confirmation.reviewed.amount.currency;
    let x = canvas.put(inner.x, y, inner.width, Role::Strong, &format!("{currency} "));
    canvas.put(x, y, FIELD, Role::Field, &" ".repeat(usize::from(FIELD)));
    let end = canvas.put(x, y, FIELD, Role::Field, &format!(" {}", confirmation.typed));
    let (mark, role, verdict) = match (confirmation.matches(), confirmation.typed.is_empty()) {
        (true, _) => (Some(Mark::Done), Role::Good, "confirm.matches"),
        (false, true) if !confirmation.takes_keys(picture.model.now()) => {
            (Some(Mark::Going), Role::Going, "confirm.not_yet")
        }
        (false, true) => (None, Role::Muted, "confirm.empty"),
        (false, false) => (Some(Mark::Failed), Role::Urgent, "confirm.differs"),
    };
    let x = x + FIELD + 2;
    if let Some(mark) = mark {
        canvas.sign(x, y, role, canvas.signs.mark(mark));
    }
    canvas.put(x + 2, y, inner.right().saturating_sub(x + 2), role, lang.text(verdict));
    Position::new(end, y)
}

/// The two keys. Enter stands out only when it would do something; until then Cancel does.
fn keys(picture: Picture<'_>, confirmation: &Confirmation, area: Rect, canvas: &mut Canvas<'_>) {
    let lang = picture.lang();
    let key = |action| picture.model.setup.keymap.label(Context::Confirm, action);
    let role = if confirmation.matches() { Role::Accent } else { Role::Muted };
    let x = canvas.put(area.x, area.y, area.width, Role::Accent, &key(Action::Cancel)) + 1;
    let x = canvas.put(x, area.y, area.width, Role::Text, lang.text("key.cancel")) + 4;
    let x = canvas.put(x, area.y, area.width, role, &key(Action::Confirm)) + 1;
    let text = if confirmation.matches() { Role::Strong } else { Role::Muted };
    canvas.put(x, area.y, area.right().saturating_sub(x), text, lang.text("key.confirm"));
}
