//! The mouse, which is the terminal's own unless it is asked for: then a click selects a row or looks at a queue, and the
//! wheel scrolls. No click opens, pays or confirms anything.

use crate::domain::order::OrderNo;

/// Whose the mouse is, and what a click would meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mouse {
    /// The console has it. Otherwise the terminal selects text with it.
    pub is_ours: bool,
    /// The orders in the rows of the last frame, from the first visible one.
    pub rows: Vec<OrderNo>,
}
