//! Themes as files: a line a role, with ink, ground and weight. What is wrong is named with its place.

use std::{ops::Range, path::Path};

use ratatui::style::{Color, Modifier, Style};
use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{Role, Theme, colour};
use crate::config::{BuiltIn, ConfigError, place};

/// What a style may say besides its colours.
const WEIGHTS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

/// A theme's file.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

/// Reads a theme. A role that it says nothing of looks as in the theme that it names as its base, or as in the terminal's
/// own.
pub(super) fn read(path: &Path, text: &str) -> Result<Theme, ConfigError> {
    File { path, text }.read(|base| Theme::built_in(base.unwrap_or(BuiltIn::Terminal)))
}

/// Reads one that the program brings along, which stands for itself.
pub(super) fn read_built_in(name: &str, text: &str) -> Result<Theme, ConfigError> {
    File { path: Path::new(name), text }
        .read(|_| Theme { ground: Style::new(), styles: [Style::new(); Role::ALL.len()] })
}

impl File<'_> {
    fn read(&self, start: impl Fn(Option<BuiltIn>) -> Theme) -> Result<Theme, ConfigError> {
        let table = DeTable::parse(self.text)
            .map_err(|error| self.wrong(error.span().unwrap_or_default(), error.message().to_owned()))?;
        let table = table.get_ref();
        let base = table.get("base").map(|value| self.base(value)).transpose()?;
        let mut theme = start(base);
        let (mut ground, mut paints) = (theme.ground.bg, theme.ground.bg.is_some());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "base" => {}
                "ground" => ground = self.colour(value)?,
                "paint_ground" => paints = self.truth(value)?,
                name => {
                    let role = Role::ALL.into_iter().find(|(_, word)| *word == name);
                    let (role, _) = role.ok_or_else(|| self.unknown_key(key))?;
                    theme.styles[role as usize] = self.style(value)?;
                }
            }
        }
        let ground = ground.filter(|_| paints);
        theme.ground = ground.map_or_else(Style::new, |ground| Style {
            fg: theme.style(Role::Text).fg,
            ..Style::new().bg(ground)
        });
        Ok(theme)
    }

    fn wrong(&self, span: Range<usize>, message: String) -> ConfigError {
        place::wrong(self.path, self.text, span, message)
    }

    fn unknown_key(&self, key: &Spanned<DeString<'_>>) -> ConfigError {
        let known = Role::ALL.into_iter().map(|(_, word)| word);
        let known: Vec<&str> = known.chain(["base", "ground", "paint_ground"]).collect();
        self.wrong(key.span(), place::unknown("key", key.get_ref(), &known))
    }

    fn words<'v>(&self, value: &'v Spanned<DeValue<'_>>, expected: &str) -> Result<&'v str, ConfigError> {
        let text = value.get_ref().as_str();
        text.ok_or_else(|| self.wrong(value.span(), format!("expected {expected}")))
    }

    fn base(&self, value: &Spanned<DeValue<'_>>) -> Result<BuiltIn, ConfigError> {
        let word = self.words(value, "the name of a built-in theme, such as \"dark\"")?;
        let known = BuiltIn::ALL.map(|(_, word)| word);
        let unknown = || self.wrong(value.span(), place::unknown("theme", word, &known));
        BuiltIn::named(word).ok_or_else(unknown)
    }

    fn truth(&self, value: &Spanned<DeValue<'_>>) -> Result<bool, ConfigError> {
        let truth = value.get_ref().as_bool();
        truth.ok_or_else(|| self.wrong(value.span(), "expected true or false".to_owned()))
    }

    /// A colour alone; none for the terminal's own.
    fn colour(&self, value: &Spanned<DeValue<'_>>) -> Result<Option<Color>, ConfigError> {
        let word = self.words(value, "a colour such as \"#0f1419\", or \"default\"")?;
        let known: Vec<&str> = colour::names().collect();
        let colour = colour::parse(word)
            .ok_or_else(|| self.wrong(value.span(), place::unknown("colour", word, &known)))?;
        Ok(Some(colour).filter(|colour| *colour != Color::Reset))
    }

    /// `INK on GROUND WEIGHTS`, each of which may be left out.
    fn style(&self, value: &Spanned<DeValue<'_>>) -> Result<Style, ConfigError> {
        let text = self.words(value, "ink, ground and weight, such as \"#ffffff on #c42b2b bold\"")?;
        let mut style = Style::new();
        let (mut has_ink, mut has_ground, mut is_ground) = (false, false, false);
        for word in text.split_whitespace() {
            let weight = WEIGHTS.into_iter().find(|(name, _)| *name == word).filter(|_| !is_ground);
            if let Some((_, weight)) = weight {
                style = style.add_modifier(weight);
                continue;
            }
            if word == "on" && !is_ground && !has_ground {
                is_ground = true;
                continue;
            }
            let colour = colour::parse(word).ok_or_else(|| self.unknown_word(value, word, is_ground))?;
            let (place, is_taken) =
                if is_ground { (&mut style.bg, &mut has_ground) } else { (&mut style.fg, &mut has_ink) };
            if std::mem::replace(is_taken, true) {
                let message = format!("`{word}` is a second ink; expected one, and a ground after `on`");
                return Err(self.wrong(self.span_of(value, word), message));
            }
            *place = Some(colour).filter(|colour| *colour != Color::Reset);
            is_ground = false;
        }
        if is_ground {
            return Err(self.wrong(self.span_of(value, "on"), "expected a colour after `on`".to_owned()));
        }
        Ok(style)
    }

    fn unknown_word(&self, value: &Spanned<DeValue<'_>>, word: &str, is_ground: bool) -> ConfigError {
        let weights = WEIGHTS.into_iter().map(|(name, _)| name).filter(|_| !is_ground);
        let known: Vec<&str> = colour::names().chain(weights).collect();
        let message = match word.strip_prefix('#') {
            Some(_) => format!("expected a colour as # and six digits from 0 to f, found `{word}`"),
            None => place::unknown(if is_ground { "colour" } else { "word" }, word, &known),
        };
        self.wrong(self.span_of(value, word), message)
    }

    /// Where a word of a text stands; the text itself, if it is not written as it is meant.
    fn span_of(&self, value: &Spanned<DeValue<'_>>, word: &str) -> Range<usize> {
        let span = value.span();
        let at = self.text.get(span.clone()).and_then(|raw| {
            let wanted = |(at, _): &(usize, &str)| {
                let is_part = |c: char| c == '#' || c == '-' || c.is_alphanumeric();
                let (before, after) = (raw.get(..*at), raw.get(at + word.len()..));
                !before.is_some_and(|text| text.ends_with(is_part))
                    && !after.is_some_and(|text| text.starts_with(is_part))
            };
            raw.match_indices(word).find(wanted).map(|(at, _)| span.start + at)
        });
        at.map_or(span, |start| start..start + word.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(text: &str) -> Result<Theme, String> {
        read(Path::new("own.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_role_says_ink_ground_and_weight() {
        let check = |text: &str, want: Style| {
            let theme = theme(&format!("muted = \"{text}\"")).unwrap();
            assert_eq!(theme.style(Role::Muted), want, "{text}");
        };
        let style = Style::new();
        check("", style);
        check("default", style);
        check("red", style.fg(Color::Red));
        check("on #102030", style.bg(Color::Rgb(16, 32, 48)));
        check("#ffffff on bright-black bold", style.fg(Color::Rgb(255, 255, 255)).bg(Color::DarkGray).bold());
        check("bold white on default  italic", style.fg(Color::Gray).bold().italic());
        check("reversed underlined dim", style.reversed().underlined().dim());
    }

    #[test]
    fn what_a_theme_leaves_out_looks_as_in_its_base() {
        let own = theme("base = \"dark\"\nmuted = \"red\"").unwrap();
        let dark = Theme::built_in(BuiltIn::Dark);
        assert_eq!(own.style(Role::Muted), Style::new().fg(Color::Red));
        assert_eq!((own.style(Role::Urgent), own.ground()), (dark.style(Role::Urgent), dark.ground()));
        let own = theme("base = \"dark\"\nground = \"#101010\"\ntext = \"white\"").unwrap();
        assert_eq!(own.ground(), Style::new().fg(Color::Gray).bg(Color::Rgb(16, 16, 16)));
        assert_eq!(theme("base = \"dark\"\npaint_ground = false").unwrap().ground(), Style::new());
        assert_eq!(theme("ground = \"#101010\"").unwrap().ground(), Style::new());
        assert_eq!(theme("").unwrap(), Theme::terminal());
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let check = |text: &str, want: &str| assert_eq!(theme(text).unwrap_err(), want, "for\n{text}");
        check(
            "text = \"red\"\nurgnt = \"red\"",
            "own.toml, line 2, column 1: unknown key `urgnt`; did you mean `urgent`?",
        );
        check(
            "urgent = \"bold rad\"",
            "own.toml, line 1, column 16: unknown word `rad`; did you mean `red`?",
        );
        check(
            "soon = \"red on blu\"",
            "own.toml, line 1, column 16: unknown colour `blu`; did you mean `blue`?",
        );
        check(
            "soon = \"#ff on #ff00zz\"",
            "own.toml, line 1, column 9: expected a colour as # and six digits from 0 to f, found `#ff`",
        );
        check(
            "soon = \"red blue\"",
            "own.toml, line 1, column 13: `blue` is a second ink; expected one, and a ground after `on`",
        );
        check("soon = \"red on\"", "own.toml, line 1, column 13: expected a colour after `on`");
        check(
            "\n  soon = 7",
            "own.toml, line 2, column 10: expected ink, ground and weight, such as \"#ffffff on #c42b2b bold\"",
        );
        check("base = \"drak\"", "own.toml, line 1, column 8: unknown theme `drak`; did you mean `dark`?");
        check(
            "ground = \"blak\"",
            "own.toml, line 1, column 10: unknown colour `blak`; did you mean `black`?",
        );
        check("paint_ground = \"yes\"", "own.toml, line 1, column 16: expected true or false");
        check("soon = \"red\"\nsoon = \"red\"", "own.toml, line 2, column 1: duplicate key");
    }
}
