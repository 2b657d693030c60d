//! A page of HTML that needs nothing beside itself, asks nobody for anything and runs nothing.

use super::report::{Part, Report};

const HEAD: &str = "<!doctype html>
<html>
<head>
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>";

const STYLE: &str = "</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em; }
table { border-collapse: collapse; margin: 1em 0 2em; }
th, td { border-bottom: 1px solid #8886; padding: .2em .8em .2em 0; text-align: left; vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
@media (prefers-color-scheme: dark) { body { background: #16181d; color: #e6e6e6; } }
</style>
</head>
<body>
";

/// The page.
pub(super) fn write(report: &Report) -> String {
    let title = escaped(&report.title);
    let mut text = format!("{HEAD}{title}{STYLE}<h1>{title}</h1>\n");
    if !report.about.is_empty() {
        text.push_str(&format!("<p>{}</p>\n", escaped(&report.about)));
    }
    for part in report.parts.iter().filter(|part| !part.rows.is_empty()) {
        put(part, &mut text);
    }
    text.push_str("</body>\n</html>\n");
    text
}

fn put(part: &Part, text: &mut String) {
    if !part.title.is_empty() {
        text.push_str(&format!("<h2>{}</h2>\n", escaped(&part.title)));
    }
    text.push_str("<table>\n");
    if !part.heads.is_empty() {
        line("th", &part.heads, text);
    }
    for row in &part.rows {
        line("td", row, text);
    }
    text.push_str("</table>\n");
}

fn line(tag: &str, cells: &[String], text: &mut String) {
    text.push_str("<tr>");
    for cell in cells {
        text.push_str(&format!("<{tag}>{}</{tag}>", escaped(cell)));
    }
    text.push_str("</tr>\n");
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_nothing_that_is_said_and_asks_for_nothing() {
        let rows = vec![vec!["<script>alert('1')</script>".to_owned(), "a & \"b\"".into()]];
        let report = Report {
            title: "</title><b>".into(),
            parts: vec![Part { rows, ..Part::default() }],
            ..Report::default()
        };
        let written = write(&report);
        assert!(!written.contains("<script") && !written.contains("<b>"), "{written}");
        assert!(written.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;"), "{written}");
        assert!(
            !written.contains("src=") && !written.contains("href") && !written.contains("http:"),
            "{written}"
        );
    }
}
