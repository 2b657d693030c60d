//! The goals, and the table of what came of them.

use std::fmt::Write as _;

use crate::measure::Figures;

/// What a figure is held against, by number of orders: 100, 1,000, 10,000, 100,000.
enum Goal {
    /// So many times the floor's.
    Floors([f64; 4]),
    /// So many times another figure of the floor's.
    FloorsOf(&'static str, f64, f64),
    /// So many MiB above the floor's.
    Above([f64; 4]),
    /// At most so much.
    AtMost([f64; 4]),
    /// So many times its own with 100 orders.
    OfHundred([f64; 4]),
}

/// A line of the table.
struct Row {
    id: &'static str,
    what: &'static str,
    figure: &'static str,
    share: f64,
    unit: &'static str,
    goal: Goal,
}

const MEDIAN: f64 = 0.5;
const P99: f64 = 0.99;
const WORST: f64 = 1.0;

const fn row(
    id: &'static str,
    what: &'static str,
    (figure, share): (&'static str, f64),
    unit: &'static str,
    goal: Goal,
) -> Row {
    Row { id, what, figure, share, unit, goal }
}

const ROWS: [Row; 32] = [
    row(
        "P1",
        "start to first row, network silent",
        ("start.row", MEDIAN),
        "ms",
        Goal::Floors([5.0, 5.0, 5.0, 2.5]),
    ),
    row("P1a", "the same, CPU", ("start.cpu", MEDIAN), "ms", Goal::Floors([5.0, 5.0, 5.0, 2.5])),
    row(
        "P1b",
        "the same beside 100 orders",
        ("start.row", MEDIAN),
        "",
        Goal::OfHundred([1.0, 1.1, 1.3, 1.6]),
    ),
    row("P2", "key to first byte, p50", ("move.first", MEDIAN), "ms", Goal::Floors([1.5; 4])),
    row("P2a", "key to first byte, p99", ("move.first", P99), "ms", Goal::Floors([2.0; 4])),
    row(
        "P2b",
        "worst key while all orders arrive",
        ("arrival.first", WORST),
        "ms",
        Goal::FloorsOf("move.first", P99, 3.0),
    ),
    row("P3", "idle: CPU a minute", ("idle.cpu", MEDIAN), "ms", Goal::AtMost([3.0; 4])),
    row("P3", "idle: wake-ups a minute", ("idle.wakes", MEDIAN), "", Goal::AtMost([3.0; 4])),
    row("P3", "idle: bytes a second", ("idle.bytes", MEDIAN), "", Goal::AtMost([0.0; 4])),
    row(
        "P3a",
        "a countdown in sight: CPU a minute",
        ("countdown.cpu", MEDIAN),
        "ms",
        Goal::AtMost([30.0; 4]),
    ),
    row(
        "P3a",
        "a countdown in sight: wake-ups a minute",
        ("countdown.wakes", MEDIAN),
        "",
        Goal::AtMost([65.0; 4]),
    ),
    row(
        "P3a",
        "a countdown in sight: bytes a second",
        ("countdown.bytes", MEDIAN),
        "",
        Goal::AtMost([60.0; 4]),
    ),
    row(
        "P3b",
        "list asked for every 10 s: CPU a minute",
        ("polled.cpu", MEDIAN),
        "ms",
        Goal::AtMost([60.0; 4]),
    ),
    row(
        "P3b",
        "list asked for every 10 s: bytes a second",
        ("polled.bytes", MEDIAN),
        "",
        Goal::AtMost([0.0; 4]),
    ),
    row("P4a", "bytes of a moved selection", ("move.bytes", MEDIAN), "", Goal::Floors([1.0; 4])),
    row("P4a", "bytes of a page", ("page.bytes", MEDIAN), "", Goal::Floors([1.0; 4])),
    row("P5", "resident memory", ("memory", MEDIAN), "MiB", Goal::Above([12.0, 12.0, 14.0, 24.0])),
    row("P5a", "at its highest, beside P5", ("memory.swell", MEDIAN), "", Goal::AtMost([1.3, 1.3, 1.5, 1.5])),
    row(
        "P7",
        "a letter of a filter to its first byte, p50",
        ("filter.first", MEDIAN),
        "ms",
        Goal::Floors([1.5; 4]),
    ),
    row("P7", "to its last byte, p50", ("filter.last", MEDIAN), "ms", Goal::Floors([1.5; 4])),
    row("P7", "to its last byte, p99", ("filter.last", P99), "ms", Goal::Floors([2.0; 4])),
    row("P8", "sorting to its last byte, p50", ("sort.last", MEDIAN), "ms", Goal::Floors([1.5; 4])),
    row("P9", "200 keys a second: CPU a key", ("flood.cpu", MEDIAN), "ms", Goal::Floors([1.5; 4])),
    row("P9", "output after the last key", ("flood.drain", MEDIAN), "ms", Goal::AtMost([16.0; 4])),
    row("P10", "60 sizes: CPU a size", ("resize.cpu", MEDIAN), "ms", Goal::Floors([2.0; 4])),
    row("P10", "no picture afterwards", ("resize.faults", WORST), "", Goal::AtMost([0.0; 4])),
    row("P11", "quit by key", ("quit.ms", MEDIAN), "ms", Goal::AtMost([10.0; 4])),
    row("P11", "not clean, or another code than 0", ("quit.faults", WORST), "", Goal::AtMost([0.0; 4])),
    row("P12", "SIGTERM to gone", ("term.ms", MEDIAN), "ms", Goal::AtMost([50.0; 4])),
    row("P12", "not clean", ("term.faults", WORST), "", Goal::AtMost([0.0; 4])),
    row("P13", "terminal closed to gone", ("hangup.ms", MEDIAN), "ms", Goal::AtMost([200.0; 4])),
    row("P13", "still there after 5 s", ("hangup.faults", WORST), "", Goal::AtMost([0.0; 4])),
];

/// What is not measured here, and where it is.
const ELSEWHERE: &str = "\
Not in this table: P4, the bytes of changed orders, is counted exactly by `cargo test --test bytes`. P6 and P6a, a poll result of all orders in
one body, have no counterpart: the vendor gives pages of 100, and what one costs is in `benches/instructions.toml` (decoding, taking in). P14,
the requests, is a matter of simulation, not of a terminal. P13's CPU after the terminal has gone is not seen, since the process is gone.
";

/// What was measured of the two programs at one number of orders.
pub(crate) struct Measured {
    pub(crate) orders: u32,
    pub(crate) floor: Figures,
    pub(crate) console: Figures,
}

fn written(figure: f64, unit: &str) -> String {
    let digits = if figure == 0.0 || figure >= 100.0 { 0 } else { 2 };
    format!("{figure:.digits$} {unit}").trim_end().to_owned()
}

impl Measured {
    fn place(&self) -> usize {
        match self.orders {
            0..=300 => 0,
            301..=3_000 => 1,
            3_001..=30_000 => 2,
            _ => 3,
        }
    }

    /// The console's figure, beside what it is held against, and whether that is met.
    fn cell(&self, row: &Row, hundred: Option<&Self>) -> String {
        let Some(figure) = self.console.at(row.figure, row.share) else { return "–".into() };
        let floor = self.floor.at(row.figure, row.share);
        let nth = self.place();
        let sign = |is_met: bool| if is_met { "✓" } else { "✗" };
        let beside = |floor: Option<f64>, times: f64| match floor {
            Some(floor) if floor > 0.0 => {
                format!(" ×{:.2} {}", figure / floor, sign(figure <= floor * times))
            }
            _ => String::new(),
        };
        let said = written(figure, row.unit);
        match row.goal {
            Goal::Floors(times) => said + &beside(floor, times[nth]),
            Goal::FloorsOf(name, share, times) => said + &beside(self.floor.at(name, share), times),
            Goal::Above(most) => {
                let above = figure - floor.unwrap_or_default();
                format!("{said} +{above:.1} {}", sign(above <= most[nth]))
            }
            Goal::AtMost(most) => format!("{said} {}", sign(figure <= most[nth])),
            Goal::OfHundred(most) => {
                match hundred.and_then(|hundred| hundred.console.at(row.figure, row.share)) {
                    Some(of) => format!("×{:.2} {}", figure / of, sign(figure <= of * most[nth])),
                    None => "–".into(),
                }
            }
        }
    }
}

/// How a goal reads.
fn said(row: &Row) -> String {
    let list = |figures: &[f64; 4], before: &str| {
        let mut texts: Vec<String> = figures.iter().map(|figure| format!("{before}{figure}")).collect();
        texts.dedup();
        texts.join(", ")
    };
    match &row.goal {
        Goal::Floors(times) => format!("{} F", list(times, "")),
        Goal::FloorsOf(_, _, times) => format!("{times} F of P2a"),
        Goal::Above(most) => format!("F {} MiB", list(most, "+")),
        Goal::AtMost(most) => format!("{} {}", list(most, ""), row.unit).trim_end().to_owned(),
        Goal::OfHundred(times) => list(times, "×"),
    }
}

/// The tables.
pub(crate) fn tables(measured: &[Measured]) -> String {
    let heads: String = measured.iter().fold(String::new(), |mut heads, one| {
        let _fits = write!(heads, " {} |", grouped(one.orders));
        heads
    });
    let rule = "---:|".repeat(measured.len());
    let mut text = format!("| | the console | goal |{heads}\n|---|---|---|{rule}\n");
    let hundred = measured.iter().find(|one| one.place() == 0);
    for row in &ROWS {
        let _fits = write!(text, "| {} | {} | {} |", row.id, row.what, said(row));
        for one in measured {
            let _fits = write!(text, " {} |", one.cell(row, hundred));
        }
        text.push('\n');
    }
    let _fits = write!(text, "\n| the floor |{heads}\n|---|{rule}\n");
    for row in ROWS
        .iter()
        .filter(|row| !matches!(row.goal, Goal::AtMost(_) | Goal::OfHundred(_) | Goal::FloorsOf(..)))
    {
        let _fits = write!(text, "| {} {} |", row.id, row.what);
        for one in measured {
            let figure = one.floor.at(row.figure, row.share);
            let _fits = write!(text, " {} |", figure.map_or("–".into(), |figure| written(figure, row.unit)));
        }
        text.push('\n');
    }
    text + "\n" + ELSEWHERE
}

fn grouped(count: u32) -> String {
    if count < 1_000 { count.to_string() } else { format!("{},{:03}", count / 1_000, count % 1_000) }
}

const BEGIN: &str = "<!-- just bench: what follows is written by it -->\n";
const END: &str = "<!-- just bench: end -->\n";

/// The document with this section in the place of the one before.
pub(crate) fn put(document: &str, section: &str) -> String {
    let (before, after) = match (document.split_once(BEGIN), document.split_once(END)) {
        (Some((before, _)), Some((_, after))) => (before.to_owned(), after),
        _ => (format!("{}\n\n", document.trim_end()), ""),
    };
    format!("{before}{BEGIN}{section}{END}{after}")
}
