//! How many colours a terminal has, and a theme for so many.

use ratatui::style::{Color, Style};

use super::{
    Theme,
    colour::{Cube, Rgb},
};

/// How many colours a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Every one.
    True,
    /// 256, of which no palette changes the last 240.
    Indexed,
    /// The sixteen of its palette.
    Sixteen,
    /// None.
    None,
}

impl Depth {
    /// What the variables `TERM`, `COLORTERM` and `STY` say of the terminal. A screen that runs in it takes no more than
    /// 256, whatever the variable says that it was started with.
    pub fn of(term: &str, colorterm: &str, sty: &str) -> Self {
        let is_true = matches!(colorterm, "truecolor" | "24bit") || term.ends_with("-direct");
        match term {
            "" | "dumb" => Self::None,
            "linux" => Self::Sixteen,
            _ if is_true && sty.is_empty() => Self::True,
            _ if is_true || term.contains("256color") => Self::Indexed,
            _ => Self::Sixteen,
        }
    }
}

impl Theme {
    /// The theme in so many colours: each becomes the one that looks most like it, and where there are sixteen, whose looks
    /// nobody knows, a role that wants another looks as it does in the terminal's own.
    pub(super) fn brought_down(self, depth: Depth) -> Self {
        match depth {
            Depth::True => self,
            Depth::Indexed => {
                let cube = Cube::new();
                let colour = |colour: Option<Color>| match colour {
                    Some(Color::Rgb(red, green, blue)) => {
                        Some(Color::Indexed(cube.nearest(Rgb(red, green, blue))))
                    }
                    other => other,
                };
                let style = |style: Style| Style { fg: colour(style.fg), bg: colour(style.bg), ..style };
                Self { ground: style(self.ground), styles: self.styles.map(style) }
            }
            Depth::Sixteen => {
                let terminal = Self::terminal();
                let mut styles = self.styles;
                for (style, own) in styles.iter_mut().zip(terminal.styles) {
                    if !is_of_the_palette(*style) {
                        *style = own;
                    }
                }
                let ground = if is_of_the_palette(self.ground) { self.ground } else { terminal.ground };
                Self { ground, styles }
            }
            Depth::None => Self::mono(),
        }
    }
}

fn is_of_the_palette(style: Style) -> bool {
    [style.fg, style.bg].into_iter().flatten().all(|colour| !matches!(colour, Color::Rgb(..)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::BuiltIn, console::theme::Role};

    #[test]
    fn a_terminal_has_as_many_colours_as_its_variables_say() {
        let check = |term: &str, colorterm: &str, sty: &str, want: Depth| {
            assert_eq!(Depth::of(term, colorterm, sty), want, "TERM={term} COLORTERM={colorterm} STY={sty}");
        };
        check("xterm-256color", "truecolor", "", Depth::True);
        check("xterm-256color", "24bit", "", Depth::True);
        check("tmux-256color", "truecolor", "", Depth::True);
        check("xterm-direct", "", "", Depth::True);
        check("xterm-256color", "", "", Depth::Indexed);
        check("xterm-256color", "yes", "", Depth::Indexed);
        check("screen-256color", "truecolor", "1234.pts-0.desk", Depth::Indexed);
        check("screen", "truecolor", "1234.pts-0.desk", Depth::Indexed);
        check("xterm", "", "", Depth::Sixteen);
        check("vt220", "", "", Depth::Sixteen);
        check("linux", "truecolor", "", Depth::Sixteen);
        check("dumb", "truecolor", "", Depth::None);
        check("", "truecolor", "", Depth::None);
    }

    #[test]
    fn a_theme_keeps_its_looks_as_far_as_there_are_colours() {
        let check = |depth: Depth, want: [Style; 3], ground: Style| {
            let theme = Theme::built_in(BuiltIn::Dark).brought_down(depth);
            let found = [Role::Accent, Role::Bar, Role::Going].map(|role| theme.style(role));
            assert_eq!((found, theme.ground()), (want, ground), "{depth:?}");
        };
        let style = Style::new();
        check(
            Depth::True,
            [
                style.fg(Color::Rgb(0x56, 0xc8, 0xd0)).bold(),
                style.bg(Color::Rgb(0x1a, 0x22, 0x2b)),
                style.fg(Color::Rgb(0x6c, 0xb0, 0xff)),
            ],
            style.fg(Color::Rgb(0xd9, 0xdf, 0xe5)).bg(Color::Rgb(0x0f, 0x14, 0x19)),
        );
        check(
            Depth::Indexed,
            [
                style.fg(Color::Indexed(80)).bold(),
                style.bg(Color::Indexed(235)),
                style.fg(Color::Indexed(75)),
            ],
            style.fg(Color::Indexed(253)).bg(Color::Indexed(233)),
        );
        check(Depth::Sixteen, [style.fg(Color::Cyan).bold(), style, style.fg(Color::Blue)], style);
        check(Depth::None, [style.bold(), style, style], style);
    }
}
