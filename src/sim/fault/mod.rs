//! Faults on demand: which requests they meet, and what they do.

mod definition;
mod effect;
mod registry;
mod table;

pub(super) use self::{
    definition::Fault,
    effect::{Effect, Wire},
    registry::{Faults, Target},
};
