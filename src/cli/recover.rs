//! `paydesk recover`: the plan, the new order if one is needed, and the payment; each step where the last run left it.

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use serde::Serialize;

use super::{
    args::{RecoverArgs, ViaArg},
    confirm::{Asker, is_exactly, is_typed},
    document::Money,
    exit::{self, Exit, Failure},
    pay, print_json,
    sending::{self, LOOK_UP, Stay},
    session::{PATIENCE, Session},
};
use crate::{
    atlas::Endpoint,
    config::Settings,
    desk::{
        case::Case,
        handle::Command,
        health::{NotRemade, Notice},
    },
    domain::{
        draft::{Draft, Field},
        method::PaymentMethod,
        order::OrderNo,
        payable::{Obstacle, amount_due},
        payment::Payment,
        recovery::{self, Advice, Comparison, Facts, Plan, Route},
        regeneration::{RegenerationId, State},
    },
    lang::{Lang, recovery as words},
};

/// Recovers one order, or says why not.
pub(super) fn run(args: &RecoverArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    if *settings.read_only && !args.dry_run {
        return Err(pay::refused(lang, "read_only", "pay.read_only", "pay.read_only_mend"));
    }
    let mut asker = (!args.yes && !args.dry_run).then(|| Asker::open(args.card_stdin)).flatten();
    if asker.is_none() && !args.yes && !args.dry_run {
        let (message, mend) = (lang.text("pay.nobody_to_ask"), lang.text("pay.nobody_to_ask_mend"));
        return Err(Failure::new(Exit::Usage, "confirmation_needed", message, mend));
    }
    if settings.environment.stage.is_live() && args.yes && !args.dry_run && args.confirm_amount.is_none() {
        return Err(pay::refused(lang, "confirm_amount_needed", "pay.live_yes", "pay.live_yes_mend"));
    }
    let mut session = Session::open(settings, args.dry_run)?;
    let mut case = session.inspect(args.order)?;
    // The newest order of the lineage that can still be worked on is the one to recover.
    loop {
        let no = case.order.no;
        if !args.dry_run && case.lineage.remade(no).is_some_and(|remade| remade.state.is_open()) {
            // One may have been made already: until that is known, there is nothing to choose.
            new_order(lang, &mut session, no, None, Duration::from_secs(args.wait))?;
            case = session.inspect(no)?;
        }
        let Some(child) = case.lineage.child_of(no) else { break };
        let next = session.inspect(child)?;
        let is_last = next.lineage.child_of(child).is_none();
        if is_last && (next.order.has_time_left(session.seen.server_now()) || !is_dead(&next, &session)) {
            break;
        }
        case = next;
    }
    let plan = plan(&session, &case);
    let route = chosen(args, &plan);
    if args.dry_run {
        return rehearse(args, lang, &case, &plan, route);
    }
    if let Some(attempt) = case.lineage.unsettled() {
        return Err(exit::unsettled(lang, attempt));
    }
    let route = route.ok_or_else(|| no_way(lang, &plan))?;
    if let Some(Err(why)) = plan.choice(route).map(|choice| &choice.open) {
        let message = format!("{}: {}", words::route(lang, route), words::why(lang, why));
        return Err(Failure::new(Exit::Refused, "way_closed", message, words::advice(lang, plan.first)));
    }
    if route.wants_card() != args.card_stdin {
        let key = if args.card_stdin { "pay.card_not_wanted" } else { "pay.card_wanted" };
        let message = lang.fill(key, &[("method", &words::route(lang, route))]);
        return Err(Failure::new(Exit::Usage, "card_input", message, ""));
    }
    let card = if args.card_stdin { Some(card(lang, &session, &case)?) } else { None };
    let (old, target) = if route.is_new() {
        let child = remake(args, lang, &mut session, &case, route, asker.as_mut())?;
        (Some(case), child)
    } else {
        (None, case)
    };
    pay(args, settings, session, card, old.as_deref(), &target, route, asker.as_mut())
}

/// The card, before anything is made or claimed: a ceiling above the desk's limit stands in the way of any order.
fn card(lang: Lang, session: &Session, case: &Case) -> Result<Draft, Failure> {
    let draft = pay::card_from_stdin(PaymentMethod::Vcc)?;
    let mut obstacles = draft.obstacles(&session.situation(case));
    obstacles.retain(|obstacle| matches!(obstacle, Obstacle::CeilingAboveLimit { .. }));
    if obstacles.is_empty() { Ok(draft) } else { Err(pay::against(lang, &obstacles)) }
}

fn is_dead(case: &Case, session: &Session) -> bool {
    crate::domain::regeneration::is_dead(&case.order, session.seen.server_now())
}

fn facts<'a>(session: &'a Session, case: &'a Case) -> Facts<'a> {
    let child = case.lineage.child_of(case.order.no).and_then(|child| session.seen.cases.get(&child));
    Facts {
        now: session.seen.server_now(),
        order: &case.order,
        lineage: &case.lineage,
        child: child.map(|child| &child.order),
        balance: session.situation(case).balance,
    }
}

fn plan(session: &Session, case: &Case) -> Plan {
    recovery::plan(&facts(session, case))
}

/// The way that was asked for, on the same order where that can be paid, else on a new one.
fn chosen(args: &RecoverArgs, plan: &Plan) -> Option<Route> {
    let either =
        |same: Route, new: Route| Some(if plan.is_open(same) || !plan.is_open(new) { same } else { new });
    match args.via {
        None => plan.suggested(),
        Some(ViaArg::SameCard) => Some(Route::SameCard),
        Some(ViaArg::OtherCard) => either(Route::OtherCard, Route::NewCard),
        Some(ViaArg::Deposit) => either(Route::Deposit, Route::NewDeposit),
    }
}

fn no_way(lang: Lang, plan: &Plan) -> Failure {
    let advice = words::advice(lang, plan.first);
    Failure::new(Exit::Refused, "no_way_open", lang.fill("recover.no_way", &[("advice", &advice)]), advice)
}

/// What `--dry-run --json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlanDocument {
    dry_run: bool,
    order_no: OrderNo,
    lineage: Vec<OrderNo>,
    happened: String,
    first: &'static str,
    suggested: Option<&'static str>,
    routes: Vec<RouteDocument>,
    never: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RouteDocument {
    route: &'static str,
    open: bool,
    cost: Option<Money>,
    why: Option<String>,
}

fn rehearse(
    args: &RecoverArgs,
    lang: Lang,
    case: &Case,
    plan: &Plan,
    route: Option<Route>,
) -> Result<Exit, Failure> {
    let choices = plan.choices.iter().filter(|choice| choice.route != Route::Stop);
    let never = plan.never.iter().map(|never| words::never(lang, never));
    let happened = words::cause(lang, &plan.cause, &case.order);
    if args.json {
        return print_json(&PlanDocument {
            dry_run: true,
            order_no: case.order.no,
            lineage: case.lineage.orders().collect(),
            happened,
            first: words::advice(lang, plan.first),
            suggested: route.map(Route::word),
            routes: choices
                .map(|choice| RouteDocument {
                    route: choice.route.word(),
                    open: choice.open.is_ok(),
                    cost: choice.open.as_ref().ok().copied().flatten().map(Money::from),
                    why: choice.open.as_ref().err().map(|why| words::why(lang, why)),
                })
                .collect(),
            never: never.collect(),
        });
    }
    println!("{}  {happened}", case.order.no);
    let also = plan.also.iter().filter(|advice| !matches!(advice, Advice::Take(_)));
    for advice in std::iter::once(&plan.first).chain(also) {
        println!("  {}: {}", lang.text("recover.first"), words::advice(lang, *advice));
    }
    for choice in choices {
        let verdict = match &choice.open {
            Ok(cost) => {
                let cost = crate::lang::words::money_or_nothing(*cost);
                format!("{}  {cost}", lang.text("recover.yes"))
            }
            Err(why) => format!("{}  {}", lang.text("recover.no"), words::why(lang, why)),
        };
        let mark = if Some(choice.route) == route { ">" } else { " " };
        println!("{mark} {}: {verdict}", words::route(lang, choice.route));
    }
    for never in never {
        println!("  {}: {never}", lang.text("recover.never"));
    }
    Ok(Exit::Done)
}

/// The new order: the one that exists, or one that is made now.
fn remake(
    args: &RecoverArgs,
    lang: Lang,
    session: &mut Session,
    case: &Case,
    route: Route,
    asker: Option<&mut Asker>,
) -> Result<Arc<Case>, Failure> {
    let order = case.order.no;
    if let Some(child) = case.lineage.child_of(order) {
        return session.inspect(child);
    }
    if let Some(asker) = asker {
        let text = lang.fill("recover.ask_remake", &[("order", &order)]);
        if !asker.agrees(&format!("{text}: "))? {
            return Err(pay::refused(lang, "not_confirmed", "pay.not_confirmed", "pay.nothing_sent"));
        }
    }
    if let Some(due) = old_price(case, route) {
        pay::check_amount(lang, args.confirm_amount.as_deref(), due)?;
    }
    let reason = case.order.ticketing_error.as_ref().map(|error| error.code.clone());
    // One that was refused before is not the answer to this one.
    let before = case.lineage.last_call(order).map(|remade| remade.id);
    session.send(Command::Regenerate { order, route, reason })?;
    // The call itself may take as long as a payment, and its doubt as long as was said.
    let patience = Endpoint::PAY_TIMEOUT + PATIENCE + Duration::from_secs(args.wait);
    new_order(lang, session, order, before, patience)
}

/// Waits until it is known which order was made from `order`, or that none was.
fn new_order(
    lang: Lang,
    session: &mut Session,
    order: OrderNo,
    before: Option<RegenerationId>,
    patience: Duration,
) -> Result<Arc<Case>, Failure> {
    let mut told = None;
    let until = Instant::now() + patience;
    loop {
        let found = session.wait_for(LOOK_UP, |seen| {
            let refused = seen.notices.iter().find_map(|notice| match notice {
                Notice::NotRemade { order: about, reason } if *about == order => Some(reason.clone()),
                _ => None,
            });
            let remade = seen.cases.get(&order).and_then(|case| case.lineage.last_call(order));
            let state = remade.filter(|remade| Some(remade.id) != before).map(|remade| remade.state.clone());
            (refused.is_some() || state != told).then_some((refused, state))
        });
        let Some((refused, state)) = found else {
            if Instant::now() < until {
                continue;
            }
            let message = lang.text("happened.remaking");
            return Err(Failure::new(
                Exit::Refused,
                "regeneration_unknown",
                message,
                lang.text("recover.run_again"),
            ));
        };
        match refused {
            // Another console makes it, or has made it: its order is ours to go on with.
            Some(NotRemade::ByAnother(_)) | None => {}
            Some(reason) => return Err(not_remade(lang, &reason)),
        }
        if let Some(state) = &state {
            sending::tell(&words::regeneration(lang, state));
        }
        match &state {
            Some(State::Made(child) | State::Found(child)) => return session.inspect(*child),
            Some(State::Refused(_) | State::NotSent(_) | State::NotMade) => {
                let message = state.as_ref().map_or(String::new(), |state| words::regeneration(lang, state));
                let exit = match state {
                    Some(State::NotSent(_)) => Exit::Unreachable,
                    _ => Exit::Refused,
                };
                return Err(Failure::new(exit, "not_regenerated", message, lang.text("pay.nothing_charged")));
            }
            _ => {}
        }
        session.seen.notices.clear();
        told = state;
    }
}

fn old_price(case: &Case, route: Route) -> Option<crate::domain::money::Money> {
    amount_due(route.method(&case.order)?, &case.order)
}

fn not_remade(lang: Lang, reason: &NotRemade) -> Failure {
    let failure = |exit| Failure::new(exit, "not_regenerated", words::not_remade(lang, reason), "");
    match reason {
        NotRemade::Unanswered(error) => Failure { code: "not_regenerated".into(), ..exit::unanswered(error) },
        _ => failure(Exit::Refused),
    }
}

/// Pays what is to be paid, once its price was agreed to.
#[expect(clippy::too_many_arguments, reason = "what a payment is made of, each of its own kind")]
fn pay(
    args: &RecoverArgs,
    settings: &Settings,
    session: Session,
    card: Option<Draft>,
    old: Option<&Case>,
    target: &Case,
    route: Route,
    asker: Option<&mut Asker>,
) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    let method = route.method(&target.order).unwrap_or(PaymentMethod::Deposit);
    let comparison = old.and_then(|old| Comparison::of(method, &old.order, &target.order));
    let mut draft = card.unwrap_or_else(|| Draft::new(method));
    draft.method = method;
    draft.traveller_confirmed = args.traveller_confirmed;
    // What may still be held besides is told below, before anything is confirmed.
    draft.old_payment_seen = true;
    if method == PaymentMethod::Vcc
        && draft.text(Field::Ceiling).is_empty()
        && let Some(ceiling) = Draft::default_ceiling(&session.situation(target))
    {
        draft.set(Field::Ceiling, &ceiling.whole());
    }
    let payment = match draft.into_payment(&session.situation(target)) {
        Ok(payment) => payment,
        Err(refused) => return Err(pay::against(lang, &refused.1)),
    };
    let mut told = String::new();
    for open in target.lineage.money_still_open(target.order.no) {
        // Writing into a String does not fail.
        let _ = writeln!(
            told,
            "{}",
            lang.fill("recover.held", &[("amount", &open.amount), ("order", &open.order)])
        );
    }
    if let Some(comparison) = comparison {
        let old = crate::lang::words::money_or_nothing(comparison.old);
        let _ =
            writeln!(told, "{}", lang.fill("recover.old_price", &[("old", &old), ("new", &comparison.new)]));
    }
    if let Some(asker) = asker {
        pay::check_amount(lang, args.confirm_amount.as_deref(), payment.amount)?;
        let summary = told + &pay::summary(lang, settings, &session, target, &payment);
        if !is_typed(&asker.ask(&summary)?, payment.amount) {
            return Err(pay::refused(lang, "not_confirmed", "pay.not_confirmed", "pay.nothing_sent"));
        }
    } else {
        eprint!("{told}");
        check_agreed(args, lang, comparison, &payment)?;
    }
    let stay = Stay {
        order: target.order.no,
        original: old.map(|old| old.order.no),
        wait: Duration::from_secs(args.wait),
        follow: args.follow,
        json: args.json,
    };
    sending::send(&stay, lang, session, payment)
}

/// Without anybody to ask: a new order may be dearer by so much and no more, and an amount that was confirmed must be
/// the one that is due, or the old one's when that was confirmed before the new order was made.
fn check_agreed(
    args: &RecoverArgs,
    lang: Lang,
    comparison: Option<Comparison>,
    payment: &Payment,
) -> Result<(), Failure> {
    let confirmed = args.confirm_amount.as_deref();
    let Some(comparison) = comparison else { return pay::check_amount(lang, confirmed, payment.amount) };
    if confirmed.is_some_and(|confirmed| is_exactly(confirmed, payment.amount)) {
        return Ok(());
    }
    if !comparison.is_within(args.max_increase) {
        let old = crate::lang::words::money_or_nothing(comparison.old);
        let message = lang.fill("recover.too_dear", &[("old", &old), ("new", &comparison.new)]);
        return Err(Failure::new(
            Exit::Refused,
            "price_increased",
            message,
            lang.text("recover.too_dear_mend"),
        ));
    }
    match (confirmed, comparison.old) {
        (Some(confirmed), Some(old)) if !is_exactly(confirmed, old) => {
            pay::check_amount(lang, Some(confirmed), payment.amount)
        }
        _ => Ok(()),
    }
}
