//! Switches: where the documents leave open, or contradict each other about, what the vendor does, a story
//! says which of the variants is played.

use serde::{Deserialize, Serialize};

/// All of them, at the variants that are believed to be the real ones unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::sim) struct Switches {
    /// What the cardholders `Reject` and `Three DS`, and the cards with a code, meet.
    pub reject: Reject,
    /// What a query says of an unpaid order past its deadline.
    pub lapsed: Lapsed,
    /// What paying a Ryanair order does before the traveller has confirmed it.
    pub unconfirmed: Unconfirmed,
    /// How missing credentials are refused.
    pub credentials: Credentials,
    /// What an order number says that nobody has.
    pub unknown: Unknown,
    /// The number by which queries and lists say that an order is cancelled.
    pub cancelled: Cancelled,
    /// The type of the two states in `queryOrderDetails.do`.
    pub states: States,
    /// Which earlier orders make a booking of the same passengers on the same flights a duplicate.
    pub duplicates: Duplicates,
    /// What the second regeneration of one order gives.
    pub regenerations: Regenerations,
    /// What becomes of `tktLimitTime` when an order is paid.
    pub deadline: Deadline,
    /// The status of a card field with a wrong form.
    pub card: CardRefusal,
    /// How `order.cancelled` is written, if it comes at all.
    pub hook: HookForm,
    /// Whether searching and verifying too often is refused.
    pub limits: Limits,
    /// Whether `cancelOrder.do` is there.
    pub cancelling: Cancelling,
    /// The ticket numbers of those who travel together.
    pub tickets: Tickets,
    /// How often a notification is sent that nobody takes.
    pub tries: Tries,
}

macro_rules! switch {
    ($(#[doc = $doc:literal] $name:ident { $($(#[$meta:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {
        $(#[doc = $doc]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub(in crate::sim) enum $name { $($(#[$meta])* #[serde(rename = $word)] $variant),+ })+
    };
}

switch! {
    /// `Reject` and `Three DS`: all three occur in the sources.
    Reject { #[default] Later = "later", AtOnce = "at-once", Ignored = "ignored" }
    /// An unpaid order past its deadline.
    Lapsed { #[default] Unpaid = "unpaid", Cancelled = "cancelled" }
    /// A payment before the traveller has confirmed.
    Unconfirmed { #[default] Refused = "refused", Cancelled = "cancelled" }
    /// Missing credentials.
    Credentials { #[default] Status = "900", Http = "401" }
    /// An unknown order number.
    Unknown { #[default] NotFound = "703", NoSuchOrder = "800", Nulls = "nulls" }
    /// A cancelled order.
    Cancelled { #[default] Documented = "-3", Older = "3" }
    /// States in a query.
    States { #[default] Strings = "strings", Numbers = "numbers" }
    /// Duplicate bookings.
    Duplicates { #[default] Open = "open", Ticketed = "ticketed", Allowed = "allowed" }
    /// Regenerating twice.
    Regenerations { #[default] Another = "another", Duplicate = "318", InProgress = "330" }
    /// The deadline of a paid order.
    Deadline { #[default] Kept = "kept", Rewritten = "rewritten" }
    /// A badly written card field.
    CardRefusal { #[default] Verification = "413", Parameter = "400" }
    /// `order.cancelled`.
    HookForm { #[default] Current = "current", Guide = "guide", Legacy = "legacy", Never = "never" }
    /// Request limits.
    Limits { #[default] Kept = "kept", Ignored = "ignored" }
    /// `cancelOrder.do`.
    Cancelling { #[default] Off = "off", On = "on" }
    /// Ticket numbers.
    Tickets { #[default] Shared = "shared", Each = "each" }
    /// Tries of a notification.
    Tries { #[default] Three = "three", One = "one" }
}

impl Tries {
    /// How many they are.
    pub(in crate::sim) fn count(self) -> u32 {
        match self {
            Self::Three => 3,
            Self::One => 1,
        }
    }
}

impl CardRefusal {
    /// The `status` that it stands for.
    pub(in crate::sim) fn status(self) -> i64 {
        match self {
            Self::Verification => 413,
            Self::Parameter => 400,
        }
    }
}
