//! Every text by its key, in English and Simplified Chinese (`assets/lang/*.toml`, both languages under each key).
//! Codes and the API's field names stay Latin in both.

pub mod alert;
pub mod baggage;
pub mod checks;
mod placeholder;
pub mod reason;
pub mod recovery;
pub mod system;
mod template;
pub mod time_limit;
pub mod wire;
pub mod words;

use std::{collections::HashMap, sync::LazyLock};

/// The tables, compiled in. Each is a file of `[section]` tables with `key = { en = "…", zh = "…" }`.
const FILES: [&str; 12] = [
    include_str!("../../assets/lang/alerts.toml"),
    include_str!("../../assets/lang/baggage.toml"),
    include_str!("../../assets/lang/budget.toml"),
    include_str!("../../assets/lang/console.toml"),
    include_str!("../../assets/lang/obstacles.toml"),
    include_str!("../../assets/lang/cli.toml"),
    include_str!("../../assets/lang/filter.toml"),
    include_str!("../../assets/lang/find.toml"),
    include_str!("../../assets/lang/handover.toml"),
    include_str!("../../assets/lang/recovery.toml"),
    include_str!("../../assets/lang/time_limits.toml"),
    include_str!("../../assets/lang/wire.toml"),
];

/// A language of the screen and of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    ZhCn,
}

type Pair = [Box<str>; 2];

static TEXTS: LazyLock<HashMap<String, Pair>> =
    LazyLock::new(|| FILES.iter().flat_map(|file| read(file)).collect());

/// `section.key` → both texts. A file that does not parse gives nothing, and the tests say so.
fn read(file: &str) -> Vec<(String, Pair)> {
    let sections: HashMap<String, HashMap<String, HashMap<String, String>>> =
        toml::from_str(file).unwrap_or_default();
    let mut texts = Vec::new();
    for (section, keys) in sections {
        for (key, mut text) in keys {
            let mut take = |lang: &str| text.remove(lang).unwrap_or_default().into_boxed_str();
            texts.push((format!("{section}.{key}"), [take("en"), take("zh")]));
        }
    }
    texts
}

impl Lang {
    /// Reads `en`, `zh-CN`, `zh_CN.UTF-8`, `C`; nothing else.
    pub fn parse(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        match tag.split(['-', '_', '.']).next() {
            Some("en" | "c" | "posix") => Some(Self::En),
            Some("zh") => Some(Self::ZhCn),
            _ => None,
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::ZhCn,
            Self::ZhCn => Self::En,
        }
    }

    /// The tag of the command line.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// Picks one of two texts that lie side by side.
    pub fn pick<'a>(self, en: &'a str, zh: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::ZhCn => zh,
        }
    }

    /// The text of `key` (`section.key`); the key itself if there is none, which a test forbids.
    pub fn text(self, key: &'static str) -> &'static str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key that is made at run time; `None` if there is none.
    pub fn find(self, key: &str) -> Option<&'static str> {
        TEXTS.get(key).map(|[en, zh]| self.pick(en, zh))
    }

    /// The text of `key` with each `{name}` replaced by its value, and each `{name:one|other}` by the words for that many.
    pub fn fill(self, key: &'static str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
        let value =
            |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
        placeholder::filled(self.text(key), value)
    }

    /// Things that belong together, in a row.
    pub fn list<T: AsRef<str>>(self, things: &[T]) -> String {
        things.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(self.text("list.and"))
    }

    /// Things to say one after the other.
    pub fn besides<T: AsRef<str>>(self, things: &[T]) -> String {
        things.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(self.text("list.besides"))
    }
}

/// All keys with both texts, for the tests and the key table of the docs.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TEXTS.iter().map(|(key, [en, zh])| (key.as_str(), &**en, &**zh))
}
