//! The themes that the program brings along.

use super::{Theme, file};
use crate::config::BuiltIn;

impl Theme {
    /// The theme of that name.
    ///
    /// # Panics
    /// Never in a released program: a test reads them all.
    pub fn built_in(theme: BuiltIn) -> Self {
        let text = match theme {
            BuiltIn::Dark => include_str!("../../../assets/themes/dark.toml"),
            BuiltIn::Light => include_str!("../../../assets/themes/light.toml"),
            BuiltIn::HighContrast => include_str!("../../../assets/themes/high-contrast.toml"),
            BuiltIn::ColourBlind => include_str!("../../../assets/themes/colour-blind.toml"),
            BuiltIn::Terminal => include_str!("../../../assets/themes/terminal.toml"),
            BuiltIn::Mono => include_str!("../../../assets/themes/mono.toml"),
        };
        file::read_built_in(theme.word(), text).expect("the built-in themes are tested")
    }

    /// The terminal's own sixteen colours, which follow light and dark palettes.
    pub fn terminal() -> Self {
        Self::built_in(BuiltIn::Terminal)
    }

    /// No colours at all: weight and reversal only.
    pub fn mono() -> Self {
        Self::built_in(BuiltIn::Mono)
    }
}
