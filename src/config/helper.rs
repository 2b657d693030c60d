//! Running the program that gives the secret: a password manager may ask for a pass phrase, so the terminal and standard
//! error are its own for so long, and it has a limit.

use std::{
    io::{self, IsTerminal, Read},
    os::{fd::OwnedFd, unix::process::CommandExt},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use nix::sys::signal::{SigSet, Signal};
use rustix::{
    fs::{Mode, OFlags},
    process::{Pid, Signal as Kill, kill_process_group},
    termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr, tcsetpgrp},
};
use zeroize::Zeroizing;

use super::error::SecretError;
use crate::lang::Lang;

/// A secret is a line; whatever is longer is some other file.
pub(super) const LONGEST: usize = 4096;

/// After so long it is said what is waited for.
const QUIET: Duration = Duration::from_secs(2);

/// Between two looks whether a program that has closed its output has ended too.
const LOOK: Duration = Duration::from_millis(10);

/// What the program of `words` printed, if it ended well within `limit`.
pub(super) fn output(
    words: &[String],
    limit: Duration,
    lang: Lang,
) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(SecretError::Unusable("client_secret_command".into()));
    };
    let until = Instant::now() + limit;
    let cannot_run = |source| SecretError::CannotRun { program: program.clone(), source };
    // A group of its own, so that it can be ended with everything that it has started.
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::inherit())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .process_group(0)
        .spawn()
        .map_err(cannot_run)?;
    let group = Pid::from_child(&child);
    let _terminal = Terminal::lend(group);
    let output = child.stdout.take().map(read).ok_or_else(|| cannot_run(io::ErrorKind::BrokenPipe.into()))?;
    let left = || until.saturating_duration_since(Instant::now());
    let printed = output.recv_timeout(QUIET.min(limit)).or_else(|_| {
        // Behind a question that stands on the line without an end.
        let begin = if io::stderr().is_terminal() { "\n" } else { "" };
        let seconds = left().as_secs();
        let waiting = lang.fill("secret.waiting", &[("program", program), ("seconds", &seconds)]);
        eprintln!("{begin}paydesk: {waiting}");
        output.recv_timeout(left())
    });
    let ended = match &printed {
        Ok(_) => end_of(&mut child, until).map_err(cannot_run)?,
        Err(_) => None,
    };
    let (Ok(printed), Some(status)) = (printed, ended) else {
        // It may have ended just now.
        let _gone = kill_process_group(group, Kill::KILL);
        let _ended = child.wait();
        return Err(SecretError::TooSlow { program: program.clone(), seconds: limit.as_secs() });
    };
    if status.success() {
        printed.map_err(cannot_run)
    } else {
        Err(SecretError::Failed { program: program.clone(), status: status.to_string() })
    }
}

/// Reads on a thread of its own: what the program has started may hold its output open for ever.
fn read(stdout: ChildStdout) -> mpsc::Receiver<io::Result<Zeroizing<Vec<u8>>>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Of full size from the start: a buffer that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
        let read = stdout.take(LONGEST as u64 + 1).read_to_end(&mut bytes);
        // Nobody waits any more once the limit is over.
        let _late = sender.send(read.map(|_| bytes));
    });
    receiver
}

fn end_of(child: &mut Child, until: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        let ended = child.try_wait()?;
        if ended.is_some() || Instant::now() >= until {
            return Ok(ended);
        }
        thread::sleep(LOOK);
    }
}

/// The terminal, while it is another group's: only the group in its foreground may read from it.
struct Terminal {
    tty: OwnedFd,
    ours: Pid,
    /// As it was: a program that is ended while it hides what is typed leaves it so.
    modes: Termios,
}

impl Terminal {
    /// Lends it to `group`, if it is ours to lend.
    fn lend(group: Pid) -> Option<Self> {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let tty = rustix::fs::open("/dev/tty", flags, Mode::empty()).ok()?;
        let ours = rustix::process::getpgrp();
        tcgetpgrp(&tty).ok().filter(|front| *front == ours)?;
        let modes = tcgetattr(&tty).ok()?;
        tcsetpgrp(&tty, group).ok()?;
        // It may have asked already, and been stopped for it.
        let _gone = kill_process_group(group, Kill::CONT);
        Some(Self { tty, ours, modes })
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Whoever takes the terminal from the background is stopped, unless that signal is blocked.
        let mut stop = SigSet::empty();
        stop.add(Signal::SIGTTOU);
        let blocked = stop.thread_block();
        // The shell takes it back in any case when the program ends.
        let _lost = tcsetpgrp(&self.tty, self.ours);
        let _as_they_are = tcsetattr(&self.tty, OptionalActions::Now, &self.modes);
        if blocked.is_ok() {
            let _still_blocked = stop.thread_unblock();
        }
    }
}
