//! What is handed to other programs and people: orders as rows, or one order with its story, in the format they want.
//!
//! A [`Report`] is what is said, without a format; each other file writes it in one. JSON has documents of its own, the
//! same that `orders --json` and `show --json` print. Nothing leaves that looks like a card number, whoever typed it.

mod csv;
pub mod document;
pub mod file;
mod format;
pub mod handover;
pub mod handover_document;
mod html;
mod json;
mod markdown;
mod report;
pub mod story;
mod text;
pub mod times;

pub use self::{
    format::Format,
    json::json,
    report::{Part, Report},
};

/// Writes a report; `None` as JSON, which is made of documents.
pub fn write(report: &Report, format: Format) -> Option<String> {
    let report = report.masked();
    match format {
        Format::Csv => Some(csv::write(&report)),
        Format::Json => None,
        Format::Text => Some(text::write(&report)),
        Format::Markdown => Some(markdown::write(&report)),
        Format::Html => Some(html::write(&report)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_card_is_masked_in_every_format_and_an_order_number_is_not() {
        let row = ["TESTA20261103141502317", "call 4242 4242 4242 4242 back"].map(str::to_owned);
        let report = Report {
            title: "5555555555554444".into(),
            about: "/4242424242424242".into(),
            parts: vec![Part { rows: vec![row.into()], ..Part::default() }],
        };
        for format in Format::ALL.into_iter().filter(|format| *format != Format::Json) {
            let written = write(&report, format).unwrap();
            assert!(written.contains("TESTA20261103141502317"), "{written}");
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            assert!(!digits.contains("42424242") && !digits.contains("55555555"), "{written}");
        }
        let value = serde_json::json!({"note": ["4242-4242-4242-4242"], "orderNo": "TESTA20261103141502317"});
        let written = json(&value).unwrap();
        assert!(!written.contains("4242-4242") && written.contains("TESTA20261103141502317"), "{written}");
    }
}
