//! What holds of the structure of `src/`: which room may know which, and that no file needs itself over others; and of
//! the names in all of the code.

#![expect(
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so and stop"
)]

mod source;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use source::{Sources, circles};

/// Each room with the rooms that it may know.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &["domain"]),
    ("atlas", &["domain"]),
    ("journal", &["domain"]),
    ("desk", &["domain", "atlas", "journal", "clock"]),
    // Words for what the rules and the desk say; no behaviour.
    ("lang", &["domain", "desk", "atlas"]),
    ("config", &["domain", "lang"]),
    ("logging", &["domain"]),
    // What is handed to others, in their formats.
    ("export", &["domain", "lang"]),
    ("console", &["domain", "atlas", "desk", "lang", "config", "logging", "export"]),
    // The simulator speaks HTTP to the rest; it shares vocabulary at most.
    ("sim", &["domain"]),
    // Takes in what the vendor sends, and hands it on.
    ("webhook", &["domain", "atlas"]),
    (
        "cli",
        &[
            "domain", "atlas", "journal", "desk", "lang", "config", "console", "logging", "clock", "sim",
            "webhook", "export",
        ],
    ),
];

fn room_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

#[test]
fn rooms_know_each_other_in_one_direction_only() {
    let sources = Sources::read(Path::new("src"));
    let (mut arrows, mut wrong) = (0, Vec::new());
    for (file, named) in sources.arrows() {
        let room = room_of(file);
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == room) else {
            assert!(matches!(room, "main" | "lib"), "{file}: a room that this test does not know");
            continue;
        };
        for other in named.into_iter().filter(|other| room_of(other) != room) {
            arrows += 1;
            if !allowed.contains(&room_of(other)) {
                wrong.push(format!("{file} takes from {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(arrows > 200, "only {arrows} arrows were found: the reader of this test is broken");
}

/// Each folder of the desk with those that it may know; what lies beside them ties them, or is known to all.
const DESK_MAY_KNOW: &[(&str, &[&str])] =
    &[("hub", &[]), ("book", &["hub"]), ("polling", &["hub", "book"]), ("execution", &["hub", "book"])];

#[test]
fn folders_of_the_desk_know_each_other_in_one_direction_only() {
    let folder = |file: &str| {
        let (folder, _) = file.strip_prefix("desk/")?.split_once('/')?;
        DESK_MAY_KNOW.iter().find(|(name, _)| *name == folder)
    };
    let sources = Sources::read(Path::new("src"));
    let (mut arrows, mut wrong) = (0, Vec::new());
    for (file, named) in sources.arrows() {
        let Some((own, allowed)) = folder(file) else { continue };
        for other in named {
            let Some((name, _)) = folder(other).filter(|(name, _)| name != own) else { continue };
            arrows += 1;
            if !allowed.contains(name) {
                wrong.push(format!("{file} takes from {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(arrows > 5, "only {arrows} arrows were found: the reader of this test is broken");
}

#[test]
fn no_file_needs_itself_over_others() {
    let sources = Sources::read(Path::new("src"));
    let arrows = sources.arrows();
    let found: Vec<String> = circles(&arrows).iter().map(|circle| described(circle, &arrows)).collect();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

/// A circle, a line for each of its arrows.
fn described(circle: &[&str], arrows: &BTreeMap<&str, BTreeSet<&str>>) -> String {
    let inside = |from: &&str| {
        let to = arrows[from].iter().filter(|to| circle.contains(to));
        to.map(|to| format!("{from} takes from {to}")).collect::<Vec<_>>()
    };
    circle.iter().flat_map(inside).collect::<Vec<_>>().join("\n")
}

#[test]
fn only_the_console_speaks_to_the_terminal_library() {
    let outside = ["src/console/terminal/mod.rs", "src/console/mod.rs"];
    for entry in walk(Path::new("src")) {
        let text = fs::read_to_string(&entry).unwrap();
        let is_console = entry.starts_with("src/console/");
        assert!(is_console || !text.contains("crossterm::"), "{entry}");
        let commands = ["crossterm::terminal", "crossterm::execute", "crossterm::queue"];
        let speaks = commands.iter().any(|command| text.contains(command));
        assert!(!speaks || outside.contains(&entry.as_str()), "{entry}: events may be read, nothing written");
    }
}

/// The rows of the charter of names: the words that a row explains, and those that are not used for it.
fn charter() -> Vec<(Vec<String>, Vec<String>)> {
    let text = fs::read_to_string("docs/naming.md").unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Word"));
    let cells =
        |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    rows.map(|row| {
        let cells = cells(row);
        let explained = cells[0].split(", ").map(str::to_owned).collect();
        (explained, cells[2].split_whitespace().map(str::to_owned).collect())
    })
    .collect()
}

#[test]
fn the_charter_of_names_has_every_word_once() {
    let words: Vec<String> = charter().into_iter().flat_map(|(explained, _)| explained).collect();
    assert!(words.len() > 60, "{words:?}");
    let mut seen = BTreeSet::new();
    let twice: Vec<&String> = words.iter().filter(|word| !seen.insert(*word)).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn no_identifier_holds_a_word_that_the_charter_rules_out() {
    let ruled_out: BTreeSet<String> = charter().into_iter().flat_map(|(_, not)| not).collect();
    assert!(ruled_out.len() > 10, "{ruled_out:?}");
    for folder in ["src", "tests", "benches"] {
        let sources = Sources::read(Path::new(folder));
        let mut found = sources.words();
        found.retain(|(word, _)| ruled_out.contains(word));
        assert!(found.is_empty(), "{folder}: {found:#?}");
    }
}

fn walk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path.display().to_string());
        }
    }
    found
}

mod the_reader {
    use super::*;

    fn arrows_of(files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        let sources = Sources::of(files);
        let arrows = sources.arrows();
        arrows.iter().flat_map(|(from, to)| to.iter().map(move |to| format!("{from} > {to}"))).collect()
    }

    #[test]
    fn finds_every_way_to_name_a_file() {
        let named = [
            "use crate::b::X;",
            "use crate::{b::{X, Y}, c};",
            "use super::b::{self};",
            "pub(super) fn f() -> super::b::X {}",
            "fn f() { crate::b::g(); }",
            "use crate::handed_on::X;",
            "use crate::{c, b as other};",
            "const A: char = '\"'; use crate::b::X; const B: &str = \"\";",
            "use super::b::*;",
        ];
        for text in named {
            let files = [
                ("a.rs", text),
                ("b.rs", "pub struct X;"),
                ("c.rs", ""),
                ("handed_on.rs", "pub use crate::b::X;"),
                ("lib.rs", "pub mod a; pub mod b;"),
            ];
            let arrows = arrows_of(&files);
            assert!(arrows.contains(&"a.rs > b.rs".to_owned()), "{text}: {arrows:?}");
        }
        let from_parent = arrows_of(&[("r/mod.rs", "mod child; fn f() { child::g(); }"), ("r/child.rs", "")]);
        assert_eq!(from_parent, ["r/mod.rs > r/child.rs"]);
    }

    #[test]
    fn passes_over_comments_texts_tests_and_other_crates() {
        let passed = [
            "// use crate::b::X;",
            "/// [`crate::b::X`]\nstruct A<'a>(&'a str);",
            "const A: &str = \"use crate::b::X;\";",
            "const A: &str = r#\"\" use crate::b::X; \"#;",
            "#[cfg(test)]\nmod tests { use crate::b::X; fn f() { { } } }",
            "use other::b::X;",
            "use std::{b, c};",
            "pub use crate::b::X;",
            "pub(in crate::b) fn f() {}",
        ];
        for text in passed {
            assert_eq!(arrows_of(&[("a.rs", text), ("b.rs", "pub struct X;")]), [""; 0], "{text}");
        }
    }

    #[test]
    fn sees_a_circle_of_two_of_three_and_of_a_parent_with_its_child() {
        let seen = |files: &[(&str, &str)]| {
            let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
            let sources = Sources::of(files);
            let circles = circles(&sources.arrows());
            circles.iter().map(|circle| circle.join(" ")).collect::<Vec<_>>()
        };
        let two = [
            ("r/a.rs", "use super::b::B;"),
            ("r/b.rs", "use crate::r::a::A;"),
            ("r/c.rs", "use super::a::A;"),
        ];
        assert_eq!(seen(&two), ["r/a.rs r/b.rs"]);
        let three = [("a.rs", "use crate::b;"), ("b.rs", "use crate::c;"), ("c.rs", "use crate::a;")];
        assert_eq!(seen(&three), ["a.rs b.rs c.rs"]);
        let parent = [("r/mod.rs", "mod a; pub struct S; fn f() { a::g() }"), ("r/a.rs", "use super::S;")];
        assert_eq!(seen(&parent), ["r/a.rs r/mod.rs"]);
        let facade =
            [("r/mod.rs", "mod a; mod b; pub use self::b::S;"), ("r/a.rs", "use super::S;"), ("r/b.rs", "")];
        assert_eq!(seen(&facade), [""; 0]);
    }
}
