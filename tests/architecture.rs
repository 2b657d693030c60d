//! The rooms of `src/` know each other in one direction only. This reads the `use` lines and every `crate::` path.

#![expect(
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so and stop"
)]

use std::{fs, path::Path};

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
    ("console", &["domain", "atlas", "desk", "lang", "config", "logging"]),
    // The simulator speaks HTTP to the rest; it shares vocabulary at most.
    ("sim", &["domain"]),
    // Takes in what the vendor tells, and hands it on.
    ("webhook", &["domain", "atlas"]),
    (
        "cli",
        &[
            "domain", "atlas", "journal", "desk", "lang", "config", "console", "logging", "clock", "sim",
            "webhook",
        ],
    ),
];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The rooms that a file names after `crate::`, in single paths and in groups.
fn rooms_named(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => rooms.push(std::mem::take(&mut word)),
                    c if depth == 0 => word.push(c),
                    _ => {}
                }
            }
            rooms.push(word);
        } else {
            rooms.push(rest.to_owned());
        }
    }
    let first_word =
        |path: String| path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    rooms.into_iter().map(first_word).filter(|room: &String| !room.is_empty()).collect()
}

#[test]
fn rooms_know_each_other_in_one_direction_only() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut arrows = 0;
    let mut wrong = Vec::new();
    for (file, text) in &files {
        let room = file.trim_start_matches("src/").split(['/', '.']).next().unwrap();
        let Some((_, allowed)) = MAY_KNOW.iter().find(|(name, _)| *name == room) else {
            assert!(matches!(room, "main" | "lib"), "{file}: a room that this test does not know");
            continue;
        };
        // Tests inside a file may reach for anything that helps them.
        let code = text.split("#[cfg(test)]").next().unwrap();
        for named in rooms_named(code).into_iter().filter(|named| named != room) {
            arrows += 1;
            if !allowed.contains(&named.as_str()) {
                wrong.push(format!("{file} uses {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(arrows > 50, "only {arrows} arrows were found: the reader of this test is broken");
}

#[test]
fn only_two_files_speak_to_the_terminal_library() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let allowed =
        ["src/console/terminal.rs", "src/console/keymap.rs", "src/console/mod.rs", "src/console/message.rs"];
    for (file, text) in files {
        let reads_keys = file.starts_with("src/console/") && !text.contains("crossterm::terminal");
        assert!(!text.contains("crossterm::") || allowed.contains(&file.as_str()) || reads_keys, "{file}");
    }
}
