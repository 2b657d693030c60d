//! How a call of the API ended.

use jiff::Timestamp;

use crate::domain::{
    attempt::{Doubt, NotSent},
    text::Text,
};

/// What a read brought, with what the transport knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer<T> {
    /// The thing asked for.
    pub value: T,
    /// The server's clock (`Date` header), to the second.
    pub server_time: Option<Timestamp>,
}

/// What a call with an effect brought. It keeps "certainly not sent" apart from "maybe sent".
#[derive(Clone, Debug, PartialEq)]
pub enum CallOutcome<T> {
    /// Done.
    Done(T),
    /// Answered with another `status`.
    Refused {
        /// `status` of the body.
        status: i64,
        /// The vendor's words.
        msg: Text,
    },
    /// No byte left this machine.
    NotSent(NotSent),
    /// It may have been done.
    Doubt(Doubt),
}
