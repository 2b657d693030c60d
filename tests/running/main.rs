//! The console's own loop, run in this process: its events, its clock and what it draws on are the test's.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

#[path = "../rig/mod.rs"]
mod rig;
mod runner;
mod screens;
mod turns;
