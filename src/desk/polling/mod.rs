//! Whom to ask, and when: the poller sends what the schedule says is due, under one budget, and keeps the schedule to what
//! comes back. For each reason to ask there is a file that says when.

mod budget;
mod followed;
pub mod forecast;
mod gap;
mod hints;
mod holds;
mod poller;
mod questions;
mod queue;
pub mod rounds;
mod schedule;
mod searches;
mod sight;
mod turns;
mod watched;

pub(super) use self::poller::{Brought, Polled, Poller};
pub use self::{
    budget::Budget,
    queue::Lane,
    schedule::{Ask, Schedule},
};
