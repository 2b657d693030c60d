//! The console: a pure core in a thin shell.
//!
//! [`model`] is what the desk said, [`ui`] what the operator is doing. [`update()`] changes the Ui, given the model,
//! and returns effects as data; [`view`] draws both; [`wake`] says when something happens by itself. [`app`] holds them
//! together, and the loop in [`run()`] is all that knows a terminal and a clock.

pub mod action;
pub mod alerts;
pub mod app;
pub mod aside;
pub mod column;
pub mod export;
pub mod filter;
mod gauge;
pub mod input;
pub mod keymap;
pub mod layer;
pub mod list;
mod marked;
pub mod message;
pub mod model;
pub mod picture;
pub mod reload;
pub mod run;
pub mod standstill;
pub mod terminal;
pub mod theme;
pub mod ui;
pub mod undo;
pub mod until;
pub mod update;
pub mod view;
pub mod wake;
pub mod workspace;

pub use self::{
    app::Console,
    message::{Effect, Message},
    model::{Setup, When},
    run::{Backstage, End, run, run_on},
    update::update,
    workspace::file::Keeper,
};
