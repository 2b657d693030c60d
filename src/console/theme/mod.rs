//! Roles and how they look. A role always has a word or a mark on the screen besides its colour.

mod built_in;
mod colour;
#[cfg(test)]
mod contrast;
mod depth;
mod file;
mod looks;
mod signs;

use ratatui::{backend::IntoCrossterm, style::Style};

pub use self::{
    colour::Rgb,
    depth::Depth,
    looks::{Background, ByBackground, Looks, Surroundings},
    signs::{Mark, Signs},
};

/// What a piece of text is, as far as its looks are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Of less weight: labels, closed orders, stale data.
    Muted,
    /// Not read but seen: frames, rules, repeated prefixes, the rest of a gauge.
    Faint,
    /// Titles, column heads and keys.
    Accent,
    /// What decides: a sum, the next action, what is chosen.
    Strong,
    /// Something that needs a person now: a decline, a deadline that is all but missed, an error.
    Urgent,
    /// Something that will: a deadline that is near, a warning.
    Soon,
    /// Under way.
    Going,
    /// Done, allowed.
    Good,
    /// Outcome unknown.
    Doubt,
    /// The ground of head and foot. A tint: what stands there keeps its ink.
    Bar,
    /// The ground of the selected row. A tint: what stands there keeps its ink.
    Selection,
    /// The block of the next action when it is urgent.
    Call,
    /// The field that has the focus.
    Field,
    /// The stage word on a live environment.
    Live,
    /// The stage word elsewhere.
    Stage,
}

impl Role {
    /// All, each with its word, in the order of the enum.
    pub const ALL: [(Self, &'static str); 16] = [
        (Self::Text, "text"),
        (Self::Muted, "muted"),
        (Self::Faint, "faint"),
        (Self::Accent, "accent"),
        (Self::Strong, "strong"),
        (Self::Urgent, "urgent"),
        (Self::Soon, "soon"),
        (Self::Going, "going"),
        (Self::Good, "good"),
        (Self::Doubt, "doubt"),
        (Self::Bar, "bar"),
        (Self::Selection, "selection"),
        (Self::Call, "call"),
        (Self::Field, "field"),
        (Self::Live, "live"),
        (Self::Stage, "stage"),
    ];
}

/// How every role looks, and what the screen is painted with first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    ground: Style,
    styles: [Style; Role::ALL.len()],
}

impl Theme {
    /// How `role` looks.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// What a cell looks like before anything stands there; a theme that leaves the terminal its ground says nothing.
    pub fn ground(&self) -> Style {
        self.ground
    }

    /// Every role's word as the role looks, for a terminal: whoever reads it sees what their palette hides.
    pub fn sample(&self) -> String {
        let word = |(role, word): (Role, &str)| {
            let style: crossterm::style::ContentStyle = self.style(role).into_crossterm();
            style.apply(word).to_string()
        };
        Role::ALL.map(word).join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Color;

    #[test]
    fn every_role_has_its_own_place() {
        for (place, (role, _)) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, place, "{role:?}");
        }
    }

    #[test]
    fn the_mono_theme_has_no_colour_anywhere() {
        for (role, _) in Role::ALL {
            let style = Theme::mono().style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn the_sample_shows_every_role_in_its_looks() {
        let sample = Theme::mono().sample();
        for (_, word) in Role::ALL {
            assert!(sample.contains(word), "{word}: {sample:?}");
        }
        assert!(sample.contains("\u{1b}[2mmuted\u{1b}[0m") && sample.starts_with("text "), "{sample:?}");
    }

    #[test]
    fn no_role_stands_in_a_colour_that_a_palette_may_have_for_its_background() {
        use Color::*;
        for (role, _) in Role::ALL {
            let style = Theme::terminal().style(role);
            let is_safe = match (style.fg, style.bg) {
                (fg, None) => fg.is_none_or(|fg| matches!(fg, Red | Green | Yellow | Blue | Magenta | Cyan)),
                // Both are the palette's own, whatever the background is.
                (Some(fg), Some(bg)) => matches!((fg, bg), (White, Red) | (Black, Cyan)),
                (None, Some(_)) => false,
            };
            assert!(is_safe, "{role:?} is {style:?}");
        }
    }
}
