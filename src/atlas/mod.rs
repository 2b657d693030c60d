//! The Atlas API over HTTP: the reads, lenient in what they accept. The single send of `pay.do` is in [`pay`].

mod answer;
mod client;
mod endpoint;
mod field;
pub mod notification;
mod odd;
mod outcome;
mod pause;
pub mod pay;
mod transport;
mod verdict;
mod when;

pub use self::{
    answer::{OrderPage, page},
    client::{Client, ListQuery},
    endpoint::{Endpoint, SetupError, is_loopback},
    outcome::{Answer, CallOutcome},
    pause::LONGEST as LONGEST_PAUSE,
};
pub use crate::domain::read_error::{Page, PageKind, ProxyFault, ReadError};
