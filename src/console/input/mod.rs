//! How keys and the mouse arrive.

pub mod chord;
pub mod mouse;
pub mod typing;
