//! The desk under a paused clock, against a server in memory: whole minutes of polling run in milliseconds.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod airlines;
mod alerting;
mod baggage;
mod begun;
mod believing;
mod beside;
mod clocks;
mod committing;
mod counting;
mod evidence;
mod faulty;
mod finding;
mod grouping;
mod handled;
mod hanging;
mod hooked;
mod missing;
mod noticed;
mod others;
mod paying;
mod racing;
mod regenerating;
mod remembering;
mod replies;
#[path = "../sample/mod.rs"]
mod sample;
mod server;
mod starting;
mod stopping;
mod working;
