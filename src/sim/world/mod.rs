//! The simulated vendor: its orders, what becomes of them, and one function for each endpoint.
//!
//! A pure core. It knows no socket and no clock: the time on the wall is handed to it, and whatever was due by
//! then has happened before a question is answered. So the answers do not depend on how often somebody asks.

mod arriving;
mod baggage;
mod booking;
mod cancelling;
mod course;
mod cues;
mod happening;
mod hooks;
mod looking;
mod notifying;
mod opening;
mod paying;
mod reissuing;
mod reviving;
mod sessions;
mod setup;
mod state;
#[cfg(test)]
mod tests;
mod ticketing;

pub(super) use self::{
    booking::{BAD_SEARCH, Book, SEATS, Verified},
    hooks::{Delivery, Incident},
    looking::{Filter, Find, Page},
    notifying::{IncidentFilter, IncidentPage},
    paying::Pay,
    setup::Setup,
    state::World,
};
