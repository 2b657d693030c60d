//! What is looked at before a payment may leave, each with its verdict: the obstacles that stand against it, sorted by what
//! they are about, and what a check rests on that has none.

use jiff::Timestamp;

use super::{
    committable::Progress, context::PaymentContext, field::Field, method::PaymentMethod, money::Money,
    obstacle::Obstacle, outlay::Outlay, subject::Subject, work::Owner,
};

/// What a check is about, in the order in which a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// It is unpaid, and was asked for.
    Status,
    /// What leaves.
    Amount,
    /// It is offered.
    Method,
    /// There is time.
    Deadline,
    /// The deposit suffices.
    Balance,
    /// The airline is in no trouble.
    Airline,
    /// No payment is open.
    Attempts,
    /// The traveller has confirmed at the airline.
    Traveller,
    /// Nobody else works on it.
    Owner,
}

impl About {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Status,
        Self::Amount,
        Self::Method,
        Self::Deadline,
        Self::Balance,
        Self::Airline,
        Self::Attempts,
        Self::Traveller,
        Self::Owner,
    ];

    /// What an obstacle is about; none for what is entered of a card.
    pub fn of(obstacle: &Obstacle) -> Option<Self> {
        Some(match obstacle.subject() {
            Subject::OrderStatus => Self::Status,
            Subject::OrderNo if matches!(obstacle, Obstacle::DetailsMissing) => Self::Amount,
            Subject::OrderNo | Subject::Entered(Field::OldPaymentSeen) => Self::Attempts,
            Subject::Price => Self::Amount,
            Subject::Method => Self::Method,
            Subject::Deadline => Self::Deadline,
            Subject::Balance => Self::Balance,
            Subject::Airline => Self::Airline,
            Subject::Traveller => Self::Traveller,
            Subject::Owner => Self::Owner,
            _ => return None,
        })
    }

    /// The stable word for JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Amount => "amount",
            Self::Method => "method",
            Self::Deadline => "deadline",
            Self::Balance => "balance",
            Self::Airline => "airline",
            Self::Attempts => "attempts",
            Self::Traveller => "traveller",
            Self::Owner => "owner",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict<'a> {
    /// Nothing is against it, by this.
    Passed(Fact<'a>),
    /// The order is still being asked for.
    Asking,
    /// What it rests on is not known, which may be an obstacle of its own.
    Unknown(Option<&'a Obstacle>),
    /// It is only said, and hinders nothing.
    Warned(&'a Obstacle),
    /// It hinders.
    Failed(&'a Obstacle),
}

impl Verdict<'_> {
    /// The stable word for JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Asking => "asking",
            Self::Unknown(_) => "unknown",
            Self::Warned(_) => "warning",
            Self::Failed(_) => "failed",
        }
    }
}

/// What a check rests on that has nothing against it.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<'a> {
    /// When it was asked for.
    Asked(Timestamp),
    /// What leaves, and what that is made of.
    Amount(Outlay),
    /// The methods on offer.
    Offered(&'a [PaymentMethod]),
    /// Until when it may be paid.
    Deadline(Timestamp),
    /// What the deposit holds, and what it will hold.
    Balance(Money, Money),
    /// No trouble of the airline's is known.
    NoTrouble,
    /// So many payments before, all of them over.
    Attempts(usize),
    /// The traveller has confirmed.
    Confirmed,
    /// Who has it, and is not in the way.
    Owner(&'a Owner),
}

/// One check with its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Check<'a> {
    /// What it is about.
    pub about: About,
    /// What was found.
    pub verdict: Verdict<'a>,
}

/// All checks that apply to a payment by `method`: `obstacles` is all that is against it, `is_asked` whether the order was
/// asked for of late, and `owner` who has it now.
pub fn checks<'a>(
    method: PaymentMethod,
    context: &PaymentContext<'a>,
    obstacles: &'a [Obstacle],
    is_asked: bool,
    owner: Option<&'a Owner>,
) -> Vec<Check<'a>> {
    let is_asked_for = |about: &About| match about {
        About::Traveller => Progress::of(context.order, context.lineage, context.now).is_some(),
        About::Owner => owner.is_some(),
        _ => true,
    };
    let verdict = |about: About| {
        let own = || obstacles.iter().filter(|obstacle| About::of(obstacle) == Some(about));
        let worst = own().find(|obstacle| !obstacle.is_warning()).or_else(|| own().next());
        match worst {
            Some(obstacle @ Obstacle::BalanceUnknown) => Verdict::Unknown(Some(obstacle)),
            Some(obstacle) if obstacle.is_warning() => Verdict::Warned(obstacle),
            Some(obstacle) => Verdict::Failed(obstacle),
            None if about == About::Status && !is_asked => Verdict::Asking,
            None => fact(about, method, context, owner).map_or(Verdict::Unknown(None), Verdict::Passed),
        }
    };
    let about = About::ALL.into_iter().filter(is_asked_for);
    about.map(|about| Check { about, verdict: verdict(about) }).collect()
}

/// What a check rests on; none if that is not known.
fn fact<'a>(
    about: About,
    method: PaymentMethod,
    context: &PaymentContext<'a>,
    owner: Option<&'a Owner>,
) -> Option<Fact<'a>> {
    let order = context.order;
    let outlay = Outlay::by(method, order);
    Some(match about {
        About::Status => Fact::Asked(context.asked_at?),
        About::Amount => Fact::Amount(outlay?),
        About::Method => Fact::Offered(&order.details.as_ref()?.methods),
        About::Deadline => Fact::Deadline(order.deadline()?),
        About::Balance => {
            let before = context.balance?;
            Fact::Balance(before, outlay?.balance_after(before)?)
        }
        About::Airline => Fact::NoTrouble,
        About::Attempts => Fact::Attempts(context.lineage.attempts.len()),
        About::Traveller => Fact::Confirmed,
        About::Owner => Fact::Owner(owner?),
    })
}
