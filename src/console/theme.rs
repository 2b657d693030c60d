//! Roles and how they look. A role always has a word or a mark on the screen besides its colour.

use ratatui::{
    backend::IntoCrossterm,
    style::{Color, Modifier, Style},
};

/// What a piece of text is, as far as its looks are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Of less weight: labels, closed orders, stale data.
    Dim,
    /// Titles and column heads.
    Title,
    /// The selected row.
    Selected,
    /// A deadline that is near.
    Due,
    /// Something that needs a person: a decline, a missed deadline, an error.
    Bad,
    /// Outcome unknown.
    Doubt,
    /// Under way.
    Busy,
    /// Done, allowed.
    Good,
    /// A key in a hint.
    Key,
    /// The field that has the focus.
    Field,
    /// The stage word on a live environment.
    Live,
    /// The stage word elsewhere.
    Stage,
}

impl Role {
    /// All, each with the word that a sample shows it by.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Plain, "plain"),
        (Self::Dim, "dim"),
        (Self::Title, "title"),
        (Self::Selected, "selected"),
        (Self::Due, "due"),
        (Self::Bad, "bad"),
        (Self::Doubt, "doubt"),
        (Self::Busy, "busy"),
        (Self::Good, "good"),
        (Self::Key, "key"),
        (Self::Field, "field"),
        (Self::Live, "live"),
        (Self::Stage, "stage"),
    ];
}

/// What the terminal and the user allow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The terminal's own sixteen colours, which follow light and dark palettes.
    #[default]
    Colour,
    /// No colours at all (`NO_COLOR`, `TERM=dumb`): weight and reversal only.
    Mono,
}

impl Theme {
    /// How `role` looks.
    pub fn style(self, role: Role) -> Style {
        match self {
            Self::Colour => colour(role),
            Self::Mono => mono(role),
        }
    }

    /// Every role's word as the role looks, for a terminal: whoever reads it sees what their palette hides.
    pub fn sample(self) -> String {
        let word = |(role, word): (Role, &str)| {
            let style: crossterm::style::ContentStyle = self.style(role).into_crossterm();
            style.apply(word).to_string()
        };
        Role::ALL.map(word).join(" ")
    }
}

fn colour(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Plain => style,
        // Bright black is the background of some palettes, and so is every other bright colour of one or another.
        Role::Dim => style.add_modifier(Modifier::DIM),
        Role::Title => style.fg(Color::Cyan).add_modifier(Modifier::BOLD),
        Role::Selected => style.add_modifier(Modifier::REVERSED),
        Role::Due => style.fg(Color::Yellow).add_modifier(Modifier::BOLD),
        Role::Bad => style.fg(Color::Red).add_modifier(Modifier::BOLD),
        Role::Doubt => style.fg(Color::Magenta).add_modifier(Modifier::BOLD),
        Role::Busy => style.fg(Color::Blue),
        Role::Good => style.fg(Color::Green),
        Role::Key => style.fg(Color::Cyan),
        Role::Field => style.add_modifier(Modifier::UNDERLINED | Modifier::BOLD),
        Role::Live => style.fg(Color::White).bg(Color::Red).add_modifier(Modifier::BOLD),
        Role::Stage => style.fg(Color::Black).bg(Color::Cyan).add_modifier(Modifier::BOLD),
    }
}

fn mono(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Plain | Role::Busy | Role::Good | Role::Key => style,
        Role::Dim => style.add_modifier(Modifier::DIM),
        Role::Title | Role::Due | Role::Bad | Role::Doubt => style.add_modifier(Modifier::BOLD),
        Role::Selected | Role::Live | Role::Stage => style.add_modifier(Modifier::REVERSED),
        Role::Field => style.add_modifier(Modifier::UNDERLINED | Modifier::BOLD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mono_theme_has_no_colour_anywhere() {
        for (role, _) in Role::ALL {
            let style = Theme::Mono.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn the_sample_shows_every_role_in_its_looks() {
        let sample = Theme::Mono.sample();
        for (_, word) in Role::ALL {
            assert!(sample.contains(word), "{word}: {sample:?}");
        }
        assert!(sample.contains("\u{1b}[2mdim\u{1b}[0m") && sample.starts_with("plain "), "{sample:?}");
    }

    #[test]
    fn no_role_stands_in_a_colour_that_a_palette_may_have_for_its_background() {
        use Color::*;
        for (role, _) in Role::ALL {
            let style = Theme::Colour.style(role);
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
