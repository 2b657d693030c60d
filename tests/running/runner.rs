//! Runs the loop on a thread of its own, in step with the test: the loop goes on only when the test gives it a reason
//! to, and the test only when the loop waits again. Time stands still but for what the test lets pass.

use std::{
    any::Any,
    collections::VecDeque,
    io,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crossterm::event::Event;
use jiff::SignedDuration;
use paydesk::{
    config::Stage,
    console::{
        Backstage, Console, End, Keeper, Setup, When,
        aside::asides,
        run_on,
        terminal::{
            backend::{Backend, Ready},
            screen::Size,
        },
    },
    desk::{
        health::Health,
        hub::{Handle, Hub, Update},
    },
    domain::{attempt::AttemptId, case::Case, freshness::Freshness},
    lang::Lang,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use crate::rig;

/// Between two keys of a hand that types eight in a second.
const HAND: Duration = Duration::from_millis(125);

/// The id of the one payment that a test makes.
pub(crate) const PAYMENT: AttemptId = AttemptId(uuid::Uuid::from_u128(7));

/// The terminal as the loop leaves it.
pub(crate) struct Glass {
    up: Duration,
    events: VecDeque<Event>,
    size: (u16, u16),
    pub(crate) frame: Buffer,
    pub(crate) frames: usize,
    /// How many were drawn when what works behind the console was started.
    pub(crate) frames_at_start: usize,
    pub(crate) asked_background: usize,
    pub(crate) notices: Vec<String>,
    pub(crate) title: Option<String>,
    pub(crate) rings: usize,
    pub(crate) clipboard: Vec<String>,
    pub(crate) opened: Vec<String>,
    pub(crate) last_words: Option<String>,
    pub(crate) is_given_back: bool,
    /// The mouse is taken from the terminal.
    pub(crate) has_mouse: bool,
}

/// The loop's end of it.
struct Terminal {
    glass: Arc<Mutex<Glass>>,
    waits: mpsc::Sender<Option<Duration>>,
    reasons: mpsc::Receiver<Ready>,
}

impl Terminal {
    fn glass(&self) -> MutexGuard<'_, Glass> {
        self.glass.lock().unwrap()
    }
}

impl Backend for Terminal {
    fn now(&self) -> When {
        let up = self.glass().up;
        When { wall: rig::noon() + up, up }
    }

    fn wait(&mut self, patience: Option<Duration>) -> io::Result<Ready> {
        // A test that is over is a terminal that has gone away.
        let gone = Ready { gone: true, ..Ready::default() };
        if self.waits.send(patience).is_err() {
            return Ok(gone);
        }
        Ok(self.reasons.recv().unwrap_or(gone))
    }

    fn next_event(&mut self) -> io::Result<Option<Event>> {
        Ok(self.glass().events.pop_front())
    }

    fn look_again(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn ask_background(&mut self) -> io::Result<()> {
        self.glass().asked_background += 1;
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        let (columns, rows) = self.glass().size;
        Ok(Size::reported(columns, rows))
    }

    fn draw(&mut self, _: Rect, view: impl FnOnce(&mut Buffer) -> Option<Position>) -> io::Result<()> {
        let mut glass = self.glass();
        let (columns, rows) = glass.size;
        let mut frame = Buffer::empty(Rect::new(0, 0, columns, rows));
        view(&mut frame);
        glass.frame = frame;
        glass.frames += 1;
        Ok(())
    }

    fn draw_over(&mut self, _: Rect, view: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        let mut glass = self.glass();
        view(&mut glass.frame);
        glass.frames += 1;
        Ok(())
    }

    fn reset(&mut self, size: (u16, u16)) {
        self.glass().size = size;
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.glass().clipboard.push(text.to_owned());
        Ok(())
    }

    fn open(&mut self, link: &str) -> io::Result<bool> {
        self.glass().opened.push(link.to_owned());
        Ok(true)
    }

    fn notify(&mut self, text: &str) -> io::Result<()> {
        self.glass().notices.push(text.to_owned());
        Ok(())
    }

    fn entitle(&mut self, title: &str) -> io::Result<()> {
        self.glass().title = Some(title.to_owned());
        Ok(())
    }

    fn ring(&mut self) -> io::Result<()> {
        self.glass().rings += 1;
        Ok(())
    }

    fn capture_mouse(&mut self, is_ours: bool) -> io::Result<()> {
        self.glass().has_mouse = is_ours;
        Ok(())
    }

    fn ask_to_stop(&mut self) -> io::Result<bool> {
        Ok(false)
    }

    fn suspend(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn take_again(&mut self) -> io::Result<bool> {
        Ok(true)
    }

    fn leave(self, last_words: Option<&str>) {
        let mut glass = self.glass();
        glass.is_given_back = true;
        glass.last_words = last_words.map(str::to_owned);
    }
}

/// The desk, which says when nothing is in flight any more.
struct Behind(mpsc::Receiver<bool>);

impl Backstage for Behind {
    fn ask_to_leave(&self) {}

    fn has_left(self) -> bool {
        self.0.recv().unwrap_or(true)
    }
}

/// The loop, as the test holds it.
pub(crate) struct Runner {
    glass: Arc<Mutex<Glass>>,
    hub: Arc<Hub>,
    /// Commands stay in it, unanswered.
    _commands: Box<dyn Any>,
    is_filled: Arc<AtomicBool>,
    reasons: mpsc::Sender<Ready>,
    waits: mpsc::Receiver<Option<Duration>>,
    /// How long the loop waits by itself; `None` for ever.
    pub(crate) patience: Option<Duration>,
    /// How often it went on.
    pub(crate) turns: usize,
    /// The desk, asked to leave, has nothing in flight any more.
    settles: mpsc::Sender<bool>,
    thread: JoinHandle<io::Result<End>>,
}

impl Runner {
    pub(crate) fn new(size: (u16, u16), lang: Lang) -> Self {
        Self::set_up(size, lang, rig::setup(Stage::Demo))
    }

    pub(crate) fn set_up(size: (u16, u16), lang: Lang, setup: Setup) -> Self {
        let (handle, commands, hub) = Handle::pair();
        let mailbox = handle.subscribe();
        let (_, asides) = asides();
        let is_filled = Arc::new(AtomicBool::new(false));
        let filled = Arc::clone(&is_filled);
        mailbox.on_filled(move || filled.store(true, Ordering::SeqCst));
        let (columns, rows) = size;
        let glass = Arc::new(Mutex::new(Glass {
            up: Duration::from_secs(1),
            events: VecDeque::new(),
            size,
            frame: Buffer::empty(Rect::new(0, 0, columns, rows)),
            frames: 0,
            frames_at_start: 0,
            asked_background: 0,
            notices: Vec::new(),
            title: None,
            rings: 0,
            clipboard: Vec::new(),
            opened: Vec::new(),
            last_words: None,
            is_given_back: false,
            has_mouse: false,
        }));
        let (reasons, given) = mpsc::channel();
        let (waiting, waits) = mpsc::channel();
        let (settles, settled) = mpsc::channel();
        let terminal = Terminal { glass: Arc::clone(&glass), waits: waiting, reasons: given };
        let thread = thread::spawn(move || {
            let mut console = Console::new(setup, size, terminal.now().wall, || PAYMENT);
            console.ui.lang = lang;
            let shown = Arc::clone(&terminal.glass);
            let start = move || {
                let mut glass = shown.lock().unwrap();
                glass.frames_at_start = glass.frames;
                Ok(Behind(settled))
            };
            run_on(terminal, &mut console, mailbox, (asides, Keeper::default()), start)
        });
        let patience = waits.recv().unwrap();
        let mut runner = Self {
            glass,
            hub,
            _commands: Box::new(commands),
            is_filled,
            reasons,
            waits,
            patience,
            turns: 0,
            settles,
            thread,
        };
        runner.health(|_| {});
        runner
    }

    pub(crate) fn glass(&self) -> MutexGuard<'_, Glass> {
        self.glass.lock().unwrap()
    }

    fn now(&self) -> When {
        let up = self.glass().up;
        When { wall: rig::noon() + up, up }
    }

    /// Lets the loop go on for a reason, until it waits again or has left.
    pub(crate) fn turn(&mut self, ready: Ready) {
        self.turns += 1;
        let news = self.is_filled.swap(false, Ordering::SeqCst);
        self.reasons.send(Ready { news, ..ready }).unwrap();
        // It waits no more once it has left: the channel is closed.
        self.patience = self.waits.recv().unwrap_or(None);
    }

    /// Lets time pass; the loop goes on whenever it did not want to wait longer.
    pub(crate) fn pass(&mut self, time: Duration) {
        let end = self.glass().up + time;
        let limit = self.turns + 10_000;
        while let Some(due) = self.patience.map(|patience| self.now().up + patience)
            && due <= end
        {
            assert!(self.turns < limit, "the loop spins");
            self.glass().up = due;
            self.turn(Ready::default());
        }
        self.glass().up = end;
    }

    /// What can be read at once.
    pub(crate) fn events(&mut self, events: impl IntoIterator<Item = Event>) {
        self.glass().events.extend(events);
        self.turn(Ready { input: true, ..Ready::default() });
    }

    /// Keys as a hand types them, in the words of [`rig::strokes`].
    pub(crate) fn press(&mut self, keys: &str) {
        for key in rig::strokes(keys) {
            self.events([Event::Key(key)]);
            self.pass(HAND);
        }
    }

    /// The desk publishes something, and the loop does not go on yet.
    pub(crate) fn publish(&self, update: &Update) {
        self.hub.publish(update);
    }

    /// The desk publishes something.
    pub(crate) fn news(&mut self, update: &Update) {
        self.publish(update);
        self.turn(Ready::default());
    }

    /// The desk is well, but for this.
    pub(crate) fn health(&mut self, but: impl FnOnce(&mut Health)) {
        let now = self.now().wall;
        let mut health = Health {
            last_success: Some(now),
            last_sweep: Some(now),
            stale_after: SignedDuration::from_secs(30),
            budget_per_minute: 60,
            ..Health::default()
        };
        but(&mut health);
        self.news(&Update { health: Some(health), ..Update::default() });
    }

    /// These orders, just asked for.
    pub(crate) fn cases(&self, cases: Vec<Case>) -> Update {
        let When { wall, up } = self.now();
        let fresh = cases.iter().map(|case| (case.order.no, Freshness { asked_at: wall, up })).collect();
        Update { cases: cases.into_iter().map(Arc::new).collect(), fresh, ..Update::default() }
    }

    /// The last frame, once there is nothing left to draw.
    pub(crate) fn screen(&mut self) -> String {
        self.pass(Duration::from_millis(40));
        rig::lines(&self.glass().frame).join("\n")
    }

    pub(crate) fn frames(&self) -> usize {
        self.glass().frames
    }

    /// True once the loop is over, and the desk has left.
    pub(crate) fn has_ended(&self) -> bool {
        self.thread.is_finished()
    }

    /// The desk has nothing in flight, or has broken off; returns how the console ended.
    pub(crate) fn ended(self, desk_is_whole: bool) -> End {
        self.settles.send(desk_is_whole).unwrap();
        drop(self.reasons);
        self.thread.join().unwrap().unwrap()
    }
}
