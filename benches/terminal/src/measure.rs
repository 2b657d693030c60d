//! What is done with a program, and what comes of it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::{
    process::{self, Usage},
    session::{Left, Program, SIZE, Session},
};

/// Samples by name.
#[derive(Clone, Default)]
pub(crate) struct Figures(BTreeMap<String, Vec<f64>>);

impl Figures {
    pub(crate) fn put(&mut self, name: &str, figure: f64) {
        self.0.entry(name.to_owned()).or_default().push(figure);
    }

    pub(crate) fn pool(&mut self, other: Self) {
        for (name, figures) in other.0 {
            self.0.entry(name).or_default().extend(figures);
        }
    }

    /// So much of the samples is not above it.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a share of a length"
    )]
    pub(crate) fn at(&self, name: &str, share: f64) -> Option<f64> {
        let mut figures = self.0.get(name)?.clone();
        figures.sort_by(f64::total_cmp);
        let place = (figures.len() as f64 * share) as usize;
        figures.get(place.min(figures.len() - 1)).copied()
    }
}

/// How long and how often, and the dice.
pub(crate) struct Plan {
    pub(crate) keys: usize,
    pub(crate) idle: Duration,
    pub(crate) random: Random,
}

/// Pauses and sizes: any will do.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn pause(&mut self) {
        std::thread::sleep(Duration::from_millis(20 + self.below(50)));
    }

    fn size(&mut self) -> (u16, u16) {
        let mut side = |most| 1 + u16::try_from(self.below(most)).unwrap_or_default();
        (side(249), side(79))
    }
}

/// Keys of one kind: typed before all of them, before each, the keys in turn, and after all.
pub(crate) struct Keys {
    pub(crate) name: &'static str,
    pub(crate) open: &'static str,
    pub(crate) before_each: &'static str,
    pub(crate) turns: &'static [&'static str],
    pub(crate) close: &'static str,
}

pub(crate) const UP: &str = "\x1b[A";
pub(crate) const DOWN: &str = "\x1b[B";

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

impl Plan {
    /// Nobody touches it.
    pub(crate) fn idle(&self, session: &mut Session, name: &str, figures: &mut Figures) {
        let (before, bytes, begun) = (Usage::of(session.pid), session.bytes, Instant::now());
        session.watch(self.idle);
        let after = Usage::of(session.pid);
        let minutes = begun.elapsed().as_secs_f64() / 60.0;
        figures.put(&format!("{name}.cpu"), ms(after.cpu.saturating_sub(before.cpu)) / minutes);
        figures.put(&format!("{name}.wakes"), number(after.wakes_since(&before)) / minutes);
        figures.put(&format!("{name}.bytes"), number((session.bytes - bytes) as u64) / minutes / 60.0);
    }

    /// Keys as a hand presses them, one after the other has shown.
    pub(crate) fn keys(&mut self, session: &mut Session, keys: &Keys, figures: &mut Figures) {
        let alone = Duration::from_millis(400);
        if !keys.open.is_empty() {
            session.press(keys.open);
            std::thread::sleep(alone);
        }
        for nth in 0..self.keys {
            self.random.pause();
            if !keys.before_each.is_empty() {
                session.press(keys.before_each);
                std::thread::sleep(Duration::from_millis(60));
            }
            match session.press(keys.turns[nth % keys.turns.len()]) {
                Some(burst) => {
                    figures.put(&format!("{}.first", keys.name), ms(burst.first));
                    figures.put(&format!("{}.last", keys.name), ms(burst.last));
                    figures.put(&format!("{}.bytes", keys.name), number(burst.bytes as u64));
                }
                None => figures.put(&format!("{}.silent", keys.name), 1.0),
            }
        }
        if !keys.close.is_empty() {
            std::thread::sleep(alone);
            session.press(keys.close);
            std::thread::sleep(alone);
        }
    }

    /// Sixty sizes, every tenth of one cell.
    pub(crate) fn resizes(&mut self, session: &mut Session, figures: &mut Figures) {
        const SIZES: u32 = 60;
        let before = Usage::of(session.pid);
        for nth in 0..SIZES {
            session.resize(if nth % 10 == 5 { (1, 1) } else { self.random.size() });
            std::thread::sleep(Duration::from_millis(20));
        }
        session.forget();
        session.resize(SIZE);
        session.settle(Duration::from_millis(300));
        let cpu = Usage::of(session.pid).cpu.saturating_sub(before.cpu);
        let is_there = session.is_alive() && !session.text().trim().is_empty();
        figures.put("resize.faults", if is_there { 0.0 } else { 1.0 });
        figures.put("resize.cpu", ms(cpu) / f64::from(SIZES));
    }
}

/// How much longer a sleep of a millisecond takes than that: what the machine adds to everything here.
pub(crate) fn noise(figures: &mut Figures) {
    for _ in 0..100 {
        let begun = Instant::now();
        std::thread::sleep(Duration::from_millis(1));
        figures.put("noise", ms(begun.elapsed()) - 1.0);
    }
}

/// From the start to the first row.
pub(crate) fn start(program: &Program, figures: &mut Figures) {
    let mut session = Session::start(program);
    if let Some((row, cpu)) = session.until(program.row, Duration::from_secs(5)) {
        figures.put("start.row", ms(row));
        figures.put("start.cpu", ms(cpu));
    }
}

/// A key that is held: 200 a second for two seconds.
pub(crate) fn flood(session: &mut Session, figures: &mut Figures) {
    const KEYS: u32 = 400;
    let before = Usage::of(session.pid);
    let begun = Instant::now();
    for nth in 0..KEYS {
        session.write(if nth % 40 < 20 { DOWN } else { UP });
        let next = begun + Duration::from_millis(5) * (nth + 1);
        session.watch(next.saturating_duration_since(Instant::now()));
    }
    let end = Instant::now();
    let drained = session.drain(Duration::from_millis(100));
    let cpu = Usage::of(session.pid).cpu.saturating_sub(before.cpu);
    figures.put("flood.cpu", ms(cpu) / f64::from(KEYS));
    figures.put("flood.drain", drained.map_or(0.0, |last| ms(last.saturating_duration_since(end))));
}

/// Resident memory, now and at its highest.
pub(crate) fn memory(session: &Session, figures: &mut Figures) {
    if let Some((now, _)) = process::memory(session.pid) {
        figures.put("memory", now);
    }
}

pub(crate) fn peak(session: &Session, figures: &mut Figures) {
    if let (Some((_, peak)), Some(now)) = (process::memory(session.pid), figures.at("memory", 0.5)) {
        figures.put("memory.peak", peak);
        figures.put("memory.swell", peak / now);
    }
}

type Way = (&'static str, fn(&mut Session) -> Option<Left>);

/// Three ways to go, each by a program of its own.
pub(crate) fn leave(program: &Program, figures: &mut Figures) {
    let ways: [Way; 3] =
        [("quit", |session| session.quit("q")), ("term", Session::terminate), ("hangup", Session::hang_up)];
    for (name, leave) in ways {
        let mut session = Session::start(program);
        session.until(program.row, Duration::from_secs(10));
        session.settle(Duration::from_millis(500));
        std::thread::sleep(Duration::from_millis(500));
        let Some(left) = leave(&mut session) else {
            figures.put(&format!("{name}.faults"), 1.0);
            continue;
        };
        figures.put(&format!("{name}.ms"), ms(left.after));
        let is_right = match name {
            "quit" => left.is_clean && left.code == 0,
            "term" => left.is_clean,
            _ => true,
        };
        figures.put(&format!("{name}.faults"), if is_right { 0.0 } else { 1.0 });
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn number(count: u64) -> f64 {
    count as f64
}
