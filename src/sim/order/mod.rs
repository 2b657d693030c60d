//! An order as the vendor's own system would hold it.

pub(super) mod failure;
pub(super) mod make;
mod number;
pub(super) mod part;
mod price;
mod routing;
mod state;
mod traveller;

use jiff::Timestamp;

pub(super) use self::{
    failure::Failure,
    number::{SINGAPORE, moment_digits},
    part::{HOLD, Part},
    price::quote,
    routing::{Bill, CARD_FEE, Fare, Flight, MERCHANT_BRANDS, Party, Routing, Source},
    state::{Fate, Fingerprint, Paid, State},
    traveller::{Contact, Document, Kind, Traveller},
};
use super::time::Moment;
use crate::domain::{card::CardBrand, method::PaymentMethod, money::Money, order::OrderNo};

/// An order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub no: OrderNo,
    /// What the story calls it. Unlike its number it is the same whenever the story is played.
    pub name: Box<str>,
    /// The vendor's own booking reference.
    pub pnr_code: String,
    /// On the wall, as its number says.
    pub created: Timestamp,
    /// In the story.
    pub made: Moment,
    pub updated: Moment,
    /// Until then it can be paid.
    pub deadline: Moment,
    pub routing: Routing,
    pub travellers: Vec<Traveller>,
    pub contact: Contact,
    /// MoR: the brand that was named when the order was made.
    pub brand: Option<CardBrand>,
    /// Ryanair only sells what the traveller has confirmed on its own page.
    pub confirmed: bool,
    /// Of the Fulfilment API: ticketed within five minutes or given up.
    pub fulfilment: bool,
    /// How ticketing will end, where the story has decided it; for cards passed through, and for the rest.
    pub card_fate: Option<Fate>,
    pub fate: Option<Fate>,
    pub original: Option<OrderNo>,
    /// First order of the lineage: itself, or the one from which it descends.
    pub root: OrderNo,
    pub state: State,
    /// All that is left to chance about this order comes from here.
    pub seed: u64,
}

impl Order {
    /// `orderStatus`.
    pub(super) fn status(&self) -> i8 {
        match self.state {
            State::Unpaid => 0,
            State::Ticketing(_) => 1,
            State::Ticketed(..) => 2,
            State::Cancelled(..) => -3,
        }
    }

    /// How it was paid, if it was.
    pub(super) fn paid(&self) -> Option<&Paid> {
        match &self.state {
            State::Unpaid | State::Cancelled(None, _) => None,
            State::Ticketing(paid) | State::Ticketed(paid, _) | State::Cancelled(Some(paid), _) => Some(paid),
        }
    }

    /// The airlines' locators, once ticketed.
    pub(super) fn locators(&self) -> &[String] {
        if let State::Ticketed(_, locators) = &self.state { locators } else { &[] }
    }

    /// Why ticketing failed, or why it takes so long.
    pub(super) fn failure(&self) -> Option<Failure> {
        match &self.state {
            State::Cancelled(_, failure) => *failure,
            State::Ticketing(paid) if paid.charged && paid.fate == Fate::WithoutPnr => Failure::known(615),
            _ => None,
        }
    }

    /// How the story has it end when it is paid so.
    pub(super) fn fate_by(&self, method: PaymentMethod) -> Option<Fate> {
        self.fate.or(self.card_fate.filter(|_| method == PaymentMethod::Vcc))
    }

    /// True while it can be paid.
    pub(super) fn is_payable(&self, now: Moment) -> bool {
        self.state == State::Unpaid && now < self.deadline
    }

    /// Who travels, by type.
    pub(super) fn party(&self) -> Party {
        let mut party = [0; 3];
        for one in &self.travellers {
            party[one.kind as usize] += 1;
        }
        party
    }

    /// The whole order in settlement currency, without fees.
    pub(super) fn total(&self) -> Money {
        self.routing.total(self.party())
    }

    /// What the airline really charges.
    pub(super) fn vendor_cost(&self) -> Money {
        self.routing.vendor_cost(self.party())
    }

    /// What `method` takes from where.
    pub(super) fn bill(&self, method: PaymentMethod) -> Bill {
        self.routing.bill(method, self.party())
    }
}
