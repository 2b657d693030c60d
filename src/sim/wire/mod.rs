//! Requests as they arrive: checked field by field, and the first fault is named as the vendor would. The files are those
//! of [`super::world`], which answers.

mod baggage;
mod booking;
mod fields;
mod looking;
mod notifying;
mod paying;
mod reviving;

pub(super) use self::{
    baggage::confirm_loss,
    booking::{commit, order, search, verify},
    looking::{balance, list, query},
    notifying::{incidents, webhook},
    paying::pay,
    reviving::{cancel, regenerate, stop},
};
