//! The simulator as an outside client meets it: over HTTP on loopback, strictly by the documents.
#![expect(clippy::unwrap_used, reason = "in a test, what is missing is a failure")]

mod baggage;
mod booking;
mod client;
mod control;
mod documented;
mod faults;
mod finding;
mod gateway;
mod hooks;
mod orders;
mod refused;
mod requests;
#[path = "../sample/mod.rs"]
mod sample;
mod stories;
mod triggers;
