//! The real program in a real terminal against the simulator over HTTP.

#![expect(
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so and stop"
)]

#[path = "../line/mod.rs"]
mod line;
#[path = "../sample/mod.rs"]
mod sample;

mod airlines;
mod alerts;
mod commit;
mod day;
mod far;
mod first_run;
mod hints;
mod hybrid;
mod mouse;
mod outside;
mod paste;
mod put_away;
mod reload;
mod session;
mod silent;
mod suspend;
mod together;
mod typed;
mod unknown;
mod walks;

use std::{io::Write as _, path::Path};

use paydesk::{
    lang::Lang,
    sim::{self, Running},
};
use portable_pty::PtySize;

use self::session::{Session, cells};

/// A card whose digits must be nowhere: it passes Luhn and is in no list of test cards.
const CANARY: &str = "4929123456789015";

fn passes_luhn(number: &str) -> bool {
    paydesk::domain::card::CardNumber::parse(number).is_some_and(|number| number.passes_luhn())
}

fn simulator(orders: usize, speed: f64) -> Running {
    story("calm-desk", Some(orders), speed)
}

fn story(scenario: &str, orders: Option<usize>, speed: f64) -> Running {
    sim::spawn(sample::story(scenario, orders, speed)).unwrap()
}

/// The console on a simulator of the test's own, with its files in `folder`.
fn console(simulator: &Running, folder: &Path) -> Session {
    console_at(simulator.addr, folder)
}

fn console_at(addr: std::net::SocketAddr, folder: &Path) -> Session {
    program_at(addr, folder, &[])
}

/// Any command of the program, with the same files.
fn program_at(addr: std::net::SocketAddr, folder: &Path, command: &[&str]) -> Session {
    program_of("li", addr, folder, command)
}

/// The same, at which somebody else sits.
fn program_of(user: &str, addr: std::net::SocketAddr, folder: &Path, command: &[&str]) -> Session {
    let global = program_arguments(addr, folder);
    let global: Vec<&str> = global.iter().map(String::as_str).collect();
    let variables = [("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api"), ("USER", user)];
    Session::start(&[&global, command].concat(), &variables)
}

/// Where the program finds its configuration, which is written here, and its data.
fn program_arguments(addr: std::net::SocketAddr, folder: &Path) -> Vec<String> {
    let config = folder.join("config.toml");
    let text = format!(
        "[environments.sandbox]\nbase_url = \"http://{addr}\"\nclient_id = \"test\"\n[polling]\nrequests_per_minute = 600\nsweep_seconds = 5\n",
    );
    std::fs::write(&config, text).unwrap();
    let (config, data) = (config.display().to_string(), folder.join("data").display().to_string());
    ["--config", &config, "--data-dir", &data, "--log-level", "trace"].map(str::to_owned).into()
}

fn ledger(simulator: &Running) -> serde_json::Value {
    get(simulator, "/_sim/ledger")
}

fn get(simulator: &Running, path: &str) -> serde_json::Value {
    let mut stream = std::net::TcpStream::connect(simulator.addr).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: sim\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// The amount that the confirmation on screen asks for, up to the point.
fn amount_asked(screen: &str) -> String {
    let sources = ["confirm.leaves_deposit", "confirm.leaves_account", "confirm.leaves_card"];
    let source = |lang: Lang, key| lang.find(key).and_then(|text| text.split('{').next()).unwrap_or_default();
    let sources = [Lang::En, Lang::ZhCn].map(|lang| sources.map(|key| source(lang, key))).concat();
    let sum = |line: &str| {
        let before = sources.iter().find_map(|source| line.split_once(source))?.0;
        before
            .split_whitespace()
            .last()
            .filter(|sum| sum.starts_with(|c: char| c.is_ascii_digit()))
            .map(str::to_owned)
    };
    let amount = screen.lines().find_map(sum).expect("a confirmation");
    amount.split('.').next().unwrap().replace(',', "")
}

/// True when `word` stands behind the mark of what is done.
fn is_marked(screen: &str, word: &str) -> bool {
    ["v", "✓"].iter().any(|mark| screen.contains(&format!("{mark} {word}")))
}

/// The amount that was typed is the one that was asked for.
fn matches_amount(screen: &str) -> bool {
    is_marked(screen, "matches")
}

/// A confirmation ignores what is typed in its first moment.
fn listens(screen: &str) -> bool {
    let left = |lang: Lang| {
        let word = lang.text("confirm.valid").split('{').next()?;
        screen.split(word).nth(1)?.split_whitespace().next()?.parse::<u32>().ok()
    };
    [Lang::En, Lang::ZhCn].into_iter().find_map(left).is_some_and(|left| left <= 58)
}

#[test]
fn an_order_is_seen_paid_by_deposit_and_followed_to_its_ticket() {
    let simulator = simulator(40, 5.0);
    let folder = tempfile::tempdir().unwrap();
    let mut session = console(&simulator, folder.path());
    session.until_text("40 of 4");
    pays_to_the_ticket(&mut session);
    assert_eq!(ledger(&simulator)["doubleCharges"], serde_json::json!({}));
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    session.left_clean();
}

/// Pays an order by deposit, and stays with it until it is ticketed.
fn pays_to_the_ticket(session: &mut Session) {
    // The queue of unpaid orders.
    session.type_keys("2");
    session.go_to(" 1 Deposit ");
    session.type_keys("$");
    session.until_text("Nothing is in the way");
    session.type_keys("\r");
    let screen = session.until_text("Type the amount");
    let amount = amount_asked(&screen);
    // Wrong first: Enter must not work.
    session.until("the confirmation to listen", listens);
    session.type_keys("1");
    session.until_text("differs");
    session.type_keys("\r\x7f");
    session.until_text("nothing typed yet");
    session.type_keys(&amount);
    session.until("the amount to match", matches_amount);
    session.type_keys("\r");
    session.until("a milestone", |screen| is_marked(screen, "ticketed"));
    session.type_keys("\x1b");
    session.until_text("/ filter");
}

#[test]
fn card_data_is_nowhere_but_in_the_request() {
    assert!(passes_luhn(CANARY), "a checker that looks for card numbers must see one");
    let simulator = simulator(40, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let mut session = console(&simulator, folder.path());
    session.until_text("40 of 4");
    session.type_keys("2");
    session.go_to(" 3 VCC ");
    session.type_keys("$");
    session.until_text("Checked");
    session.type_keys("3");
    session.type_text(CANARY);
    session.until_text(&format!("************{}", &CANARY[12..]));
    session.type_keys("\t08\t29\t739\tCANARY\tBIRD\t");
    session.type_keys("\x1b");
    session.until_text("Esc again leaves");
    session.type_keys("\x1b");
    session.until_text("data live");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    let mut scanned = vec![("screen".to_owned(), session.raw())];
    collect(folder.path(), &mut scanned);
    assert!(
        scanned.len() >= 3,
        "journal and log were written: {:?}",
        scanned.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    for (name, text) in scanned {
        assert!(!text.contains(CANARY) && !text.contains(&CANARY[..12]), "the card's number is in {name}");
        assert!(!text.contains("canary-secret-of-the-api"), "the API's secret is in {name}");
    }
}

fn collect(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else {
            into.push((
                path.display().to_string(),
                String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned(),
            ));
        }
    }
}

#[test]
fn the_demo_needs_nothing_and_shows_thirty_orders() {
    let mut session = Session::start(&["demo", "--orders", "40", "--seed", "7"], &[]);
    let screen = session
        .until("thirty orders", |screen| screen.lines().filter(|line| line.contains(" ~")).count() >= 30);
    assert!(screen.starts_with(" DEMO "));
    session.type_keys("L");
    session.until_text("订单号");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    session.left_clean();
}

#[test]
fn the_doctor_shows_every_role_in_its_looks_on_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "").unwrap();
    let config = config.display().to_string();
    let mut session = Session::start(&["--config", &config, "--data-dir", &config, "doctor"], &[]);
    session.until_text("theme = \"mono\"");
    session.ended();
    let raw = session.raw();
    assert!(raw.contains("\x1b[2mmuted") && raw.contains("\x1b[7mselection"), "{raw:?}");
    // Nothing in bright black, by either way of asking for it.
    assert!(!raw.contains("\x1b[90m") && !raw.contains("38;5;8"), "{raw:?}");
}

#[test]
fn the_terminals_answer_gives_the_console_its_ground_and_is_no_key_wherever_the_line_breaks_it() {
    const GROUND: &str = "48;2;15;20;25";
    let mut session = Session::start(&["demo"], &[("COLORTERM", "truecolor")]);
    session.until_text("data live");
    let raw = session.raw();
    assert!(raw.contains("\x1b]11;?\x1b\\") && !raw.contains(GROUND), "{raw:?}");
    for part in ["\x1b", "]11;rgb:1e1e/1e", "1e/2e2e\x1b\\"] {
        session.answer(part);
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    session.until("the ground", |_| session.raw().contains(GROUND));
    let screen = session.screen();
    assert!(screen.contains("data live"), "a letter of it was taken for a key: {screen}");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    session.left_clean();
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let mut session = Session::start(&["demo"], &[]);
    session.until_text("data live");
    let pid =
        rustix::process::Pid::from_raw(i32::try_from(session.child.process_id().unwrap()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(session.ended(), 143);
    session.left_clean();
}

#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    let mut session = Session::start(&["demo"], &[]);
    session.until_text("data live");
    session.hang_up();
    session.ended();
}

#[test]
fn a_key_pressed_while_the_window_changes_is_not_lost() {
    let mut session = Session::start(&["demo"], &[]);
    session.until_text("data live");
    for round in 0..30 {
        let size = PtySize { rows: 40 - round % 2, cols: 120, pixel_width: 0, pixel_height: 0 };
        session.master.as_ref().unwrap().resize(size).unwrap();
        session.type_keys("L");
        session.until_text(if round % 2 == 0 { "订单号" } else { "ORDER" });
    }
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
}

#[test]
fn a_terminal_without_a_size_is_taken_for_one_of_80x24_and_that_is_said() {
    for size in [(0, 0), (1, 1), (0, 24), (80, 0)] {
        let mut session = Session::sized(size, env!("CARGO_BIN_EXE_paydesk"), &["demo"], &[]);
        session.until_text("reports no size: 80x24 is assumed");
        // It lies over the keys of the last line until one is pressed.
        session.type_keys("j");
        session.until(&format!("the last of 24 lines at {size:?}"), |screen| {
            screen.lines().nth(23).is_some_and(|line| line.contains("? keys"))
        });
        session.type_keys("q");
        assert_eq!(session.ended(), 0);
    }
}

#[test]
fn a_storm_of_sizes_is_survived() {
    let mut session = Session::start(&["demo"], &[]);
    session.until_text("data live");
    for (rows, cols) in [(1, 1), (200, 300), (24, 80), (2, 300), (60, 10), (23, 79), (40, 120)] {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        session.master.as_ref().unwrap().resize(size).unwrap();
        session.seen.lock().unwrap().0.screen_mut().set_size(cells(rows), cells(cols));
        session.type_keys("j??");
    }
    session.until_text("data live");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
}
