//! The order itself: what is kept of it, and what follows from that.

use jiff::Timestamp;

use super::{
    failure::Failure,
    routing::{Bill, Party, Routing},
    state::{Fate, Paid, State},
    traveller::{Contact, Traveller},
};
use crate::{
    domain::{card::CardBrand, method::PaymentMethod, money::Money, order::OrderNo},
    sim::time::Moment,
};

/// An order.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sim) struct Order {
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
    pub(in crate::sim) fn status(&self) -> i8 {
        match self.state {
            State::Unpaid => 0,
            State::Ticketing(_) => 1,
            State::Ticketed(..) => 2,
            State::Cancelled(..) => -3,
        }
    }

    /// How it was paid, if it was.
    pub(in crate::sim) fn paid(&self) -> Option<&Paid> {
        match &self.state {
            State::Unpaid | State::Cancelled(None, _) => None,
            State::Ticketing(paid) | State::Ticketed(paid, _) | State::Cancelled(Some(paid), _) => Some(paid),
        }
    }

    /// The airlines' locators, once ticketed.
    pub(in crate::sim) fn locators(&self) -> &[String] {
        if let State::Ticketed(_, locators) = &self.state { locators } else { &[] }
    }

    /// Why ticketing failed, or why it takes so long.
    pub(in crate::sim) fn failure(&self) -> Option<Failure> {
        match &self.state {
            State::Cancelled(_, failure) => *failure,
            State::Ticketing(Paid { suspended: Some(code), .. }) => Failure::known(*code),
            State::Ticketing(paid) if paid.charged && paid.fate == Fate::WithoutPnr => Failure::known(615),
            _ => None,
        }
    }

    /// How the story has it end when it is paid so.
    pub(in crate::sim) fn fate_by(&self, method: PaymentMethod) -> Option<Fate> {
        self.fate.or(self.card_fate.filter(|_| method == PaymentMethod::Vcc))
    }

    /// True while it can be paid.
    pub(in crate::sim) fn is_payable(&self, now: Moment) -> bool {
        self.state == State::Unpaid && now < self.deadline
    }

    /// Who travels, by type.
    pub(in crate::sim) fn party(&self) -> Party {
        let mut party = [0; 3];
        for one in &self.travellers {
            party[one.kind as usize] += 1;
        }
        party
    }

    /// The whole order in settlement currency, without fees.
    pub(in crate::sim) fn total(&self) -> Money {
        self.routing.total(self.party())
    }

    /// What the airline really charges.
    pub(in crate::sim) fn vendor_cost(&self) -> Money {
        self.routing.vendor_cost(self.party())
    }

    /// What `method` takes from where.
    pub(in crate::sim) fn bill(&self, method: PaymentMethod) -> Bill {
        self.routing.bill(method, self.party())
    }
}
