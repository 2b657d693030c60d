//! The guides are true: the tests that they name as proof exist, and the codes that they list are those of the table.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{collections::BTreeSet, fs};

use paydesk::{
    console::keymap::guide,
    domain::codes::{Family, numbers},
};

/// What stands between back quotes.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The rows of the tables of a guide, each without its head.
fn rows(guide: &str) -> Vec<&str> {
    guide.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| |")).collect()
}

/// How many tests a row names; each is where it is said to be.
fn named_tests(row: &str) -> usize {
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
    named
}

#[test]
fn every_test_that_the_field_guide_names_is_there() {
    let guide = fs::read_to_string("docs/field.md").unwrap();
    let rows = rows(&guide);
    assert_eq!(rows.len(), 32, "one row for each kind");
    for row in rows {
        assert!(named_tests(row) > 0, "no test holds this:\n{row}");
    }
}

#[test]
fn every_promise_has_its_tests_or_says_that_it_has_none() {
    let guide = fs::read_to_string("docs/acceptance.md").unwrap();
    let rows = rows(&guide);
    assert_eq!(rows.len(), 18 + 10 + 24 + 15 + 1);
    for row in rows {
        let says_so = row.ends_with("| not built |") || row.ends_with("| by hand |");
        assert!((named_tests(row) > 0) != says_so, "no test holds this, and it does not say so:\n{row}");
    }
}

/// The numbers of `601–603, 605`.
fn listed(text: &str) -> BTreeSet<i64> {
    let number = |text: &str| text.parse::<i64>().unwrap_or_else(|_| unreachable!("{text} is no number"));
    let range = |part: &str| {
        let (first, last) = part.split_once('–').unwrap_or((part, part));
        number(first)..=number(last)
    };
    text.split(", ").flat_map(range).collect()
}

#[test]
fn the_guide_of_the_simulator_lists_every_ticketing_code() {
    let guide = fs::read_to_string("docs/simulator.md").unwrap();
    let row = guide.lines().find(|line| line.starts_with("| a card that says it: ")).unwrap();
    let (_, codes) = row.trim_end_matches(" |").split_once("| any of ").unwrap();
    assert_eq!(listed(codes), numbers(Family::Ticketing).collect());
}

/// The table is written anew by `INSTA_UPDATE=always cargo test --test guides`, like a picture.
#[test]
fn the_guide_of_the_keys_is_the_table_of_actions() {
    let path = "docs/keys.md";
    let text = fs::read_to_string(path).unwrap();
    let (before, _) = text.split_once("| Where |").unwrap_or((&text, ""));
    let whole = format!("{before}{}", guide());
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(path, &whole).unwrap();
    }
    assert!(fs::read_to_string(path).unwrap() == whole, "{path} has another table than this:\n{}", guide());
}
