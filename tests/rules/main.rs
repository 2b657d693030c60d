//! The rules, as tables and laws: what may be paid, how a draft becomes a payment, what an observation proves, and
//! who needs a person next.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its own data is wrong")]

mod airline_trouble;
mod alert;
mod attempt;
mod baggage;
#[path = "../sample/mod.rs"]
mod base;
mod commit;
mod draft;
mod missing;
mod payable;
mod reasons;
mod recovery;
mod regeneration;
mod sample;
mod stop;
mod time_limit;
mod triage;
