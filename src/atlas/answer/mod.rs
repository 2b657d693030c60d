//! Answers of the API as the domain's orders. Every leaf is read leniently; see [`super::field`].

mod balance;
mod envelope;
mod list;
mod payment;
mod query;

pub use self::list::{OrderPage, page};
pub(super) use self::{
    balance::balance,
    envelope::Envelope,
    query::{confirmation_url, order, regenerated},
};
