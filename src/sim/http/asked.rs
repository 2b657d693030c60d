//! A request to the simulator.

use bytes::Bytes;
use hyper::{HeaderMap, Method};

/// A request with its body read.
pub(super) struct Asked {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub content: Bytes,
}
