//! A program in a terminal, seen from outside: every piece of its output with the time at which it came.

use std::{
    io::{Read, Write},
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::process::Usage;

/// After so long without output, what a key began is over.
const QUIET: Duration = Duration::from_millis(20);

/// A key that has not shown by then does not show.
const PATIENCE: Duration = Duration::from_millis(300);

pub(crate) const SIZE: (u16, u16) = (120, 40);

/// A program and how it is started.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) command: Vec<String>,
    /// Stands on the screen as soon as there is a row.
    pub(crate) row: &'static str,
}

pub(crate) struct Session {
    child: Box<dyn Child + Send + Sync>,
    pub(crate) pid: u32,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    output: Receiver<(Instant, Vec<u8>)>,
    reader: Option<JoinHandle<()>>,
    closing: Arc<AtomicBool>,
    screen: vt100::Parser,
    started: Instant,
    pub(crate) bytes: usize,
}

/// What came after a key.
pub(crate) struct Burst {
    pub(crate) first: Duration,
    pub(crate) last: Duration,
    pub(crate) bytes: usize,
}

/// How a program went.
pub(crate) struct Left {
    pub(crate) after: Duration,
    pub(crate) code: u32,
    pub(crate) is_clean: bool,
}

fn size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn blank() -> vt100::Parser {
    let cells = |count| NonZero::new(count).unwrap_or(NonZero::<u16>::MIN);
    vt100::Parser::new(cells(SIZE.1), cells(SIZE.0), 0)
}

impl Session {
    pub(crate) fn start(program: &Program) -> Self {
        let pair = native_pty_system().openpty(size(SIZE)).expect("a terminal");
        let mut command = CommandBuilder::new(&program.command[0]);
        command.args(&program.command[1..]);
        for name in ["NO_COLOR", "STY", "TMUX", "LC_ALL", "LC_CTYPE"] {
            command.env_remove(name);
        }
        let variables = [
            ("TERM", "xterm-256color"),
            ("COLORTERM", "truecolor"),
            ("LANG", "en_GB.UTF-8"),
            ("PAYDESK_CLIENT_SECRET", "measured"),
        ];
        for (name, value) in variables {
            command.env(name, value);
        }
        let mut output = pair.master.try_clone_reader().expect("a reader");
        let keys = pair.master.take_writer().expect("a writer");
        let closing = Arc::new(AtomicBool::new(false));
        let (sender, receiver) = channel();
        let close = Arc::clone(&closing);
        let reader = std::thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(n @ 1..) = output.read(&mut bytes) {
                let piece = (Instant::now(), bytes[..n].to_vec());
                if sender.send(piece).is_err() || close.load(Ordering::SeqCst) {
                    break;
                }
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program");
        let pid = child.process_id().expect("a process");
        Self {
            child,
            pid,
            master: Some(pair.master),
            keys: Some(keys),
            output: receiver,
            reader: Some(reader),
            closing,
            screen: blank(),
            started,
            bytes: 0,
        }
    }

    /// The next piece of output, if it comes in time.
    fn piece(&mut self, patience: Duration) -> Option<(Instant, usize)> {
        let (at, bytes) = self.output.recv_timeout(patience).ok()?;
        self.screen.process(&bytes);
        self.bytes += bytes.len();
        Some((at, bytes.len()))
    }

    pub(crate) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Takes in everything until there has been nothing for so long; of what never falls silent, five seconds.
    pub(crate) fn settle(&mut self, quiet: Duration) {
        let end = Instant::now() + Duration::from_secs(5);
        while self.piece(quiet).is_some() && Instant::now() < end {}
    }

    /// Takes in what comes in so long.
    pub(crate) fn watch(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            self.piece(left);
        }
    }

    /// The same as [`Self::settle`]; when the last piece of it came.
    pub(crate) fn drain(&mut self, quiet: Duration) -> Option<Instant> {
        let mut last = None;
        while let Some((at, _)) = self.piece(quiet) {
            last = Some(at);
        }
        last
    }

    /// Lets what was drawn for other sizes go unseen.
    pub(crate) fn forget(&mut self) {
        while let Ok((_, bytes)) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.bytes += bytes.len();
        }
        self.screen = blank();
    }

    /// From the start until this text is on the screen, and what was computed until then.
    pub(crate) fn until(&mut self, text: &str, limit: Duration) -> Option<(Duration, Duration)> {
        while self.started.elapsed() < limit {
            if let Some((at, _)) = self.piece(PATIENCE)
                && self.text().contains(text)
            {
                return Some((at - self.started, Usage::of(self.pid).cpu));
            }
        }
        None
    }

    pub(crate) fn write(&mut self, keys: &str) -> Instant {
        let at = Instant::now();
        let writer = self.keys.as_mut().expect("a session that was not hung up");
        // A program that has gone takes no keys; that shows elsewhere.
        let _gone = writer.write_all(keys.as_bytes()).and_then(|()| writer.flush());
        at
    }

    /// Presses a key and waits until what it began is over. `None` when nothing came.
    pub(crate) fn press(&mut self, keys: &str) -> Option<Burst> {
        while self.piece(Duration::ZERO).is_some() {}
        let at = self.write(keys);
        let (first, mut bytes) = self.piece(PATIENCE)?;
        let mut last = first;
        while let Some((then, more)) = self.piece(QUIET) {
            last = then;
            bytes += more;
            // A program that never falls silent: its clock is not the key's.
            if last - at > PATIENCE {
                break;
            }
        }
        Some(Burst { first: first - at, last: last - at, bytes })
    }

    pub(crate) fn resize(&mut self, to: (u16, u16)) {
        let master = self.master.as_ref().expect("a session that was not hung up");
        master.resize(size(to)).expect("a size");
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until the program has gone.
    fn gone(&mut self, since: Instant) -> Option<Left> {
        let code = loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                break status.exit_code();
            }
            if since.elapsed() > Duration::from_secs(5) {
                return None;
            }
            std::thread::sleep(Duration::from_micros(50));
        };
        let after = since.elapsed();
        self.settle(Duration::from_millis(50));
        let screen = self.screen.screen();
        let modes = screen.alternate_screen() || screen.hide_cursor() || screen.bracketed_paste();
        let is_raw = self.master.as_ref().and_then(|master| master.get_termios()).is_some_and(|termios| {
            // The debug form names the flags that are set; the type itself is of another crate.
            !format!("{:?}", termios.local_flags).contains("ICANON")
        });
        Some(Left { after, code, is_clean: !modes && !is_raw })
    }

    pub(crate) fn quit(&mut self, key: &str) -> Option<Left> {
        let at = self.write(key);
        self.gone(at)
    }

    pub(crate) fn terminate(&mut self) -> Option<Left> {
        let at = Instant::now();
        kill(Pid::from_raw(self.pid.cast_signed()), Signal::SIGTERM).ok()?;
        self.gone(at)
    }

    /// Closes the terminal, as a lost connection does.
    pub(crate) fn hang_up(&mut self) -> Option<Left> {
        self.closing.store(true, Ordering::SeqCst);
        // The reader holds an end of its own: the answer to a key lets it see that it should go.
        self.write("\x1b[B");
        let reader = self.reader.take()?;
        let end = Instant::now() + Duration::from_secs(5);
        while !reader.is_finished() && Instant::now() < end {
            self.write("\x1b[A");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.keys = None;
        let at = Instant::now();
        self.master = None;
        self.gone(at)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}
