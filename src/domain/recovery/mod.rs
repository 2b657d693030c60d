//! The recovery planner: what became of an order's payment, which ways lead on, which are closed and why.
//!
//! It follows the vendor's rules for hybrid payment (混合支付), a fallback of one booking from one payment path to
//! another. It knows nothing but facts, so that the same facts after a restart give the same plan again.

pub mod cause;
pub mod steps;

use jiff::{SignedDuration, Timestamp};

pub use self::{
    cause::{Cause, Why},
    steps::{Step, StepKind, StepState},
};
use super::{
    attempt::{Attempt, State},
    card::MaskedCard,
    card_check::is_used_up,
    lineage::Lineage,
    method::PaymentMethod,
    money::Money,
    order::{Order, OrderNo, OrderStatus},
    payable,
    regeneration::{self, NotNow},
};

/// With less time left than this a declined card could not be recovered any more: a deposit goes first.
pub const CARD_MARGIN: SignedDuration = SignedDuration::from_mins(3);

/// An order that is held for no longer than this is a fulfilment order: its whole retry fits inside, or is given up.
const FULFILMENT_HOLD: SignedDuration = SignedDuration::from_mins(5);

/// With less of that time left, no further retry is begun.
const FULFILMENT_MARGIN: SignedDuration = SignedDuration::from_mins(1);

/// What the planner goes by.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Now, by the vendor's clock.
    pub now: Timestamp,
    /// The order, as a fresh query showed it.
    pub order: &'a Order,
    /// What was done so far for it and the orders that belong to it.
    pub lineage: &'a Lineage,
    /// The order that was made from it, once it was seen.
    pub child: Option<&'a Order>,
    /// Balance of the Atlas account in settlement currency, if known.
    pub balance: Option<Money>,
}

/// A way to get the booking paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// Pay this order with the card of the last attempt.
    SameCard,
    /// Pay this order with another card.
    OtherCard,
    /// Pay this order from the deposit.
    Deposit,
    /// Pay this order from the agency's account at the airline.
    Account,
    /// Make a new order and pay it from the deposit.
    NewDeposit,
    /// Make a new order and pay it with another card.
    NewCard,
    /// Make a new order and pay it from the agency's account at the airline.
    NewAccount,
    /// Stop here and leave a note.
    Stop,
}

impl Route {
    /// All, in the order in which a form lists them.
    pub const ALL: [Self; 8] = [
        Self::SameCard,
        Self::OtherCard,
        Self::Deposit,
        Self::Account,
        Self::NewDeposit,
        Self::NewCard,
        Self::NewAccount,
        Self::Stop,
    ];

    /// True when it begins with a new order.
    pub fn is_new(self) -> bool {
        matches!(self, Self::NewDeposit | Self::NewCard | Self::NewAccount)
    }

    /// True when a card is asked for.
    pub fn wants_card(self) -> bool {
        matches!(self, Self::SameCard | Self::OtherCard | Self::NewCard)
    }

    /// The method by which it pays `order`.
    pub fn method(self, order: &Order) -> Option<PaymentMethod> {
        let offers = |method| order.details.as_ref().is_some_and(|details| details.methods.contains(&method));
        match self {
            Self::Deposit | Self::NewDeposit => Some(PaymentMethod::Deposit),
            Self::Account | Self::NewAccount => Some(PaymentMethod::Byoa),
            Self::SameCard | Self::OtherCard | Self::NewCard => {
                let merchant = offers(PaymentMethod::Mor) && !offers(PaymentMethod::Vcc);
                Some(if merchant { PaymentMethod::Mor } else { PaymentMethod::Vcc })
            }
            Self::Stop => None,
        }
    }

    /// The stable word for the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::SameCard => "sameCard",
            Self::OtherCard => "otherCard",
            Self::Deposit => "deposit",
            Self::Account => "account",
            Self::NewDeposit => "newOrderDeposit",
            Self::NewCard => "newOrderOtherCard",
            Self::NewAccount => "newOrderAccount",
            Self::Stop => "stop",
        }
    }
}

/// Something that is done outside a route, before one or instead of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Advice {
    /// Pay, by any way that is open.
    Pay,
    /// Wait and ask; nothing is sent meanwhile.
    WaitAndAsk,
    /// A person must look into it with the vendor.
    Investigate,
    /// Ask the vendor's support when it lasts.
    AskSupport,
    /// Ask the vendor to stop ticketing, if the sale is off.
    StopTicketing,
    /// Mend what the answer complained of, then the same card again.
    MendAndSameCard,
    /// Check the balance first.
    CheckBalance,
    /// Top the deposit up first.
    TopUp,
    /// Let the traveller confirm on the airline's page first.
    ConfirmTraveller,
    /// Find the passenger's other booking first.
    FindOtherBooking,
    /// Search and book anew.
    BookAnew,
    /// Take this route.
    Take(Route),
    /// Nothing: it is ticketed.
    Done,
}

/// What must not be done, said on the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Never {
    /// Pay at all.
    Pay,
    /// Pay this order's number again.
    PayOrder(OrderNo),
    /// Use this card again.
    Card(MaskedCard),
    /// Use the card that was declined (another desk's: its digits are not known here).
    DeclinedCard,
    /// Pay by the same method.
    Method(PaymentMethod),
    /// Make another new order.
    RegenerateAgain,
    /// Make a new order from it.
    Regenerate,
    /// Make a new order before the other booking was found.
    RegenerateBlindly,
    /// Send again before a query has shown the order unpaid.
    BeforeQuery,
    /// Pay before the traveller has confirmed.
    BeforeConfirmation,
    /// Begin another retry.
    MoreRetries,
}

/// A route, with what it costs or why it is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The way.
    pub route: Route,
    /// What will leave the source (unknown before a new order has its price), or why it cannot be gone.
    pub open: Result<Option<Money>, Why>,
}

/// The plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What became of the payment.
    pub cause: Cause,
    /// What to do first.
    pub first: Advice,
    /// What else may be done.
    pub also: Vec<Advice>,
    /// Every route, open or closed.
    pub choices: Vec<Choice>,
    /// What must not be done.
    pub never: Vec<Never>,
}

impl Plan {
    /// The choice of `route`.
    pub fn choice(&self, route: Route) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.route == route)
    }

    /// True when `route` can be gone.
    pub fn is_open(&self, route: Route) -> bool {
        self.choice(route).is_some_and(|choice| choice.open.is_ok())
    }

    /// The route to begin with: the advised one, else the first that is open and leads anywhere.
    pub fn suggested(&self) -> Option<Route> {
        let advised = std::iter::once(&self.first).chain(&self.also).filter_map(|advice| match advice {
            Advice::Take(route) => Some(*route),
            _ => None,
        });
        let any = Route::ALL.into_iter().filter(|route| *route != Route::Stop);
        advised.chain(any).find(|route| self.is_open(*route))
    }
}

/// The plan for an order.
pub fn plan(facts: &Facts<'_>) -> Plan {
    let cause = cause::cause(facts);
    let choices: Vec<Choice> =
        Route::ALL.into_iter().map(|route| Choice { route, open: open(route, &cause, facts) }).collect();
    let is_open = |route| choices.iter().any(|choice| choice.route == route && choice.open.is_ok());
    let (first, also) = advice(&cause, facts, &is_open);
    let never = never(&cause, facts);
    Plan { cause, first, also, choices, never }
}

/// What to do first, and what else, by the cause: the vendor's decision table.
fn advice(cause: &Cause, facts: &Facts<'_>, is_open: &dyn Fn(Route) -> bool) -> (Advice, Vec<Advice>) {
    let take = Advice::Take;
    // A route that is closed is not advised; its reason stands beside it.
    let open = |routes: &[Route]| {
        routes.iter().copied().filter(|route| is_open(*route)).map(take).collect::<Vec<_>>()
    };
    let first_of = |mut ways: Vec<Advice>, otherwise: Advice| {
        if ways.is_empty() { (otherwise, ways) } else { (ways.remove(0), ways) }
    };
    if facts.is_too_late_for_retries() {
        return (Advice::BookAnew, Vec::new());
    }
    match cause {
        Cause::Ticketed => (Advice::Done, Vec::new()),
        Cause::Ticketing { late: false } => (Advice::WaitAndAsk, vec![Advice::StopTicketing]),
        Cause::Ticketing { late: true } => {
            (Advice::WaitAndAsk, vec![Advice::AskSupport, Advice::StopTicketing])
        }
        Cause::Unsettled(State::Conflict | State::PaidElsewhere) => {
            (Advice::Investigate, vec![Advice::AskSupport])
        }
        Cause::Unsettled(_) | Cause::Remaking | Cause::Unclear => (Advice::WaitAndAsk, Vec::new()),
        Cause::Unpaid => {
            let ways = open(&[Route::Deposit, Route::OtherCard, Route::Account]);
            if facts.has_little_time() { first_of(ways, Advice::BookAnew) } else { (Advice::Pay, ways) }
        }
        Cause::DidNotHappen { answer: Some(411), .. } => {
            (Advice::CheckBalance, open(&[Route::Deposit, Route::OtherCard]))
        }
        Cause::NotSent | Cause::DidNotHappen { charge_begun: false, .. } => {
            let again = open(&[facts.same_path(), Route::OtherCard, Route::Deposit]);
            first_of(distinct(again), Advice::WaitAndAsk)
        }
        // A charge was begun at the airline: not the same card at once.
        Cause::DidNotHappen { .. } => first_of(open(&[Route::Deposit, Route::OtherCard]), Advice::WaitAndAsk),
        Cause::Refused(code) => match code {
            415 => (Advice::ConfirmTraveller, open(&[facts.same_path()])),
            403 => first_of(open(&[Route::Deposit, Route::Account, Route::OtherCard]), Advice::BookAnew),
            100 | 400 | 413 if is_open(Route::SameCard) => {
                (Advice::MendAndSameCard, open(&[Route::Deposit, Route::OtherCard]))
            }
            407..=410 => (Advice::BookAnew, Vec::new()),
            _ => first_of(open(&[Route::OtherCard, Route::Deposit]), Advice::WaitAndAsk),
        },
        Cause::Lapsed => first_of(
            [open(&[Route::NewDeposit, Route::NewCard, Route::NewAccount]), vec![Advice::BookAnew]].concat(),
            Advice::BookAnew,
        ),
        Cause::Remade(_) if facts.child.is_some_and(|child| child.status == OrderStatus::Ticketed) => {
            (Advice::Done, Vec::new())
        }
        Cause::Remade(_) => {
            first_of(open(&[Route::NewDeposit, Route::NewCard, Route::NewAccount]), Advice::WaitAndAsk)
        }
        Cause::Cancelled(failure) => {
            let anew = open(&[Route::NewDeposit, Route::NewCard, Route::NewAccount]);
            if anew.is_empty() && !matches!(failure, cause::Failure::Booked | cause::Failure::Paid) {
                return (Advice::BookAnew, anew);
            }
            match failure {
                cause::Failure::Means | cause::Failure::None => first_of(anew, Advice::BookAnew),
                cause::Failure::Flight => (Advice::BookAnew, anew),
                cause::Failure::Balance => (Advice::TopUp, anew),
                cause::Failure::Booked => (Advice::FindOtherBooking, Vec::new()),
                cause::Failure::Paid => (Advice::Investigate, vec![Advice::AskSupport]),
                cause::Failure::Other => (Advice::BookAnew, vec![Advice::AskSupport]),
            }
        }
    }
}

fn distinct(mut ways: Vec<Advice>) -> Vec<Advice> {
    let mut seen = Vec::new();
    ways.retain(|way| {
        let is_new = !seen.contains(way);
        seen.push(*way);
        is_new
    });
    ways
}

/// What must not be done now.
fn never(cause: &Cause, facts: &Facts<'_>) -> Vec<Never> {
    let mut never = Vec::new();
    match cause {
        Cause::Ticketed | Cause::Ticketing { .. } => never.extend([Never::Pay, Never::Regenerate]),
        Cause::Unsettled(_) | Cause::Unclear => never.extend([Never::BeforeQuery, Never::Regenerate]),
        Cause::Remaking | Cause::Remade(_) => {
            never.extend([Never::PayOrder(facts.order.no), Never::RegenerateAgain]);
        }
        Cause::Lapsed => never.push(Never::PayOrder(facts.order.no)),
        Cause::Cancelled(failure) => {
            never.push(Never::PayOrder(facts.order.no));
            match failure {
                cause::Failure::Booked => never.push(Never::RegenerateBlindly),
                cause::Failure::Paid => never.push(Never::Regenerate),
                cause::Failure::Means if facts.lineage.attempts.is_empty() => never.push(Never::DeclinedCard),
                _ => {}
            }
            if !facts.is_young() {
                never.push(Never::Regenerate);
            }
        }
        Cause::Refused(403) => never.extend(facts.last().map(|attempt| Never::Method(attempt.method))),
        Cause::Refused(415) => never.push(Never::BeforeConfirmation),
        Cause::NotSent | Cause::DidNotHappen { .. } => never.push(Never::BeforeQuery),
        Cause::Unpaid | Cause::Refused(_) => {}
    }
    if facts.is_too_late_for_retries() {
        never.push(Never::MoreRetries);
    }
    for attempt in facts.lineage.attempts.iter().filter(|attempt| is_used_up(attempt, facts.order)) {
        never.extend(attempt.card.map(Never::Card).filter(|card| !never.contains(card)));
    }
    never
}

/// Can `route` be gone, and what does it cost?
fn open(route: Route, cause: &Cause, facts: &Facts<'_>) -> Result<Option<Money>, Why> {
    if route == Route::Stop {
        return Ok(None);
    }
    if let Some(holder) = facts.lineage.attempts.iter().find(|attempt| attempt.state.blocks()) {
        return Err(match &holder.state {
            State::Paid | State::Ticketed => Why::Paid,
            state => Why::AttemptOpen(state.clone()),
        });
    }
    if facts.is_too_late_for_retries() {
        return Err(Why::TooLate);
    }
    if route.is_new() { open_new(route, cause, facts) } else { open_same(route, facts) }
}

/// The routes on the same order: it must be unpaid, known, and inside its deadline.
fn open_same(route: Route, facts: &Facts<'_>) -> Result<Option<Money>, Why> {
    let order = facts.order;
    match order.status {
        OrderStatus::Unpaid if order.has_time_left(facts.now) => {}
        OrderStatus::Unpaid if order.has_lapsed(facts.now) => return Err(Why::DeadlinePassed),
        OrderStatus::Unpaid | OrderStatus::Unknown(_) => return Err(Why::Unclear),
        OrderStatus::Cancelled => return Err(Why::Cancelled),
        OrderStatus::Ticketing | OrderStatus::Ticketed => return Err(Why::Paid),
    }
    let is_new_code = |code| facts.last().is_some_and(|attempt| attempt.state == State::Rejected(code));
    if [407, 408, 409, 410].into_iter().any(is_new_code) {
        return Err(Why::BookingUnfit);
    }
    if route == Route::SameCard {
        same_card(facts)?;
    }
    if is_new_code(403) && facts.last().map(|attempt| attempt.method) == route.method(order) {
        return Err(Why::MethodRefused);
    }
    payable_by(route, order, facts)
}

/// The same card again only where nothing was tried with it, or what was wrong can be mended.
fn same_card(facts: &Facts<'_>) -> Result<(), Why> {
    let Some(last) = facts.last().filter(|attempt| attempt.card.is_some()) else {
        return Err(Why::NoCardYet);
    };
    match &last.state {
        State::NotSent(_) | State::Rejected(100 | 400 | 401 | 405 | 413 | 415 | 429 | 900..=902) => Ok(()),
        State::NotApplied if facts.charge_begun() => Err(Why::ChargeBegun),
        State::NotApplied if !is_used_up(last, facts.order) => Ok(()),
        _ if last.reusable => Err(Why::CardDeclined),
        _ => Err(Why::CardUsedUp),
    }
}

/// The routes by a new order: the old one must be dead, young, and not have been made anew by anybody.
fn open_new(route: Route, cause: &Cause, facts: &Facts<'_>) -> Result<Option<Money>, Why> {
    if let Some(child) = facts.child {
        // It exists: what is left is to pay it.
        return match child.status {
            OrderStatus::Unpaid if child.has_time_left(facts.now) => payable_by(route, child, facts),
            OrderStatus::Unpaid if child.has_lapsed(facts.now) => Err(Why::ChildClosed(child.no)),
            OrderStatus::Cancelled => Err(Why::ChildClosed(child.no)),
            OrderStatus::Ticketing | OrderStatus::Ticketed => Err(Why::Paid),
            OrderStatus::Unpaid | OrderStatus::Unknown(_) => Err(Why::Unclear),
        };
    }
    match regeneration::may_regenerate(facts.order, facts.lineage, facts.now) {
        Ok(()) => {}
        Err(NotNow::Already(child)) => return Err(Why::ChildNotSeen(child)),
        Err(NotNow::InDoubt) => return Err(Why::Remaking),
        Err(NotNow::StillPayable) => return Err(Why::StillPayable),
        Err(NotNow::Alive) => return Err(Why::Paid),
        Err(NotNow::Unclear) => return Err(Why::Unclear),
        Err(NotNow::TooOld) => return Err(Why::TooOld),
        Err(NotNow::AttemptOpen(state)) => return Err(Why::AttemptOpen(state)),
    }
    match cause {
        Cause::Cancelled(cause::Failure::Booked) => return Err(Why::FindOtherBooking),
        Cause::Cancelled(cause::Failure::Paid) => return Err(Why::AskVendor),
        Cause::Cancelled(cause::Failure::Other) => return Err(Why::BookingUnfit),
        _ => {}
    }
    // The new order may offer other ways; what the old one offered is the best guess until it is there.
    let offered = facts.order.details.as_ref().map(|details| &details.methods);
    let method = route.method(facts.order);
    let unlikely = offered.zip(method).is_some_and(|(offered, method)| {
        !offered.is_empty() && !offered.contains(&method) && method != PaymentMethod::Deposit
    });
    if unlikely {
        return Err(Why::NotOffered);
    }
    if route == Route::NewCard && Facts::needs_several_cards(facts.order) {
        return Err(Why::SeveralAirlines);
    }
    if route == Route::NewDeposit
        && let Some(shortfall) = facts.shortfall(PaymentMethod::Deposit, facts.order)
    {
        return Err(Why::BalanceShort(shortfall));
    }
    Ok(None)
}

/// Does `order` take the method of `route`, and is the money there?
fn payable_by(route: Route, order: &Order, facts: &Facts<'_>) -> Result<Option<Money>, Why> {
    let (Some(details), Some(method)) = (&order.details, route.method(order)) else {
        return Err(Why::Unclear);
    };
    if !details.methods.contains(&method) {
        return Err(Why::NotOffered);
    }
    if method == PaymentMethod::Vcc && Facts::needs_several_cards(order) {
        return Err(Why::SeveralAirlines);
    }
    if let Some(shortfall) = facts.shortfall(method, order) {
        return Err(Why::BalanceShort(shortfall));
    }
    match payable::amount_due(method, order) {
        Some(due) => Ok(Some(due)),
        None => Err(Why::NoAmount),
    }
}

impl<'a> Facts<'a> {
    /// The last attempt on the order itself.
    pub fn last(&self) -> Option<&'a Attempt> {
        self.lineage.attempts.iter().rev().find(|attempt| attempt.order == self.order.no)
    }

    /// The route that the last attempt took.
    fn same_path(&self) -> Route {
        match self.last().map(|attempt| attempt.method) {
            Some(PaymentMethod::Vcc | PaymentMethod::Mor) => Route::SameCard,
            Some(PaymentMethod::Byoa) => Route::Account,
            Some(PaymentMethod::Deposit) | None => Route::Deposit,
        }
    }

    fn is_young(&self) -> bool {
        self.order.created.is_some_and(|created| self.now < created + super::urgency::REGENERABLE_FOR)
    }

    fn charge_begun(&self) -> bool {
        self.order.details.as_ref().is_some_and(|details| details.payment_attempted == Some(true))
    }

    fn time_left(&self) -> Option<SignedDuration> {
        Some(self.order.deadline()?.duration_since(self.now))
    }

    fn has_little_time(&self) -> bool {
        self.time_left().is_some_and(|left| left < CARD_MARGIN)
    }

    /// A fulfilment order in the last minute of its five.
    fn is_too_late_for_retries(&self) -> bool {
        let order = self.order;
        let hold =
            order.deadline().zip(order.created).map(|(deadline, created)| deadline.duration_since(created));
        hold.is_some_and(|hold| hold <= FULFILMENT_HOLD)
            && !self.lineage.attempts.is_empty()
            && matches!(order.status, OrderStatus::Unpaid | OrderStatus::Cancelled)
            && self.time_left().is_some_and(|left| left < FULFILMENT_MARGIN)
    }

    fn needs_several_cards(order: &Order) -> bool {
        order.airlines.len() > 1 || order.details.as_ref().is_some_and(|details| details.separate_bookings)
    }

    /// What the deposit lacks to pay `order` by `method`, if it is known to lack anything.
    fn shortfall(&self, method: PaymentMethod, order: &Order) -> Option<Money> {
        let needed = match method {
            PaymentMethod::Deposit => payable::amount_due(method, order)?,
            _ => payable::service_fee_due(method, order)?,
        };
        let missing = needed.minus(self.balance?)?;
        (missing.amount.is_sign_positive() && !missing.amount.is_zero()).then_some(missing)
    }
}

/// What became of the price: the same sum on the old order and on the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What the old order would have taken from the source, if it is known in the same currency.
    pub old: Option<Money>,
    /// What the new one takes.
    pub new: Money,
}

impl Comparison {
    /// Compares what `method` takes for either order; `None` while the new one's price is not known.
    pub fn of(method: PaymentMethod, old: &Order, new: &Order) -> Option<Self> {
        let due = payable::amount_due(method, new)?;
        let total = |order: &Order| {
            let details = order.details.as_ref()?;
            let total = details.total?;
            details.service_fee.map_or(Some(total), |fee| total.plus(fee))
        };
        let same_currency = |money: &Money| money.currency == due.currency;
        let before = payable::amount_due(method, old).or_else(|| total(old)).filter(same_currency);
        Some(Self { old: before, new: due })
    }

    /// What it costs more; negative when it became cheaper, none when that cannot be told.
    pub fn rise(&self) -> Option<Money> {
        self.new.minus(self.old?)
    }

    /// True unless the new price is known to be no higher than the old one.
    pub fn asks_again(&self) -> bool {
        self.rise().is_none_or(|rise| rise.amount.is_sign_positive() && !rise.amount.is_zero())
    }

    /// True when the new price is at most `percent` above the old one.
    pub fn is_within(&self, percent: rust_decimal::Decimal) -> bool {
        let hundred = rust_decimal::Decimal::ONE_HUNDRED;
        self.old.is_some_and(|old| self.new.amount * hundred <= old.amount * (hundred + percent))
    }
}
