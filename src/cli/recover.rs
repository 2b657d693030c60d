//! `paydesk recover`: the plan, the new order if one is needed, and the payment; each step where the last run left it.

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    args::{RecoverArgs, ViaArg},
    confirm::Asker,
    exit::{self, Exit, Failure},
    handed::{draft, fitted},
    pay, rehearsal,
    sending::{self, LOOK_UP, Stay},
    session::{PATIENCE, Session},
};
use crate::{
    atlas::Endpoint,
    config::Settings,
    desk::hub::{Command, NotRegenerated, Reply},
    domain::{
        case::Case,
        confirmation::{is_exactly, is_typed},
        draft::Draft,
        order::OrderNo,
        payable::amount_due,
        payment::Payment,
        recovery::{self, Comparison, Facts, PaymentPath, Plan},
        regeneration::{RegenerationId, State},
        subject::Subject,
    },
    lang::{Lang, reason::Reason, recovery as words},
};

/// Recovers one order, or says why not.
pub(super) fn run(args: &RecoverArgs, settings: &Settings) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    if *settings.read_only && !args.dry_run {
        return Err(pay::read_only(lang));
    }
    let mut asker = (!args.yes && !args.dry_run).then(|| Asker::open(args.card_stdin)).flatten();
    if asker.is_none() && !args.yes && !args.dry_run {
        return Err(pay::nobody_to_ask(lang));
    }
    if settings.environment.stage.is_live() && args.yes && !args.dry_run && args.confirm_amount.is_none() {
        return Err(pay::unconfirmed(lang, "confirm_amount_needed", "pay.live_yes", "pay.live_yes_mend"));
    }
    // A card that cannot be read is refused before anything is made. Which way it will go is not known yet.
    let card = if args.card_stdin { Some(pay::card_from_stdin(lang, None, args.order)?) } else { None };
    let mut session = Session::open(settings, args.dry_run)?;
    let mut case = session.inspect(args.order)?;
    // The newest order of the lineage that can still be worked on is the one to recover.
    loop {
        let no = case.order.no;
        if !args.dry_run
            && case.lineage.regeneration_of(no).is_some_and(|regenerated| regenerated.state.is_open())
        {
            // One may have been made already: until that is known, there is nothing to choose.
            new_order(lang, &mut session, no, None, Instant::now() + Duration::from_secs(args.wait))?;
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
    let path = chosen(args, &plan);
    if args.dry_run {
        return rehearsal::print_plan(args, &session, &case, &plan, path, card);
    }
    if let Some(attempt) = case.lineage.unsettled() {
        return Err(exit::unsettled(lang, attempt));
    }
    let path = path.ok_or_else(|| no_way(lang, &plan))?;
    if let Some(Err(why)) = plan.choice(path).map(|choice| &choice.open) {
        let (subject, reason) = (words::path(lang, path), words::why(lang, why));
        let message = lang.fill("refusal.named", &[("subject", &subject), ("reason", &reason)]);
        let failure = Failure::new(Exit::Refused, "way_closed", message, words::advice(lang, plan.first));
        return Err(Failure { reasons: vec![Reason::of_closed(lang, why)], ..failure });
    }
    pay::say_owner(lang, &case);
    if path.wants_card() != args.card_stdin {
        return Err(pay::card_or_none(lang, args.card_stdin, &words::path(lang, path)));
    }
    let draft = draft(card, path, &case.order);
    let (old, target) = if path.is_new() {
        // What is wrong with the card is said before a new order is made for it.
        let reasons = pay::reasons(lang, &draft.card_obstacles(&session.payment_context(&case)));
        if !reasons.is_empty() {
            return Err(Failure::refused(lang, reasons));
        }
        let child = regenerate(args, lang, &mut session, &case, path, asker.as_mut())?;
        (Some(case), child)
    } else {
        (None, case)
    };
    let draft = fitted(draft, path, &session.payment_context(&target));
    pay(args, settings, session, old.as_deref(), &target, draft, asker.as_mut())
}

fn is_dead(case: &Case, session: &Session) -> bool {
    crate::domain::regeneration::is_dead(&case.order, session.seen.clocks())
}

fn facts<'a>(session: &'a Session, case: &'a Case) -> Facts<'a> {
    let child = case.lineage.child_of(case.order.no).and_then(|child| session.seen.cases.get(&child));
    Facts {
        now: session.seen.clocks(),
        order: &case.order,
        lineage: &case.lineage,
        child: child.map(|child| &child.order),
        balance: session.payment_context(case).balance,
    }
}

fn plan(session: &Session, case: &Case) -> Plan {
    recovery::plan(&facts(session, case))
}

/// The way that was asked for, on the same order where that can be paid, else on a new one.
fn chosen(args: &RecoverArgs, plan: &Plan) -> Option<PaymentPath> {
    let either = |same: PaymentPath, new: PaymentPath| {
        Some(if plan.is_open(same) || !plan.is_open(new) { same } else { new })
    };
    match args.via {
        None => plan.suggested(),
        Some(ViaArg::SameCard) => Some(PaymentPath::SameCard),
        Some(ViaArg::OtherCard) => either(PaymentPath::OtherCard, PaymentPath::NewCard),
        Some(ViaArg::Deposit) => either(PaymentPath::Deposit, PaymentPath::NewDeposit),
        Some(ViaArg::AirlineAccount) => either(PaymentPath::Account, PaymentPath::NewAccount),
    }
}

fn no_way(lang: Lang, plan: &Plan) -> Failure {
    let advice = words::advice(lang, plan.first);
    let message = lang.fill("recover.no_way", &[("advice", &advice)]);
    let mut reasons: Vec<Reason> = Vec::new();
    for why in plan.choices.iter().filter_map(|choice| choice.open.as_ref().err()) {
        let reason = Reason::of_closed(lang, why);
        // Several ways may be closed for the same reason.
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    Failure { reasons, ..Failure::new(Exit::Refused, "no_way_open", message, advice) }
}

/// The new order: the one that exists, or one that is made now.
fn regenerate(
    args: &RecoverArgs,
    lang: Lang,
    session: &mut Session,
    case: &Case,
    path: PaymentPath,
    asker: Option<&mut Asker>,
) -> Result<Arc<Case>, Failure> {
    let order = case.order.no;
    if let Some(child) = case.lineage.child_of(order) {
        return session.inspect(child);
    }
    if let Some(asker) = asker {
        let text = lang.fill("recover.ask_regenerate", &[("order", &order)]);
        if !asker.agrees(&(text + lang.pick(": ", "：")))? {
            return Err(pay::unconfirmed(lang, "not_confirmed", "pay.not_confirmed", "pay.nothing_sent"));
        }
    }
    if let Some(due) = old_price(case, path) {
        pay::check_amount(lang, args.confirm_amount.as_deref(), due)?;
    }
    let reason = case.order.ticketing_error.as_ref().map(|error| error.code.clone());
    // One that was refused before is not the answer to this one.
    let before = case.lineage.last_call(order).map(|regenerated| regenerated.id);
    // The call itself may take as long as a payment, and its doubt as long as was said.
    let patience = Endpoint::PAY_TIMEOUT + PATIENCE + Duration::from_secs(args.wait);
    let until = Instant::now() + patience;
    match session.reply_to(Command::Regenerate { order, path, reason }, patience)? {
        // Another console makes it, or has made it: its order is ours to go on with.
        Some(Reply::NotRegenerated { reason: NotRegenerated::ByAnother(_), .. }) => {}
        Some(Reply::NotRegenerated { reason, .. }) => return Err(not_regenerated(lang, &reason)),
        _ => {}
    }
    new_order(lang, session, order, before, until)
}

/// Waits until it is known which order was made from `order`, or that none was.
fn new_order(
    lang: Lang,
    session: &mut Session,
    order: OrderNo,
    before: Option<RegenerationId>,
    until: Instant,
) -> Result<Arc<Case>, Failure> {
    let mut said = None;
    loop {
        let found = session.wait_for(LOOK_UP, |seen| {
            let regenerated = seen.cases.get(&order).and_then(|case| case.lineage.last_call(order));
            let state = regenerated
                .filter(|regenerated| Some(regenerated.id) != before)
                .map(|regenerated| regenerated.state.clone());
            (state != said).then_some(state)
        });
        let Some(state) = found else {
            if Instant::now() < until && !session.seen.ended {
                continue;
            }
            let message = lang.text("happened.regenerating");
            let advice = lang.text("recover.run_again");
            let failure = Failure::new(Exit::Refused, "regeneration_unknown", message, advice);
            return Err(failure.about(lang, Subject::OrderNo));
        };
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
                let failure =
                    Failure::new(exit, "not_regenerated", message, lang.text("pay.nothing_charged"));
                return Err(failure.about(lang, Subject::OrderNo));
            }
            _ => {}
        }
        said = state;
    }
}

fn old_price(case: &Case, path: PaymentPath) -> Option<crate::domain::money::Money> {
    amount_due(path.method(&case.order)?, &case.order)
}

fn not_regenerated(lang: Lang, reason: &NotRegenerated) -> Failure {
    let subject = match reason {
        NotRegenerated::Unanswered(error) => {
            return Failure { code: "not_regenerated".into(), ..exit::unanswered(lang, error) };
        }
        NotRegenerated::Closed(closed) => exit::about_closed(closed),
        NotRegenerated::NotNow(_) | NotRegenerated::ByAnother(_) => Subject::OrderNo,
    };
    let message = words::not_regenerated(lang, reason);
    Failure::new(Exit::Refused, "not_regenerated", message, lang.text("pay.nothing_charged"))
        .about(lang, subject)
}

/// Pays what is to be paid, once its price was agreed to.
fn pay(
    args: &RecoverArgs,
    settings: &Settings,
    session: Session,
    old: Option<&Case>,
    target: &Case,
    draft: Draft,
    asker: Option<&mut Asker>,
) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    let comparison = old.and_then(|old| Comparison::of(draft.method, &old.order, &target.order));
    pay::warn(lang, &draft.obstacles(&session.payment_context(target)));
    let payment = match draft.into_payment(&session.payment_context(target)) {
        Ok(payment) => payment,
        Err(refused) => return Err(pay::against(lang, &refused.1)),
    };
    let mut said = String::new();
    for open in target.lineage.money_still_open(target.order.no) {
        // Writing into a String does not fail.
        let _ = writeln!(
            said,
            "{}",
            lang.fill("recover.held", &[("amount", &open.amount), ("order", &open.order)])
        );
    }
    if let Some(comparison) = comparison {
        let old = crate::lang::words::money_or_nothing(comparison.old);
        let _ =
            writeln!(said, "{}", lang.fill("recover.old_price", &[("old", &old), ("new", &comparison.new)]));
    }
    if let Some(asker) = asker {
        pay::check_amount(lang, args.confirm_amount.as_deref(), payment.amount)?;
        let summary = said + &pay::summary(lang, settings, &session, target, &payment);
        if !is_typed(&asker.ask(&summary)?, payment.amount) {
            return Err(pay::unconfirmed(lang, "not_confirmed", "pay.not_confirmed", "pay.nothing_sent"));
        }
    } else {
        eprint!("{said}");
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
        let failure =
            Failure::new(Exit::Refused, "price_increased", message, lang.text("recover.too_dear_mend"));
        return Err(failure.about(lang, Subject::Price));
    }
    match (confirmed, comparison.old) {
        (Some(confirmed), Some(old)) if !is_exactly(confirmed, old) => {
            pay::check_amount(lang, Some(confirmed), payment.amount)
        }
        _ => Ok(()),
    }
}
