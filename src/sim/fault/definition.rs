//! A fault: what it meets, how often, and what it does.

use jiff::SignedDuration;
use serde::{Serialize, Serializer};

use super::effect::Effect;
use crate::sim::{
    endpoint::Endpoint,
    words::{Carrier, Method},
};

/// A fault: what it meets, how often, and what it does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(in crate::sim) struct Fault {
    /// None for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// The number of the order, or its name in the story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub airline: Option<Carrier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// So many times; without it, until it is mended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Per cent of the requests that it could meet.
    pub share: u8,
    /// So long, in story time.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "duration")]
    pub lasts: Option<SignedDuration>,
    /// What the client asked for is done all the same. Always so where the answer is only spoilt.
    pub applied: bool,
    #[serde(flatten)]
    pub effect: Effect,
}

#[expect(clippy::ref_option, reason = "the signature that serde asks for")]
fn duration<S: Serializer>(duration: &Option<SignedDuration>, to: S) -> Result<S::Ok, S::Error> {
    duration.map(|duration| format!("{duration:#}")).serialize(to)
}
