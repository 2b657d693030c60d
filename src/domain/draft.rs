//! A payment being put together: what a form or `--card-stdin` has gathered so far, and what is wrong with it.

use std::net::IpAddr;

use rust_decimal::Decimal;

use super::field::Field;
use super::{
    billing::BillingField,
    card::{BillingAddress, Card, CardNumber, Cvv, Expiry},
    card_check::{self, EnteredCard},
    context::PaymentContext,
    fold::fold_text,
    method::PaymentMethod,
    money::Money,
    obstacle::Obstacle,
    payable,
    payment::{Means, Payment},
    spelling::composed,
};

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
    /// The open money of an older order was seen.
    pub old_payment_seen: bool,
    texts: [String; Field::ALL.len()],
}

impl Draft {
    /// An empty one.
    pub fn new(method: PaymentMethod) -> Self {
        Self {
            method,
            number: CardNumber::new(),
            cvv: Cvv::new(),
            reusable: false,
            old_payment_seen: false,
            texts: Default::default(),
        }
    }

    /// The text of a field; empty for those that hold secrets or ticks.
    pub fn text(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    /// Sets the text of a field, its letters composed.
    pub fn set(&mut self, field: Field, text: &str) {
        self.texts[field as usize] = composed(text);
    }

    /// The state of a box; false for any other field.
    pub fn is_ticked(&self, field: Field) -> bool {
        match field {
            Field::Reusable => self.reusable,
            Field::OldPaymentSeen => self.old_payment_seen,
            _ => false,
        }
    }

    /// Ticks a box, or takes the tick away.
    pub fn tick(&mut self, field: Field) {
        let tick = match field {
            Field::Reusable => &mut self.reusable,
            Field::OldPaymentSeen => &mut self.old_payment_seen,
            _ => return,
        };
        *tick = !*tick;
    }

    /// The fields that this method wants for this order, each with whether it must be filled.
    pub fn fields(&self, context: &PaymentContext<'_>) -> Vec<(Field, bool)> {
        let order = context.order;
        let required = context.rules.billing.required(&order.airlines, self.text(Field::Country));
        let wanted = |field: Field| match field {
            Field::OldPaymentSeen => payable::old_payment_obstacle(context).is_some().then_some(true),
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
    pub fn default_ceiling(context: &PaymentContext<'_>) -> Option<Money> {
        let due = payable::amount_due(PaymentMethod::Vcc, context.order)?;
        let ceiling = due.scaled_up_to_unit(Decimal::new(103, 2))?;
        let limit = context
            .rules
            .limits
            .get(&due.currency)
            .map(|limit| Money::new(limit.amount.floor(), due.currency));
        Some(
            limit
                .filter(|limit| limit.amount >= due.amount && limit.amount < ceiling.amount)
                .unwrap_or(ceiling),
        )
    }

    /// Everything that is against the payment as it stands, warnings included; what decides first comes first.
    pub fn obstacles(&self, context: &PaymentContext<'_>) -> Vec<Obstacle> {
        let mut found = payable::ticked_obstacles(self.method, self.old_payment_seen, context);
        found.extend(self.card_obstacles(context));
        found.extend(self.ceiling_obstacle(context).filter(|obstacle| !is_above_limit(obstacle)));
        found
    }

    /// What is against the card as it was entered, whatever the order may be like; nothing for a method without one.
    pub fn card_obstacles(&self, context: &PaymentContext<'_>) -> Vec<Obstacle> {
        if !self.method.needs_card() {
            return Vec::new();
        }
        let billing = self.billing();
        let entered = EnteredCard {
            number: &self.number,
            expiry: self.expiry(),
            cvv: &self.cvv,
            names: [Field::FirstName, Field::LastName].map(|field| (field, self.text(field))),
            billing: &billing,
        };
        let mut found = card_check::card_obstacles(entered, self.method, context);
        if self.method == PaymentMethod::Mor
            && self.device_ip().is_none()
            && !self.text(Field::DeviceIp).is_empty()
        {
            found.push(Obstacle::DeviceIpMalformed);
        }
        // Whatever the price will be: the airline may charge up to the ceiling.
        found.extend(self.ceiling_obstacle(context).filter(is_above_limit));
        found
    }

    /// The expiry, or what is wrong with each half of it.
    fn expiry(&self) -> Result<Expiry, Vec<Obstacle>> {
        let (month, year) = (self.text(Field::ExpiryMonth), self.text(Field::ExpiryYear));
        let halves = [
            (Field::ExpiryMonth, month, Expiry::parse(month, "2000").is_some()),
            (Field::ExpiryYear, year, Expiry::parse("1", year).is_some()),
        ];
        let unread = |(field, text, is_read): (Field, &str, bool)| match text.trim() {
            "" => Some(Obstacle::Missing { field }),
            _ => (!is_read).then_some(Obstacle::ExpiryMalformed { field }),
        };
        Expiry::parse(month, year).ok_or_else(|| halves.into_iter().filter_map(unread).collect())
    }

    fn ceiling_obstacle(&self, context: &PaymentContext<'_>) -> Option<Obstacle> {
        if self.method != PaymentMethod::Vcc {
            return None;
        }
        let due = payable::amount_due(PaymentMethod::Vcc, context.order)?;
        match self.text(Field::Ceiling).trim() {
            "" => Some(Obstacle::Missing { field: Field::Ceiling }),
            text => match fold_text(text).parse::<u64>() {
                Err(_) => Some(Obstacle::CeilingNotWhole),
                Ok(units) => {
                    let ceiling = Money::new(Decimal::from(units), due.currency);
                    payable::ceiling_obstacle(ceiling, due, context)
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
    pub fn into_payment(self, context: &PaymentContext<'_>) -> Result<Payment, Box<(Self, Vec<Obstacle>)>> {
        let obstacles = self.obstacles(context);
        let method = self.method;
        let order = context.order;
        let due = payable::amount_due(method, order).filter(|_| obstacles.iter().all(Obstacle::is_warning));
        let (Some(amount), expiry) = (due, self.expiry().ok()) else {
            return Err(Box::new((self, obstacles)));
        };
        let old_payment_seen = self.old_payment_seen;
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
        Ok(Payment { order: order.no, means, amount, old_payment_seen })
    }

    /// Looks at the payment that it would be now, and stays as it is; else what is against it. No card is copied: it moves
    /// into the payment and back.
    pub fn look_ahead<T>(
        &mut self,
        context: &PaymentContext<'_>,
        look: impl FnOnce(&Payment) -> T,
    ) -> Result<T, Vec<Obstacle>> {
        let mut draft = Self::new(self.method);
        draft.texts.clone_from(&self.texts);
        (draft.reusable, draft.old_payment_seen) = (self.reusable, self.old_payment_seen);
        if self.method.needs_card() {
            std::mem::swap(&mut draft.number, &mut self.number);
            std::mem::swap(&mut draft.cvv, &mut self.cvv);
        }
        match draft.into_payment(context) {
            Ok(payment) => {
                let seen = look(&payment);
                if let Means::Vcc { card, .. } | Means::Mor { card, .. } = payment.means {
                    self.number = card.number;
                    self.cvv = card.cvv.unwrap_or_default();
                }
                Ok(seen)
            }
            Err(refused) => {
                let (draft, obstacles) = *refused;
                if self.method.needs_card() {
                    (self.number, self.cvv) = (draft.number, draft.cvv);
                }
                Err(obstacles)
            }
        }
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

fn is_above_limit(obstacle: &Obstacle) -> bool {
    matches!(obstacle, Obstacle::CeilingAboveLimit { .. })
}
