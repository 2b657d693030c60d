//! What a demo's presenter says about the pace. It is no part of the story, which is the same with any pauses.

use serde::Deserialize;

use super::server::Server;
use crate::sim::story::{Presented, Said, Turn};

/// The lines, in both languages.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    paused: Said,
    resumed: Said,
    reset: Said,
}

impl Server {
    /// Tells whoever watches a demo.
    pub(super) fn present(&self, turn: Turn) {
        let Some(narrator) = &self.narrator else { return };
        let Lines { paused, resumed, reset } = lines().unwrap_or_default();
        let said = match turn {
            Turn::Paused => Some(paused),
            Turn::Resumed => Some(resumed),
            Turn::Reset => Some(reset),
            Turn::Stepped | Turn::Paced => None,
        };
        // Whoever listens may go away.
        for presented in [Some(Presented::Turn(turn)), said.map(Presented::Line)].into_iter().flatten() {
            let _ = narrator.send(presented);
        }
    }
}

fn lines() -> Result<Lines, toml::de::Error> {
    toml::from_str(include_str!("../../../assets/presenter.toml"))
}
