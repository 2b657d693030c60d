//! Plain text in columns as wide as their widest cell on a terminal; a wide character counts two.

use unicode_width::UnicodeWidthStr;

use super::report::{Part, Report};

/// The title, then the tables.
pub(super) fn write(report: &Report) -> String {
    let mut text = String::new();
    for line in [&report.title, &report.about].into_iter().filter(|line| !line.is_empty()) {
        text.push_str(line);
        text.push('\n');
    }
    for part in &report.parts {
        if !text.is_empty() {
            text.push('\n');
        }
        put(part, &mut text);
    }
    text
}

fn put(part: &Part, text: &mut String) {
    let indent = if part.title.is_empty() { "" } else { "  " };
    if !part.title.is_empty() {
        text.push_str(&part.title);
        text.push('\n');
    }
    let widest =
        |column: usize| part.lines().filter_map(|line| line.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..part.width()).map(|column| widest(column).unwrap_or_default()).collect();
    for line in part.lines() {
        let start = text.len();
        text.push_str(indent);
        for (cell, width) in line.iter().zip(&widths) {
            // A cell of several lines would break all of them.
            cell.chars().for_each(|c| text.push(if c.is_control() { ' ' } else { c }));
            text.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
        }
        text.truncate(text.trim_end().len().max(start));
        text.push('\n');
    }
}
