//! What the configuration says of the looks of the console.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use toml::Value;

use super::readable::Readable;

/// A theme that the program brings along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// For dark terminals.
    Dark,
    /// For light ones.
    Light,
    /// White on black.
    HighContrast,
    /// The states differ in lightness.
    ColourBlind,
    /// The sixteen colours of the terminal's own palette.
    Terminal,
    /// No colours: weight and reversal only.
    Mono,
}

impl BuiltIn {
    /// All, each with its word.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Dark, "dark"),
        (Self::Light, "light"),
        (Self::HighContrast, "high-contrast"),
        (Self::ColourBlind, "colour-blind"),
        (Self::Terminal, "terminal"),
        (Self::Mono, "mono"),
    ];

    /// The theme of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(theme, _)| theme)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(theme, _)| *theme == self).map_or("terminal", |(_, word)| word)
    }
}

/// A theme of the user's own, as it stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeFile {
    /// The file.
    pub path: PathBuf,
    /// What stands in it.
    pub text: String,
}

impl ThemeFile {
    /// Reads the file, and nothing of what it says. The error says what is wrong with it.
    pub(super) fn read(path: PathBuf) -> Result<Self, String> {
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { path, text }),
            Err(error) => {
                let missing = error.kind() == io::ErrorKind::NotFound;
                let what = if missing { "there is no such file".to_owned() } else { error.to_string() };
                Err(format!("{}: {what}; expected the file of a theme", path.display()))
            }
        }
    }
}

/// How the console looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Theme {
    /// By the background of the terminal.
    Auto,
    /// One that the program brings along.
    BuiltIn(BuiltIn),
    /// The user's own.
    Own(ThemeFile),
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::BuiltIn(theme) => f.write_str(theme.word()),
            Self::Own(file) => write!(f, "{}", file.path.display()),
        }
    }
}

/// How the file names a theme.
#[derive(Debug)]
pub(super) enum ThemeName {
    Auto,
    BuiltIn(BuiltIn),
    At(PathBuf),
}

impl Readable for ThemeName {
    fn expected() -> String {
        let words = BuiltIn::ALL.map(|(_, word)| format!("\"{word}\"")).join(", ");
        format!("\"auto\", {words} or the path of a theme such as \"mine.toml\"")
    }
    fn read(value: &Value) -> Option<Self> {
        match value.as_str()? {
            "auto" => Some(Self::Auto),
            // What it was called when there was no other.
            "colour" => Some(Self::BuiltIn(BuiltIn::Terminal)),
            word => BuiltIn::named(word).map(Self::BuiltIn).or_else(|| {
                let path = Path::new(word);
                path.extension().is_some_and(|it| it == "toml").then(|| Self::At(path.to_owned()))
            }),
        }
    }
}

/// What frames and marks are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// What locale and terminal can do.
    Auto,
    /// Lines, braille and blocks.
    Unicode,
    /// Printable ASCII alone.
    Ascii,
}

impl Signs {
    const WORDS: [(Self, &'static str); 3] =
        [(Self::Auto, "auto"), (Self::Unicode, "unicode"), (Self::Ascii, "ascii")];

    /// The word of the configuration.
    pub fn word(self) -> &'static str {
        Self::WORDS.into_iter().find(|(signs, _)| *signs == self).map_or("auto", |(_, word)| word)
    }
}

impl Readable for Signs {
    fn expected() -> String {
        r#""auto", "unicode" or "ascii""#.into()
    }
    fn read(value: &Value) -> Option<Self> {
        let word = value.as_str()?;
        Self::WORDS.into_iter().find(|(_, known)| *known == word).map(|(signs, _)| signs)
    }
}
