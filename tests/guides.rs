//! The guides name tests as proof: each of them exists.

use std::fs;

/// What stands between back quotes.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

#[test]
fn every_test_that_the_field_guide_names_is_there() {
    let guide = fs::read_to_string("docs/field.md").unwrap();
    let rows: Vec<&str> =
        guide.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| |")).collect();
    assert_eq!(rows.len(), 32, "one row for each kind");
    for row in rows {
        let proofs = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let (mut file, mut named) = (String::new(), 0);
        for name in quoted(proofs).filter(|name| name.contains("::")) {
            let (at, test) = name.split_once("::").unwrap();
            if !at.is_empty() {
                file = fs::read_to_string(at).unwrap_or_else(|error| unreachable!("{at}: {error}\n{row}"));
            }
            assert!(file.contains(&format!("fn {test}(")), "{name} is not there:\n{row}");
            named += 1;
        }
        assert!(named > 0, "no test holds this:\n{row}");
    }
}
