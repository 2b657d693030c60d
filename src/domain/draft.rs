//! A payment being put together: what a form or `--card-stdin` has gathered so far, and what is wrong with it.

use std::net::IpAddr;

use jiff::tz;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{
    billing::BillingField,
    card::{BillingAddress, Card, CardNumber, Cvv, Expiry},
    card_check,
    fold::fold_text,
    method::PaymentMethod,
    money::Money,
    payable::{self, Obstacle, Situation},
    payment::{Means, Payment},
};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Card number.
    Number,
    /// Month of expiry, `01` to `12`.
    ExpiryMonth,
    /// Year of expiry, two or four digits.
    ExpiryYear,
    /// Security code.
    Cvv,
    /// Given name on the card.
    FirstName,
    /// Family name on the card.
    LastName,
    /// Billing country, two letters.
    Country,
    /// Billing province, two letters.
    Province,
    /// Billing city.
    City,
    /// Billing post code.
    PostCode,
    /// Billing street.
    Street,
    /// VCC: the highest charge accepted, whole units of the vendor currency.
    Ceiling,
    /// MoR: address of the paying person's device.
    DeviceIp,
    /// A multi-use card.
    Reusable,
    /// Ryanair: the traveller has confirmed.
    TravellerConfirmed,
    /// The money of an older order of the trip may still be held, and that was seen.
    OldPaymentSeen,
}

impl Field {
    /// All, in the order of a form.
    pub const ALL: [Self; 16] = [
        Self::Number,
        Self::ExpiryMonth,
        Self::ExpiryYear,
        Self::Cvv,
        Self::FirstName,
        Self::LastName,
        Self::Country,
        Self::Province,
        Self::City,
        Self::PostCode,
        Self::Street,
        Self::Ceiling,
        Self::DeviceIp,
        Self::Reusable,
        Self::TravellerConfirmed,
        Self::OldPaymentSeen,
    ];

    /// The field of a part of the billing address.
    pub fn of_billing(part: BillingField) -> Self {
        match part {
            BillingField::Country => Self::Country,
            BillingField::Province => Self::Province,
            BillingField::City => Self::City,
            BillingField::PostCode => Self::PostCode,
            BillingField::Street => Self::Street,
        }
    }

    /// True for a box to tick.
    pub fn is_tick(self) -> bool {
        matches!(self, Self::Reusable | Self::TravellerConfirmed | Self::OldPaymentSeen)
    }

    fn billing(self) -> Option<BillingField> {
        match self {
            Self::Country => Some(BillingField::Country),
            Self::Province => Some(BillingField::Province),
            Self::City => Some(BillingField::City),
            Self::PostCode => Some(BillingField::PostCode),
            Self::Street => Some(BillingField::Street),
            _ => None,
        }
    }
}

/// What was entered so far. It holds card data and so has neither `Debug` nor `Clone`.
pub struct Draft {
    /// The method.
    pub method: PaymentMethod,
    /// The card number as typed.
    pub number: CardNumber,
    /// The security code as typed.
    pub cvv: Cvv,
    /// A multi-use card; single-use is the safer default.
    pub reusable: bool,
    /// The traveller has confirmed (Ryanair).
    pub traveller_confirmed: bool,
    /// The open money of an older order was seen.
    pub old_payment_seen: bool,
    texts: [String; Field::ALL.len()],
}

/// The card object on standard input cannot be read. Never quotes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardInputError {
    /// Not a JSON object.
    #[error(
        "standard input is not one JSON object with the fields of creditCard (line {line}, column {column})"
    )]
    NotAnObject {
        /// Line of the mistake.
        line: usize,
        /// Column of the mistake.
        column: usize,
    },
    /// The card number holds something else than digits, or too many.
    #[error("cardNumber is not 13 to 19 digits")]
    Number,
    /// The security code holds something else than digits, or too many.
    #[error("cardCVV is not 3 or 4 digits")]
    Cvv,
}

/// The fields of `creditCard`, borrowed from the input so that no copy of the secrets is made.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CardInput<'a> {
    card_number: &'a str,
    #[serde(rename = "cardCVV", borrow)]
    card_cvv: Option<&'a str>,
    card_expire_month: Option<String>,
    card_expire_year: Option<String>,
    card_holder_first_name: Option<String>,
    card_holder_last_name: Option<String>,
    card_holder_country: Option<String>,
    #[serde(alias = "cardHoldProvince")]
    card_holder_province: Option<String>,
    card_holder_city: Option<String>,
    card_holder_post_code: Option<String>,
    card_holder_address: Option<String>,
    reusable: Option<bool>,
    payment_limit: Option<Limit>,
    #[serde(rename = "threeDS")]
    three_ds: Option<ThreeDs>,
}

/// `paymentLimit` is a number; an older sample of the vendor has it as a string.
#[derive(Deserialize)]
#[serde(untagged)]
enum Limit {
    Number(serde_json::Number),
    Text(String),
}

#[derive(Deserialize)]
struct ThreeDs {
    ip: Option<String>,
}

impl Draft {
    /// An empty one.
    pub fn new(method: PaymentMethod) -> Self {
        Self {
            method,
            number: CardNumber::new(),
            cvv: Cvv::new(),
            reusable: false,
            traveller_confirmed: false,
            old_payment_seen: false,
            texts: Default::default(),
        }
    }

    /// Reads a JSON object with the field names of `creditCard`. The caller wipes `bytes` afterwards.
    pub fn from_json(method: PaymentMethod, bytes: &[u8]) -> Result<Self, CardInputError> {
        let input: CardInput<'_> = serde_json::from_slice(bytes)
            .map_err(|error| CardInputError::NotAnObject { line: error.line(), column: error.column() })?;
        let mut draft = Self::new(method);
        draft.number = CardNumber::parse(input.card_number).ok_or(CardInputError::Number)?;
        draft.cvv = Cvv::parse(input.card_cvv.unwrap_or_default()).ok_or(CardInputError::Cvv)?;
        draft.reusable = input.reusable.unwrap_or(false);
        let texts = [
            (Field::ExpiryMonth, input.card_expire_month),
            (Field::ExpiryYear, input.card_expire_year),
            (Field::FirstName, input.card_holder_first_name),
            (Field::LastName, input.card_holder_last_name),
            (Field::Country, input.card_holder_country),
            (Field::Province, input.card_holder_province),
            (Field::City, input.card_holder_city),
            (Field::PostCode, input.card_holder_post_code),
            (Field::Street, input.card_holder_address),
            (
                Field::Ceiling,
                input.payment_limit.map(|limit| match limit {
                    Limit::Number(number) => number.to_string(),
                    Limit::Text(text) => text,
                }),
            ),
            (Field::DeviceIp, input.three_ds.and_then(|three_ds| three_ds.ip)),
        ];
        for (field, text) in texts {
            draft.set(field, &text.unwrap_or_default());
        }
        Ok(draft)
    }

    /// The text of a field; empty for those that hold secrets or ticks.
    pub fn text(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    /// Sets the text of a field.
    pub fn set(&mut self, field: Field, text: &str) {
        text.clone_into(&mut self.texts[field as usize]);
    }

    /// The state of a box; false for any other field.
    pub fn is_ticked(&self, field: Field) -> bool {
        match field {
            Field::Reusable => self.reusable,
            Field::TravellerConfirmed => self.traveller_confirmed,
            Field::OldPaymentSeen => self.old_payment_seen,
            _ => false,
        }
    }

    /// Ticks a box, or takes the tick away.
    pub fn tick(&mut self, field: Field) {
        let tick = match field {
            Field::Reusable => &mut self.reusable,
            Field::TravellerConfirmed => &mut self.traveller_confirmed,
            Field::OldPaymentSeen => &mut self.old_payment_seen,
            _ => return,
        };
        *tick = !*tick;
    }

    /// The fields that this method wants for this order, each with whether it must be filled.
    pub fn fields(&self, situation: &Situation<'_>) -> Vec<(Field, bool)> {
        let order = situation.order;
        let required = situation.billing.required(&order.airlines, self.text(Field::Country));
        let wanted = |field: Field| match field {
            Field::TravellerConfirmed => order.needs_traveller_confirmation().then_some(true),
            Field::OldPaymentSeen => payable::old_payment_obstacle(situation).is_some().then_some(true),
            _ if !self.method.needs_card() => None,
            Field::Ceiling => (self.method == PaymentMethod::Vcc).then_some(true),
            Field::DeviceIp => (self.method == PaymentMethod::Mor).then_some(false),
            Field::Reusable => Some(false),
            Field::Cvv => Some(self.method == PaymentMethod::Vcc),
            _ => match field.billing() {
                None => Some(true),
                Some(part) if required.iter().any(|(known, _)| *known == part) => Some(true),
                // An airline that asks for nothing gets nothing but the country, which some issuers check.
                Some(BillingField::Country) => Some(false),
                Some(_) => (!self.text(field).is_empty()).then_some(false),
            },
        };
        Field::ALL.into_iter().filter_map(|field| Some((field, wanted(field)?))).collect()
    }

    /// The ceiling that a form begins with: three per cent above the vendor's price, rounded up to a whole unit, and not
    /// above the desk's limit where that leaves room for the price.
    pub fn default_ceiling(situation: &Situation<'_>) -> Option<Money> {
        let due = payable::amount_due(PaymentMethod::Vcc, situation.order)?;
        let ceiling = due.scaled_up_to_unit(Decimal::new(103, 2))?;
        let limit =
            situation.limits.get(&due.currency).map(|limit| Money::new(limit.amount.floor(), due.currency));
        Some(
            limit
                .filter(|limit| limit.amount >= due.amount && limit.amount < ceiling.amount)
                .unwrap_or(ceiling),
        )
    }

    /// Everything that is against the payment as it stands, warnings included; what decides first comes first.
    pub fn obstacles(&self, situation: &Situation<'_>) -> Vec<Obstacle> {
        let mut found = payable::method_obstacles(self.method, situation);
        if situation.order.needs_traveller_confirmation() && !self.traveller_confirmed {
            found.push(Obstacle::TravellerNotConfirmed);
        }
        if !self.old_payment_seen {
            found.extend(payable::old_payment_obstacle(situation));
        }
        if !self.method.needs_card() {
            return found;
        }
        found.extend(card_check::number_obstacles(&self.number, self.method, situation));
        found.extend(self.expiry_obstacles(situation));
        found.extend(card_check::cvv_obstacle(
            &self.cvv,
            self.number.brand(),
            self.method == PaymentMethod::Vcc,
        ));
        for field in [Field::FirstName, Field::LastName] {
            found.extend(card_check::name_obstacle(field, self.text(field)));
        }
        found.extend(card_check::billing_obstacles(&self.billing(), situation));
        found.extend(self.ceiling_obstacle(situation));
        if self.method == PaymentMethod::Mor
            && self.device_ip().is_none()
            && !self.text(Field::DeviceIp).is_empty()
        {
            found.push(Obstacle::DeviceIpMalformed);
        }
        found
    }

    fn expiry(&self) -> Option<Expiry> {
        Expiry::parse(self.text(Field::ExpiryMonth), self.text(Field::ExpiryYear))
    }

    fn expiry_obstacles(&self, situation: &Situation<'_>) -> Option<Obstacle> {
        if self.text(Field::ExpiryMonth).is_empty() || self.text(Field::ExpiryYear).is_empty() {
            let month = self.text(Field::ExpiryMonth).is_empty();
            return Some(Obstacle::Missing {
                field: if month { Field::ExpiryMonth } else { Field::ExpiryYear },
            });
        }
        match self.expiry() {
            None => Some(Obstacle::ExpiryMalformed),
            Some(expiry) => {
                card_check::expiry_obstacle(expiry, situation.now.to_zoned(tz::TimeZone::UTC).date())
            }
        }
    }

    fn ceiling_obstacle(&self, situation: &Situation<'_>) -> Option<Obstacle> {
        if self.method != PaymentMethod::Vcc {
            return None;
        }
        let due = payable::amount_due(PaymentMethod::Vcc, situation.order)?;
        match self.text(Field::Ceiling) {
            "" => Some(Obstacle::Missing { field: Field::Ceiling }),
            text => match fold_text(text).trim().parse::<u64>() {
                Err(_) => Some(Obstacle::CeilingNotWhole),
                Ok(units) => {
                    payable::ceiling_obstacle(Money::new(Decimal::from(units), due.currency), due, situation)
                }
            },
        }
    }

    fn device_ip(&self) -> Option<IpAddr> {
        self.text(Field::DeviceIp).trim().parse().ok()
    }

    fn billing(&self) -> BillingAddress {
        let text = |field| Some(self.text(field).trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        BillingAddress {
            country: text(Field::Country).map(|country| country.to_ascii_uppercase()),
            province: text(Field::Province).map(|province| province.to_ascii_uppercase()),
            city: text(Field::City),
            post_code: text(Field::PostCode),
            street: text(Field::Street),
        }
    }

    /// The payment, if nothing is against it; warnings are not. The card moves into it and is not copied.
    pub fn into_payment(self, situation: &Situation<'_>) -> Result<Payment, Box<(Self, Vec<Obstacle>)>> {
        let obstacles = self.obstacles(situation);
        let method = self.method;
        let order = situation.order;
        let due = payable::amount_due(method, order).filter(|_| obstacles.iter().all(Obstacle::is_warning));
        let (Some(amount), expiry) = (due, self.expiry()) else { return Err(Box::new((self, obstacles))) };
        let (traveller_confirmed, old_payment_seen) = (self.traveller_confirmed, self.old_payment_seen);
        let means = match (method, expiry) {
            (PaymentMethod::Deposit, _) => Means::Deposit,
            (PaymentMethod::Byoa, _) => Means::Byoa,
            (PaymentMethod::Vcc | PaymentMethod::Mor, None) => return Err(Box::new((self, obstacles))),
            (PaymentMethod::Vcc, Some(expiry)) => {
                let units = fold_text(self.text(Field::Ceiling)).trim().parse::<u64>().ok();
                let ceiling = units.map(|units| Money::new(Decimal::from(units), amount.currency));
                Means::Vcc { card: self.into_card(expiry), ceiling }
            }
            (PaymentMethod::Mor, Some(expiry)) => {
                let device_ip = self.device_ip();
                Means::Mor { card: self.into_card(expiry), device_ip }
            }
        };
        Ok(Payment { order: order.no, means, amount, traveller_confirmed, old_payment_seen })
    }

    fn into_card(self, expiry: Expiry) -> Card {
        Card {
            billing: self.billing(),
            first_name: self.text(Field::FirstName).trim().to_owned(),
            last_name: self.text(Field::LastName).trim().to_owned(),
            reusable: self.reusable,
            expiry,
            number: self.number,
            cvv: Some(self.cvv).filter(|cvv| !cvv.is_empty()),
        }
    }
}
