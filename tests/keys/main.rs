//! Keys that no hand typed, keys of other layouts, and what a key may do on each screen.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod actions;
mod airlines;
mod alerts;
mod baggage;
mod bursts;
mod card;
mod changed;
mod commit;
mod confirmation;
mod declined;
mod doubt;
mod dry_run;
mod export;
mod filter;
mod finding;
mod frozen;
mod help;
mod hostile;
mod layers;
mod marks;
mod money;
mod mouse;
mod palette;
mod put_away;
mod read_only;
mod rebound;
mod refused;
mod replaced;
mod replay;
#[path = "../rig/mod.rs"]
mod rig;
mod scenes;
mod screens;
mod selection;
mod stage;
mod stop;
mod undo;
mod work;
mod work_mode;
mod workspace;
