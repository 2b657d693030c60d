//! The rules, as tables and laws: what may be paid, how a draft becomes a payment, what an observation proves, and
//! who needs a person next.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod attempt;
mod draft;
mod payable;
mod sample;
mod urgency;
