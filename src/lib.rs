//! paydesk: a terminal console for desks that pay and ticket flight orders through the Atlas (ATRIP) API.
//!
//! The rooms, and the only way in which they may know each other:
//!
//! ```text
//! domain  <-  atlas, journal  <-  desk  <-  console, cli          sim (speaks HTTP to the rest)
//!             atlas  <-  webhook  <-  cli
//!             lang   <-  export   <-  console, cli
//! ```

pub mod atlas;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod desk;
pub mod domain;
pub mod export;
pub mod journal;
pub mod lang;
pub mod logging;
pub mod sim;
pub mod webhook;
