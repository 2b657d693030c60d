//! Every text by its key, in English and Simplified Chinese (`assets/lang/*.toml`, both languages under each key).
//! Codes and the API's field names stay Latin in both.

pub mod alert;
pub mod baggage;
mod bucket;
pub mod checks;
mod placeholder;
pub mod reason;
pub mod recovery;
pub mod system;
mod template;
pub mod time_limit;
pub mod wire;
pub mod words;

use bucket::{BUCKETS, bucket_of};

// `TEXTS`, each with its key, by the bucket of that; and `BEGINS`, where the texts of each bucket begin (`build.rs`).
include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// A language of the screen and of the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    ZhCn,
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
        let bucket = bucket_of(key);
        let bounds = BEGINS.get(bucket..bucket + 2)?;
        let texts = TEXTS.get(usize::from(bounds[0])..usize::from(bounds[1]))?;
        texts.iter().find(|(known, _)| *known == key).map(|(_, [en, zh])| self.pick(en, zh))
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
    TEXTS.iter().map(|(key, [en, zh])| (*key, *en, *zh))
}
