//! What the console takes over of a configuration that was saved while it runs. What money or the way to the vendor depends
//! on is never among it: that waits for a restart, and it is said what waits.

use jiff::tz::TimeZone;

use super::{alerts::AlertWays, keymap::Keymap, list::queue::OwnQueue, theme::Looks};
use crate::lang::Lang;

/// What is different in the new configuration; nothing is there that is as it was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reload {
    /// The language of screen and texts.
    pub lang: Option<Lang>,
    /// How the console looks.
    pub looks: Option<Looks>,
    /// The zone of times on screen.
    pub zone: Option<TimeZone>,
    /// Queues of the user's own.
    pub queues: Option<Vec<OwnQueue>>,
    /// How an alert is told while nobody looks.
    pub alerts: Option<AlertWays>,
    /// Which keys do what.
    pub keymap: Option<Keymap>,
    /// The keys of what is different and waits for a restart.
    pub waits: Vec<String>,
}

impl Reload {
    /// True when nothing is different.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
