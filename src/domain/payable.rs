//! May this order be paid this way now; if not, why, and what mends it.
//!
//! The order of checks is the order in which a person decides: the order itself, the method, the money, the card.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, civil::Date, tz};

use super::{
    attempt::{Attempt, State},
    billing::BillingRules,
    card::{BillingAddress, CardBrand, CardNumber, Cvv, Expiry, MaskedCard},
    draft::Field,
    method::{PaymentMethod, TakenFrom},
    money::{Currency, Money},
    order::{Airline, Order, OrderStatus},
    payment::{Means, Payment},
};

/// With less time left than this a warning is due: a declined card could hardly be recovered.
const LITTLE_TIME: SignedDuration = SignedDuration::from_mins(3);

/// The vendor's risk control blocks a number that failed more than five times within so long.
const REFUSALS_COUNT_FOR: SignedDuration = SignedDuration::from_mins(30);

/// From so many refusals on the next would be the fifth: time to say so.
const REFUSALS_THAT_WARN: usize = 4;

/// What a payment is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// Now, by the vendor's clock.
    pub now: Timestamp,
    /// The order as last seen.
    pub order: &'a Order,
    /// Attempts on its lineage, oldest first.
    pub attempts: &'a [Attempt],
    /// Balance of the Atlas account in settlement currency, if known.
    pub balance: Option<Money>,
    /// Which airline wants which part of the billing address.
    pub billing: &'a BillingRules,
    /// A wrong check digit is a warning only: four of the vendor's own test cards have one. Never on a live environment.
    pub lenient_luhn: bool,
    /// The most that one payment may be, by currency.
    pub limits: &'a BTreeMap<Currency, Money>,
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
    /// Not a month and a year.
    ExpiryMalformed,
    /// The card has expired.
    Expired,
    /// Not the number of digits that the brand has.
    CvvLength {
        /// That number.
        digits: usize,
    },
    /// Characters that a name on a card cannot have.
    NameCharacters {
        /// First or last name.
        field: Field,
    },
    /// Not two letters.
    NotTwoLetters {
        /// Country or province.
        field: Field,
    },
    /// Digits only.
    CityDigitsOnly,
    /// Shorter than five characters, or with signs in it.
    PostCodeMalformed,
    /// Shorter than seven characters.
    StreetTooShort,
    /// Not a whole number of units.
    CeilingNotWhole,
    /// Below the price.
    CeilingBelowPrice {
        /// The price.
        price: Money,
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
            Self::DeadlinePassed { .. } => "deadline_passed",
            Self::AttemptOpen { .. } => "attempt_open",
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
            Self::ExpiryMalformed => "card_expiry_malformed",
            Self::Expired => "card_expired",
            Self::CvvLength { .. } => "card_cvv_length",
            Self::NameCharacters { .. } => "card_name_characters",
            Self::NotTwoLetters { .. } => "not_two_letters",
            Self::CityDigitsOnly => "city_digits_only",
            Self::PostCodeMalformed => "post_code_malformed",
            Self::StreetTooShort => "street_too_short",
            Self::CeilingNotWhole => "ceiling_not_whole",
            Self::CeilingBelowPrice { .. } => "ceiling_below_price",
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

    /// The field where it is mended, if it is one.
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::Missing { field }
            | Self::BillingMissing { field, .. }
            | Self::NameCharacters { field }
            | Self::NotTwoLetters { field } => Some(*field),
            Self::NumberLength
            | Self::NumberCheckDigit { .. }
            | Self::BrandMismatch { .. }
            | Self::BrandNotAccepted { .. }
            | Self::CardUsed { .. }
            | Self::CardOftenRefused { .. } => Some(Field::Number),
            Self::ExpiryMalformed | Self::Expired => Some(Field::ExpiryMonth),
            Self::CvvLength { .. } => Some(Field::Cvv),
            Self::CityDigitsOnly => Some(Field::City),
            Self::PostCodeMalformed => Some(Field::PostCode),
            Self::StreetTooShort => Some(Field::Street),
            Self::CeilingNotWhole | Self::CeilingBelowPrice { .. } => Some(Field::Ceiling),
            Self::DeviceIpMalformed => Some(Field::DeviceIp),
            Self::TravellerNotConfirmed => Some(Field::TravellerConfirmed),
            _ => None,
        }
    }
}

/// What is against paying this order at all.
pub fn order_obstacles(situation: &Situation<'_>) -> Vec<Obstacle> {
    let order = situation.order;
    let mut found = Vec::new();
    match order.status {
        OrderStatus::Unpaid => {}
        OrderStatus::Ticketing => found.push(Obstacle::AlreadyPaid),
        OrderStatus::Ticketed => found.push(Obstacle::AlreadyTicketed),
        OrderStatus::Cancelled => found.push(Obstacle::Cancelled),
        OrderStatus::Unknown(number) => found.push(Obstacle::UnknownStatus(number)),
    }
    if let Some(attempt) = situation.attempts.iter().find(|attempt| attempt.state.blocks()) {
        found.push(Obstacle::AttemptOpen { state: attempt.state.clone() });
    }
    match &order.details {
        None => found.push(Obstacle::DetailsMissing),
        Some(details) => match details.deadline {
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
            let above = |limit: &&Money| due.compare(**limit).is_some_and(std::cmp::Ordering::is_gt);
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
    if let Means::Vcc { ceiling: Some(ceiling), .. } = &payment.means
        && ceiling.compare(payment.amount).is_none_or(std::cmp::Ordering::is_lt)
    {
        found.push(Obstacle::CeilingBelowPrice { price: payment.amount });
    }
    found
}

/// What is against a card number: its form, its brand for this order, and whether it was used up.
pub fn number_obstacles(
    number: &CardNumber,
    method: PaymentMethod,
    situation: &Situation<'_>,
) -> Vec<Obstacle> {
    if number.is_empty() {
        return vec![Obstacle::Missing { field: Field::Number }];
    }
    let mut found = Vec::new();
    if let (PaymentMethod::Mor, Some(details)) = (method, &situation.order.details) {
        let wanted = details.option(PaymentMethod::Mor).and_then(|option| option.card_brand);
        let accepted: Vec<CardBrand> = details.card_fees.iter().map(|fee| fee.brand).collect();
        let brand = number.brand();
        // The first digits need not tell a brand; a whole number that tells none is of no brand that is wanted.
        let may_yet_tell = brand.is_none() && !number.has_full_length();
        match wanted {
            _ if may_yet_tell => {}
            Some(wanted) if brand != Some(wanted) => found.push(Obstacle::BrandMismatch { wanted }),
            None if !accepted.is_empty() && brand.is_none_or(|brand| !accepted.contains(&brand)) => {
                found.push(Obstacle::BrandNotAccepted { accepted });
            }
            _ => {}
        }
    }
    if !number.has_full_length() {
        found.push(Obstacle::NumberLength);
        return found;
    }
    if !number.passes_luhn() {
        found.push(Obstacle::NumberCheckDigit { lenient: situation.lenient_luhn });
    }
    let masked = number.masked();
    let with_it = situation.attempts.iter().filter(|attempt| attempt.card == Some(masked));
    if with_it.clone().any(was_used_up) {
        found.push(Obstacle::CardUsed { card: masked });
    }
    let since = situation.now - REFUSALS_COUNT_FOR;
    let times = with_it.filter(|attempt| attempt.changed_at > since && was_refused(attempt)).count();
    if times >= REFUSALS_THAT_WARN {
        found.push(Obstacle::CardOftenRefused { card: masked, times });
    }
    found
}

/// True when the refusal spoke of the card or of what was typed of it.
fn was_refused(attempt: &Attempt) -> bool {
    matches!(attempt.state, State::Rejected(400 | 413 | 414 | 604 | 613 | 616 | 623 | 633))
}

/// A card is used up when it may have been charged and was single-use, or when the airline declined it.
fn was_used_up(attempt: &Attempt) -> bool {
    match attempt.state {
        State::NotSent(_) => false,
        // Refused for its form or for the method: nothing was tried with it.
        State::Rejected(status) => matches!(status, 604 | 613 | 616 | 623 | 633),
        State::Reversed => true,
        _ => !attempt.reusable,
    }
}

/// What is against an expiry on the day `today` (UTC).
pub fn expiry_obstacle(expiry: Expiry, today: Date) -> Option<Obstacle> {
    expiry.is_past(today).then_some(Obstacle::Expired)
}

/// What is against a security code.
pub fn cvv_obstacle(cvv: &Cvv, brand: Option<CardBrand>, required: bool) -> Option<Obstacle> {
    if cvv.is_empty() {
        return required.then_some(Obstacle::Missing { field: Field::Cvv });
    }
    match brand {
        Some(brand) if cvv.len() != brand.cvv_digits() => {
            Some(Obstacle::CvvLength { digits: brand.cvv_digits() })
        }
        None if cvv.len() < 3 => Some(Obstacle::CvvLength { digits: 3 }),
        _ => None,
    }
}

/// What is against a name on the card: letters A-Z, a-z, À-Ö, Ø-ö, ø-ÿ, hyphens, and blanks inside.
pub fn name_obstacle(field: Field, name: &str) -> Option<Obstacle> {
    let name = name.trim();
    let fits =
        |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | ' ' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ');
    match name {
        "" => Some(Obstacle::Missing { field }),
        name if !name.chars().all(fits) => Some(Obstacle::NameCharacters { field }),
        _ => None,
    }
}

/// What is against a billing address, given what the order's airlines want of it.
pub fn billing_obstacles(billing: &BillingAddress, situation: &Situation<'_>) -> Vec<Obstacle> {
    let country = billing.country.as_deref().unwrap_or_default();
    let required = situation.billing.required(&situation.order.airlines, country);
    let mut found = Vec::new();
    let parts = [
        (Field::Country, &billing.country),
        (Field::Province, &billing.province),
        (Field::City, &billing.city),
        (Field::PostCode, &billing.post_code),
        (Field::Street, &billing.street),
    ];
    for (field, value) in parts {
        let wanted = required.iter().find(|(part, _)| Field::of_billing(*part) == field);
        match (value, wanted) {
            (None, Some((_, airline))) => found.push(Obstacle::BillingMissing { field, airline: *airline }),
            (Some(value), _) => found.extend(part_obstacle(field, value)),
            (None, None) => {}
        }
    }
    found
}

fn part_obstacle(field: Field, value: &str) -> Option<Obstacle> {
    match field {
        Field::Country | Field::Province => {
            let two_letters = value.len() == 2 && value.bytes().all(|b| b.is_ascii_alphabetic());
            (!two_letters).then_some(Obstacle::NotTwoLetters { field })
        }
        Field::City => value.chars().all(|c| c.is_ascii_digit()).then_some(Obstacle::CityDigitsOnly),
        Field::PostCode => {
            let fits = value.chars().count() > 4
                && value.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
            (!fits).then_some(Obstacle::PostCodeMalformed)
        }
        Field::Street => (value.chars().count() <= 6).then_some(Obstacle::StreetTooShort),
        _ => None,
    }
}
