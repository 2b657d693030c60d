//! What `paydesk doctor` says of a set-up that cannot work: one test a line, each with its mend, in both languages.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::fs;

mod foreign;
mod program;

use serde_json::Value;

use self::{
    foreign::Drive,
    program::{Desk, Ran},
};

/// The line of a check, in both languages: its result, and message and mend together.
fn line(check: &str, run: impl Fn(&[&str]) -> Ran) -> [(String, String); 2] {
    ["en", "zh-CN"].map(|lang| {
        let report = run(&["--lang", lang, "doctor", "--json"]).json();
        let checks = report["checks"].as_array().unwrap();
        let line = checks.iter().find(|line| line["check"] == check).unwrap_or(&Value::Null);
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        (text("result"), format!("{} {}", text("message"), text("mend")))
    })
}

#[test]
fn a_home_that_cannot_be_written_is_named_for_journal_and_log() {
    let desk = Desk::at("http://127.0.0.1:9");
    fs::write(desk.path("data"), "a file in the way").unwrap();
    let run = |more: &[&str]| desk.run(more, "");
    for (check, words) in [
        ("journal", ["cannot be used for the journal", "无法用于记录"]),
        ("log", ["cannot be written", "无法写入日志"]),
    ] {
        let lines = line(check, run);
        for ((result, text), words) in lines.iter().zip(words) {
            assert!(result == "fail" && text.contains(words) && text.contains("--data-dir DIR"), "{text}");
        }
    }
    let to_look = line("journal", |more| run(&[&["--read-only"], more].concat()));
    assert_eq!(to_look[0].0, "warn", "nothing needs to be written to look");
}

#[test]
fn a_data_directory_on_a_drive_of_another_machine_is_named() {
    let desk = Desk::at("http://127.0.0.1:9");
    let place = desk.folder.path().join("data/test");
    fs::create_dir_all(&place).unwrap();
    // Without the right to mount there is nothing to watch; the table of drives has tests of its own.
    let Some(_drive) = Drive::over(&place) else { return };
    let lines = line("journal", |more| desk.run(more, ""));
    for ((result, text), words) in
        lines.iter().zip(["not on a disk of this machine (FUSE)", "不在本机磁盘上（FUSE）"])
    {
        assert!(result == "fail" && text.contains(words) && text.contains("--data-dir DIR"), "{text}");
    }
}
