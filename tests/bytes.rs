//! What reaches the terminal, in bytes, by what happened: a key, a second, an order that changed. 1,000 orders, the dark theme.
//!
//! `cargo test --test bytes -- --nocapture` prints the figures of docs/performance.md.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use jiff::SignedDuration;
use paydesk::{
    config::BuiltIn,
    console::{
        message::Message,
        terminal::screen::Screen,
        theme::{Signs, Theme},
    },
    domain::order::OrderStatus,
};
use rig::{Line, Rig, Sketch, case};

/// A desk and the terminal that it is drawn to.
struct Desk {
    rig: Rig,
    screen: Screen<Line>,
    line: Line,
}

/// Nothing runs out in sight: the deadlines lie hours ahead.
const HOURS: i64 = 5 * 60;

fn order(n: u32) -> Sketch {
    let status = match n % 5 {
        0 | 1 => OrderStatus::Unpaid,
        2 => OrderStatus::Ticketing,
        3 => OrderStatus::Cancelled,
        _ => OrderStatus::Ticketed,
    };
    let names =
        [vec!["LIN/MEIYU"], vec!["VON DER HEIDE/MORITZ", "王芳"], vec!["欧阳娜娜"], vec!["SMITH/ANNA"]];
    let route = [("CGK", "SUB"), ("MNL", "SIN"), ("PVG", "NRT")][n as usize % 3];
    let names = names[n as usize % 4].clone();
    Sketch { n, status, route, names, minutes_left: HOURS + i64::from(n), ..Sketch::default() }
}

impl Desk {
    fn new(size: (u16, u16), keys: &str) -> Self {
        let mut rig = Rig::new(size);
        rig.console.model.setup.theme = Theme::built_in(BuiltIn::Dark);
        rig.console.model.setup.signs = Signs::Unicode;
        rig.publish((0..1_000).map(|n| case(&order(n))).collect());
        rig.press(keys);
        let line = Line::default();
        let mut desk = Self { rig, screen: Screen::new(line.clone(), size).moving_lines(true), line };
        desk.frame();
        // Whatever ink the last line of a whole screen leaves in the pen is nothing that happened.
        for key in ["j", "k"] {
            desk.rig.press(key);
            desk.frame();
        }
        desk
    }

    /// The bytes of the next frame.
    fn frame(&mut self) -> usize {
        let console = &self.rig.console;
        self.screen.draw(console.first_seen(), |buffer| console.draw(buffer)).unwrap();
        self.rig.message(Message::Drawn);
        self.line.0.take().len()
    }

    /// The bytes of the greatest of these frames.
    fn greatest(&mut self, times: usize, mut happens: impl FnMut(&mut Rig)) -> usize {
        let mut bytes = |_| {
            happens(&mut self.rig);
            self.frame()
        };
        (0..times).map(&mut bytes).max().unwrap()
    }
}

/// What happens, and the most that it may cost: with the detail beside or below, and with the table alone.
type Event = (&'static str, fn(&mut Desk) -> usize, [usize; 2]);

const EVENTS: [Event; 10] = [
    ("a move", |desk| desk.greatest(10, |rig| rig.press("j")), [650, 300]),
    ("a move that scrolls by a line", scrolled, [2_100, 800]),
    ("a page", |desk| desk.greatest(5, |rig| rig.press("PageDown")), [8_500, 8_200]),
    ("sorted by another column", |desk| desk.greatest(1, |rig| rig.press("S a")), [3_600, 3_600]),
    ("another queue", |desk| desk.greatest(1, |rig| rig.press("3")), [5_500, 4_600]),
    ("the first letter of a filter", letter, [1_900, 1_800]),
    ("a second, with a countdown", second, [95, 10]),
    ("one order in sight changed", |desk| changed(desk, &[10]), [80, 80]),
    ("five orders in sight changed", |desk| changed(desk, &[1, 5, 6, 10, 11]), [210, 210]),
    ("an order out of sight changed", |desk| changed(desk, &[501]), [0, 0]),
];

fn scrolled(desk: &mut Desk) -> usize {
    for _ in 0..60 {
        desk.rig.press("j");
    }
    desk.frame();
    desk.greatest(10, |rig| rig.press("j"))
}

fn letter(desk: &mut Desk) -> usize {
    desk.rig.press("/");
    desk.frame();
    desk.greatest(1, |rig| rig.press("m"))
}

/// One digit of one row moves, and of the detail if there is one.
fn second(desk: &mut Desk) -> usize {
    desk.rig.publish(vec![case(&Sketch { minutes_left: 8, ..order(0) })]);
    // The minute of all others has passed, and 8:00 has become 7:58.
    for _ in 0..2 {
        desk.rig.pass(SignedDuration::from_secs(1));
        desk.frame();
    }
    desk.greatest(5, |rig| rig.pass(SignedDuration::from_secs(1)))
}

/// These say the name of another passenger now.
fn changed(desk: &mut Desk, orders: &[u32]) -> usize {
    let renamed = |n: &u32| case(&Sketch { names: vec!["BROWN/ROBERT"], ..order(*n) });
    desk.rig.publish(orders.iter().map(renamed).collect());
    desk.frame()
}

#[test]
fn what_happens_costs_few_bytes() {
    let sizes = [(80, 24), (120, 40), (200, 50)];
    println!("{:32}{:>22}{:>22}{:>22}", "with the detail / table alone", "80x24", "120x40", "200x50");
    let mut dear = Vec::new();
    for (what, happens, limits) in EVENTS {
        print!("{what:32}");
        for size in sizes {
            let [beside, alone] = ["", "p"].map(|keys| happens(&mut Desk::new(size, keys)));
            print!("{:>22}", format!("{beside} / {alone}"));
            if beside > limits[0] || alone > limits[1] {
                dear.push(format!("{what} at {size:?}: {beside} and {alone} bytes, limits {limits:?}"));
            }
        }
        println!();
    }
    assert!(dear.is_empty(), "{dear:#?}");
}
