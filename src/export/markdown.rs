//! Markdown: tables, in which nothing of what is said means anything to whoever renders it.

use super::report::{Part, Report};

/// The title, then the tables, each under its own.
pub(super) fn write(report: &Report) -> String {
    let mut text = format!("# {}\n", escaped(&report.title));
    if !report.about.is_empty() {
        text.push_str(&format!("\n{}\n", escaped(&report.about)));
    }
    for part in report.parts.iter().filter(|part| !part.rows.is_empty()) {
        if !part.title.is_empty() {
            text.push_str(&format!("\n## {}\n", escaped(&part.title)));
        }
        text.push('\n');
        put(part, &mut text);
    }
    text
}

fn put(part: &Part, text: &mut String) {
    let width = part.width();
    line(&part.heads, width, text);
    text.push_str(&"| --- ".repeat(width));
    text.push_str("|\n");
    for row in &part.rows {
        line(row, width, text);
    }
}

fn line(cells: &[String], width: usize, text: &mut String) {
    for n in 0..width {
        text.push_str("| ");
        text.push_str(&cells.get(n).map(|cell| escaped(cell)).unwrap_or_default());
        text.push(' ');
    }
    text.push_str("|\n");
}

/// The text with every sign that Markdown or HTML may read as its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '>' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_said_breaks_a_table_or_becomes_a_link() {
        assert_eq!(
            escaped("a|b\n<img> [x](y) *z* & `q`"),
            "a\\|b &lt;img\\> \\[x\\](y) \\*z\\* &amp; \\`q\\`"
        );
        let rows = vec![vec!["1".to_owned()], vec!["2".into(), "3".into()]];
        let written = write(&Report { parts: vec![Part { rows, ..Part::default() }], ..Report::default() });
        assert!(written.ends_with("|  |  |\n| --- | --- |\n| 1 |  |\n| 2 | 3 |\n"), "{written}");
    }
}
