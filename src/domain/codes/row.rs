//! What a status code says, as the rules ask it.

use serde::Deserialize;

use crate::domain::subject::Subject;

/// Where a code was given; the same number can mean different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// `status` of `pay.do`.
    Pay,
    /// `status` of `regenerateOrder.do`.
    Regenerate,
    /// `status` of `queryOrderDetails.do` and `orderList.do`.
    Query,
    /// `status` of `orderCommit.do`.
    Commit,
    /// `status` of `stopTicket.do`.
    Stop,
    /// `errorCode` of a cancelled order.
    Ticketing,
    /// Any endpoint.
    General,
}

/// What a `status` of `pay.do` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pay {
    /// What it proves about the payment.
    pub outcome: Outcome,
    /// What it does to the card that was sent.
    pub card: CardWear,
    /// What to do while the order stays unpaid.
    pub next: AfterPay,
    /// The field that a refusal is about.
    pub about: Subject,
    /// The airline itself has declined.
    pub is_decline: bool,
}

/// What an answer proves about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was taken.
    Accepted,
    /// Definitely not paid; believed once a query shows the order unpaid.
    Refused,
    /// It may have been paid: only a query knows.
    Unknown,
    /// Another payment has paid it; only a query knows.
    PaidAlready,
    /// Another payment is running; only a query knows.
    BeingPaidAlready,
    /// Paid by this one, without a PNR yet; only a query knows.
    Paid,
}

impl Outcome {
    /// True when it speaks of another payment than the one that was sent.
    pub fn speaks_of_another(self) -> bool {
        matches!(self, Self::PaidAlready | Self::BeingPaidAlready)
    }

    /// True when it says that the order is paid: one that stays unpaid all the same contradicts it.
    pub fn says_paid(self) -> bool {
        matches!(self, Self::PaidAlready | Self::Paid)
    }
}

/// What a code does to the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardWear {
    /// Nothing was tried with it.
    Untouched,
    /// The vendor's risk control counts a failure; it may be used again.
    Counted,
    /// Counted, and never used again for this trip.
    Spent,
}

/// What to do after an answer of `pay.do` while the order stays unpaid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterPay {
    /// Follow it until it is ticketed or cancelled.
    Follow,
    /// Ask; the same again once it is clearly unpaid.
    Query,
    /// Ask until the next answers tell.
    Wait,
    /// The same again after a pause.
    Later,
    /// Mend what the answer complained of, then the same card.
    Mend,
    /// Another card, or the deposit.
    OtherMeans,
    /// Another method.
    OtherMethod,
    /// Check the balance first.
    Balance,
    /// Let the traveller confirm first.
    Traveller,
    /// Ask the vendor's support.
    Support,
    /// Check credentials and permissions.
    Access,
    /// A new booking with other data.
    Book,
}

/// What a `status` of `regenerateOrder.do` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Regenerate {
    /// What it proves about the new order.
    pub outcome: Making,
    /// What to do next.
    pub next: AfterRegenerate,
}

/// What an answer proves about a new order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Making {
    /// It was made.
    Made,
    /// It was not made.
    Refused,
    /// It may exist: it is looked for.
    Unknown,
}

/// What to do after an answer of `regenerateOrder.do`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterRegenerate {
    /// Pay the new order.
    Pay,
    /// Look for the new order.
    Search,
    /// Ask again after a pause.
    Again,
    /// Mend what the answer complained of, then ask again.
    Mend,
    /// Search and book again.
    Book,
    /// Follow the old order: it may be paid.
    Follow,
    /// Ask the vendor's support.
    Support,
}

/// What an `errorCode` of a cancelled order says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticketing {
    /// What brings the traveller a ticket.
    pub mends: Mends,
    /// What it does to the card that paid.
    pub card: CardWear,
    /// The airline itself has declined.
    pub is_decline: bool,
    /// What is the matter with the baggage of an order that is still in ticketing.
    pub baggage: Option<Baggage>,
}

/// What is the matter with the baggage of an order in ticketing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Baggage {
    /// The airline's price is above the one that was sold: somebody accepts the loss, or the order is cancelled.
    Loss,
    /// The airline does not sell it: accepting does not help.
    CannotBeBought,
}

/// What mends a failed ticketing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mends {
    /// Another card, or the deposit.
    OtherMeans,
    /// A higher deposit, or a card.
    TopUp,
    /// Today's price.
    NewPrice,
    /// Nothing but time.
    Time,
    /// A new search; regenerated only if the flight is still sold.
    NewSearch,
    /// The same flight at another price of its baggage: verified and booked anew.
    NewVerify,
    /// A new booking with other data.
    OtherData,
    /// Finding the booking that the airline has already.
    OtherBooking,
    /// Nobody knows: it may be paid, so a person must find out.
    Person,
}

impl Mends {
    /// True when regenerating the order is the first thing to try.
    pub fn by_regeneration(self) -> bool {
        matches!(self, Self::OtherMeans | Self::TopUp | Self::NewPrice | Self::Time)
    }
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// A code in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What it means.
    pub meaning: Both,
    /// What to do next.
    pub advice: Both,
}
