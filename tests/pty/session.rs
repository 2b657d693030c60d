//! The program in a terminal of its own. It is waited for by text, never by time; the one generous limit is reached
//! only by failure.

use std::{
    io::{Read, Write},
    num::NonZero,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use unicode_width::UnicodeWidthStr as _;

/// Between two keys of a hand that types eight in a second.
const HAND: Duration = Duration::from_millis(125);

/// After so long nothing of a burst is left, not even the time in which no key answers.
const REST: Duration = Duration::from_millis(350);

/// Reached only by failure.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

pub(crate) fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has at least one row and column")
}

/// The program in its terminal.
pub(crate) struct Session {
    pub(crate) child: Box<dyn Child + Send + Sync>,
    pub(crate) master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    pub(crate) seen: Arc<Mutex<(vt100::Parser, Vec<u8>)>>,
    closing: Arc<AtomicBool>,
    reader: Option<JoinHandle<()>>,
}

impl Session {
    pub(crate) fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::sized((120, 40), env!("CARGO_BIN_EXE_paydesk"), arguments, variables)
    }

    /// Any program in a terminal that says it has so many columns and rows.
    pub(crate) fn sized(
        (cols, rows): (u16, u16),
        program: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        for name in ["PAYDESK_CLIENT_SECRET", "PAYDESK_CLIENT_ID", "PAYDESK_BASE_URL"] {
            command.env_remove(name);
        }
        for name in ["NO_COLOR", "COLORTERM", "COLORFGBG", "STY", "TMUX", "LC_ALL", "LC_CTYPE"] {
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
        // One that says no size is taken for one of 80x24.
        let (rows, cols) = (cells(rows.max(24)), cells(cols.max(80)));
        let seen = Arc::new(Mutex::new((vt100::Parser::new(rows, cols, 0), Vec::new())));
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

    pub(crate) fn screen(&self) -> String {
        self.seen.lock().unwrap().0.screen().contents()
    }

    pub(crate) fn raw(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap().1).into_owned()
    }

    /// Waits until the screen satisfies `wanted`.
    pub(crate) fn until(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        self.until_for(what, LIMIT, wanted)
    }

    /// The same for what takes longer than anything should.
    pub(crate) fn until_for(&self, what: &str, limit: Duration, wanted: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + limit;
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(Instant::now() < end, "waited in vain for {what}:\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn until_text(&self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text))
    }

    /// Types as a hand does, at eight keys a second: faster ones are taken for a paste.
    pub(crate) fn type_keys(&mut self, keys: &str) {
        for key in keys.chars() {
            std::thread::sleep(HAND);
            self.write(key.encode_utf8(&mut [0; 4]));
        }
    }

    /// What a terminal without bracketed paste makes of a paste, with so long between two keys; at once, in one write.
    /// The time between is waited for awake, since sleeping may take longer than asked.
    pub(crate) fn burst(&mut self, keys: &str, gap: Duration) {
        std::thread::sleep(HAND);
        if gap.is_zero() {
            self.write(keys);
        } else {
            for key in keys.chars() {
                self.write(key.encode_utf8(&mut [0; 4]));
                let next = Instant::now() + gap;
                while Instant::now() < next {
                    std::hint::spin_loop();
                }
            }
        }
        std::thread::sleep(REST);
    }

    /// A text for the field that has the focus, as fast as it goes.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.burst(text, Duration::ZERO);
    }

    /// What the terminal itself has to say, in one write.
    pub(crate) fn answer(&mut self, bytes: &str) {
        self.write(bytes);
    }

    fn write(&mut self, keys: &str) {
        let writer = self.keys.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// From now on keys go by a line that is put between.
    pub(crate) fn lengthen<L: Write + Send + 'static>(
        &mut self,
        line: impl FnOnce(Box<dyn Write + Send>) -> L,
    ) {
        self.keys = self.keys.take().map(|keys| Box::new(line(keys)) as Box<dyn Write + Send>);
    }

    /// Filters the list down to one order, which is then the selected one.
    pub(crate) fn select(&mut self, order: &str) {
        // Over what was filtered by before, perhaps by another console that was left so.
        self.type_keys("/\x15");
        self.type_text(order);
        self.type_keys("\r");
        self.until("the order to be selected", |screen| {
            selected_row(screen).is_some() && detailed(screen).as_deref() == Some(order)
        });
    }

    /// Goes down the list until the detail calls the method possible, which is given as it stands there.
    pub(crate) fn go_to(&mut self, method: &str) {
        // The order with the longest time left, so that it does not lapse under the test.
        // Rows move while deadlines become known: the first one is asked for until it stays the first.
        self.type_keys("SdSd");
        let is_first = |screen: &str| screen.lines().nth(4) == selected_row(screen);
        let end = Instant::now() + LIMIT;
        while !is_first(&self.screen()) {
            assert!(Instant::now() < end, "the first row is never selected:\n{}", self.screen());
            self.type_keys("g");
            std::thread::sleep(Duration::from_millis(300));
        }
        let is_possible = |screen: &str| {
            let said = screen.lines().find_map(|line| line.split_once(method))?.1.trim_start();
            said.starts_with('✓').then_some(true).or(said.starts_with('✗').then_some(false))
        };
        for _ in 0..60 {
            let screen = self.until(method, |screen| is_possible(screen).is_some());
            if is_possible(&screen) == Some(true) {
                return;
            }
            let before = detailed(&screen);
            self.type_keys("j");
            self.until("another order", |screen| detailed(screen) != before);
        }
        panic!("no order offers {method}:\n{}", self.screen());
    }

    /// Closes every end of the terminal that the test holds, as a lost connection does.
    pub(crate) fn hang_up(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // The reader holds an end of its own; the answer to a key lets it see that it should go.
        self.type_keys("j");
        self.reader.take().unwrap().join().unwrap();
        self.keys = None;
        self.master = None;
    }

    /// Waits for the program to end; its exit code.
    pub(crate) fn ended(&mut self) -> u32 {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.read_all(end);
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it did not end:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it wrote last may still be on its way when it has ended: the terminal closes behind that.
    fn read_all(&self, end: Instant) {
        while self.reader.as_ref().is_some_and(|reader| !reader.is_finished()) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Every mode that was set was reset, in the reverse order.
    pub(crate) fn left_clean(&self) {
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
        for mode in ["\x1b[?1049", "\x1b[?2004", "\x1b[?1004"] {
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

/// The row of the table that is selected.
pub(crate) fn selected_row(screen: &str) -> Option<&str> {
    screen.lines().find(|line| line.chars().nth(2) == Some('▌'))
}

/// The order whose detail is shown, by the title of its pane.
fn detailed(screen: &str) -> Option<String> {
    let title = screen.lines().find_map(|line| line.split_once("─ TESTA"))?.1;
    Some(format!("TESTA{}", title.split(' ').next()?))
}

/// What stands in each pane, or beside all of them, from top to bottom: the parts of the screen that begin in the same column,
/// without frames and edges.
pub(crate) fn panes(screen: &str) -> Vec<String> {
    let mut panes = std::collections::BTreeMap::<usize, String>::new();
    for line in screen.lines() {
        let mut column = 0;
        for part in line.split('│') {
            let pane = panes.entry(column).or_default();
            pane.push_str(part.trim_matches(['▌', ' ']));
            pane.push('\n');
            column += part.width() + 1;
        }
    }
    panes.into_values().collect()
}
