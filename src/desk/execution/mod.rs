//! Carrying out payments, regenerations and what else changes an order: claim, ask once more, write ahead, send once, record.

mod baggage;
mod check;
mod commit;
mod executed;
mod executor;
mod look;
mod metered;
mod payment;
mod regeneration;
mod stop;

pub(super) use self::{
    executed::{Executed, Searched},
    executor::Executor,
    regeneration::on_found,
};
