//! Carrying out payments and regenerations: claim, ask once more, write ahead, send once, record.

mod baggage;
mod executed;
mod executor;
mod look;
mod metered;
mod payment;
mod regeneration;

pub(super) use self::{
    executed::{Executed, Searched},
    executor::Executor,
    regeneration::on_found,
};
