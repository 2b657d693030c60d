//! Configuration: file, environment variables and flags become [`Settings`], each value with its origin.
//!
//! A flag wins over a variable, a variable over the file, the file over what is built in. Nothing is half right:
//! the first key that is unknown, of a wrong type or of a bad value stops the program, with file, line and column.

mod demo;
mod entries;
mod error;
mod file;
mod flags;
mod helper;
mod keys;
mod load;
mod looks;
mod network;
mod origin;
pub(crate) mod place;
mod queues;
mod readable;
mod said;
mod secret;
mod settings;
mod source;
mod stage;
mod zone;

pub use self::{
    demo::{DEMO_FILE, refuse_demo_near_live},
    error::{ConfigError, SecretError},
    file::{MOST_REQUESTS, SOONEST_SWEEP},
    flags::Flags,
    keys::{KeyBindings, Placed, Rebound},
    looks::{BuiltIn, Signs, Theme, ThemeFile},
    network::{Authorities, PROXY_VARIABLES, Proxy},
    origin::{Origin, Sourced},
    queues::QueueText,
    readable::Readable,
    secret::SecretSource,
    settings::{Alerts, Credentials, Environment, Settings},
    stage::{SANDBOX_HOST, Stage},
    zone::Zone,
};

/// The annotated example, in which every key stands with its default.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");
