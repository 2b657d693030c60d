//! CSV as RFC 4180 has it, for spreadsheets above all: they run what begins like a formula, and take what has no mark of
//! its encoding for text of their own country, which spoils every Chinese name.

use super::report::{Part, Report};

/// Tells a spreadsheet that the text is UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A cell that begins with one of these is a formula to a spreadsheet.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The same in full width, which spreadsheets of East Asia take for the narrow ones.
const WIDE_FORMULA: [char; 4] = ['＝', '＋', '－', '＠'];

/// The tables; where there are several, the title of each stands before its rows. Every line has as many fields.
pub(super) fn write(report: &Report) -> String {
    let is_titled = report.parts.iter().any(|part| !part.title.is_empty());
    let width = report.parts.iter().map(Part::width).max().unwrap_or_default();
    let mut text = String::from(BYTE_ORDER_MARK);
    for part in &report.parts {
        for line in part.lines() {
            let title = is_titled.then_some(part.title.as_str());
            let blanks = std::iter::repeat_n("", width - line.len());
            let fields = title.into_iter().chain(line.iter().map(String::as_str)).chain(blanks);
            for (n, cell) in fields.enumerate() {
                if n > 0 {
                    text.push(',');
                }
                put(cell, &mut text);
            }
            text.push_str("\r\n");
        }
    }
    text
}

fn put(cell: &str, text: &mut String) {
    let is_formula = cell.starts_with(FORMULA) || cell.starts_with(WIDE_FORMULA);
    let is_quoted = cell.contains([',', '"', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ');
    if is_quoted {
        text.push('"');
    }
    if is_formula {
        text.push('\'');
    }
    for c in cell.chars() {
        if c == '"' {
            text.push('"');
        }
        text.push(c);
    }
    if is_quoted {
        text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut written = String::new();
        put(text, &mut written);
        written
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for (text, want) in [
            ("=1+1", "'=1+1"),
            ("+CNY 7.18", "'+CNY 7.18"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("＝1", "'＝1"),
            ("=cmd|' /C calc'!A0, \"x\"", "\"'=cmd|' /C calc'!A0, \"\"x\"\"\""),
            ("CNY 1,434.80", "\"CNY 1,434.80\""),
            ("LI \"BO\"", "\"LI \"\"BO\"\"\""),
            ("王小明", "王小明"),
            ("a\nb", "\"a\nb\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), want, "{text:?}");
        }
    }

    #[test]
    fn a_spreadsheet_knows_the_encoding_and_every_line_has_as_many_fields() {
        let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let part = |title: &str, rows| Part { title: title.into(), rows, ..Part::default() };
        let parts = vec![part("facts", vec![row(&["a", "b", "c"])]), part("notes", vec![row(&["d"])])];
        let written = write(&Report { parts, ..Report::default() });
        assert_eq!(written, "\u{feff}facts,a,b,c\r\nnotes,d,,\r\n");
    }
}
