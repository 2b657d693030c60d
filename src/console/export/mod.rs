//! What is exported, and the file that comes of it.

pub(super) mod content;
mod handover;
pub mod sheet;

use crate::{domain::order::OrderNo, export::Format};

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The marked orders.
    Marked,
    /// All rows that the queue and the filter leave, on the screen or not.
    Rows,
    /// One order with its story.
    Order(OrderNo),
    /// What the next shift must know.
    Handover,
}

/// A file that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// Its name, without what it ends in.
    pub name: String,
    /// How it is written.
    pub format: Format,
    /// What stands in it.
    pub text: String,
}
