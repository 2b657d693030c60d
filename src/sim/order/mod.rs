//! An order as the vendor's own system would hold it.

pub(super) mod failure;
pub(super) mod make;
mod number;
pub(super) mod part;
mod price;
mod record;
mod routing;
mod state;
mod traveller;

pub(super) use self::{
    failure::Failure,
    number::{SINGAPORE, moment_digits},
    part::{HOLD, Part},
    price::quote,
    record::Order,
    routing::{Bill, CARD_FEE, Fare, Flight, MERCHANT_BRANDS, Party, Routing, Source},
    state::{Fate, Fingerprint, Paid, State},
    traveller::{Contact, Document, Kind, Traveller},
};
