//! The console: a pure core in a thin shell.
//!
//! [`model`] is what the desk said, [`ui`] what the operator is doing. [`update()`] changes the Ui, given the model,
//! and returns effects as data; [`view`] draws both; [`wake`] says when something happens by itself. [`app`] holds them
//! together, and the loop in [`run()`] is all that knows a terminal and a clock.

pub mod action;
pub mod alerts;
pub mod app;
pub mod aside;
pub mod backend;
pub mod background;
pub mod baggage;
mod bulk;
pub mod changed;
pub mod chord;
pub mod column;
pub mod columns;
pub mod commit;
mod escape;
pub mod export;
mod exporting;
pub mod filter;
pub mod find;
pub mod form;
mod gauge;
pub mod jump;
pub mod keymap;
pub mod layer;
pub mod layout;
pub mod list;
mod marked;
pub mod marks;
pub mod message;
pub mod model;
pub mod mouse;
mod opener;
pub mod palette;
mod pen;
pub mod picture;
pub mod prompt;
pub mod queue;
pub mod recover;
pub mod reload;
pub mod run;
pub mod screen;
pub mod sheet;
pub mod standstill;
pub mod terminal;
pub mod theme;
pub mod typing;
pub mod ui;
pub mod undo;
pub mod until;
pub mod update;
pub mod view;
pub mod views;
pub mod wake;
pub mod workspace;
pub mod workspace_file;

pub use self::{
    app::Console,
    message::{Effect, Message},
    model::{Setup, When},
    run::{End, run, run_on},
    update::update,
    workspace_file::Keeper,
};
