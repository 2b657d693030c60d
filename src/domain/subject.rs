//! What a refusal is about.

use super::{draft::Field, payable::Obstacle, recovery::Why};

/// What a reason against something is about: a field that somebody filled in, or something of the order, the account
/// or the call. Every reason has one, so that two with the same words can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A field of the form or of `--card-stdin`.
    Entered(Field),
    /// Which order it is, and the orders that belong to it.
    OrderNo,
    /// Unpaid, paid, ticketed, cancelled.
    OrderStatus,
    /// Why it was cancelled.
    ErrorCode,
    /// The payment deadline.
    Deadline,
    /// When the order was made.
    Created,
    /// The method of payment.
    Method,
    /// What is to be paid.
    Price,
    /// The deposit.
    Balance,
    /// The card as a whole.
    Card,
    /// The operator's word.
    Confirmation,
    /// Whether this program may change anything.
    ReadOnly,
    /// What must be written down first.
    Journal,
}

impl Subject {
    /// Those that nobody fills in.
    pub const OTHERS: [Self; 12] = [
        Self::OrderNo,
        Self::OrderStatus,
        Self::ErrorCode,
        Self::Deadline,
        Self::Created,
        Self::Method,
        Self::Price,
        Self::Balance,
        Self::Card,
        Self::Confirmation,
        Self::ReadOnly,
        Self::Journal,
    ];

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        Field::ALL.into_iter().map(Self::Entered).chain(Self::OTHERS)
    }

    /// The API's own word, or one of its kind where the API has none.
    pub fn word(self) -> &'static str {
        match self {
            Self::Entered(field) => field.word(),
            Self::OrderNo => "orderNo",
            Self::OrderStatus => "orderStatus",
            Self::ErrorCode => "errorCode",
            Self::Deadline => "tktLimitTime",
            Self::Created => "createdTime",
            Self::Method => "paymentMethod",
            Self::Price => "totalPrice",
            Self::Balance => "balance",
            Self::Card => "creditCard",
            Self::Confirmation => "confirmAmount",
            Self::ReadOnly => "readOnly",
            Self::Journal => "journal",
        }
    }

    /// The subject that [`Self::word`] names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::all().find(|subject| subject.word() == word)
    }

    /// What a refusal of `pay.do` is about, by its `status`.
    pub fn of_pay_status(status: i64) -> Self {
        match status {
            401 => Self::Deadline,
            402 | 404..=406 => Self::OrderStatus,
            403 | 412 => Self::Method,
            100 | 400 => Self::Card,
            413 | 414 | 604 | 613 | 616 | 623 | 633 => Self::Entered(Field::Number),
            415 => Self::Entered(Field::TravellerConfirmed),
            _ => Self::OrderNo,
        }
    }
}

impl Obstacle {
    /// What it is about: the field where it is mended, or what it rests on.
    pub fn subject(&self) -> Subject {
        match self {
            Self::AlreadyTicketed | Self::AlreadyPaid | Self::Cancelled | Self::UnknownStatus(_) => {
                Subject::OrderStatus
            }
            Self::DetailsMissing | Self::AttemptOpen { .. } | Self::Regenerated { .. } => Subject::OrderNo,
            Self::DeadlinePassed { .. } | Self::DeadlineUnknown | Self::LittleTimeForCard => {
                Subject::Deadline
            }
            Self::MethodNotOffered { .. } | Self::NoVendorFare | Self::SeveralAirlines => Subject::Method,
            Self::AmountUnknown | Self::AmountChanged { .. } | Self::AboveLimit { .. } => Subject::Price,
            Self::BalanceShort { .. } | Self::FeeBalanceShort { .. } | Self::BalanceUnknown => {
                Subject::Balance
            }
            Self::OldPaymentOpen { .. } => Subject::Entered(Field::OldPaymentSeen),
            Self::TravellerNotConfirmed => Subject::Entered(Field::TravellerConfirmed),
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

/// A reason as it is kept.
pub fn kept(subject: Subject, code: &str) -> String {
    format!("{}:{code}", subject.word())
}

/// What a kept reason is about and its code; older journals hold the code alone.
pub fn kept_parts(kept: &str) -> (Option<Subject>, &str) {
    match kept.split_once(':') {
        Some((word, code)) => (Subject::from_word(word), code),
        None => (None, kept),
    }
}

impl Why {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::AttemptOpen(_) | Self::ChildNotSeen(_) | Self::ChildClosed(_) | Self::Remaking => {
                Subject::OrderNo
            }
            Self::Paid
            | Self::Cancelled
            | Self::StillPayable
            | Self::SaidOnce
            | Self::NotAllSeen
            | Self::Unclear => Subject::OrderStatus,
            Self::DeadlinePassed | Self::ClockInDoubt | Self::TooLate => Subject::Deadline,
            Self::TooOld => Subject::Created,
            Self::NoCardYet => Subject::Card,
            Self::CardDeclined | Self::CardUsedUp | Self::ChargeBegun => Subject::Entered(Field::Number),
            Self::MethodRefused | Self::NotOffered | Self::SeveralAirlines => Subject::Method,
            Self::BalanceShort(_) => Subject::Balance,
            Self::NoAmount => Subject::Price,
            Self::FindOtherBooking | Self::AskVendor | Self::BookingUnfit => Subject::ErrorCode,
        }
    }
}
