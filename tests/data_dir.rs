//! Places where nothing can be written, or nothing safely: looking works and says what is off, paying is refused.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{
    fs,
    os::unix::fs::symlink,
    process::{Child, Command},
};

mod foreign;
mod program;
mod sample;

use paydesk::sim::{self, Running};
use serde_json::json;

use self::{
    foreign::Drive,
    program::{Desk, get},
};

fn with_simulator() -> (Running, Desk) {
    let running = sim::spawn(sample::story("calm-desk", Some(5), 1.0)).unwrap();
    let desk = Desk::at(&format!("http://{}", running.addr));
    (running, desk)
}

/// Makes the data directory one in which nothing can be made. Permissions do not bind everybody; this does.
fn spoil(desk: &Desk, with: Option<&str>) {
    let place = desk.path("data");
    // The last round's.
    let _none = fs::remove_file(&place);
    match with {
        Some(target) => symlink(target, place).unwrap(),
        None => fs::write(place, "a file in the way").unwrap(),
    }
}

fn payments(running: &Running) -> usize {
    let requests = get(running.addr, "/_sim/requests");
    let requests = requests["requests"].as_array().unwrap();
    requests.iter().filter(|one| one["endpoint"] == "pay.do").count()
}

#[test]
fn looking_works_where_nothing_can_be_written_and_says_what_is_off_and_paying_is_refused() {
    let (running, desk) = with_simulator();
    for place in [None, Some("/proc/self"), Some("/dev/null")] {
        spoil(&desk, place);
        let looked = |arguments: &[&str]| {
            let ran = desk.run(arguments, "");
            assert_eq!(ran.code, Some(0), "{place:?} {arguments:?}: {}{}", ran.stdout, ran.stderr);
            for off in
                ["paydesk.log cannot be written", "without a log", "for the journal", "without the journal"]
            {
                assert!(ran.stderr.contains(off), "{off}: {}", ran.stderr);
            }
            ran
        };
        let orders = looked(&["orders", "--json"]).json();
        assert_eq!(orders["orders"].as_array().unwrap().len(), 5);
        let order = orders["orders"][0]["orderNo"].as_str().unwrap().to_owned();
        looked(&["--read-only", "orders"]);
        assert_eq!(looked(&["show", &order, "--json"]).json()["order"]["orderNo"], order);

        let pay = ["pay", &order, "--method", "deposit", "--yes", "--json"];
        for arguments in [&pay[..], &["recover", &order, "--yes", "--json"]] {
            let refused = desk.run(arguments, "");
            let error = &refused.json()["error"];
            assert_eq!((refused.code, &error["charged"]), (Some(2), &json!("no")), "{}", refused.stdout);
            assert!(error["advice"].as_str().unwrap().contains("--data-dir"), "{error}");
        }
        let read_only = desk.run(&[&["--read-only"], &pay[..]].concat(), "");
        assert_eq!((read_only.code, &read_only.json()["error"]["code"]), (Some(1), &json!("read_only")));
        let chinese = desk.run(&["--lang", "zh-CN", "orders"], "");
        assert!(chinese.code == Some(0) && chinese.stderr.contains("不能支付"), "{}", chinese.stderr);
    }
    assert_eq!(payments(&running), 0);
}

#[test]
fn a_drive_of_another_machine_is_refused_for_paying_and_looking_goes_on() {
    let (running, desk) = with_simulator();
    let place = desk.folder.path().join("data/test");
    fs::create_dir_all(&place).unwrap();
    // Without the right to mount there is nothing to watch; the table of drives has tests of its own.
    let Some(_drive) = Drive::over(&place) else { return };
    let looked = desk.run(&["orders", "--json"], "");
    assert_eq!(looked.code, Some(0), "{}", looked.stderr);
    assert!(looked.stderr.contains("not on a disk of this machine (FUSE)"), "{}", looked.stderr);
    let order = looked.json()["orders"][0]["orderNo"].as_str().unwrap().to_owned();
    let paid = desk.run(&["pay", &order, "--method", "deposit", "--yes", "--json"], "");
    assert_eq!((paid.code, &paid.json()["error"]["code"]), (Some(2), &json!("journal")), "{}", paid.stdout);
    assert_eq!(payments(&running), 0);
}

#[test]
fn many_programs_that_start_at_once_on_a_new_folder_all_find_their_journal() {
    for _round in 0..3 {
        let desk = Desk::at("http://127.0.0.1:9");
        let start = || -> Child {
            let mut command: Command = desk.command(&["journal", "--json"]);
            command.spawn().unwrap()
        };
        let started: Vec<Child> = (0..12).map(|_| start()).collect();
        for child in started {
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stdout));
        }
        let verdict = desk.run(&["journal", "verify", "--json"], "");
        assert_eq!((verdict.code, &verdict.json()["sound"]), (Some(0), &json!(true)), "{}", verdict.stdout);
    }
}
