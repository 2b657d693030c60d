//! Everything that can be against a payment, and what each is about.

use jiff::Timestamp;

use super::{
    airline_trouble::AirlineTrouble,
    attempt::State,
    card::{CardBrand, MaskedCard},
    committable::Progress,
    field::Field,
    method::PaymentMethod,
    money::Money,
    order::{Airline, OrderNo},
    spelling::Unfit,
    subject::{Subject, kept},
    text::Text,
};

/// Something against a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The order is ticketed.
    AlreadyTicketed,
    /// The order is paid or being paid.
    AlreadyPaid,
    /// The order is cancelled.
    Cancelled,
    /// The vendor has no such order any more.
    Gone {
        /// Since when no list shows it.
        since: Timestamp,
    },
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
    /// Warning: several carriers or separate bookings. Where they are ticketed by several channels one card does not pay
    /// for both, and only the vendor knows: it offers the method all the same.
    SeveralAirlines,
    /// Another person works on it.
    HeldByAnother {
        /// Who, with the machine.
        who: Text,
        /// Since when.
        since: Timestamp,
    },
    /// The traveller has not confirmed on the airline's page, as far as anybody has said; how far that is.
    TravellerNotConfirmed(Progress),
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
    /// Warning: an airline of the order is in trouble.
    AirlineTrouble(AirlineTrouble),
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
    /// Warning: digits only. One old page of the vendor refuses that; its newer ones do not.
    CityDigitsOnly,
    /// Characters that a post code cannot have.
    PostCodeCharacters {
        /// The first of them.
        unfit: Unfit,
    },
    /// Warning: shorter than five characters, as by that page. Whole countries have four.
    PostCodeTooShort,
    /// Warning: shorter than seven characters, as by that page.
    StreetTooShort,
    /// Warning: the address is unusual in one of these ways, and the vendor has refused card data for this order.
    AddressDoubted {
        /// With this status.
        status: i64,
    },
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
            Self::Gone { .. } => "gone",
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
            Self::HeldByAnother { .. } => "held_by_another",
            Self::TravellerNotConfirmed(_) => "traveller_not_confirmed",
            Self::AmountUnknown => "amount_unknown",
            Self::AmountChanged { .. } => "amount_changed",
            Self::AboveLimit { .. } => "above_limit",
            Self::BalanceShort { .. } => "balance_short",
            Self::FeeBalanceShort { .. } => "fee_balance_short",
            Self::BalanceUnknown => "balance_unknown",
            Self::LittleTimeForCard => "little_time_for_card",
            Self::AirlineTrouble(_) => "airline_trouble",
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
            Self::AddressDoubted { .. } => "address_doubted",
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
                | Self::AirlineTrouble(_)
                | Self::CardOftenRefused { .. }
                | Self::SeveralAirlines
                | Self::CityDigitsOnly
                | Self::PostCodeTooShort
                | Self::StreetTooShort
                | Self::AddressDoubted { .. }
                | Self::NumberCheckDigit { lenient: true }
        )
    }

    /// What it is about: the field where it is mended, or what it rests on.
    pub fn subject(&self) -> Subject {
        match self {
            Self::AlreadyTicketed | Self::AlreadyPaid | Self::Cancelled | Self::UnknownStatus(_) => {
                Subject::OrderStatus
            }
            Self::Gone { .. }
            | Self::DetailsMissing
            | Self::AttemptOpen { .. }
            | Self::Regenerated { .. } => Subject::OrderNo,
            Self::DeadlinePassed { .. } | Self::DeadlineUnknown | Self::LittleTimeForCard => {
                Subject::Deadline
            }
            Self::MethodNotOffered { .. } | Self::NoVendorFare | Self::SeveralAirlines => Subject::Method,
            Self::AmountUnknown | Self::AmountChanged { .. } | Self::AboveLimit { .. } => Subject::Price,
            Self::BalanceShort { .. } | Self::FeeBalanceShort { .. } | Self::BalanceUnknown => {
                Subject::Balance
            }
            Self::OldPaymentOpen { .. } => Subject::Entered(Field::OldPaymentSeen),
            Self::HeldByAnother { .. } => Subject::Owner,
            Self::TravellerNotConfirmed(_) => Subject::Traveller,
            Self::Missing { field }
            | Self::BillingMissing { field, .. }
            | Self::ExpiryMalformed { field }
            | Self::Expired { field }
            | Self::NameCharacters { field, .. }
            | Self::NotTwoLetters { field } => Subject::Entered(*field),
            Self::NumberLength
            | Self::NumberCheckDigit { .. }
            | Self::BrandMismatch { .. }
            | Self::BrandNotAccepted { .. }
            | Self::CardUsed { .. }
            | Self::CardOftenRefused { .. } => Subject::Entered(Field::Number),
            Self::CvvLength { .. } => Subject::Entered(Field::Cvv),
            Self::CityDigitsOnly => Subject::Entered(Field::City),
            Self::PostCodeCharacters { .. } | Self::PostCodeTooShort => Subject::Entered(Field::PostCode),
            Self::StreetTooShort => Subject::Entered(Field::Street),
            Self::CeilingNotWhole | Self::CeilingBelowPrice { .. } | Self::CeilingAboveLimit { .. } => {
                Subject::Entered(Field::Ceiling)
            }
            Self::DeviceIpMalformed => Subject::Entered(Field::DeviceIp),
            Self::AddressDoubted { .. } => Subject::Card,
            Self::AirlineTrouble(_) => Subject::Airline,
        }
    }

    /// What is kept of it with an attempt that it stopped: the word of its field, and its code.
    pub fn kept(&self) -> String {
        kept(self.subject(), self.code())
    }

    /// The field of the form where it is mended, if it is one.
    pub fn field(&self) -> Option<Field> {
        match self.subject() {
            Subject::Entered(field) => Some(field),
            _ => None,
        }
    }
}
