//! The pages about one order, on which money is paid and orders are recovered: as snapshots in three sizes and both
//! languages, and what holds for each of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod decides;
mod desk;
mod fields;
mod frames;
mod limits;
mod once;
mod pictures;
#[path = "../rig/mod.rs"]
mod rig;
mod scenes;
