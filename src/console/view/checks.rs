//! What is looked at before a payment may leave, each with its verdict: the obstacles that the form itself goes by, sorted
//! by what they are about.

use super::{
    canvas::{Canvas, columns, wrap_to},
    head::{self, time_left},
    page::Page,
};
use crate::{
    console::{
        layer::pay::PayForm,
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{
        committable::Progress, context::PaymentContext, field::Field, money::Money, obstacle::Obstacle,
        outlay::Outlay, subject::Subject, work::Owner,
    },
    lang::{Lang, words},
};

/// What a check is about, in the order in which a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Status,
    Amount,
    Method,
    Deadline,
    Balance,
    Airline,
    Attempts,
    Traveller,
    Owner,
}

const ALL: [(About, &str); 9] = [
    (About::Status, "check.status"),
    (About::Amount, "check.amount"),
    (About::Method, "check.method"),
    (About::Deadline, "check.deadline"),
    (About::Balance, "check.balance"),
    (About::Airline, "check.airline"),
    (About::Attempts, "check.attempts"),
    (About::Traveller, "check.traveller"),
    (About::Owner, "check.owner"),
];

/// One of them with its verdict.
pub(super) struct Check {
    about: About,
    mark: Mark,
    role: Role,
    name: &'static str,
    says: String,
}

impl Check {
    /// All that apply to the order and the method of the form.
    pub(super) fn all(
        picture: Picture<'_>,
        form: &PayForm,
        context: &PaymentContext<'_>,
        obstacles: &[Obstacle],
    ) -> Vec<Self> {
        let lang = picture.lang();
        let is_asked_for = |about: About| match about {
            About::Traveller => Progress::of(context.order, context.lineage, context.now).is_some(),
            About::Owner => owner(picture, context).is_some(),
            _ => true,
        };
        let verdict = |(about, key): (About, &'static str)| {
            let own = || obstacles.iter().filter(|obstacle| is_about(obstacle) == Some(about));
            let worst = own().find(|obstacle| !obstacle.is_warning()).or_else(|| own().next());
            let (mark, role, says) = match worst {
                _ if about == About::Status && !form.is_checked(context) && worst.is_none() => {
                    (Mark::Going, Role::Going, lang.text("form.checking").to_owned())
                }
                Some(obstacle) => {
                    let (mark, role) = match obstacle {
                        Obstacle::BalanceUnknown => (Mark::Doubt, Role::Doubt),
                        _ if obstacle.is_warning() => (Mark::Warning, Role::Soon),
                        _ => (Mark::Failed, Role::Urgent),
                    };
                    (mark, role, words::obstacle_reason(lang, obstacle))
                }
                None => match fact(picture, form, context, about) {
                    Some(says) => (Mark::Done, Role::Good, says),
                    None => (Mark::Doubt, Role::Doubt, lang.text("check.unknown").to_owned()),
                },
            };
            Self { about, mark, role, name: lang.text(key), says }
        };
        ALL.into_iter().filter(|(about, _)| is_asked_for(*about)).map(verdict).collect()
    }

    /// True for an obstacle that a check tells.
    pub(super) fn tells(obstacle: &Obstacle) -> bool {
        is_about(obstacle).is_some()
    }

    fn put(&self, x: u16, y: u16, width: u16, canvas: &mut Canvas<'_>) -> u16 {
        let x = canvas.put(x, y, width, self.role, canvas.signs.mark(self.mark)) + 1;
        let role = if self.mark == Mark::Done { Role::Text } else { self.role };
        canvas.put(x, y, width, role, self.name)
    }
}

/// Columns of the name of a check with its mark.
const NAME: u16 = 14;

/// Writes them one below the other, each with what it rests on or what is against it.
pub(super) fn list(checks: &[Check], page: &mut Page<'_, '_>) {
    let room = page.area.width.saturating_sub(NAME);
    for check in checks {
        let lines = wrap_to(&check.says, room, page.left().min(2));
        if lines.is_empty() {
            return;
        }
        check.put(page.area.x, page.y, NAME, page.canvas);
        let role = if check.mark == Mark::Done { Role::Muted } else { check.role };
        for line in lines {
            page.canvas.put(page.area.x + NAME, page.y, room, role, &line);
            page.y += 1;
        }
    }
}

/// Writes them in one line or two, by mark and name alone. The method stands in the table above with its own.
pub(super) fn in_line(checks: &[Check], page: &mut Page<'_, '_>) {
    let (mut x, right) = (page.area.x, page.area.x + page.area.width);
    let shown: Vec<&Check> = checks.iter().filter(|check| check.about != About::Method).collect();
    let used: u16 = shown.iter().map(|check| columns(check.name) + 2).sum();
    let gaps = u16::try_from(shown.len()).unwrap_or(u16::MAX).saturating_sub(1);
    let gap = (page.area.width.saturating_sub(used) / gaps.max(1)).clamp(1, 3);
    for check in shown {
        if x > page.area.x && x + columns(check.name) + 2 > right {
            (x, page.y) = (page.area.x, page.y + 1);
        }
        x = check.put(x, page.y, right - x, page.canvas) + gap;
    }
    page.y += 1;
}

fn is_about(obstacle: &Obstacle) -> Option<About> {
    Some(match obstacle.subject() {
        Subject::OrderStatus => About::Status,
        Subject::OrderNo if matches!(obstacle, Obstacle::DetailsMissing) => About::Amount,
        Subject::OrderNo | Subject::Entered(Field::OldPaymentSeen) => About::Attempts,
        Subject::Price => About::Amount,
        Subject::Method => About::Method,
        Subject::Deadline => About::Deadline,
        Subject::Balance => About::Balance,
        Subject::Airline => About::Airline,
        Subject::Traveller => About::Traveller,
        Subject::Owner => About::Owner,
        _ => return None,
    })
}

/// What a check rests on that has nothing against it; none if that is not known.
fn fact(picture: Picture<'_>, form: &PayForm, context: &PaymentContext<'_>, about: About) -> Option<String> {
    let (lang, order, method) = (picture.lang(), context.order, form.draft.method);
    let outlay = Outlay::by(method, order);
    Some(match about {
        About::Status => {
            let at = context.asked_at?.to_zoned(picture.model.setup.zone.clone());
            let at = at.strftime("%H:%M:%S").to_string();
            lang.fill("form.checked", &[("at", &at)])
        }
        About::Amount => split(lang, outlay?),
        About::Method => {
            let offered = &order.details.as_ref()?.methods;
            let names: Vec<&str> = offered.iter().map(|method| words::method(lang, *method)).collect();
            let names = names.join(", ");
            lang.fill("check.offered", &[("methods", &names)])
        }
        About::Deadline => {
            order.deadline()?;
            time_left(picture, picture.model.case(order.no)?)
        }
        About::Balance => {
            let before = context.balance?;
            let after = outlay?.balance_after(before)?;
            lang.fill("check.balance_after", &[("before", &before.grouped()), ("after", &after)])
        }
        About::Airline => lang.text("check.no_trouble").to_owned(),
        About::Attempts => match context.lineage.attempts.len() {
            0 => lang.text("check.no_attempt").to_owned(),
            count => lang.fill("check.attempts_over", &[("count", &count)]),
        },
        About::Traveller => lang.text("traveller.confirmed").to_owned(),
        About::Owner => head::owner(picture, owner(picture, context)?),
    })
}

/// Who has the order now.
fn owner<'a>(picture: Picture<'a>, context: &PaymentContext<'_>) -> Option<&'a Owner> {
    picture.model.case(context.order.no)?.work().owner_at(picture.model.now())
}

/// What leaves, and what it is made of: ticket, service fee and card fee, each by itself.
fn split(lang: Lang, outlay: Outlay) -> String {
    let Some(ticket) = outlay.ticket else { return outlay.amount.to_string() };
    let part = |key: &'static str, money: Money| format!("{} {}", lang.text(key), money.grouped());
    let mut parts = vec![part("detail.ticket", ticket)];
    parts.extend(outlay.fee.filter(|_| outlay.is_fee_included).map(|fee| part("detail.fee", fee)));
    parts.extend(outlay.card_fee.map(|fee| part("detail.card_fee", fee)));
    let besides = outlay.fee.filter(|_| !outlay.is_fee_included);
    let besides = besides.map(|fee| lang.fill("check.fee_besides", &[("fee", &fee)])).unwrap_or_default();
    format!("{} = {}{besides}", outlay.amount, parts.join(" + "))
}
