//! `paydesk note`.

use clap::{Args, ValueHint};

use crate::domain::{order::OrderNo, text::LONGEST};

/// `paydesk note`
#[derive(Args, Debug)]
pub struct NoteArgs {
    /// The order's number
    pub order: OrderNo,
    /// What is to be kept, in quotes; a card number is refused
    #[arg(value_name = "TEXT", value_hint = ValueHint::Other, value_parser = said)]
    pub text: String,
    /// One JSON document on standard output
    #[arg(long)]
    pub json: bool,
}

fn said(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("a note says something".into()),
        length if length > LONGEST => {
            Err(format!("a note has {LONGEST} characters at most, this has {length}"))
        }
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_something_and_is_not_cut_in_silence() {
        assert!(said(" \u{3000} ").is_err());
        assert_eq!(said(" call back "), Ok("call back".into()));
        assert_eq!(said(&"回".repeat(LONGEST)).map(|text| text.chars().count()), Ok(LONGEST));
        assert!(said(&"回".repeat(LONGEST + 1)).is_err());
    }
}
