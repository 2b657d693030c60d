//! What a value of the configuration may be read as, and what is said when it cannot.

use std::{net::SocketAddr, path::PathBuf};

use reqwest::Url;
use toml::Value;
use tracing::level_filters::LevelFilter;

use super::stage::is_loopback;
use crate::lang::Lang;

/// A type that a value of the file, an environment variable or a flag can be read as.
pub trait Readable: Sized {
    /// What is expected, to go after that word.
    fn expected() -> String;
    /// Reads it; `None` if it is something else.
    fn read(value: &Value) -> Option<Self>;
    /// What was found instead, where the value itself must not be repeated.
    fn describe(_value: &Value) -> Option<String> {
        None
    }
}

impl Readable for String {
    fn expected() -> String {
        "a text that is not empty".into()
    }
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

impl Readable for SocketAddr {
    fn expected() -> String {
        "an address with a port, such as 127.0.0.1:4020".into()
    }
    fn read(value: &Value) -> Option<Self> {
        value.as_str()?.trim().parse().ok()
    }
}

impl Readable for PathBuf {
    fn expected() -> String {
        "the path of a file".into()
    }
    fn read(value: &Value) -> Option<Self> {
        String::read(value).map(Self::from)
    }
}

impl Readable for Vec<String> {
    fn expected() -> String {
        r#"a program and its arguments, such as ["pass", "show", "atlas"]"#.into()
    }
    fn read(value: &Value) -> Option<Self> {
        let words: Option<Self> =
            value.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect();
        words.filter(|words| words.first().is_some_and(|program| !program.is_empty()))
    }
}

impl Readable for bool {
    fn expected() -> String {
        "true or false".into()
    }
    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Readable for Lang {
    fn expected() -> String {
        r#""en" or "zh-CN""#.into()
    }
    fn read(value: &Value) -> Option<Self> {
        Lang::parse(value.as_str()?)
    }
}

impl Readable for LevelFilter {
    fn expected() -> String {
        r#""off", "error", "warn", "info", "debug" or "trace""#.into()
    }
    fn read(value: &Value) -> Option<Self> {
        value.as_str().filter(|word| word.bytes().all(|b| b.is_ascii_alphabetic()))?.parse().ok()
    }
}

impl Readable for Url {
    fn expected() -> String {
        "an https address such as \"https://sandbox.atriptech.com\" (plain http only for this machine)".into()
    }
    fn read(value: &Value) -> Option<Self> {
        let url = Url::parse(value.as_str()?.trim()).ok()?;
        let scheme_is_safe = url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url);
        let is_a_base = url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        (scheme_is_safe && is_a_base).then_some(url)
    }
}
