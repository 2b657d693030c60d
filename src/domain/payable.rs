//! May this order be paid this way now; if not, why, and what mends it.
//!
//! The order of checks is the order in which a person decides: the order itself, the method, the money, the card.

use std::{cmp::Ordering, collections::BTreeMap};

use jiff::{SignedDuration, Timestamp, tz};

use super::{
    attempt::State,
    billing::BillingRules,
    card::{CardBrand, Cvv, MaskedCard},
    card_check::{billing_obstacles, cvv_obstacle, expiry_obstacle, name_obstacle, number_obstacles},
    draft::Field,
    lineage::Lineage,
    method::{PaymentMethod, TakenFrom},
    money::{Currency, Money},
    order::{Airline, Order, OrderNo, OrderStatus, Unclear},
    payment::{Means, Payment},
    refusals::Refusals,
    spelling::Unfit,
};

/// With less time left than this a warning is due: a declined card could hardly be recovered.
const LITTLE_TIME: SignedDuration = SignedDuration::from_mins(3);

/// What a payment is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// Now, by the vendor's clock.
    pub now: Timestamp,
    /// The order as last seen.
    pub order: &'a Order,
    /// What was done so far for it and the orders that belong to it.
    pub lineage: &'a Lineage,
    /// Balance of the Atlas account in settlement currency, if known.
    pub balance: Option<Money>,
    /// Which airline wants which part of the billing address.
    pub billing: &'a BillingRules,
    /// A wrong check digit is a warning only: four of the vendor's own test cards have one. Never on a live environment.
    pub lenient_luhn: bool,
    /// The most that one payment may be, by currency.
    pub limits: &'a BTreeMap<Currency, Money>,
    /// Which cards were refused lately, on any order.
    pub refusals: &'a Refusals,
}

/// Something against a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The order is ticketed.
    AlreadyTicketed,
    /// The order is paid or being paid.
    AlreadyPaid,
    /// The order is cancelled.
    Cancelled,
    /// The order is in a state that no document names.
    UnknownStatus(Option<i64>),
    /// Its details have not been read yet.
    DetailsMissing,
    /// Unpaid, and what stands where the deadline should be is not a moment: nothing may rest on it.
    DeadlineUnknown,
    /// The payment deadline has passed.
    DeadlinePassed {
        /// When.
        at: Timestamp,
    },
    /// Another attempt holds the lineage.
    AttemptOpen {
        /// Where that attempt stands.
        state: State,
    },
    /// A new order was made from it, or may have been: that one is paid, never both.
    Regenerated {
        /// The new order, once it is known.
        child: Option<OrderNo>,
    },
    /// The money of an older order of the trip may still be held: that must have been seen before this one is paid.
    OldPaymentOpen {
        /// The older order.
        order: OrderNo,
        /// What it was about.
        amount: Money,
    },
    /// The order cannot be paid this way.
    MethodNotOffered {
        /// The ways in which it can.
        offered: Vec<PaymentMethod>,
    },
    /// No fare in the airline's currency, so no card can be passed through.
    NoVendorFare,
    /// Several carriers or separate bookings: several cards would be needed, and `pay.do` takes one.
    SeveralAirlines,
    /// The traveller has not confirmed on the airline's page (Ryanair).
    TravellerNotConfirmed,
    /// Nothing says what would be charged.
    AmountUnknown,
    /// The amount is not the one that was confirmed.
    AmountChanged {
        /// What was confirmed.
        confirmed: Money,
        /// What it is now.
        now: Money,
    },
    /// Above the desk's own limit.
    AboveLimit {
        /// The limit.
        limit: Money,
    },
    /// The deposit does not cover the price.
    BalanceShort {
        /// What is missing.
        shortfall: Money,
    },
    /// The deposit does not cover the service fee, which is taken from it whatever the method.
    FeeBalanceShort {
        /// What is missing.
        shortfall: Money,
    },
    /// Warning: the balance is not known.
    BalanceUnknown,
    /// Warning: little time is left for a card.
    LittleTimeForCard,
    /// A field that must be filled is empty.
    Missing {
        /// Which.
        field: Field,
    },
    /// A part of the address that an airline wants is missing.
    BillingMissing {
        /// Which.
        field: Field,
        /// Who wants it.
        airline: Airline,
    },
    /// Not 13 to 19 digits.
    NumberLength,
    /// The check digit is wrong. A warning where test cards are used.
    NumberCheckDigit {
        /// Only a warning.
        lenient: bool,
    },
    /// Not the brand that was given when the order was made (414).
    BrandMismatch {
        /// That brand.
        wanted: CardBrand,
    },
    /// Not one of the brands that Atlas charges for this order (413).
    BrandNotAccepted {
        /// Those brands.
        accepted: Vec<CardBrand>,
    },
    /// Declined or single-use, and attempted already in this lineage.
    CardUsed {
        /// The card.
        card: MaskedCard,
    },
    /// Warning: refused so often in half an hour that the vendor's risk control will soon block it.
    CardOftenRefused {
        /// The card.
        card: MaskedCard,
        /// How often, on this lineage.
        times: usize,
    },
    /// Not a month, or not a year.
    ExpiryMalformed {
        /// Which of them.
        field: Field,
    },
    /// The card has expired.
    Expired {
        /// The year, or the month of this year.
        field: Field,
    },
    /// Not the number of digits that the brand has.
    CvvLength {
        /// That number.
        digits: usize,
    },
    /// Characters that a name on a card cannot have.
    NameCharacters {
        /// First or last name.
        field: Field,
        /// The first of them.
        unfit: Unfit,
    },
    /// Not two letters.
    NotTwoLetters {
        /// Country or province.
        field: Field,
    },
    /// Digits only.
    CityDigitsOnly,
    /// Characters that a post code cannot have.
    PostCodeCharacters {
        /// The first of them.
        unfit: Unfit,
    },
    /// Shorter than five characters.
    PostCodeTooShort,
    /// Shorter than seven characters.
    StreetTooShort,
    /// Not a whole number of units.
    CeilingNotWhole,
    /// Below the price.
    CeilingBelowPrice {
        /// The price.
        price: Money,
    },
    /// Above the desk's own limit: the airline may charge up to the ceiling.
    CeilingAboveLimit {
        /// The limit.
        limit: Money,
    },
    /// Not an IP address.
    DeviceIpMalformed,
}

impl Obstacle {
    /// A stable word for JSON and the journal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyTicketed => "already_ticketed",
            Self::AlreadyPaid => "already_paid",
            Self::Cancelled => "cancelled",
            Self::UnknownStatus(_) => "unknown_status",
            Self::DetailsMissing => "details_missing",
            Self::DeadlineUnknown => "deadline_unknown",
            Self::DeadlinePassed { .. } => "deadline_passed",
            Self::AttemptOpen { .. } => "attempt_open",
            Self::Regenerated { .. } => "regenerated",
            Self::OldPaymentOpen { .. } => "old_payment_open",
            Self::MethodNotOffered { .. } => "method_not_offered",
            Self::NoVendorFare => "no_vendor_fare",
            Self::SeveralAirlines => "several_airlines",
            Self::TravellerNotConfirmed => "traveller_not_confirmed",
            Self::AmountUnknown => "amount_unknown",
            Self::AmountChanged { .. } => "amount_changed",
            Self::AboveLimit { .. } => "above_limit",
            Self::BalanceShort { .. } => "balance_short",
            Self::FeeBalanceShort { .. } => "fee_balance_short",
            Self::BalanceUnknown => "balance_unknown",
            Self::LittleTimeForCard => "little_time_for_card",
            Self::Missing { .. } => "field_missing",
            Self::BillingMissing { .. } => "billing_incomplete",
            Self::NumberLength => "card_number_length",
            Self::NumberCheckDigit { .. } => "card_number_check_digit",
            Self::BrandMismatch { .. } => "card_brand_mismatch",
            Self::BrandNotAccepted { .. } => "card_brand_not_accepted",
            Self::CardUsed { .. } => "card_used",
            Self::CardOftenRefused { .. } => "card_often_refused",
            Self::ExpiryMalformed { .. } => "card_expiry_malformed",
            Self::Expired { .. } => "card_expired",
            Self::CvvLength { .. } => "card_cvv_length",
            Self::NameCharacters { .. } => "card_name_characters",
            Self::NotTwoLetters { .. } => "not_two_letters",
            Self::CityDigitsOnly => "city_digits_only",
            Self::PostCodeCharacters { .. } => "post_code_characters",
            Self::PostCodeTooShort => "post_code_too_short",
            Self::StreetTooShort => "street_too_short",
            Self::CeilingNotWhole => "ceiling_not_whole",
            Self::CeilingBelowPrice { .. } => "ceiling_below_price",
            Self::CeilingAboveLimit { .. } => "ceiling_above_limit",
            Self::DeviceIpMalformed => "device_ip_malformed",
        }
    }

    /// True when it is only said, and hinders nothing.
    pub fn is_warning(&self) -> bool {
        matches!(
            self,
            Self::BalanceUnknown
                | Self::LittleTimeForCard
                | Self::CardOftenRefused { .. }
                | Self::NumberCheckDigit { lenient: true }
        )
    }
}

/// What is against paying this order at all.
pub fn order_obstacles(situation: &Situation<'_>) -> Vec<Obstacle> {
    let order = situation.order;
    let mut found = Vec::new();
    let holder = situation.lineage.holder(order.no).map(|attempt| attempt.state.clone());
    // What is not known goes before what a list may say meanwhile.
    let (doubt, holder) =
        if holder.as_ref().is_some_and(State::is_doubtful) { (holder, None) } else { (None, holder) };
    found.extend(doubt.map(|state| Obstacle::AttemptOpen { state }));
    match order.status {
        OrderStatus::Unpaid => {}
        OrderStatus::Ticketing => found.push(Obstacle::AlreadyPaid),
        OrderStatus::Ticketed => found.push(Obstacle::AlreadyTicketed),
        OrderStatus::Cancelled => found.push(Obstacle::Cancelled),
        OrderStatus::Unknown(number) => found.push(Obstacle::UnknownStatus(number)),
    }
    found.extend(holder.map(|state| Obstacle::AttemptOpen { state }));
    // Made anew by us, or by anybody: the new order names this one.
    let remade = situation.lineage.remade(order.no).map(|remade| remade.state.child());
    if let Some(child) = remade.or_else(|| situation.lineage.child_of(order.no).map(Some)) {
        found.push(Obstacle::Regenerated { child });
    }
    match &order.details {
        None => found.push(Obstacle::DetailsMissing),
        Some(details) => match details.deadline {
            None if order.status == OrderStatus::Unpaid => found.push(Obstacle::DeadlineUnknown),
            None => found.push(Obstacle::DetailsMissing),
            Some(at) if at <= situation.now => found.push(Obstacle::DeadlinePassed { at }),
            Some(_) => {}
        },
    }
    found
}

/// What is against paying this order by `method`, before anything is typed.
pub fn method_obstacles(method: PaymentMethod, situation: &Situation<'_>) -> Vec<Obstacle> {
    let mut found = order_obstacles(situation);
    let Some(details) = &situation.order.details else { return found };
    if !details.methods.contains(&method) {
        found.push(Obstacle::MethodNotOffered { offered: details.methods.clone() });
        return found;
    }
    if method == PaymentMethod::Vcc {
        if !details.has_vendor_fare {
            found.push(Obstacle::NoVendorFare);
        }
        if situation.order.airlines.len() > 1 || details.separate_bookings {
            found.push(Obstacle::SeveralAirlines);
        }
    }
    match amount_due(method, situation.order) {
        None => found.push(Obstacle::AmountUnknown),
        Some(due) => {
            let above = |limit: &&Money| due.compare(**limit).is_some_and(Ordering::is_gt);
            if let Some(limit) = situation.limits.get(&due.currency).filter(above) {
                found.push(Obstacle::AboveLimit { limit: *limit });
            }
        }
    }
    found.extend(balance_obstacle(method, situation));
    if method.needs_card()
        && details.deadline.is_some_and(|at| at > situation.now && at < situation.now + LITTLE_TIME)
    {
        found.push(Obstacle::LittleTimeForCard);
    }
    found
}

/// Money of an older order of the trip that is not known to be back.
pub fn old_payment_obstacle(situation: &Situation<'_>) -> Option<Obstacle> {
    let open = situation.lineage.money_still_open(situation.order.no).next()?;
    Some(Obstacle::OldPaymentOpen { order: open.order, amount: open.amount })
}

/// The deposit must cover the price, or at least the service fee.
fn balance_obstacle(method: PaymentMethod, situation: &Situation<'_>) -> Option<Obstacle> {
    let deposit = method == PaymentMethod::Deposit;
    let needed = if deposit {
        amount_due(method, situation.order)?
    } else {
        service_fee_due(method, situation.order).filter(|fee| !fee.amount.is_zero())?
    };
    // A balance in another currency says nothing either.
    let Some(shortfall) = situation.balance.and_then(|balance| needed.minus(balance)) else {
        return Some(Obstacle::BalanceUnknown);
    };
    if shortfall.amount.is_sign_negative() || shortfall.amount.is_zero() {
        return None;
    }
    Some(if deposit { Obstacle::BalanceShort { shortfall } } else { Obstacle::FeeBalanceShort { shortfall } })
}

/// What leaves the source by `method`, and is therefore what an operator confirms: for a deposit fare and fee, for a
/// card all that the card is charged, for an airline account the fare in the airline's currency.
pub fn amount_due(method: PaymentMethod, order: &Order) -> Option<Money> {
    let details = order.details.as_ref()?;
    if details.unclear.iter().any(|unclear| rests_on(method, *unclear)) {
        return None;
    }
    let option = details.option(method);
    let fare = option.and_then(|option| option.ticket_fare);
    // Only a sum that holds the fare is a price; one of fees alone would have too little confirmed.
    let price_from = |source| {
        option
            .filter(|_| fare.is_some_and(|fare| fare.from == source))
            .and_then(|option| option.taken_from(source))
    };
    let due = match method {
        PaymentMethod::Deposit => price_from(TakenFrom::Deposit).or_else(|| {
            let total = details.total?;
            details.service_fee.map_or(Some(total), |fee| total.plus(fee))
        }),
        PaymentMethod::Vcc => details.vendor_total.or_else(|| price_from(TakenFrom::Card)),
        PaymentMethod::Byoa => details.vendor_total.or(fare.map(|fare| fare.money)).or(details.total),
        // The total lacks the card fee, so it is not what the card is charged.
        PaymentMethod::Mor => price_from(TakenFrom::Card),
    };
    due.filter(|due| due.amount.is_sign_positive() && !due.amount.is_zero())
}

/// True when what `method` takes would have to be guessed without this price: another one never stands in for it.
fn rests_on(method: PaymentMethod, price: Unclear) -> bool {
    match price {
        Unclear::Option(of) => of == method,
        Unclear::ServiceFee => true,
        Unclear::VendorTotal => matches!(method, PaymentMethod::Vcc | PaymentMethod::Byoa),
        Unclear::Total => matches!(method, PaymentMethod::Deposit | PaymentMethod::Byoa),
    }
}

/// What else is taken from the deposit when the price itself is not: the service fee.
pub fn service_fee_due(method: PaymentMethod, order: &Order) -> Option<Money> {
    if method == PaymentMethod::Deposit {
        return None;
    }
    let details = order.details.as_ref()?;
    match details.option(method).and_then(|option| option.service_fee) {
        Some(fee) => (fee.from == TakenFrom::Deposit).then_some(fee.money),
        None => details.service_fee,
    }
}

/// Everything against a payment as it was authorised: what is asked once more, on a fresh answer, before it is sent.
pub fn payment_obstacles(payment: &Payment, situation: &Situation<'_>) -> Vec<Obstacle> {
    let method = payment.means.method();
    let mut found = method_obstacles(method, situation);
    if situation.order.needs_traveller_confirmation() && !payment.traveller_confirmed {
        found.push(Obstacle::TravellerNotConfirmed);
    }
    if !payment.old_payment_seen {
        found.extend(old_payment_obstacle(situation));
    }
    if let Some(now) = amount_due(method, situation.order).filter(|now| *now != payment.amount) {
        found.push(Obstacle::AmountChanged { confirmed: payment.amount, now });
    }
    let Some(card) = payment.means.card() else { return found };
    found.extend(number_obstacles(&card.number, method, situation));
    found.extend(expiry_obstacle(card.expiry, situation.now.to_zoned(tz::TimeZone::UTC).date()));
    let none = Cvv::new();
    found.extend(cvv_obstacle(
        card.cvv.as_ref().unwrap_or(&none),
        card.number.brand(),
        method == PaymentMethod::Vcc,
    ));
    found.extend(name_obstacle(Field::FirstName, &card.first_name));
    found.extend(name_obstacle(Field::LastName, &card.last_name));
    found.extend(billing_obstacles(&card.billing, situation));
    if let Means::Vcc { ceiling: Some(ceiling), .. } = &payment.means {
        found.extend(ceiling_obstacle(*ceiling, payment.amount, situation));
    }
    found
}

/// What is against a ceiling for a price that is due: the airline may charge any sum up to it.
pub fn ceiling_obstacle(ceiling: Money, due: Money, situation: &Situation<'_>) -> Option<Obstacle> {
    if ceiling.compare(due).is_none_or(Ordering::is_lt) {
        return Some(Obstacle::CeilingBelowPrice { price: due });
    }
    let limit = situation.limits.get(&ceiling.currency).copied()?;
    // A price above the limit is an obstacle of its own, and no ceiling mends that.
    let is_above = due.amount <= limit.amount && ceiling.amount > limit.amount;
    is_above.then_some(Obstacle::CeilingAboveLimit { limit })
}
