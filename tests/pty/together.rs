//! Two consoles on one journal: what one leaves on an order the other sees.

use std::{process::Command, time::Duration};

use crate::{program_of, simulator};

/// What another program wrote is on the screen so soon.
const SOON: Duration = Duration::from_secs(2);

#[test]
fn a_note_and_an_owner_are_seen_by_the_other_console_within_two_seconds_and_taking_over_asks_for_a_reason() {
    let simulator = simulator(3, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let mut li = program_of("li", simulator.addr, folder.path(), &[]);
    let mut mei = program_of("mei", simulator.addr, folder.path(), &[]);
    for console in [&mut li, &mut mei] {
        console.until_text("3 of 3");
    }
    let orders = crate::get(&simulator, "/_sim/orders");
    let order = orders["orders"][0]["orderNo"].as_str().unwrap().to_owned();
    li.select(&order);
    mei.select(&order);
    li.type_keys("m");
    li.until_text("Note on");
    li.type_text("call back at noon");
    li.type_keys("\r");
    mei.until_for("the note", SOON, |screen| screen.contains("li  call back at noon"));
    li.type_keys("c");
    li.until_text("yours, 10 min");
    mei.until_for("the owner", SOON, |screen| screen.contains("li since"));
    mei.type_keys("c");
    mei.until_text("Take over");
    mei.type_keys("\r");
    mei.until_text("A reason is needed");
    mei.type_text("li is at lunch");
    mei.type_keys("\r");
    mei.until_text("yours, 10 min");
    li.until_for("the other owner", SOON, |screen| screen.contains("mei since"));
    let show = |lang: &[&str]| {
        let global = ["--config", "config.toml", "--data-dir", "data"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_paydesk"));
        command.current_dir(folder.path()).args(global).args(lang).args(["show", &order, "--json"]);
        let ran = command.env("PAYDESK_CLIENT_SECRET", "secret").env("USER", "wei").output().unwrap();
        serde_json::from_slice::<serde_json::Value>(&ran.stdout).unwrap()
    };
    let shown = show(&[]);
    assert_eq!(shown["notes"][0]["note"], "call back at noon", "{shown}");
    assert!(shown["notes"][0]["by"].as_str().unwrap().starts_with("li@"), "{shown}");
    assert!(shown["owner"]["who"].as_str().unwrap().starts_with("mei@"), "{shown}");
    let kinds: Vec<&str> =
        shown["timeline"].as_array().unwrap().iter().filter_map(|line| line["type"].as_str()).collect();
    assert!(kinds.contains(&"took") && kinds.contains(&"tookOver") && kinds.contains(&"note"), "{kinds:?}");
    for mut console in [li, mei] {
        console.type_keys("q");
        assert_eq!(console.ended(), 0);
    }
}
