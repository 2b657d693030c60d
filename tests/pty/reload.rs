//! The configuration is saved while the console runs, in every way in which files are saved; and what another program does
//! to an order.

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    ledger,
    session::{LIMIT, Session},
    simulator,
};

/// What is saved takes effect within this time.
const TAKEN_IN: Duration = Duration::from_secs(2);

fn text(addr: std::net::SocketAddr, queues: &str) -> String {
    format!("[environments.sandbox]\nbase_url = \"http://{addr}\"\nclient_id = \"test\"\n{queues}")
}

fn start(config: &Path, folder: &Path) -> Session {
    let (config, data) = (config.display().to_string(), folder.join("data").display().to_string());
    let arguments = ["--config", &config, "--data-dir", &data];
    Session::start(&arguments, &[("PAYDESK_CLIENT_SECRET", "hush")])
}

fn queue(name: &str, filter: &str) -> String {
    format!("[[queues]]\nname = \"{name}\"\nfilter = '{filter}'\n")
}

#[test]
fn a_saved_queue_is_a_tab_within_two_seconds_and_an_error_names_its_place_while_the_old_ones_stay() {
    let simulator = simulator(10, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let (config, other) = (folder.path().join("config.toml"), folder.path().join("config.toml.new"));
    let text = |queues: &str| text(simulator.addr, queues);
    fs::write(&config, text("")).unwrap();
    let session = start(&config, folder.path());
    session.until_text("10 of 10");
    let taken = |what: &str, wanted: &str| {
        let began = Instant::now();
        session.until_text(wanted);
        assert!(began.elapsed() < TAKEN_IN, "{what} took {:?}", began.elapsed());
    };
    fs::write(&config, text(&queue("written", "status:unpaid"))).unwrap();
    taken("a file that is written", "8 written");
    fs::write(&other, text(&queue("renamed", "status:unpaid"))).unwrap();
    fs::rename(&other, &config).unwrap();
    taken("a file that is replaced", "8 renamed");
    fs::write(&config, text(&queue("wrong", "airline:TR statuss:unpaid"))).unwrap();
    taken("what is wrong", "config.toml, line 6, column 22:");
    let screen = session.screen();
    assert!(screen.contains("8 renamed") && screen.contains("status"), "{screen}");
    fs::remove_file(&config).unwrap();
    fs::write(&config, text(&queue("back", "status:unpaid"))).unwrap();
    taken("a file that was gone for a moment", "8 back");
    let limits = text(&format!("{}[payment]\nlimits = {{ USD = \"1\" }}\n", queue("back", "due:<1h")));
    fs::write(&config, limits).unwrap();
    taken("a limit", "restart to use the new payment.limits");
    assert!(session.screen().contains("8 back"), "{}", session.screen());
}

#[test]
fn a_configuration_behind_links_is_seen_when_what_they_lead_to_is_saved_or_another_file() {
    let simulator = simulator(10, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let [mine, one, two] = ["mine", "one", "two"].map(|name| folder.path().join(name));
    for folder in [&mine, &one, &two] {
        fs::create_dir(folder).unwrap();
        let queue = queue(folder.file_name().unwrap().to_str().unwrap(), "status:unpaid");
        fs::write(folder.join("real.toml"), text(simulator.addr, &queue)).unwrap();
    }
    let config = mine.join("config.toml");
    symlink(one.join("real.toml"), &config).unwrap();
    let session = start(&config, folder.path());
    session.until_text("8 one");
    fs::write(one.join("real.toml"), text(simulator.addr, &queue("saved", "status:unpaid"))).unwrap();
    session.until_text("8 saved");
    symlink(two.join("real.toml"), mine.join("link")).unwrap();
    fs::rename(mine.join("link"), &config).unwrap();
    session.until_text("8 two");
    fs::write(two.join("real.toml"), text(simulator.addr, &queue("again", "status:unpaid"))).unwrap();
    session.until_text("8 again");
}

#[test]
fn a_configuration_is_seen_when_its_whole_folder_is_another_one() {
    let simulator = simulator(10, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let [mine, old, one, two] = ["mine", "old", "one", "two"].map(|name| folder.path().join(name));
    let make = |at: &Path, name: &str| {
        fs::create_dir(at).unwrap();
        fs::write(at.join("config.toml"), text(simulator.addr, &queue(name, "status:unpaid"))).unwrap();
    };
    let save = |name: &str| {
        fs::write(mine.join("config.toml"), text(simulator.addr, &queue(name, "status:unpaid"))).unwrap();
    };
    make(&mine, "first");
    let session = start(&mine.join("config.toml"), folder.path());
    session.until_text("8 first");
    // It is moved away and another takes its place, as a checkout does; at once, and after a while.
    fs::rename(&mine, &old).unwrap();
    make(&mine, "moved");
    session.until_text("8 moved");
    save("saved");
    session.until_text("8 saved");
    fs::remove_dir_all(&mine).unwrap();
    session.until_text("is gone");
    make(&mine, "again");
    session.until_text("8 again");
    save("twice");
    session.until_text("8 twice");
    // A folder that is a link leads elsewhere.
    make(&one, "one");
    make(&two, "two");
    fs::rename(&mine, folder.path().join("older")).unwrap();
    symlink(&one, &mine).unwrap();
    session.until_text("8 one");
    symlink(&two, folder.path().join("link")).unwrap();
    fs::rename(folder.path().join("link"), &mine).unwrap();
    session.until_text("8 two");
    save("last");
    session.until_text("8 last");
}

#[test]
fn a_file_that_is_no_text_is_said_to_be_so_and_the_next_one_is_taken() {
    let simulator = simulator(10, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let good = |name: &str| text(simulator.addr, &queue(name, "status:unpaid"));
    fs::write(&config, good("first")).unwrap();
    let session = start(&config, folder.path());
    session.until_text("8 first");
    let wide: Vec<u8> = good("虎航").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&config, [&[0xff, 0xfe][..], &wide].concat()).unwrap();
    session.until("that it is no text", |screen| screen.contains("UTF-8") && screen.contains("8 first"));
    assert!(!session.screen().contains("is gone"), "{}", session.screen());
    fs::write(&config, format!("\u{feff}{}", good("second").replace('\n', "\r\n"))).unwrap();
    session.until_text("8 second");
}

#[test]
fn what_was_wrong_is_read_again_when_the_theme_that_it_names_comes() {
    let simulator = simulator(10, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    fs::write(&config, text(simulator.addr, &queue("first", "status:unpaid"))).unwrap();
    let session = start(&config, folder.path());
    session.until_text("8 first");
    let later = text(simulator.addr, &queue("later", "status:unpaid"));
    fs::write(&config, format!("theme = \"mine.toml\"\n{later}")).unwrap();
    session.until("what is wrong", |screen| {
        screen.contains("config.toml, line 1") && screen.contains("8 first")
    });
    let theme = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/themes/dark.toml");
    fs::copy(theme, folder.path().join("mine.toml")).unwrap();
    session.until_text("8 later");
}

/// Runs a command of the program on the same vendor, with files in `data`.
fn run(config: &Path, data: &Path, command: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_paydesk"))
        .args(["--config", config.to_str().unwrap(), "--data-dir", data.to_str().unwrap()])
        .args(command)
        .env("PAYDESK_CLIENT_SECRET", "hush")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("{command:?}: {output:?}"))
}

#[test]
fn an_order_paid_by_another_process_shows_its_new_state_within_5_seconds_with_no_key_pressed() {
    let simulator = simulator(30, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    // As it is without any setting of ours.
    fs::write(&config, text(simulator.addr, "")).unwrap();
    let session = start(&config, folder.path());
    session.until("all prices", |screen| screen.contains("30 of 30") && screen.contains("USD"));
    // One on the same journal, and one that shares nothing with us but the vendor.
    for data in [folder.path().join("data"), folder.path().join("elsewhere")] {
        let orders = run(&config, &data, &["orders", "--status", "unpaid", "--json"]);
        let orders = orders["orders"].as_array().unwrap().iter().rev();
        let is_of = |line: &str, number: &str| {
            let mut tails = line.split_whitespace().filter_map(|word| word.strip_prefix('~'));
            tails.any(|tail| tail.len() > 3 && number.ends_with(tail))
        };
        let row =
            |screen: &str, number: &str| screen.lines().find(|line| is_of(line, number)).map(str::to_owned);
        let is_unpaid =
            |number: &str| row(&session.screen(), number).is_some_and(|row| row.contains("unpaid"));
        let pay = |number: &&str| {
            is_unpaid(number)
                && run(&config, &data, &["pay", number, "--method", "deposit", "--yes", "--json"])["outcome"]
                    == "accepted"
        };
        let number = orders.filter_map(|order| order["orderNo"].as_str()).find(pay).expect("one is paid");
        let is_charged = || ledger(&simulator).to_string().contains(number);
        // To others the vendor says so once it has charged.
        let end = Instant::now() + LIMIT;
        while data.ends_with("elsewhere") && !is_charged() && Instant::now() < end {
            thread::sleep(Duration::from_millis(10));
        }
        let paid_at = Instant::now();
        session
            .until("its new state", |screen| row(screen, number).is_some_and(|row| !row.contains("unpaid")));
        assert!(paid_at.elapsed() < Duration::from_secs(5), "{data:?}: {:?}", paid_at.elapsed());
    }
}
