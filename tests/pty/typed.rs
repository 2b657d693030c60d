//! A card typed into every field of the console that is not meant for one, and where a demo keeps what was done in it.

use std::process::{Command, Output};

use super::{CANARY, collect, console, session::Session, simulator};

/// The program without a terminal.
fn headless(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paydesk"));
    for name in ["PAYDESK_CLIENT_SECRET", "PAYDESK_CLIENT_ID", "PAYDESK_BASE_URL"] {
        command.env_remove(name);
    }
    command.env("LANG", "en_GB.UTF-8").args(arguments).output().unwrap()
}

#[test]
fn a_card_typed_into_every_text_field_of_the_console_is_in_no_file() {
    let simulator = simulator(40, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let mut session = console(&simulator, folder.path());
    session.until_text("40 of 4");
    // The filter, by hand and as a paste.
    session.type_keys("/");
    session.type_keys(CANARY);
    session.until_text("last four digits");
    session.type_keys("\x1b");
    session.type_keys("/");
    session.type_text(CANARY);
    session.until_text("last four digits");
    session.type_keys("\x1b\x1b");
    // The amount of a confirmation, which is not the card's.
    session.type_keys("2");
    session.go_to("[1] Deposit   ");
    session.type_keys("$");
    session.until_text("Nothing is in the way");
    session.type_keys("\r");
    session.until("the confirmation to listen", super::listens);
    session.type_keys(CANARY);
    session.until_text("differs");
    session.type_keys("\x1b\x1b");
    session.until_text("data live");
    // Every field of a card form but the card's own.
    session.go_to("[3] VCC       ");
    session.type_keys("$");
    session.until_text("Checked");
    session.type_keys("3");
    for field in 0..13 {
        session.type_keys("\t");
        session.type_text(CANARY);
        session.type_text(&format!(
            "{} {} {} {}",
            &CANARY[..4],
            &CANARY[4..8],
            &CANARY[8..12],
            &CANARY[12..]
        ));
        if field == 4 {
            session.type_keys(CANARY);
        }
    }
    session.type_keys("\x1b");
    session.until_text("leaves and wipes");
    session.type_keys("\x1b");
    session.until_text("data live");
    // A note, by hand: refused, and kept with the last four.
    session.type_keys("t");
    session.until_text("RECOVER");
    session.type_keys("m");
    session.type_text("the guest's ");
    session.type_keys(CANARY);
    session.type_keys("\r");
    session.until_text("Its last four are left");
    session.type_keys("\r");
    session.until("the note to be taken", |screen| !screen.contains("Note: the guest"));
    session.type_keys("\x1b");
    session.until_text("data live");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    let mut files = Vec::new();
    collect(folder.path(), &mut files);
    assert!(files.iter().any(|(_, text)| text.contains("the guest's ************9015")), "the note was kept");
    for (name, text) in files {
        assert!(!text.contains(&CANARY[..12]) && !text.contains("4929 1234"), "a card number is in {name}");
    }
}

#[test]
fn what_was_paid_in_a_demo_is_found_from_another_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("demo").display().to_string();
    let mut session = Session::start(&["demo", "--data-dir", &place, "--orders", "10"], &[]);
    session.until_text("data live");
    assert!(session.raw().contains(&place), "it is named at the start");
    let json = |arguments: &[&str]| -> serde_json::Value {
        let ran = headless(&[&["--data-dir", &place], arguments, &["--json"]].concat());
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    };
    let orders = json(&["orders", "--status", "unpaid"]);
    let paid = orders["orders"].as_array().unwrap().iter().find_map(|order| {
        let order = order["orderNo"].as_str().unwrap().to_owned();
        let ran = headless(&["--data-dir", &place, "pay", &order, "--method", "deposit", "--yes"]);
        (ran.status.code() == Some(0)).then_some(order)
    });
    let paid = paid.expect("one order takes the deposit");
    assert_eq!(json(&["show", &paid])["attempts"].as_array().unwrap().len(), 1);
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    // It is there afterwards, and the next demo goes on with it.
    assert_eq!(json(&["journal"])["attempts"][0]["orderNo"], paid.as_str());
    let mut session = Session::start(&["demo", "--data-dir", &place], &[]);
    session.until_text("data live");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    // The files of a desk are no demo's.
    let desk = folder.path().join("desk");
    std::fs::create_dir(&desk).unwrap();
    std::fs::write(desk.join("journal.sqlite"), "").unwrap();
    let mut session = Session::start(&["demo", "--data-dir", &desk.display().to_string()], &[]);
    assert_eq!(session.ended(), 2);
    assert!(session.raw().contains("cannot hold a demo"), "{}", session.raw());
}

#[test]
fn a_demo_without_a_folder_takes_one_of_its_own_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display().to_string();
    let mut session = Session::start(&["demo"], &[("TMPDIR", &place)]);
    session.until_text("data live");
    let names = || std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let own = names();
    assert_eq!(own.len(), 1);
    let ran = headless(&["--data-dir", &own[0].display().to_string(), "journal"]);
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    assert_eq!(names().len(), 0, "it goes with the demo");
}
