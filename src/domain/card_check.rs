//! What is against a card and its billing address: form, brand, wear, and what the airlines want of it.

use jiff::{civil::Date, tz};

use super::{
    attempt::{Attempt, State},
    card::{BillingAddress, CardBrand, CardNumber, Cvv, Expiry},
    codes::{self, CardWear},
    context::PaymentContext,
    field::Field,
    method::PaymentMethod,
    obstacle::Obstacle,
    order::Order,
    spelling::Unfit,
};

/// From so many refusals on the next would be the fifth: time to say so.
const REFUSALS_THAT_WARN: usize = 4;

/// A card as it was entered, whole or in part.
pub struct EnteredCard<'a> {
    /// Its number.
    pub number: &'a CardNumber,
    /// Its expiry, or what keeps that from being read.
    pub expiry: Result<Expiry, Vec<Obstacle>>,
    /// Its security code; empty when there is none.
    pub cvv: &'a Cvv,
    /// The names on it, each with its field.
    pub names: [(Field, &'a str); 2],
    /// Its billing address.
    pub billing: &'a BillingAddress,
}

/// Everything that is against a card.
pub fn card_obstacles(
    card: EnteredCard<'_>,
    method: PaymentMethod,
    context: &PaymentContext<'_>,
) -> Vec<Obstacle> {
    let mut found = number_obstacles(card.number, method, context);
    match card.expiry {
        Ok(expiry) => found.extend(expiry_obstacle(expiry, context.now.to_zoned(tz::TimeZone::UTC).date())),
        Err(unread) => found.extend(unread),
    }
    found.extend(cvv_obstacle(card.cvv, card.number.brand(), method == PaymentMethod::Vcc));
    found.extend(card.names.into_iter().filter_map(|(field, name)| name_obstacle(field, name)));
    let billing = billing_obstacles(card.billing, context);
    if billing.iter().any(Obstacle::is_warning) {
        found.extend(refused_data(context).map(|status| Obstacle::AddressDoubted { status }));
    }
    found.extend(billing);
    found
}

/// The status with which the last attempt on the order was refused for what was typed of its card.
fn refused_data(context: &PaymentContext<'_>) -> Option<i64> {
    match context.lineage.attempts_on(context.order.no).next_back()?.state {
        State::Rejected(status) if codes::pay(status).card == CardWear::Counted => Some(status),
        _ => None,
    }
}

/// What is against a card number: its form, its brand for this order, and whether it was used up.
fn number_obstacles(
    number: &CardNumber,
    method: PaymentMethod,
    context: &PaymentContext<'_>,
) -> Vec<Obstacle> {
    if number.is_empty() {
        return vec![Obstacle::Missing { field: Field::Number }];
    }
    let mut found = Vec::new();
    if let (PaymentMethod::Mor, Some(details)) = (method, &context.order.details) {
        let wanted = details.option(PaymentMethod::Mor).and_then(|option| option.card_brand);
        let accepted: Vec<CardBrand> = details.card_fees.iter().map(|fee| fee.brand).collect();
        let brand = number.brand();
        // The first digits need not give a brand; a whole number that gives none is of no brand that is wanted.
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
        found.push(Obstacle::NumberCheckDigit { lenient: context.rules.lenient_luhn });
    }
    let masked = number.masked();
    let mut with_it = context.lineage.attempts.iter().filter(|attempt| attempt.card == Some(masked));
    if with_it.any(|attempt| is_used_up(attempt, context.order)) {
        found.push(Obstacle::CardUsed { card: masked });
    }
    let times = context.rules.refusals.of(masked, context.now);
    if times >= REFUSALS_THAT_WARN {
        found.push(Obstacle::CardOftenRefused { card: masked, times });
    }
    found
}

/// True when the attempt's card may not be used again on this trip: the airline declined it, or it was single-use and
/// may have been charged. `order` is the one that is to be paid now.
pub fn is_used_up(attempt: &Attempt, order: &Order) -> bool {
    let charge_begun = || {
        let begun = order.details.as_ref().is_some_and(|details| details.payment_attempted == Some(true));
        attempt.order != order.no || begun
    };
    let is_spent = |status| codes::pay(status).card == CardWear::Spent;
    match attempt.state {
        State::NotSent(_) => false,
        State::Rejected(status) => is_spent(status),
        State::Reversed => true,
        State::NotApplied => attempt.answer.is_some_and(is_spent) || (!attempt.reusable && charge_begun()),
        _ => !attempt.reusable,
    }
}

/// What is against an expiry on the day `today` (UTC): its year, or in this year its month.
fn expiry_obstacle(expiry: Expiry, today: Date) -> Option<Obstacle> {
    let field = if expiry.year < today.year() { Field::ExpiryYear } else { Field::ExpiryMonth };
    expiry.is_past(today).then_some(Obstacle::Expired { field })
}

/// What is against a security code.
fn cvv_obstacle(cvv: &Cvv, brand: Option<CardBrand>, required: bool) -> Option<Obstacle> {
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

/// What is against a name on the card: it has letters A-Z, a-z, À-Ö, Ø-ö, ø-ÿ, hyphens, and blanks inside.
fn name_obstacle(field: Field, name: &str) -> Option<Obstacle> {
    let fits =
        |c: char| c.is_ascii_alphabetic() || matches!(c, '-' | ' ' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ');
    if name.trim().is_empty() {
        return Some(Obstacle::Missing { field });
    }
    // Blanks around it are not sent.
    Unfit::find(name.trim_end(), fits).map(|unfit| Obstacle::NameCharacters { field, unfit })
}

/// What is against a billing address, given what the order's airlines want of it.
fn billing_obstacles(billing: &BillingAddress, context: &PaymentContext<'_>) -> Vec<Obstacle> {
    let country = billing.country.as_deref().unwrap_or_default();
    let required = context.rules.billing.required(&context.order.airlines, country);
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
        Field::PostCode => match Unfit::find(value, |c| c.is_alphanumeric() || matches!(c, ' ' | '-')) {
            Some(unfit) => Some(Obstacle::PostCodeCharacters { unfit: without_long_digits(unfit) }),
            None => (value.chars().count() <= 4).then_some(Obstacle::PostCodeTooShort),
        },
        Field::Street => (value.chars().count() <= 6).then_some(Obstacle::StreetTooShort),
        _ => None,
    }
}

/// A post code has a few digits; more of them may be a card number in the wrong field, which is not said again.
fn without_long_digits(unfit: Unfit) -> Unfit {
    const MOST_DIGITS: usize = 10;
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).count();
    Unfit { instead: unfit.instead.filter(|instead| digits(instead) <= MOST_DIGITS), ..unfit }
}
