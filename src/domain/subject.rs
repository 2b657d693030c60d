//! What a refusal is about.

use super::field::Field;

/// What a reason against something is about: a field that somebody filled in, or something of the order, the account
/// or the call. Every reason has one, so that two with the same words are not mixed up.
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
    /// Whether the traveller has confirmed at the airline.
    Traveller,
    /// Who works on it.
    Owner,
    /// Who flies.
    Airline,
    /// The operator's word.
    Confirmation,
    /// Whether this program may change anything.
    ReadOnly,
    /// What must be written down first.
    Journal,
}

impl Subject {
    /// Those that nobody fills in.
    pub const OTHERS: [Self; 15] = [
        Self::OrderNo,
        Self::OrderStatus,
        Self::ErrorCode,
        Self::Deadline,
        Self::Created,
        Self::Method,
        Self::Price,
        Self::Balance,
        Self::Card,
        Self::Traveller,
        Self::Owner,
        Self::Airline,
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
            Self::Traveller => "travellerConfirmed",
            Self::Owner => "owner",
            Self::Airline => "airline",
            Self::Confirmation => "confirmAmount",
            Self::ReadOnly => "readOnly",
            Self::Journal => "journal",
        }
    }

    /// The subject that [`Self::word`] names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::all().find(|subject| subject.word() == word)
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
