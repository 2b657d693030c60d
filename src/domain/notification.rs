//! What the vendor sends unasked: webhooks, and the list of incidents. A notification is a hint that makes the desk ask
//! sooner. It carries no signature, so nothing in it is ever believed.

use super::{order::OrderNo, text::Text};

/// The kinds of events that the vendor documents; any other is kept as it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Ticketing is complete.
    Ticketed,
    /// Ticketing failed or the payment was declined, and the order was cancelled by itself.
    Cancelled,
    /// A void was submitted or changed.
    Void,
    /// The airline changed or cancelled a flight.
    ScheduleChange,
    /// A mail about a schedule change came.
    ScheduleMail,
    /// A cancellation that nobody asked for was noticed.
    AbnormalCancel,
    /// An airline is active, inactive or under maintenance.
    AirlineStatus,
    /// Any mail of an airline.
    Mail,
    /// An ancillary bought after ticketing is complete.
    AddonComplete,
    /// A refund is done.
    RefundComplete,
    /// None that a document names.
    Other(Text),
}

impl Kind {
    /// Reads the vendor's word, older spellings included.
    pub fn of_word(word: &str) -> Self {
        match word.trim() {
            "order.ticketed" => Self::Ticketed,
            "order.cancelled" | "order.cancel" => Self::Cancelled,
            "order.void" => Self::Void,
            "order.schedulechange" => Self::ScheduleChange,
            "email.schedulechange" => Self::ScheduleMail,
            "abnormal.cancelled" => Self::AbnormalCancel,
            "airline.status" => Self::AirlineStatus,
            "email.all" => Self::Mail,
            "order.addonComplete" => Self::AddonComplete,
            "order.refundComplete" => Self::RefundComplete,
            other => Self::Other(Text::new(other)),
        }
    }

    /// The vendor's word.
    pub fn word(&self) -> &str {
        match self {
            Self::Ticketed => "order.ticketed",
            Self::Cancelled => "order.cancelled",
            Self::Void => "order.void",
            Self::ScheduleChange => "order.schedulechange",
            Self::ScheduleMail => "email.schedulechange",
            Self::AbnormalCancel => "abnormal.cancelled",
            Self::AirlineStatus => "airline.status",
            Self::Mail => "email.all",
            Self::AddonComplete => "order.addonComplete",
            Self::RefundComplete => "order.refundComplete",
            Self::Other(word) => word.as_str(),
        }
    }
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// What kind.
    pub kind: Kind,
    /// The order that it names, if it names one.
    pub order: Option<OrderNo>,
    /// The vendor's own name for it (`notificationId`, or `eventId` of an incident), if it has one.
    pub id: Option<Text>,
    /// The error code in it, if there is one.
    pub error: Option<Text>,
    /// As it came, with anything that looks like a card number masked.
    pub raw: String,
}

impl Notification {
    /// True when two are the same thing sent twice: the same id, or without ids the same words.
    pub fn repeats(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Some(ours), Some(theirs)) => ours == theirs && self.kind == other.kind,
            _ => self.raw == other.raw,
        }
    }
}

/// Why a call to the listener was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The path is not the secret one.
    Path,
    /// Neither a POST nor a look whether somebody is there.
    Method,
    /// The body is too large, as it came or unpacked.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// It is packed in a way that is not known here, or damaged.
    Encoding,
    /// No JSON object with a `type`.
    NoNotification,
    /// Not HTTP; TLS, perhaps, which a proxy should have taken off.
    NotHttp,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Path,
        Self::Method,
        Self::TooLarge,
        Self::TooSlow,
        Self::Encoding,
        Self::NoNotification,
        Self::NotHttp,
    ];

    /// A word for the log and for texts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Method => "method",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::Encoding => "encoding",
            Self::NoNotification => "no_notice",
            Self::NotHttp => "not_http",
        }
    }
}
