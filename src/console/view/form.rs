//! The pay form, its confirmation, and what becomes of the payment.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns, wrap},
    confirm,
    head::{stage, time_left},
    hints, progress,
};
use crate::{
    console::{
        action::Context,
        form::{Focus, PayForm, Phase},
        picture::Picture,
        theme::Role,
    },
    domain::{
        case::Case, context::PaymentContext, field::Field, method::PaymentMethod, obstacle::Obstacle,
        outlay::Outlay, payable,
    },
    lang::{reason::Reason, wire, words},
};

/// Draws the form over the whole screen; returns where the caret stands.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &PayForm,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    canvas.clear(area);
    let case = picture.model.case(form.order)?;
    let payment_context = picture.model.payment_context(case);
    let mut y = head(picture, case, area, canvas);
    y = methods(picture, form, &payment_context, area, y, canvas);
    match &form.phase {
        Phase::Filling => {
            let caret = fields(picture, form, &payment_context, area, y, canvas);
            foot(picture, form, &payment_context, area, canvas);
            caret
        }
        Phase::Confirming(confirmation) => {
            fields(picture, form, &payment_context, area, y, canvas);
            Some(confirm::draw(picture, form, confirmation, case, &payment_context, area, canvas))
        }
        Phase::Following(id) => {
            let attempt = case.lineage.attempt(*id);
            progress::draw(picture, case, attempt, area, y, canvas);
            None
        }
        Phase::NotBegun(reason) => {
            let lang = picture.lang();
            let mut y = y + 1;
            for line in wrap(&words::not_begun(lang, reason), area.width - 4) {
                canvas.put(area.x + 2, y, area.width - 4, Role::Bad, &line);
                y += 1;
            }
            canvas.put(area.x + 2, y + 1, area.width - 4, Role::Plain, lang.text("form.nothing_sent"));
            None
        }
    }
}

/// Stage, order, route, passengers, time left. Returns the next free line.
fn head(picture: Picture<'_>, case: &Case, area: Rect, canvas: &mut Canvas<'_>) -> u16 {
    let order = &case.order;
    let x = stage(picture, area.x, area.y, canvas);
    let title = format!(" {}  {}  {}", picture.lang().text("form.title"), order.no, order.route());
    let mut x = canvas.put(x, area.y, area.width, Role::Title, &title) + 2;
    for airline in &order.airlines {
        x = canvas.put(x, area.y, 2, Role::Plain, airline.code()) + 1;
    }
    let left = time_left(picture, case);
    let right = columns(&left);
    let names: Vec<&str> = order.passengers.iter().map(|name| name.as_str()).collect();
    let room = area.right().saturating_sub(x + right + 2);
    canvas.put(x, area.y, room, Role::Plain, &names.join(", "));
    canvas.put_right(area.right().saturating_sub(right + 1), area.y, right, Role::Due, &left);
    canvas.rule(area.x, area.y + 1, area.width);
    area.y + 2
}

/// The four methods, always all, each with its reason.
fn methods(
    picture: Picture<'_>,
    form: &PayForm,
    payment_context: &PaymentContext<'_>,
    area: Rect,
    y: u16,
    canvas: &mut Canvas<'_>,
) -> u16 {
    let lang = picture.lang();
    let room = area.width.saturating_sub(33);
    canvas.put(area.x + 1, y, 9, Role::Title, lang.text("form.method"));
    for (line, method) in (y..).zip(PaymentMethod::ALL) {
        let chosen = form.draft.method == method;
        let blocking =
            payable::method_obstacles(method, payment_context).into_iter().find(|o| !o.is_warning());
        let name = format!("[{}] {}", method.number(), words::method(lang, method));
        let focused = chosen && form.focus == Focus::Methods && matches!(form.phase, Phase::Filling);
        let role = if focused {
            Role::Selected
        } else if chosen {
            Role::Title
        } else {
            Role::Plain
        };
        canvas.put(area.x + 9, line, 2, Role::Due, if chosen { "> " } else { "" });
        canvas.put(area.x + 11, line, 14, role, &format!("{name:14}"));
        let (role, verdict, why) = match &blocking {
            Some(obstacle) => (Role::Bad, lang.text("form.no"), words::obstacle_reason(lang, obstacle)),
            None => (Role::Good, lang.text("form.ok"), charge(picture, method, payment_context, room)),
        };
        canvas.put(area.x + 25, line, 6, role, verdict);
        canvas.put(area.x + 32, line, room, if blocking.is_some() { Role::Dim } else { Role::Plain }, &why);
    }
    canvas.rule(area.x, y + 4, area.width);
    y + 5
}

/// What leaves where for one method, and what is left after it if there is room: half an amount would be another one.
fn charge(
    picture: Picture<'_>,
    method: PaymentMethod,
    payment_context: &PaymentContext<'_>,
    room: u16,
) -> String {
    let lang = picture.lang();
    let Some(outlay) = Outlay::by(method, payment_context.order) else { return String::new() };
    let amount = outlay.amount;
    let mut text = match outlay.fee {
        Some(fee) if !outlay.is_fee_included => {
            lang.fill("form.fee_besides", &[("amount", &amount), ("fee", &fee)])
        }
        Some(fee) => lang.fill("form.fee_within", &[("amount", &amount), ("fee", &fee.grouped())]),
        None => amount.to_string(),
    };
    let balance = payment_context.balance.filter(|_| method == PaymentMethod::Deposit);
    if let Some(after) = balance.and_then(|balance| balance.minus(amount)) {
        let after = lang.fill("form.balance_after", &[("after", &after.grouped())]);
        if columns(&text) + columns(&after) <= room {
            text.push_str(&after);
        }
    }
    text
}

/// The fields of the method, each with its complaint beside it.
fn fields(
    picture: Picture<'_>,
    form: &PayForm,
    payment_context: &PaymentContext<'_>,
    area: Rect,
    y: u16,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    let lang = picture.lang();
    let list = form.fields(payment_context);
    let obstacles = form.obstacles(payment_context);
    let mut caret = None;
    if list.is_empty() {
        canvas.put(area.x + 1, y, area.width - 2, Role::Dim, lang.text("form.no_fields"));
    }
    let rows: Vec<(Field, bool)> =
        list.into_iter().filter(|(field, _)| *field != Field::ExpiryYear).collect();
    let end = area.bottom().saturating_sub(5);
    let lines =
        y..end.saturating_sub(advise(picture, form, payment_context, y + height(&rows), area, canvas));
    let above = rows_above(form, &rows, lines.len());
    for (line, (field, required)) in lines.zip(rows.into_iter().skip(above)) {
        let focused = form.focus == Focus::Field(field) && matches!(form.phase, Phase::Filling);
        let label = format!("{}{}", words::field(lang, field), if required { " *" } else { "" });
        canvas.put(area.x + 1, line, 18, if focused { Role::Title } else { Role::Plain }, &label);
        let value = shown(form, field);
        let x = area.x + 20;
        if field == Field::ExpiryMonth {
            let place = Rect { x, y: line, width: 26, height: 1 };
            caret = caret.or(expiry(form, place, canvas));
            // Two fields in a row: the one that is being filled in, else the first.
            let halves = obstacles
                .iter()
                .filter(|obstacle| matches!(obstacle.field(), Some(Field::ExpiryMonth | Field::ExpiryYear)));
            let focused = |obstacle: &&Obstacle| obstacle.field().map(Focus::Field) == Some(form.focus);
            let complaint = halves.clone().find(focused).or_else(|| halves.clone().next());
            if let Some(obstacle) = complaint.filter(|_| form.complains || !is_empty(form, Field::ExpiryYear))
            {
                let room = area.right().saturating_sub(x + 28);
                canvas.put(x + 27, line, room, Role::Bad, &words::obstacle_reason(lang, obstacle));
            }
            continue;
        }
        let role = if focused { Role::Field } else { Role::Plain };
        let end = canvas.put(x, line, 26, role, &value);
        if focused {
            canvas.put(end, line, (x + 26).saturating_sub(end), Role::Field, &" ".repeat(26));
            let before = match field {
                Field::Number | Field::Cvv => columns(&value),
                _ if field.is_tick() => columns(&value),
                _ => u16::try_from(form.input.visual_cursor()).unwrap_or(0),
            };
            caret = Some(Position::new(x + before.min(25), line));
        }
        let complaint = obstacles.iter().find(|obstacle| obstacle.field() == Some(field));
        let empty = is_empty(form, field);
        match complaint {
            Some(obstacle) if !empty || form.complains || focused => {
                let role = if obstacle.is_warning() {
                    Role::Due
                } else if empty && !form.complains {
                    Role::Dim
                } else {
                    Role::Bad
                };
                canvas.put(
                    x + 27,
                    line,
                    area.right().saturating_sub(x + 28),
                    role,
                    &words::obstacle_reason(lang, obstacle),
                );
            }
            _ => {
                let remark = remark(picture, form, field);
                canvas.put(x + 27, line, area.right().saturating_sub(x + 28), Role::Good, &remark);
            }
        }
    }
    caret
}

/// What to consider before this method is used, quietly at the foot of the fields; until something is typed also where
/// that takes the last fields' place. Returns how many lines it takes.
fn advise(
    picture: Picture<'_>,
    form: &PayForm,
    payment_context: &PaymentContext<'_>,
    rows_end: u16,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> u16 {
    let order = payment_context.order;
    let keys = match (form.draft.method, order.is_mixed()) {
        (PaymentMethod::Deposit, false) => ["form.advise_deposit", "form.advise_held"],
        (PaymentMethod::Deposit, true) => ["form.advise_deposit", "form.advise_mixed_deposit"],
        (PaymentMethod::Vcc, false) => ["form.advise_vcc", "form.advise_card_hold"],
        (PaymentMethod::Vcc, true) => ["form.advise_vcc", "form.advise_mixed_card"],
        (PaymentMethod::Mor, _) => ["form.advise_mor", "form.advise_card_hold"],
        (PaymentMethod::Byoa, _) => ["form.advise_byoa", "form.advise_held"],
    };
    let first = area.bottom().saturating_sub(7);
    let begins = matches!(form.focus, Focus::Methods | Focus::Field(Field::Number));
    let is_begun = !begins || form.holds_card() || form.complains;
    if !matches!(form.phase, Phase::Filling) || (rows_end > first && is_begun) {
        return 0;
    }
    for (line, key) in (first..).zip(keys) {
        canvas.put(area.x + 1, line, area.width - 2, Role::Dim, picture.lang().text(key));
    }
    2
}

/// Lines of the fields.
fn height(rows: &[(Field, bool)]) -> u16 {
    u16::try_from(rows.len()).unwrap_or(u16::MAX)
}

/// How many rows stand above the window, so that the focused one is in it.
fn rows_above(form: &PayForm, rows: &[(Field, bool)], room: usize) -> usize {
    let Focus::Field(focused) = form.focus else { return 0 };
    let row = if focused == Field::ExpiryYear { Field::ExpiryMonth } else { focused };
    let at = rows.iter().position(|(field, _)| *field == row).unwrap_or(0);
    (at + 1).saturating_sub(room)
}

/// Month and year in one row; returns the caret if it is in one of them.
fn expiry(form: &PayForm, place: Rect, canvas: &mut Canvas<'_>) -> Option<Position> {
    let mut caret = None;
    let mut x = place.x;
    for (field, width) in [(Field::ExpiryMonth, 3), (Field::ExpiryYear, 5)] {
        let focused = form.focus == Focus::Field(field) && matches!(form.phase, Phase::Filling);
        let role = if focused { Role::Field } else { Role::Plain };
        canvas.put(
            x,
            place.y,
            width,
            role,
            &format!("{:width$}", form.draft.text(field), width = usize::from(width)),
        );
        if focused {
            let before = u16::try_from(form.input.visual_cursor()).unwrap_or(0).min(width - 1);
            caret = Some(Position::new(x + before, place.y));
        }
        x += width;
        if field == Field::ExpiryMonth {
            x = canvas.put(x, place.y, 2, Role::Dim, "/ ");
        }
    }
    caret
}

fn is_empty(form: &PayForm, field: Field) -> bool {
    match field {
        Field::Number => form.draft.number.is_empty(),
        Field::Cvv => form.draft.cvv.is_empty(),
        _ if field.is_tick() => false,
        _ => form.draft.text(field).is_empty(),
    }
}

/// What a field shows: secrets as stars, but for the last four of a whole card number.
fn shown(form: &PayForm, field: Field) -> String {
    match field {
        Field::Number => {
            let length = form.draft.number.len();
            if form.draft.number.has_full_length() {
                format!("{}{}", "*".repeat(length - 4), form.draft.number.masked().last_four())
            } else {
                "*".repeat(length)
            }
        }
        Field::Cvv => "*".repeat(form.draft.cvv.len()),
        _ if field.is_tick() => (if form.draft.is_ticked(field) { "[x]" } else { "[ ]" }).to_owned(),
        _ => form.draft.text(field).to_owned(),
    }
}

/// What is worth saying of a field that is in order.
fn remark(picture: Picture<'_>, form: &PayForm, field: Field) -> String {
    let lang = picture.lang();
    match field {
        Field::Number => form.draft.number.brand().map_or(String::new(), |brand| brand.word().to_owned()),
        Field::Reusable => {
            lang.text(if form.draft.reusable { "form.multi_use" } else { "form.single_use" }).to_owned()
        }
        Field::OldPaymentSeen => lang.text("form.old_money_hint").to_owned(),
        Field::Ceiling => lang.text("form.ceiling_hint").to_owned(),
        _ => String::new(),
    }
}

/// When it was checked, what is missing, and the remark.
fn foot(
    picture: Picture<'_>,
    form: &PayForm,
    payment_context: &PaymentContext<'_>,
    area: Rect,
    canvas: &mut Canvas<'_>,
) {
    let lang = picture.lang();
    let y = area.bottom().saturating_sub(5);
    canvas.rule(area.x, y, area.width);
    let (role, text) = match &form.trouble {
        Some(error) => {
            (Role::Bad, lang.fill("form.check_failed", &[("error", &wire::read_error(lang, error))]))
        }
        None if form.is_checked(payment_context) => {
            let asked = payment_context.asked_at.unwrap_or_default();
            let at = asked.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
            (Role::Good, lang.fill("form.checked", &[("at", &at)]))
        }
        None => (Role::Busy, lang.text("form.checking").to_owned()),
    };
    canvas.put(area.x + 1, y + 1, area.width - 2, role, &text);
    let (warnings, blocking): (Vec<Obstacle>, Vec<Obstacle>) =
        form.obstacles(payment_context).into_iter().partition(Obstacle::is_warning);
    // Why stands beside each field; here are their number, and the mend of the one that has the focus.
    let focused = |obstacle: &&Obstacle| obstacle.field().map(Focus::Field) == Some(form.focus);
    let (role, text) = match blocking.iter().find(focused).or(blocking.first()) {
        None => (Role::Good, lang.text("form.ready").to_owned()),
        Some(obstacle) => {
            let mend = Reason::of(lang, obstacle).mend();
            (Role::Due, lang.fill("form.to_mend", &[("count", &blocking.len()), ("mend", &mend)]))
        }
    };
    let mut lines: Vec<(Role, String)> =
        wrap(&text, area.width - 2).into_iter().map(|line| (role, line)).collect();
    // What has no field to stand beside: a method has room for its first reason only.
    let is_elsewhere = |obstacle: &&Obstacle| obstacle.field().is_none();
    let others = blocking.iter().filter(is_elsewhere).skip(1).chain(warnings.iter().filter(is_elsewhere));
    let others = others.map(|obstacle| (Role::Due, Reason::of(lang, obstacle).named()));
    // An airline in trouble is said whatever else there is to say.
    if let Some(trouble) = warnings.iter().find(|obstacle| matches!(obstacle, Obstacle::AirlineTrouble(_))) {
        lines.truncate(1);
        lines.push((Role::Bad, words::obstacle_reason(lang, trouble)));
    } else {
        lines.extend(others);
    }
    lines.truncate(2);
    for (line, (role, text)) in (y + 2..).zip(lines) {
        canvas.put(area.x + 1, line, area.width - 2, role, &text);
    }
    if let Some(remark) = form.remark {
        let line = Rect { y: area.bottom() - 1, height: 1, ..area };
        canvas.put(line.x + 1, line.y, line.width - 2, Role::Due, lang.text(remark));
    } else {
        hints::draw(lang, &Context::FORM, Rect { y: area.bottom() - 1, height: 1, ..area }, canvas);
    }
}
