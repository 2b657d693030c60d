//! The simulator: a stand-in for the vendor's API, spoken to only over HTTP.
//!
//! `paydesk demo` runs it beside the console, `paydesk sim` alone. `world` is its pure core, `http` the
//! server around it. It has its own idea of the wire, so that a mistake of the client is not hidden by the
//! same mistake here.

mod body;
mod card;
mod cast;
mod chance;
mod endpoint;
mod error;
mod fault;
mod http;
mod ledger;
mod notification;
mod order;
mod refusal;
mod running;
mod scenario;
mod shop;
mod size;
mod story;
mod time;
mod wire;
mod words;
mod world;

pub use self::{
    error::SimError,
    running::{Options, Running, run, spawn},
    scenario::{Scenario, ScenarioError},
    story::{Presented, Said as Line, Turn},
};
