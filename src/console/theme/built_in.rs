//! The themes that the program brings along.

use ratatui::style::{Color, Modifier, Style};

use super::{Role, Theme};

impl Theme {
    /// The terminal's own sixteen colours, which follow light and dark palettes.
    pub fn terminal() -> Self {
        Self { ground: Style::new(), styles: Role::ALL.map(|(role, _)| colour(role)) }
    }

    /// No colours at all (`NO_COLOR`, `TERM=dumb`): weight and reversal only.
    pub fn mono() -> Self {
        Self { ground: Style::new(), styles: Role::ALL.map(|(role, _)| mono(role)) }
    }
}

fn colour(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Text | Role::Bar => style,
        // Bright black is the background of some palettes, and so is every other bright colour of one or another.
        Role::Muted | Role::Faint => style.add_modifier(Modifier::DIM),
        Role::Strong => style.add_modifier(Modifier::BOLD),
        Role::Accent => style.fg(Color::Cyan).add_modifier(Modifier::BOLD),
        Role::Selection => style.add_modifier(Modifier::REVERSED),
        Role::Soon => style.fg(Color::Yellow).add_modifier(Modifier::BOLD),
        Role::Urgent => style.fg(Color::Red).add_modifier(Modifier::BOLD),
        Role::Doubt => style.fg(Color::Magenta).add_modifier(Modifier::BOLD),
        Role::Going => style.fg(Color::Blue),
        Role::Good => style.fg(Color::Green),
        Role::Field => style.add_modifier(Modifier::UNDERLINED | Modifier::BOLD),
        Role::Live | Role::Call => style.fg(Color::White).bg(Color::Red).add_modifier(Modifier::BOLD),
        Role::Stage => style.fg(Color::Black).bg(Color::Cyan).add_modifier(Modifier::BOLD),
    }
}

fn mono(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Text | Role::Going | Role::Good | Role::Bar => style,
        Role::Muted | Role::Faint => style.add_modifier(Modifier::DIM),
        Role::Accent | Role::Strong | Role::Soon | Role::Urgent | Role::Doubt => {
            style.add_modifier(Modifier::BOLD)
        }
        Role::Selection | Role::Live | Role::Stage => style.add_modifier(Modifier::REVERSED),
        Role::Call => style.add_modifier(Modifier::REVERSED | Modifier::BOLD),
        Role::Field => style.add_modifier(Modifier::UNDERLINED | Modifier::BOLD),
    }
}
