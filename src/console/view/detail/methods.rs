//! By which methods the order can be paid, what each takes from where, and why one is not open.

use ratatui::text::{Line, Span};

use super::lines::{Page, Row};
use crate::{
    console::{
        theme::{Mark, Role},
        view::canvas::{columns, wrap},
    },
    domain::{
        case::Case,
        method::{PaymentMethod, PaymentOption, TakenFrom},
        obstacle::Obstacle,
        order::{Details, OrderStatus},
        outlay::Outlay,
        payable,
    },
    lang::words,
};

/// What each method takes from where, and why a method is not open.
pub(super) fn options(page: &mut Page<'_>, case: &Case, details: &Details) {
    if let Some(payment) = &details.payment {
        let text = taken(page, payment);
        return page.entry("detail.paid_by", Role::Text, &text);
    }
    if case.order.status != OrderStatus::Unpaid || case.is_gone() {
        return;
    }
    let context = page.picture.model.payment_context(case);
    let lang = page.picture.lang();
    page.title("detail.options");
    if let Some(reason) = one_reason(page, case) {
        let mark = page.picture.model.setup.signs.mark(Mark::Failed);
        return page.wrapped(0, Role::Muted, &format!("{mark} {reason}"));
    }
    let fee = |outlay: &Outlay| match outlay.fee {
        None => String::new(),
        Some(fee) if outlay.is_fee_included => fee.grouped(),
        Some(fee) => format!("+{fee}"),
    };
    let numbers = |method| {
        let outlay = Outlay::by(method, &case.order)?;
        Some([outlay.amount.to_string(), fee(&outlay)])
    };
    let heads = ["detail.leaves", "detail.fee"].map(|key| page.text(key).to_owned());
    let all = || PaymentMethod::ALL.into_iter().filter_map(numbers).chain([heads.clone()]);
    let widths = [0, 1].map(|n| all().map(|numbers| columns(&numbers[n])).max().unwrap_or_default());
    let gap = if HEAD + widths[0] + widths[1] + 2 > page.width { " " } else { "  " };
    let beside = |numbers: &[String; 2]| {
        [0, 1].map(|n| {
            let pad = " ".repeat(usize::from(widths[n] - columns(&numbers[n])));
            format!("{}{pad}{}", if n == 0 { "" } else { gap }, numbers[n])
        })
    };
    let title = page.text("detail.options");
    let pad = " ".repeat(usize::from(HEAD.saturating_sub(columns(title))));
    let heads = page.span(Role::Muted, pad + &beside(&heads).concat());
    page.lines.last_mut().into_iter().for_each(|title| title.text.push_span(heads.clone()));
    let mut not_offered = Vec::new();
    for method in PaymentMethod::ALL {
        let obstacles = payable::method_obstacles(method, &context);
        let blocking = obstacles.iter().find(|obstacle| !obstacle.is_warning());
        if let Some(Obstacle::MethodNotOffered { .. }) = blocking {
            not_offered.push(words::method(lang, method));
            continue;
        }
        let (mark, ink) =
            if blocking.is_none() { (Mark::Done, None) } else { (Mark::Failed, Some(Role::Muted)) };
        let mark = page.picture.model.setup.signs.mark(mark);
        let name = words::method(lang, method);
        let pad = " ".repeat(usize::from((HEAD - 5).saturating_sub(columns(name))));
        let head = vec![
            page.span(ink.unwrap_or(Role::Accent), method.number().to_string()),
            page.span(ink.unwrap_or(Role::Text), format!(" {name}{pad} ")),
            page.span(ink.unwrap_or(Role::Good), format!("{mark} ")),
        ];
        let room = page.width.saturating_sub(HEAD);
        if let Some(obstacle) = blocking {
            let reason = words::obstacle_reason(lang, obstacle);
            for (n, part) in wrap(&reason, room).into_iter().enumerate() {
                let mut spans =
                    if n == 0 { head.clone() } else { vec![Span::raw(" ".repeat(usize::from(HEAD)))] };
                spans.push(page.span(Role::Muted, part));
                page.lines.push(Line::from(spans).into());
            }
            continue;
        }
        let mut line = Row::from(Line::from(head));
        let numbers = numbers(method).map(|numbers| beside(&numbers)).unwrap_or_default();
        let [sum, fee] = numbers;
        let room = room.saturating_sub(columns(&sum) + columns(&fee) + 2);
        line.text.push_span(page.span(Role::Strong, sum));
        line.text.push_span(page.span(Role::Text, fee));
        let option = details.option(method);
        let words = option.into_iter().flat_map(|option| [taken(page, option), source(page, option)]);
        if let Some(words) = words.into_iter().find(|words| columns(words) <= room) {
            line.text.push_span(page.span(Role::Muted, format!("  {words}")));
        }
        page.lines.push(line);
    }
    if !not_offered.is_empty() {
        let names = not_offered.join(lang.pick(", ", "、"));
        page.wrapped(0, Role::Muted, &lang.fill("detail.not_offered", &[("methods", &names)]));
    }
}

/// What stands against every method that is offered, where it is the same for all.
fn one_reason(page: &Page<'_>, case: &Case) -> Option<String> {
    let context = page.picture.model.payment_context(case);
    let against = |method| {
        let obstacles = payable::method_obstacles(method, &context);
        obstacles.into_iter().find(|obstacle| !obstacle.is_warning())
    };
    let is_offered = |against: &Option<Obstacle>| !matches!(against, Some(Obstacle::MethodNotOffered { .. }));
    let all: Vec<Option<Obstacle>> = PaymentMethod::ALL.into_iter().map(against).filter(is_offered).collect();
    let reason = |against: &Option<Obstacle>| {
        against.as_ref().map(|obstacle| words::obstacle_reason(page.picture.lang(), obstacle))
    };
    let first = all.first().and_then(reason)?;
    let is_one = all.len() > 1 && all.iter().all(|against| reason(against).as_ref() == Some(&first));
    is_one.then_some(first)
}

/// Columns of a method before what is said of it: its number, its name, its mark.
const HEAD: u16 = 12;

/// From where the fare is taken.
fn source(page: &Page<'_>, option: &PaymentOption) -> String {
    option.ticket_fare.map_or("", |part| from(page, part.from)).to_owned()
}

fn from(page: &Page<'_>, source: TakenFrom) -> &'static str {
    page.text(match source {
        TakenFrom::Deposit => "detail.from_deposit",
        TakenFrom::Card => "detail.from_card",
        TakenFrom::Other => "detail.from_account",
    })
}

pub(super) fn taken(page: &Page<'_>, option: &PaymentOption) -> String {
    let lang = page.picture.lang();
    let part = |key: &'static str, part: Option<crate::domain::method::Part>| {
        let part = part.filter(|part| !part.money.amount.is_zero())?;
        let from = from(page, part.from);
        Some(format!("{} {} {from}", lang.text(key), part.money))
    };
    let parts = [
        part("detail.ticket", option.ticket_fare),
        part("detail.fee", option.service_fee),
        part("detail.card_fee", option.payment_fee),
    ];
    let brand = option.card_brand.map(|brand| brand.word().to_owned());
    parts.into_iter().flatten().chain(brand).collect::<Vec<_>>().join(lang.pick(", ", "，"))
}
