//! Values of which the usual ones are known: help and completions offer them, and others may be read as well.

use std::ffi::OsStr;

use clap::{
    Arg, Command, Error,
    builder::{PossibleValue, TypedValueParser},
};

/// Reads a value, and offers words.
#[derive(Clone)]
pub(super) struct Offered<T> {
    read: fn(&str) -> Result<T, String>,
    words: fn() -> Vec<&'static str>,
}

/// A value that `read` reads, of which `words` are offered.
pub(super) fn offered<T>(
    read: fn(&str) -> Result<T, String>,
    words: fn() -> Vec<&'static str>,
) -> Offered<T> {
    Offered { read, words }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Offered<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        self.read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.words)().into_iter().map(PossibleValue::new)))
    }
}
