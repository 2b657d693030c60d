//! The real program in a real terminal against the simulator over HTTP. It waits for text, never for time; the one
//! generous limit is reached only by failure.

#![expect(
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on should say so and stop"
)]

use std::{
    io::{Read, Write},
    num::NonZero,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use paydesk::sim::{self, Options, Running, Scenario};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Reached only by failure.
const LIMIT: Duration = Duration::from_secs(30);

/// A card whose digits must be nowhere: it passes Luhn and is in no list of test cards.
const CANARY: &str = "4929123456789015";

fn passes_luhn(number: &str) -> bool {
    paydesk::domain::card::CardNumber::parse(number).is_some_and(|number| number.passes_luhn())
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has at least one row and column")
}

/// The program in its terminal.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    seen: Arc<Mutex<(vt100::Parser, Vec<u8>)>>,
    closing: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

impl Session {
    fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_paydesk"));
        command.args(arguments);
        for name in ["NO_COLOR", "PAYDESK_CLIENT_SECRET", "PAYDESK_CLIENT_ID", "PAYDESK_BASE_URL", "LC_ALL"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("LANG", "en_GB.UTF-8");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let seen = Arc::new(Mutex::new((vt100::Parser::new(cells(40), cells(120), 0), Vec::new())));
        let sink = Arc::clone(&seen);
        let closing = Arc::new(AtomicBool::new(false));
        let close = Arc::clone(&closing);
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 16_384];
            while let Ok(n @ 1..) = output.read(&mut bytes) {
                let mut seen = sink.lock().unwrap();
                seen.0.process(&bytes[..n]);
                seen.1.extend_from_slice(&bytes[..n]);
                if close.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        Self { child, master: Some(pair.master), keys: Some(keys), seen, closing, reader: Some(reader) }
    }

    fn screen(&self) -> String {
        self.seen.lock().unwrap().0.screen().contents()
    }

    fn raw(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap().1).into_owned()
    }

    /// Waits until the screen satisfies `wanted`.
    fn until(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + LIMIT;
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(Instant::now() < end, "waited in vain for {what}:\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn until_text(&self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text))
    }

    fn type_keys(&mut self, keys: &str) {
        let writer = self.keys.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Goes down the list until the detail calls the method that `label` names possible.
    fn go_to(&mut self, label: &str) {
        let (yes, no) = (format!("{label}ok"), format!("{label}no"));
        let title =
            |screen: &str| screen.lines().nth(3).and_then(|line| Some(line.split_once("| ")?.1.to_owned()));
        // The order with the longest time left, so that it does not lapse under the test.
        self.type_keys("SdSdg");
        self.until("the first row to be selected", |screen| {
            screen.lines().nth(4).is_some_and(|row| row.starts_with('>'))
        });
        for _ in 0..60 {
            let screen = self.until(label, |screen| screen.contains(&yes) || screen.contains(&no));
            if screen.contains(&yes) {
                return;
            }
            let before = title(&screen);
            self.type_keys("j");
            self.until("another order", |screen| title(screen) != before);
        }
        panic!("no order offers {label}:\n{}", self.screen());
    }

    /// Closes every end of the terminal that the test holds, as a lost connection does.
    fn hang_up(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // The reader holds an end of its own; the answer to a key lets it see that it should go.
        self.type_keys("j");
        self.reader.take().unwrap().join().unwrap();
        self.keys = None;
        self.master = None;
    }

    /// Waits for the program to end; its exit code.
    fn ended(&mut self) -> u32 {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it did not end:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Every mode that was set was reset, in the reverse order.
    fn left_clean(&self) {
        let end = Instant::now() + LIMIT;
        while !self.raw().ends_with("\x1b[?25h") {
            assert!(
                Instant::now() < end,
                "the terminal was not given back: {:?}",
                self.raw().chars().rev().take(80).collect::<String>()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        let raw = self.raw();
        for mode in ["\x1b[?1049", "\x1b[?2004"] {
            let (on, off) = (raw.rfind(&format!("{mode}h")), raw.rfind(&format!("{mode}l")));
            assert!(on.is_some() && on < off, "{mode:?} was left on");
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _gone = self.child.kill();
    }
}

fn simulator(orders: usize, speed: f64) -> Running {
    let listen = "127.0.0.1:0".parse().unwrap();
    let scenario = "calm-desk".parse::<Scenario>().unwrap();
    sim::spawn(Options {
        listen,
        seed: 7,
        speed,
        orders: Some(orders),
        scenario,
        webhook: None,
        narrator: None,
        log: false,
    })
    .unwrap()
}

/// The console on a simulator of the test's own, with its files in `folder`.
fn console(simulator: &Running, folder: &Path) -> Session {
    let config = folder.join("config.toml");
    let text = format!(
        "[environments.sandbox]\nbase_url = \"http://{}\"\nclient_id = \"test\"\n[polling]\nrequests_per_minute = 600\nsweep_seconds = 5\n",
        simulator.addr
    );
    std::fs::write(&config, text).unwrap();
    let (config, data) = (config.display().to_string(), folder.join("data").display().to_string());
    Session::start(
        &["--config", &config, "--data-dir", &data, "--log-level", "trace"],
        &[("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api")],
    )
}

fn ledger(simulator: &Running) -> serde_json::Value {
    get(simulator, "/_sim/ledger")
}

fn get(simulator: &Running, path: &str) -> serde_json::Value {
    let mut stream = std::net::TcpStream::connect(simulator.addr).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: sim\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// The amount that the confirmation on screen asks for, up to the point.
fn amount_asked(screen: &str) -> String {
    let line = screen.lines().find(|line| line.contains("| Charge")).expect("a confirmation");
    let amount = line.split_whitespace().nth(3).unwrap();
    amount.split('.').next().unwrap().replace(',', "")
}

#[test]
fn an_order_is_seen_paid_by_deposit_and_followed_to_its_ticket() {
    let simulator = simulator(40, 5.0);
    let folder = tempfile::tempdir().unwrap();
    let mut session = console(&simulator, folder.path());
    session.until_text("40 of 4");
    // The queue of unpaid orders.
    session.type_keys("2");
    session.go_to("[1] Deposit   ");
    session.type_keys("$");
    session.until_text("Nothing is in the way");
    session.type_keys("\r");
    let screen = session.until_text("Type the amount");
    let amount = amount_asked(&screen);
    // Wrong first: Enter must not work.
    session.until("the confirmation to listen", |screen| {
        let left = screen.split("valid ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok());
        left.is_some_and(|left| left <= 58)
    });
    session.type_keys("1");
    session.until_text("differs");
    session.type_keys("\r\x7f");
    session.until_text("nothing typed yet");
    session.type_keys(&amount);
    session.until_text("matches");
    session.type_keys("\r");
    session.until_text("[x] ticketed");
    session.type_keys("\x1b");
    session.until_text("data live");
    let book = ledger(&simulator);
    assert_eq!(book["doubleCharges"], serde_json::json!({}));
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    session.left_clean();
}

#[test]
fn card_data_is_nowhere_but_in_the_request() {
    assert!(passes_luhn(CANARY), "a checker that looks for card numbers must see one");
    let simulator = simulator(40, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let mut session = console(&simulator, folder.path());
    session.until_text("40 of 4");
    session.type_keys("2");
    session.go_to("[3] VCC       ");
    session.type_keys("$");
    session.until_text("Checked");
    session.type_keys("3\t");
    session.type_keys(CANARY);
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
        .until("thirty orders", |screen| screen.lines().filter(|line| line.contains(" TESTA")).count() >= 30);
    assert!(screen.starts_with(" DEMO "));
    session.type_keys("L");
    session.until_text("订单号");
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
