//! The pay form, its confirmation, and what becomes of the payment.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, wrap},
    checks::{self, Check},
    confirm, dry_run, fields, methods, one_order,
    page::{Page, remark},
    progress,
};
use crate::{
    console::{
        action::Context,
        layer::pay::{Focus, PayForm, Phase},
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{case::Case, context::PaymentContext, field::Field, method::PaymentMethod, obstacle::Obstacle},
    lang::{reason::Reason, wire, words},
};

/// From so many columns on the fields and the checks stand side by side.
const SIDE_BY_SIDE_FROM: u16 = 120;

/// Columns of the fields then.
const FIELDS: u16 = 72;

/// Draws the form over the whole screen; returns where the caret stands.
pub(super) fn draw(picture: Picture<'_>, form: &PayForm, canvas: &mut Canvas<'_>) -> Option<Position> {
    let lang = picture.lang();
    let case = picture.model.case(form.order)?;
    let context = picture.model.payment_context(case);
    let end =
        if matches!(form.phase, Phase::Filling) { checked(picture, form, &context) } else { String::new() };
    let mut page = one_order::open(picture, form.order, "form.title", &end, canvas);
    if !matches!(form.phase, Phase::Following(_) | Phase::DryRun(_)) {
        methods::draw(picture, form, &context, &mut page);
    }
    match &form.phase {
        Phase::Filling => {
            let caret = filling(picture, form, case, &context, &mut page);
            page.keys(picture, &Context::FORM);
            if let Some(key) = form.remark {
                remark(Role::Soon, lang.text(key), page.canvas);
            }
            caret
        }
        Phase::DryRun(request) => {
            dry_run::draw(picture, form, request.as_deref(), &context, &mut page);
            None
        }
        Phase::Confirming(confirmation) => {
            filling(picture, form, case, &context, &mut page);
            Some(confirm::draw(picture, form, confirmation, case, &context, page.canvas))
        }
        Phase::Following(id) => {
            progress::draw(picture, case, case.lineage.attempt(*id), &mut page);
            page.story(picture, case);
            page.keys(picture, &[Context::Following]);
            None
        }
        Phase::NotBegun(reason) => {
            page.gap(3);
            let mark = page.canvas.signs.mark(Mark::Failed);
            let why = words::not_begun_by(lang, reason, picture.model.in_its_way(reason));
            page.say(Role::Urgent, &format!("{mark} {why}"));
            page.gap(1);
            page.say(Role::Text, lang.text("form.nothing_sent"));
            page.keys(picture, &[Context::Following]);
            None
        }
    }
}

/// When the order was asked for last, in the frame.
fn checked(picture: Picture<'_>, form: &PayForm, context: &PaymentContext<'_>) -> String {
    let lang = picture.lang();
    let Some(asked) = context.asked_at.filter(|_| form.is_checked(context)) else {
        return lang.text("form.checking").to_owned();
    };
    let at = asked.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
    lang.fill("form.checked", &[("at", &at)]).trim_end_matches(['.', '。']).to_owned()
}

/// Fields, advice, checks and verdict. What does not fit of the fields is scrolled; the checks go into a line or two where
/// they have no line each.
fn filling(
    picture: Picture<'_>,
    form: &PayForm,
    case: &Case,
    context: &PaymentContext<'_>,
    page: &mut Page<'_, '_>,
) -> Option<Position> {
    let lang = picture.lang();
    let obstacles = form.obstacles(context);
    let found = Check::all(picture, form, context, &obstacles);
    let whole = page.area;
    let is_wide = whole.width >= SIDE_BY_SIDE_FROM;
    if is_wide {
        page.skip(1);
        let x = whole.x + FIELDS + 3;
        let right = Rect { x, width: whole.right() - x, ..whole };
        let mut beside = Page { area: right, y: page.y, canvas: page.canvas };
        beside.part(lang.text("form.checks"), "", 0);
        checks::list(&found, &mut beside);
        page.area.width = FIELDS;
    }
    let rows = fields::rows(picture, form, context, &obstacles, page.area.width);
    let wanted = fields::height(&rows).max(1);
    let advice = advice(form, context);
    let (listed, verdicts) = (lines(found.len()) + 1, 2);
    let is_listed = !is_wide && wanted + listed + verdicts <= page.left();
    let verdict = verdict(picture, form, &obstacles, is_listed || is_wide, page.area.width);
    let checks = if is_wide {
        0
    } else if is_listed {
        listed
    } else {
        2
    };
    let below = checks + lines(verdict.len());
    let room = page.left().saturating_sub(below);
    let begins = matches!(form.focus, Focus::Methods | Focus::Field(Field::Number));
    let is_begun = !begins || form.holds_card() || form.complains;
    // Two lines; where not even these are left, what stands against the payment goes before them.
    let is_advised = matches!(form.phase, Phase::Filling) && room >= 2 && (wanted + 2 <= room || !is_begun);
    let room = if is_advised { room - 2 } else { room };
    // In a high window the fields stand apart, and what follows them too.
    let airy = wanted + lines(rows.len());
    let wanted = if room >= airy + 4 && !rows.is_empty() { airy } else { wanted };
    let mut spare = room.saturating_sub(wanted);
    let mut gap = |page: &mut Page<'_, '_>| {
        if spare > 0 {
            (spare, page.y) = (spare - 1, page.y + 1);
        }
    };
    gap(page);
    let (mut caret, mut hidden) = (None, 0);
    if rows.is_empty() {
        page.say(Role::Muted, lang.text("form.no_fields"));
    } else {
        (caret, hidden) = fields::draw(picture, form, context, &rows, room.min(wanted), page);
    }
    if is_advised {
        gap(page);
        for key in advice {
            page.say(Role::Muted, lang.text(key));
        }
    }
    let more = if hidden > 0 { lang.fill("form.more", &[("count", &hidden)]) } else { String::new() };
    if is_wide {
        page.area = whole;
    } else {
        gap(page);
        page.part(if is_listed { lang.text("form.checks") } else { "" }, &more, 0);
        if is_listed {
            checks::list(&found, page);
        } else {
            checks::in_line(&found, page);
        }
    }
    gap(page);
    for (role, line) in verdict {
        page.say(role, &line);
    }
    // The confirmation over it says it itself.
    if matches!(form.phase, Phase::Filling) {
        then(picture, form, page);
    }
    page.story(picture, case);
    caret
}

/// What happens once it is sent, where there is room to say so before it is asked.
fn then(picture: Picture<'_>, form: &PayForm, page: &mut Page<'_, '_>) {
    const LINES: u16 = 8;
    let lang = picture.lang();
    if page.left() < LINES {
        return;
    }
    let then = if form.draft.method == PaymentMethod::Vcc { "confirm.then_vcc" } else { "confirm.then_text" };
    page.skip(1);
    page.part(lang.text("form.then"), "", 0);
    page.entry(lang.text("confirm.then"), Role::Text, lang.text(then), 2);
    page.entry(lang.text("confirm.doubt"), Role::Text, lang.text("confirm.doubt_text"), 2);
}

fn lines(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// What to consider before this method is used, quietly below the fields; until something is typed also where that takes the
/// last fields' place.
fn advice(form: &PayForm, context: &PaymentContext<'_>) -> [&'static str; 2] {
    match (form.draft.method, context.order.is_mixed()) {
        (PaymentMethod::Deposit, false) => ["form.advise_deposit", "form.advise_held"],
        (PaymentMethod::Deposit, true) => ["form.advise_deposit", "form.advise_mixed_deposit"],
        (PaymentMethod::Vcc, false) => ["form.advise_vcc", "form.advise_card_hold"],
        (PaymentMethod::Vcc, true) => ["form.advise_vcc", "form.advise_mixed_card"],
        (PaymentMethod::Mor, _) => ["form.advise_mor", "form.advise_card_hold"],
        (PaymentMethod::Byoa, _) => ["form.advise_byoa", "form.advise_held"],
    }
}

/// How many things are to be mended, and how the first is; that nothing is in the way; or why the order could not be asked
/// for. What stands with its reason among the checks is not said again.
fn verdict(
    picture: Picture<'_>,
    form: &PayForm,
    obstacles: &[Obstacle],
    is_listed: bool,
    width: u16,
) -> Vec<(Role, String)> {
    let lang = picture.lang();
    let (warnings, blocking): (Vec<&Obstacle>, Vec<&Obstacle>) =
        obstacles.iter().partition(|obstacle| obstacle.is_warning());
    // Why stands beside each field; here are their number, and the mend of the one that has the focus.
    let focused = |obstacle: &&&Obstacle| obstacle.field().map(Focus::Field) == Some(form.focus);
    let signs = picture.model.setup.signs;
    let (role, text) = match blocking.iter().find(focused).or(blocking.first()) {
        None => (Role::Good, format!("{} {}", signs.mark(Mark::Done), lang.text("form.ready"))),
        Some(obstacle) => {
            let mend = Reason::of(lang, obstacle).mend();
            let text = lang.fill("form.to_mend", &[("count", &blocking.len()), ("mend", &mend)]);
            (Role::Soon, format!("{} {text}", signs.mark(Mark::Urgent)))
        }
    };
    let mut lines: Vec<(Role, String)> = wrap(&text, width).into_iter().map(|line| (role, line)).collect();
    // What has no field to stand beside: a method has room for its first reason only.
    let is_elsewhere =
        |obstacle: &&&Obstacle| obstacle.field().is_none() && !(is_listed && Check::tells(obstacle));
    let skipped = usize::from(!is_listed);
    let others =
        blocking.iter().filter(is_elsewhere).skip(skipped).chain(warnings.iter().filter(is_elsewhere));
    let others = others.map(|obstacle| (Role::Soon, Reason::of(lang, obstacle).named()));
    // An airline in trouble is said whatever else there is to say.
    let trouble = warnings.iter().find(|obstacle| matches!(obstacle, Obstacle::AirlineTrouble(_)));
    if let Some(trouble) = trouble.filter(|_| !is_listed) {
        lines.truncate(1);
        lines.push((Role::Urgent, words::obstacle_reason(lang, trouble)));
    } else {
        lines.extend(others);
    }
    lines.truncate(if is_listed { 3 } else { 2 });
    if let Some(error) = &form.trouble {
        let text = lang.fill("form.check_failed", &[("error", &wire::read_error(lang, error))]);
        let failed = wrap(&text, width).into_iter().take(2).map(|line| (Role::Urgent, line));
        lines = failed.chain(lines).take(3).collect();
    }
    lines
}
