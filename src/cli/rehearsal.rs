//! `paydesk recover --dry-run`: the plan, with every way and what is against it.

use serde::Serialize;

use super::{
    args::RecoverArgs,
    exit::{Exit, Failure},
    handed::{draft, fitted},
    output::{line, print_json},
    session::Session,
};
use crate::{
    domain::{
        case::Case,
        draft::Draft,
        obstacle::Obstacle,
        order::OrderNo,
        payable::method_obstacles,
        recovery::{Advice, Choice, PaymentPath, Plan},
    },
    export::document::Money,
    lang::{Lang, reason::Reason, recovery as words, words::money_or_nothing},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlanDocument {
    dry_run: bool,
    order_no: OrderNo,
    lineage: Vec<OrderNo>,
    happened: String,
    first: &'static str,
    suggested: Option<&'static str>,
    #[serde(rename = "routes")]
    paths: Vec<PathDocument>,
    never: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PathDocument {
    #[serde(rename = "route")]
    path: &'static str,
    open: bool,
    cost: Option<Money>,
    why: Option<String>,
    /// Why it is closed; for one that is open, what would hinder the payment as it stands.
    reasons: Vec<Reason>,
    warnings: Vec<Reason>,
}

/// Prints the plan; `chosen` is the way that was asked for or suggested, `card` what was handed over for it.
pub(super) fn print_plan(
    args: &RecoverArgs,
    session: &Session,
    case: &Case,
    plan: &Plan,
    chosen: Option<PaymentPath>,
    mut card: Option<Draft>,
) -> Result<Exit, Failure> {
    let lang = session.lang;
    let never = plan.never.iter().map(|never| words::never(lang, never));
    let happened = words::cause(lang, &plan.cause, &case.order);
    let choices: Vec<&Choice> = plan.choices.iter().filter(|choice| choice.path.pays()).collect();
    let mut paths = Vec::new();
    for choice in &choices {
        let is_handed = Some(choice.path) == chosen && choice.path.wants_card() == card.is_some();
        let handed = is_handed.then(|| draft(card.take(), choice.path, &case.order));
        let obstacles = against(session, case, choice, handed);
        let (warnings, hindrances): (Vec<&Obstacle>, Vec<&Obstacle>) =
            obstacles.iter().partition(|obstacle| obstacle.is_warning());
        let said = |obstacles: Vec<&Obstacle>| obstacles.iter().map(|one| Reason::of(lang, one)).collect();
        let why = choice.open.as_ref().err();
        paths.push(PathDocument {
            path: choice.path.word(),
            open: why.is_none(),
            cost: choice.open.as_ref().ok().copied().flatten().map(Money::from),
            why: why.map(|why| words::why(lang, why)),
            reasons: why.map_or_else(|| said(hindrances), |why| vec![Reason::of_closed(lang, why)]),
            warnings: said(warnings),
        });
    }
    if args.json {
        return print_json(&PlanDocument {
            dry_run: true,
            order_no: case.order.no,
            lineage: case.lineage_orders(),
            happened,
            first: words::advice(lang, plan.first),
            suggested: chosen.map(PaymentPath::word),
            paths,
            never: never.collect(),
        });
    }
    line(format_args!("{}  {happened}", case.order.no))?;
    let also = plan.also.iter().filter(|advice| !matches!(advice, Advice::Take(_)));
    for advice in std::iter::once(&plan.first).chain(also) {
        line(format_args!("  {}", named(lang, lang.text("recover.first"), words::advice(lang, *advice))))?;
    }
    for (choice, path) in choices.into_iter().zip(&paths) {
        let verdict = match &choice.open {
            Ok(cost) => format!("{}  {}", lang.text("recover.yes"), money_or_nothing(*cost)),
            Err(_) => lang.text("recover.no").to_owned(),
        };
        let mark = if Some(choice.path) == chosen { ">" } else { " " };
        line(format_args!("{mark} {}", named(lang, words::path(lang, choice.path), &verdict)))?;
        for reason in path.reasons.iter().chain(&path.warnings) {
            line(format_args!("    {}", reason.entered_line()))?;
        }
    }
    for never in never {
        line(format_args!("  {}", named(lang, lang.text("recover.never"), &never)))?;
    }
    Ok(Exit::Done)
}

/// What something is about, and what is said of it.
fn named(lang: Lang, subject: &str, said: &str) -> String {
    lang.fill("refusal.named", &[("subject", &subject), ("reason", &said)])
}

/// What is against paying by an open way now. The chosen one is judged with what was handed over for it; an order that
/// is yet to be made cannot be judged, but the card for it can.
fn against(session: &Session, case: &Case, choice: &Choice, handed: Option<Draft>) -> Vec<Obstacle> {
    let path = choice.path;
    if choice.open.is_err() {
        return Vec::new();
    }
    let child = case.lineage.child_of(case.order.no).and_then(|child| session.seen.cases.get(&child));
    let target = if path.is_new() { child.map(|child| &**child) } else { Some(case) };
    match (target, handed) {
        (Some(target), Some(draft)) => {
            let context = session.payment_context(target);
            fitted(draft, path, &context).obstacles(&context)
        }
        (Some(target), None) => path
            .method(&target.order)
            .map(|method| method_obstacles(method, &session.payment_context(target)))
            .unwrap_or_default(),
        (None, Some(draft)) => draft.card_obstacles(&session.payment_context(case)),
        (None, None) => Vec::new(),
    }
}
