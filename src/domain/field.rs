//! What is entered for a payment: by a form, or by `--card-stdin`.

use super::billing::BillingField;

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
    /// The money of an older order of the trip may still be held, and that was seen.
    OldPaymentSeen,
}

impl Field {
    /// All, in the order of a form.
    pub const ALL: [Self; 15] = [
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
        matches!(self, Self::Reusable | Self::OldPaymentSeen)
    }

    /// The field's name in `creditCard`; a name of our own for what the API does not ask.
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "cardNumber",
            Self::ExpiryMonth => "cardExpireMonth",
            Self::ExpiryYear => "cardExpireYear",
            Self::Cvv => "cardCVV",
            Self::FirstName => "cardHolderFirstName",
            Self::LastName => "cardHolderLastName",
            Self::Country => "cardHolderCountry",
            Self::Province => "cardHolderProvince",
            Self::City => "cardHolderCity",
            Self::PostCode => "cardHolderPostCode",
            Self::Street => "cardHolderAddress",
            Self::Ceiling => "paymentLimit",
            Self::DeviceIp => "threeDS.ip",
            Self::Reusable => "reusable",
            Self::OldPaymentSeen => "oldPaymentSeen",
        }
    }

    /// The part of the billing address that it is.
    pub fn billing(self) -> Option<BillingField> {
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
