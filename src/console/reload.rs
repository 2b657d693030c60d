//! What the console takes over of a configuration that was saved while it runs. What money or the way to the vendor depends
//! on is never among it: that waits for a restart, and it is said what waits.

use jiff::tz::TimeZone;

use super::{
    model::Setup,
    queue::OwnQueue,
    theme::{Looks, Rgb},
};
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
    /// The terminal bell on news that need a person.
    pub bell: Option<bool>,
    /// The keys of what is different and waits for a restart.
    pub waits: Vec<String>,
}

impl Reload {
    /// True when nothing is different.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Makes the set-up what the new configuration says, on a terminal of that background.
    pub(super) fn apply(&self, setup: &mut Setup, background: Option<Rgb>) {
        if let Some(lang) = self.lang {
            setup.lang = lang;
        }
        if let Some(looks) = self.looks.clone() {
            let by_answer = looks.by_background.clone().zip(background);
            // What the terminal said once holds; a terminal that was not asked yet is.
            setup.by_background = if by_answer.is_some() { None } else { looks.by_background };
            setup.theme = by_answer.map_or(looks.theme, |(themes, background)| themes.on(background));
            setup.signs = looks.signs;
        }
        if let Some(zone) = &self.zone {
            setup.zone = zone.clone();
        }
        if let Some(queues) = &self.queues {
            setup.queues.clone_from(queues);
        }
        if let Some(bell) = self.bell {
            setup.bell = bell;
        }
    }
}
