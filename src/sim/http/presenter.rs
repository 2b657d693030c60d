//! What a demo's presenter says about the pace. It is no part of the story, which is the same with any pauses.

use serde::Deserialize;

use super::server::Server;
use crate::sim::story::Said;

/// The lines, in both languages.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    paused: Said,
    resumed: Said,
    reset: Said,
}

/// What was done to the story.
#[derive(Clone, Copy)]
pub(super) enum Turn {
    Paused,
    Resumed,
    Reset,
}

impl Server {
    /// Tells whoever watches a demo.
    pub(super) fn present(&self, turn: Turn) {
        let Some(narrator) = &self.narrator else { return };
        let Lines { paused, resumed, reset } = lines().unwrap_or_default();
        let said = match turn {
            Turn::Paused => paused,
            Turn::Resumed => resumed,
            Turn::Reset => reset,
        };
        // Whoever listens may go away.
        let _ = narrator.send(said);
    }
}

fn lines() -> Result<Lines, toml::de::Error> {
    toml::from_str(include_str!("../../../assets/presenter.toml"))
}
