//! The poller's economics, measured: hours of a desk in virtual time against a vendor whose orders live as usual.
//! `docs/polling.md` tells what is measured here; `just polling` draws it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "numbers of a simulation, which are small"
)]

mod chart;
mod curves;
mod economy;
mod limits;
#[path = "../sample/mod.rs"]
mod sample;
mod simulation;
mod vendor;
