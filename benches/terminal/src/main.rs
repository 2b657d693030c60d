//! The program as it is given to others, in a terminal, beside a bare table of as many rows: `just bench`.
//!
//! Both are measured from outside, in turns; what is written is the console's figure and its ratio to the bare table, the
//! *floor*. `terminal --quick` for a look.

mod console;
mod measure;
mod process;
mod report;
mod session;
mod soak;

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode},
    time::Duration,
};

use clap::Parser;

use self::{
    console::{Console, Meets},
    measure::{DOWN, Figures, Keys, Plan, Random, UP},
    report::Measured,
    session::{Program, Session},
};

const PAGE_UP: &str = "\x1b[5~";
const PAGE_DOWN: &str = "\x1b[6~";
const BACKSPACE: &str = "\x7f";

const DOWN_AND_UP: Keys = Keys { turns: &[DOWN, DOWN, UP, UP], ..MOVE };

const MOVE: Keys = Keys {
    name: "move",
    open: "",
    before_each: "",
    turns: &[
        DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, UP, UP, UP, UP, UP, UP, UP, UP, UP, UP,
    ],
    close: "",
};

const PAGE: Keys = Keys {
    name: "page",
    turns: &[
        PAGE_DOWN, PAGE_DOWN, PAGE_DOWN, PAGE_DOWN, PAGE_DOWN, PAGE_UP, PAGE_UP, PAGE_UP, PAGE_UP, PAGE_UP,
    ],
    ..MOVE
};

const FILTER: Keys = Keys {
    name: "filter",
    open: "/",
    before_each: "",
    turns: &["s", "i", "n", BACKSPACE, BACKSPACE, BACKSPACE],
    close: "\x1b",
};

const FLOOR_SORTS: Keys = Keys { name: "sort", turns: &["s"], ..MOVE };

/// The key of the menu comes first, and its picture is not counted.
const CONSOLE_SORTS: Keys = Keys { name: "sort", before_each: "S", turns: &["p", "r", "a"], ..MOVE };

const ARRIVAL: Keys = Keys { name: "arrival", turns: &[DOWN, DOWN, UP, UP], ..MOVE };

/// More orders take longer to list than ten seconds.
const POLLED_AT_MOST: u32 = 1_000;

#[derive(Parser)]
struct Arguments {
    /// The program.
    #[arg(long, default_value = "target/dist/paydesk")]
    paydesk: PathBuf,
    /// Into which document the tables go; without it, to standard output
    #[arg(long)]
    write: Option<PathBuf>,
    /// Numbers of orders
    #[arg(long, value_delimiter = ',', default_value = "100,1000,10000,100000")]
    orders: Vec<u32>,
    /// How often everything is measured
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Keys of a kind in one round
    #[arg(long, default_value_t = 80)]
    keys: usize,
    /// Seconds in which nobody touches it
    #[arg(long, default_value_t = 20)]
    idle: u64,
    /// Instead of all this: so many minutes on the largest number of orders, while they change all the time
    #[arg(long)]
    soak: Option<u64>,
    /// Changes a second of a soak
    #[arg(long, default_value_t = 200)]
    changes: u64,
    /// For a look: one round of 1,000 orders, with few keys
    #[arg(long)]
    quick: bool,
}

fn main() -> ExitCode {
    let mut arguments = Arguments::parse();
    if arguments.quick {
        (arguments.orders, arguments.rounds, arguments.keys, arguments.idle) = (vec![1_000], 1, 20, 4);
    }
    let floor = std::env::current_exe().expect("a path").with_file_name("floor");
    let idle = Duration::from_secs(arguments.idle);
    let paydesk = fs::canonicalize(&arguments.paydesk).expect("the program, built");
    let mut plan = Plan { keys: arguments.keys, idle, random: Random(7) };
    if let Some(minutes) = arguments.soak {
        let orders = arguments.orders.iter().copied().max().unwrap_or(100_000);
        let wrong = soak::soak(&paydesk, orders, arguments.changes, minutes, &mut plan);
        for what in &wrong {
            println!("{what}");
        }
        return if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let (mut all, mut noise) = (Vec::new(), Figures::default());
    for orders in arguments.orders.clone() {
        eprintln!("{orders} orders: filling a journal");
        let console = Console::new(&paydesk, orders);
        let bare =
            Program { command: vec![floor.display().to_string(), orders.to_string()], row: "row 1 of" };
        let mut measured = Measured { orders, floor: Figures::default(), console: Figures::default() };
        for round in 1..=arguments.rounds {
            eprintln!("{orders} orders: round {round} of {}", arguments.rounds);
            measure::noise(&mut noise);
            measured.floor.pool(floor_round(&mut plan, &bare));
            measured.console.pool(console_round(&mut plan, &console));
        }
        all.push(measured);
    }
    let section = format!("{}\n{}", head(&arguments, &noise), report::tables(&all));
    match arguments.write {
        None => println!("{section}"),
        Some(path) => {
            let document = fs::read_to_string(&path).expect("the document");
            fs::write(&path, report::put(&document, &section)).expect("the document");
        }
    }
    ExitCode::SUCCESS
}

/// What both programs go through, in this order.
fn common(plan: &mut Plan, session: &mut Session, sorts: &Keys, figures: &mut Figures) {
    measure::memory(session, figures);
    plan.idle(session, "idle", figures);
    for keys in [&MOVE, &PAGE, &FILTER, sorts] {
        plan.keys(session, keys, figures);
    }
    measure::flood(session, figures);
    measure::peak(session, figures);
    plan.resizes(session, figures);
}

fn floor_round(plan: &mut Plan, floor: &Program) -> Figures {
    let mut figures = Figures::default();
    measure::start(floor, &mut figures);
    let mut session = Session::start(floor);
    session.until(floor.row, Duration::from_secs(10));
    std::thread::sleep(Duration::from_secs(1));
    common(plan, &mut session, &FLOOR_SORTS, &mut figures);
    drop(session);
    measure::leave(floor, &mut figures);
    figures
}

fn console_round(plan: &mut Plan, console: &Console) -> Figures {
    let mut figures = Figures::default();
    measure::start(&console.ready(Meets::Silence).program, &mut figures);
    let quiet = console.ready(Meets::Quiet).program;
    let mut session = Session::start(&quiet);
    console.settle(&mut session);
    common(plan, &mut session, &CONSOLE_SORTS, &mut figures);
    drop(session);
    measure::leave(&quiet, &mut figures);
    let mut session = Session::start(&console.ready(Meets::Arrival).program);
    session.until(quiet.row, Duration::from_secs(10));
    plan.keys(&mut session, &ARRIVAL, &mut figures);
    drop(session);
    let countdown = console.ready(Meets::Countdown);
    let mut session = Session::start(&countdown.program);
    console.settle(&mut session);
    // The queue of what is unpaid: the one order whose time runs.
    session.press("2");
    session.watch(Duration::from_millis(500));
    plan.idle(&mut session, "countdown", &mut figures);
    drop(session);
    if console.orders() <= POLLED_AT_MOST {
        let mut session = Session::start(&console.ready(Meets::Polled).program);
        console.settle(&mut session);
        plan.idle(&mut session, "polled", &mut figures);
    }
    figures
}

/// Where and how all of it was measured.
fn head(arguments: &Arguments, noise: &Figures) -> String {
    let commit = Command::new("git").args(["rev-parse", "--short=10", "HEAD"]).output();
    let commit = commit.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let Arguments { rounds, keys, idle, .. } = arguments;
    format!(
        "{}, {}, commit {}; `just bench`: {rounds} rounds in turns, {keys} keys of a kind in each, {idle} s without a touch. F is \
         the floor, a bare table of as many rows (`benches/terminal/src/bin/floor.rs`), in the same run; ✓ and ✗ say whether the goal is \
         met. Percentiles are of all samples, everything else is a median. A sleep of a millisecond \
         overslept by {:.2} ms (p99).\n",
        jiff::Zoned::now().date(),
        process::machine(),
        commit.unwrap_or_default(),
        noise.at("noise", 0.99).unwrap_or_default(),
    )
}
