//! The line in which an operator says what to look for at the vendor.

use tui_input::Input;

use super::jump::Jump;
use crate::{
    domain::{
        find::{Find, Kind, clean},
        fold::caseless,
    },
    lang::Lang,
};

/// What was typed means this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One order, by its number.
    Jump(Jump),
    /// Whatever the vendor's list has of it.
    Find(Find),
}

/// Why nothing is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Nothing was typed.
    Empty,
    /// It has the form of no field.
    Form,
    /// The field is known, and this is no value of it.
    Value(Kind),
}

/// The prompt.
#[derive(Debug, Default)]
pub struct FindPrompt {
    /// What is typed.
    pub input: Input,
}

/// Reads what was typed: a value that has the form of a field, or the name of a field in either language, a colon and a value.
pub fn read(text: &str) -> Result<Wanted, Unread> {
    let text = clean(text);
    if text.is_empty() {
        return Err(Unread::Empty);
    }
    if let Some(jump @ Jump::Order(_)) = Jump::parse(&text) {
        return Ok(Wanted::Jump(jump));
    }
    let named = text.split_once(':').and_then(|(name, value)| Some((kind_named(name)?, value)));
    match named {
        Some((kind, value)) => Find::of(kind, value).ok_or(Unread::Value(kind)),
        None => Find::by_form(&text).ok_or(Unread::Form),
    }
    .map(Wanted::Find)
}

/// The field that has this name.
fn kind_named(name: &str) -> Option<Kind> {
    let name = caseless(name.trim()).into_owned();
    let is_its = |kind: &Kind| {
        let names = [Lang::En, Lang::ZhCn].map(|lang| text(lang, "find_name", *kind));
        names.into_iter().flat_map(str::split_whitespace).any(|known| caseless(known) == name)
    };
    Kind::ALL.into_iter().find(is_its)
}

/// The name of a field that is shown.
pub fn name(lang: Lang, kind: Kind) -> &'static str {
    text(lang, "find_name", kind).split_whitespace().next().unwrap_or(kind.word())
}

/// How a value of it is written.
pub fn example(lang: Lang, kind: Kind) -> &'static str {
    text(lang, "find_example", kind)
}

fn text(lang: Lang, section: &str, kind: Kind) -> &'static str {
    lang.find(&format!("{section}.{}", kind.word())).unwrap_or_default()
}

/// What is looked for, in words: the field and its value.
pub fn words(lang: Lang, find: &Find) -> String {
    format!("{} {find}", name(lang, find.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str) -> Result<String, Unread> {
        read(text).map(|wanted| match wanted {
            Wanted::Jump(jump) => format!("{jump:?}"),
            Wanted::Find(find) => words(Lang::En, &find),
        })
    }

    #[test]
    fn a_field_is_named_in_either_language_or_told_by_its_form() {
        for (typed, wanted) in [
            ("zhang/san", "passenger ZHANG/SAN"),
            ("pax:zhang", "passenger ZHANG"),
            ("乘机人：张三", "passenger 张三"),
            ("pnr:ABCDEF", "PNR ABCDEF"),
            ("PNR: abc123", "PNR ABC123"),
            ("mail:a@b.c", "e-mail a@b.c"),
            ("航程:SIN-BKK", "route SIN-BKK"),
            ("date:2026-12-03", "departure 2026-12-03"),
            ("出发日期：2026年12月3日", "departure 2026-12-03"),
            (" TESTA20261103141502317 ", "Order(TESTA20261103141502317)"),
        ] {
            assert_eq!(meant(typed).as_deref(), Ok(wanted), "{typed}");
        }
        assert_eq!(meant("  "), Err(Unread::Empty));
        assert_eq!(meant("zhang"), Err(Unread::Form));
        assert_eq!(meant("date:tomorrow"), Err(Unread::Value(Kind::Departure)));
        assert_eq!(meant("colour:red"), Err(Unread::Form));
    }
}
