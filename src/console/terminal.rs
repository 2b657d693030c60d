//! The terminal: entering and leaving are mirror images, leaving is idempotent and happens on every way out.
//!
//! One `poll` waits for the keyboard, for signals, and for the desk, so an idle console does not wake at all, and a
//! terminal that has gone away is noticed before anything reads from it (crossterm alone would spin on it).

use std::{
    io::{self, Read, Write},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    panic,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use crossterm::{
    cursor, event, execute,
    terminal::{self, EnterAlternateScreen, LeaveAlternateScreen},
};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH},
    low_level::pipe,
};

/// What `poll` says of a terminal that has gone away.
const DEAD: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

/// True between entering and leaving.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Why `wait` returned. Several may be true at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of one moment, not a state")]
pub struct Ready {
    /// Keys, pastes or focus changes can be read.
    pub input: bool,
    /// The window may have another size.
    pub resized: bool,
    /// The desk has put something into the mailbox.
    pub news: bool,
    /// SIGTERM, SIGINT or SIGHUP came.
    pub stop: bool,
    /// The terminal is gone.
    pub gone: bool,
}

/// The terminal, entered.
pub struct Terminal {
    stop: UnixStream,
    resized: UnixStream,
    news: UnixStream,
    bell: UnixStream,
}

impl Terminal {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste, hidden cursor. From here on a panic of
    /// this thread gives it back before its message is printed; those of others go to the log, not across the screen.
    pub fn enter() -> io::Result<Self> {
        let (stop, on_stop) = UnixStream::pair()?;
        let (resized, on_resize) = UnixStream::pair()?;
        let (news, bell) = UnixStream::pair()?;
        for end in [&stop, &resized, &news, &bell] {
            end.set_nonblocking(true)?;
        }
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            pipe::register(signal, on_stop.try_clone()?)?;
        }
        pipe::register(SIGWINCH, on_resize)?;
        let before = panic::take_hook();
        let ours = thread::current().id();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == ours {
                leave();
                before(info);
            } else {
                // Where, and not what: the words of a panic may hold anything.
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                tracing::error!(place, "a part of the program broke off");
            }
        }));
        ENTERED.store(true, Ordering::SeqCst);
        terminal::enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, event::EnableBracketedPaste, cursor::Hide)?;
        Ok(Self { stop, resized, news, bell })
    }

    /// True when the terminal has gone away. Asked before every read, since the library never comes back from
    /// reading one that has.
    pub fn is_gone(&self) -> io::Result<bool> {
        let stdin = io::stdin();
        let mut fds = [watch(stdin.as_fd())];
        match poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })) {
            Ok(_) => Ok(fds[0].revents().intersects(DEAD)),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes the library look at the keyboard again. It waits for edges, and loses the keyboard's when the window
    /// changes its size at the same moment: then `wait` sees bytes that it does not. Setting the terminal's
    /// attributes to what they are wakes everything that waits on it.
    pub fn look_again(&self) -> io::Result<()> {
        let stdin = io::stdin();
        let attributes = tcgetattr(&stdin)?;
        tcsetattr(&stdin, OptionalActions::Now, &attributes)?;
        Ok(())
    }

    /// Something that makes `wait` return, to be called from another thread.
    pub fn waker(&self) -> io::Result<impl Fn() + Send + 'static> {
        let bell = self.bell.try_clone()?;
        // A full pipe already wakes.
        Ok(move || drop((&bell).write(&[1])))
    }

    /// Waits for something to do, at most `patience`; `None` waits for ever.
    pub fn wait(&self, patience: Option<Duration>) -> io::Result<Ready> {
        let stdin = io::stdin();
        let mut fds = [
            watch(stdin.as_fd()),
            watch(self.stop.as_fd()),
            watch(self.resized.as_fd()),
            watch(self.news.as_fd()),
        ];
        let patience = patience.map(|time| Timespec {
            tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: i64::from(time.subsec_nanos()),
        });
        match poll(&mut fds, patience.as_ref()) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(Ready::default()),
            Err(error) => return Err(error.into()),
        }
        let [keys, stop, resized, news] = fds.map(|fd| fd.revents());
        Ok(Ready {
            input: keys.contains(PollFlags::IN),
            gone: keys.intersects(DEAD),
            stop: emptied(&self.stop, stop),
            resized: emptied(&self.resized, resized),
            news: emptied(&self.news, news),
        })
    }
}

fn watch(fd: BorrowedFd<'_>) -> PollFd<'_> {
    PollFd::from_borrowed_fd(fd, PollFlags::IN)
}

/// Takes the bytes out of a pipe that only says "now".
fn emptied(mut pipe: &UnixStream, flags: PollFlags) -> bool {
    let any = flags.contains(PollFlags::IN);
    if any {
        let mut rest = [0; 64];
        while matches!(pipe.read(&mut rest), Ok(n) if n > 0) {}
    }
    any
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

/// Gives the terminal back as it was. Every step is tried, and calling it again does nothing.
pub fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // Nothing can be done about a terminal that is gone, so every step's failure is passed over.
    let _shown = execute!(io::stdout(), event::DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _cooked = terminal::disable_raw_mode();
}

/// Puts `text` on the terminal's clipboard (OSC 52), through tmux as well. Never used for card data.
pub fn copy(text: &str) -> io::Result<()> {
    execute!(io::stdout(), crossterm::clipboard::CopyToClipboard::to_clipboard_from(text))
}

/// Rings the bell.
pub fn ring() -> io::Result<()> {
    io::stdout().write_all(b"\x07").and_then(|()| io::stdout().flush())
}
