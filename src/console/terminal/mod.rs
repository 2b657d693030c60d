//! The terminal: entering and leaving are mirror images, leaving is idempotent and happens on every way out.
//!
//! One `poll` waits for the keyboard, for signals, and for the desk, so an idle console does not wake at all, and a
//! terminal that has gone away is noticed before anything reads from it (crossterm alone would spin on it).

pub mod backend;
pub mod background;
pub(super) mod escape;
pub(super) mod opener;
pub(super) mod pen;
pub mod screen;
mod scroll;

use std::{
    fs::File,
    io::{self, Read, Write},
    os::{
        fd::{AsFd, BorrowedFd},
        unix::net::UnixStream,
    },
    panic,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use crossterm::{
    cursor,
    event::{self, Event},
    execute, style,
    terminal::{self, EnterAlternateScreen, LeaveAlternateScreen},
};
use jiff::Timestamp;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Signal, getpgrp, getpid, getsid, kill_current_process_group, kill_process},
    termios::{OptionalActions, QueueSelector, tcflush, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr},
};
use signal_hook::{
    consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH},
    low_level::pipe,
};

use self::{
    backend::{Backend, Ready},
    background::QUESTION,
    screen::{Screen, Size},
};
use super::model::When;

/// What `poll` says of a terminal that has gone away.
const DEAD: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

/// True between entering and leaving.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// True while the window has a title of ours.
static ENTITLED: AtomicBool = AtomicBool::new(false);
/// True while the mouse is taken from the terminal, also while that is left for a time.
static HAS_MOUSE: AtomicBool = AtomicBool::new(false);

/// Clicks and the wheel are told, in the form that knows every column; moves are not.
const TAKE_MOUSE: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const GIVE_MOUSE: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// The terminal, entered.
pub struct Terminal {
    stop: UnixStream,
    suspend: UnixStream,
    continued: UnixStream,
    resized: UnixStream,
    news: UnixStream,
    bell: UnixStream,
    screen: Screen<File>,
    /// The keyboard was there a moment ago, when it was waited for.
    is_there: bool,
    entered: Instant,
}

impl Terminal {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste, hidden cursor. From here on a panic of
    /// this thread gives it back before its message is printed; those of others go to the log, not across the screen.
    pub fn enter() -> io::Result<Self> {
        let (stop, on_stop) = UnixStream::pair()?;
        let (suspend, on_suspend) = UnixStream::pair()?;
        let (continued, on_continue) = UnixStream::pair()?;
        let (resized, on_resize) = UnixStream::pair()?;
        let (news, bell) = UnixStream::pair()?;
        for end in [&stop, &suspend, &continued, &resized, &news, &bell] {
            end.set_nonblocking(true)?;
        }
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            pipe::register(signal, on_stop.try_clone()?)?;
        }
        pipe::register(SIGTSTP, on_suspend)?;
        pipe::register(SIGCONT, on_continue)?;
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
        let term = std::env::var("TERM").unwrap_or_default();
        // The standard output of the library is written line by line, and a frame has the ends of some in it.
        let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        let screen = Screen::new(out, size()?.usable()).moving_lines(scroll::is_known(&term));
        let entered = Instant::now();
        let is_there = false;
        let terminal = Self { stop, suspend, continued, resized, news, bell, screen, is_there, entered };
        take()?;
        Ok(terminal)
    }

    /// Something that makes `wait` return, to be called from another thread.
    pub fn waker(&self) -> io::Result<impl Fn() + Send + 'static> {
        let bell = self.bell.try_clone()?;
        // A full pipe already wakes.
        Ok(move || drop((&bell).write(&[1])))
    }

    /// Stops this process until somebody lets it go on.
    fn halt(&self) -> io::Result<()> {
        emptied(&self.continued, PollFlags::IN);
        kill_process(getpid(), Signal::STOP)?;
        // The stop need not have come true yet; what follows may only happen after it.
        let mut fds = [watch(self.continued.as_fd())];
        while let Err(error) = poll(&mut fds, None) {
            if error != rustix::io::Errno::INTR {
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn is_asked_to_end(&self) -> io::Result<bool> {
        let mut fds = [watch(self.stop.as_fd())];
        Ok(poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }))? > 0)
    }
}

impl Backend for Terminal {
    fn now(&self) -> When {
        When { wall: Timestamp::now(), up: self.entered.elapsed() }
    }

    fn wait(&mut self, patience: Option<Duration>) -> io::Result<Ready> {
        let stdin = io::stdin();
        let mut fds = [
            watch(stdin.as_fd()),
            watch(self.stop.as_fd()),
            watch(self.suspend.as_fd()),
            watch(self.continued.as_fd()),
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
        let [keys, stop, suspend, continued, resized, news] = fds.map(|fd| fd.revents());
        self.is_there = !keys.intersects(DEAD);
        Ok(Ready {
            input: keys.contains(PollFlags::IN),
            gone: keys.intersects(DEAD),
            stop: emptied(&self.stop, stop),
            suspend: emptied(&self.suspend, suspend),
            continued: emptied(&self.continued, continued),
            resized: emptied(&self.resized, resized),
            news: emptied(&self.news, news),
        })
    }

    fn next_event(&mut self) -> io::Result<Option<Event>> {
        let is_there = std::mem::take(&mut self.is_there) || !is_gone()?;
        if is_there && event::poll(Duration::ZERO)? { event::read().map(Some) } else { Ok(None) }
    }

    fn look_again(&mut self) -> io::Result<()> {
        // It waits for edges, and loses the keyboard's when the window changes its size at the same moment. Setting the
        // terminal's attributes to what they are wakes everything that waits on it.
        let stdin = io::stdin();
        let attributes = tcgetattr(&stdin)?;
        tcsetattr(&stdin, OptionalActions::Now, &attributes)?;
        Ok(())
    }

    fn ask_background(&mut self) -> io::Result<()> {
        io::stdout().write_all(QUESTION).and_then(|()| io::stdout().flush())
    }

    fn size(&self) -> io::Result<Size> {
        size()
    }

    fn draw(&mut self, first: Rect, view: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        self.screen.draw(first, view)
    }

    fn draw_over(&mut self, first: Rect, view: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        self.screen.draw_over(first, view)
    }

    fn reset(&mut self, size: (u16, u16)) {
        self.screen.reset(size);
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        send(&escape::copying(text)?)
    }

    fn open(&mut self, link: &str) -> io::Result<bool> {
        opener::open(link)
    }

    fn notify(&mut self, text: &str) -> io::Result<()> {
        send(&escape::notifying(text))
    }

    fn entitle(&mut self, title: &str) -> io::Result<()> {
        // The one that the window had is put by, where the terminal can.
        let push = if ENTITLED.swap(true, Ordering::SeqCst) { "" } else { escape::PUSH_TITLE };
        send(&[push.to_owned(), escape::title(title)])
    }

    fn ring(&mut self) -> io::Result<()> {
        io::stdout().write_all(b"\x07").and_then(|()| io::stdout().flush())
    }

    fn capture_mouse(&mut self, is_ours: bool) -> io::Result<()> {
        HAS_MOUSE.store(is_ours, Ordering::SeqCst);
        let sequence = if is_ours { TAKE_MOUSE } else { GIVE_MOUSE };
        io::stdout().write_all(sequence).and_then(|()| io::stdout().flush())
    }

    fn ask_to_stop(&mut self) -> io::Result<bool> {
        if getpgrp() == getsid(None)? {
            return Ok(false);
        }
        kill_current_process_group(Signal::TSTP)?;
        Ok(true)
    }

    fn suspend(&mut self, last_words: &str) -> io::Result<()> {
        leave();
        // A shell may be gone; then nobody is left to read it.
        let _unheard = writeln!(io::stderr(), "{last_words}");
        self.halt()
    }

    fn take_again(&mut self) -> io::Result<bool> {
        loop {
            if self.is_asked_to_end()? {
                return Ok(false);
            }
            if is_in_foreground() {
                break;
            }
            self.halt()?;
        }
        for pipe in [&self.suspend, &self.continued, &self.resized] {
            emptied(pipe, PollFlags::IN);
        }
        // Raw mode counts as given back, so that the library sets it anew.
        terminal::disable_raw_mode()?;
        take()?;
        Ok(true)
    }

    fn leave(self, last_words: Option<&str>) {
        drop(self);
        if let Some(words) = last_words {
            // The terminal may be the thing that went away.
            let _unheard = writeln!(io::stderr(), "{words}");
        }
    }
}

/// Writes sequences that are no part of a frame: between two of them.
fn send(sequences: &[String]) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(sequences.concat().as_bytes())?;
    out.flush()
}

fn take() -> io::Result<()> {
    ENTERED.store(true, Ordering::SeqCst);
    terminal::enable_raw_mode()?;
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        event::EnableBracketedPaste,
        event::EnableFocusChange,
        cursor::Hide
    )?;
    if HAS_MOUSE.load(Ordering::SeqCst) {
        io::stdout().write_all(TAKE_MOUSE).and_then(|()| io::stdout().flush())?;
    }
    Ok(())
}

/// The size of the terminal, as far as it tells one. The library opens the terminal anew to ask it, and starts another program
/// where that fails.
fn size() -> io::Result<Size> {
    let (columns, rows) = match tcgetwinsize(io::stdout()) {
        Ok(size) => (size.ws_col, size.ws_row),
        Err(_) => terminal::size()?,
    };
    Ok(Size::reported(columns, rows))
}

/// True when the terminal has gone away. Asked before every read, since the library never comes back from
/// reading one that has.
fn is_gone() -> io::Result<bool> {
    let stdin = io::stdin();
    let mut fds = [watch(stdin.as_fd())];
    match poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })) {
        Ok(_) => Ok(fds[0].revents().intersects(DEAD)),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// False while the terminal belongs to another group of processes. One that cannot be asked is nobody's.
fn is_in_foreground() -> bool {
    tcgetpgrp(io::stdin()).map_or(true, |group| group == getpgrp())
}

fn watch(fd: BorrowedFd<'_>) -> PollFd<'_> {
    PollFd::from_borrowed_fd(fd, PollFlags::IN)
}

/// Takes the bytes out of a pipe that only says "now".
fn emptied(mut pipe: &UnixStream, flags: PollFlags) -> bool {
    let any = flags.contains(PollFlags::IN);
    if any {
        let mut rest = [0; 64];
        while matches!(pipe.read(&mut rest), Ok(n) if n == rest.len()) {}
    }
    any
}

impl Drop for Terminal {
    fn drop(&mut self) {
        leave();
    }
}

/// Gives the terminal back as it was. Every step is tried, and calling it again does nothing.
fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // In the background it is somebody else's.
    if !is_in_foreground() {
        return;
    }
    // Nothing can be done about a terminal that is gone, so every step's failure is passed over.
    // What was typed and not read was not meant for the shell, which would show it: it may be a card.
    let _flushed = tcflush(io::stdin(), QueueSelector::IFlush);
    // Before the screen goes: what is clicked on afterwards is the shell's.
    if HAS_MOUSE.load(Ordering::SeqCst) {
        let _given = io::stdout().write_all(GIVE_MOUSE);
    }
    if ENTITLED.swap(false, Ordering::SeqCst) {
        let _called = io::stdout().write_all(escape::RESET_TITLE.as_bytes());
    }
    let _shown = execute!(
        io::stdout(),
        style::ResetColor,
        event::DisableFocusChange,
        event::DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _cooked = terminal::disable_raw_mode();
}
