//! Counts the instructions that each piece of work takes, under `valgrind`, and holds them against
//! `benches/instructions.toml`: unlike times, they are the same on a busy machine: five runs of one build were within 0.15 %.
//!
//! `instructions` fails when a piece takes a tenth more than is written there; `instructions --accept` writes what it
//! found. Both count by starting this program again for each piece, under the tool.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should say so and stop")]

#[path = "../../work/mod.rs"]
mod work;

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs, io,
    process::{Command, ExitCode, Stdio},
};

/// The figures, in the folder from which cargo runs it.
const FILE: &str = "benches/instructions.toml";

/// So many per cent more are too many.
const MARGIN: u64 = 10;

/// A piece of work, and how often it is done: what is seldom needs no mean.
type Piece = (&'static str, u64, fn() -> Box<dyn FnMut()>);

const PIECES: [Piece; 20] = [
    ("frame, 1,000 orders", 10, || Box::new(work::frame(1_000))),
    ("frame, 10,000 orders", 10, || Box::new(work::frame(10_000))),
    ("key and frame, 10,000 orders", 10, || Box::new(work::key_and_frame(work::filled(10_000)))),
    ("held key and frame, 10,000 orders", 20, || Box::new(work::held_key_and_frame(work::filled(10_000)))),
    ("update of 1 row, 1,000 orders", 20, || Box::new(work::update(1_000, 1))),
    ("update of 10 rows, 1,000 orders", 20, || Box::new(work::update(1_000, 10))),
    ("update of 100 rows, 1,000 orders", 20, || Box::new(work::update(1_000, 100))),
    ("update of 1 row, 10,000 orders", 20, || Box::new(work::update(10_000, 1))),
    ("update of 10 rows, 10,000 orders", 20, || Box::new(work::update(10_000, 10))),
    ("update of 100 rows, 10,000 orders", 20, || Box::new(work::update(10_000, 100))),
    ("filter letter, 1,000 orders", 10, || Box::new(work::filter_letter(1_000))),
    ("filter letter, 10,000 orders", 10, || Box::new(work::filter_letter(10_000))),
    ("sort, 1,000 orders", 4, || Box::new(work::sort(1_000))),
    ("sort, 10,000 orders", 4, || Box::new(work::sort(10_000))),
    ("page of 100 orders decoded", 10, || Box::new(work::page_decode())),
    ("fold of 10,000 entries", 1, || Box::new(work::fold(10_000))),
    ("append of 1 entry", 20, || Box::new(work::append(1))),
    ("append of 100 entries", 5, || Box::new(work::append(100))),
    ("first picture, 1,000 orders", 2, || Box::new(work::first_picture(1_000))),
    ("first picture, 10,000 orders", 2, || Box::new(work::first_picture(10_000))),
];

fn main() -> ExitCode {
    match env::args().nth(1).as_deref() {
        None => compare(),
        Some("--accept") => accept(),
        Some(name) => {
            let (_, times, make) = PIECES.iter().find(|(piece, ..)| *piece == name).unwrap();
            let mut piece = make();
            // What is made at the first time is not what it takes.
            piece();
            counted_work(*times, &mut *piece);
            ExitCode::SUCCESS
        }
    }
}

/// The tool counts while this is on the stack.
#[inline(never)]
fn counted_work(times: u64, piece: &mut dyn FnMut()) {
    for _ in 0..times {
        std::hint::black_box(&mut *piece)();
    }
}

/// The instructions of one piece, done once.
fn count(name: &str, times: u64) -> io::Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counted_work*"])
        .arg(env::current_exe()?)
        .arg(name)
        // The machine's own zone and language are no part of the work.
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("TZ", "UTC")
        .stdout(Stdio::null())
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected =
        said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse::<u64>().ok());
    match collected {
        Some(count @ 1..) if output.status.success() => Ok(count / times),
        _ => Err(io::Error::other(format!("{name} was not counted:\n{said}"))),
    }
}

/// All pieces, by name.
fn count_all() -> io::Result<BTreeMap<&'static str, u64>> {
    PIECES.iter().map(|(name, times, _)| Ok((*name, count(name, *times)?))).collect()
}

fn failed(why: &io::Error) -> ExitCode {
    eprintln!("instructions: {why}");
    if why.kind() == io::ErrorKind::NotFound {
        eprintln!("instructions: they are counted by valgrind, which is not installed here");
    }
    ExitCode::from(2)
}

fn accept() -> ExitCode {
    let counted = match count_all() {
        Ok(counted) => counted,
        Err(why) => return failed(&why),
    };
    let mut text = String::from(
        "# Instructions of each piece of work, in a release build. `just instructions --accept` writes this file; CI fails when a piece\n\
         # takes a tenth more. A new compiler may move all of them a little.\n",
    );
    for (name, ..) in PIECES {
        writeln!(text, "\"{name}\" = {}", grouped(counted[name]).replace(',', "_")).unwrap();
    }
    fs::write(FILE, text).unwrap();
    ExitCode::SUCCESS
}

fn compare() -> ExitCode {
    let committed: BTreeMap<String, u64> = toml::from_str(&fs::read_to_string(FILE).unwrap()).unwrap();
    let mut is_worse = false;
    for (name, times, _) in PIECES {
        let now = match count(name, times) {
            Ok(now) => now,
            Err(why) => return failed(&why),
        };
        let Some(before) = committed.get(name).copied() else {
            println!("{name:36} {:>14}  is not in {FILE}", grouped(now));
            is_worse = true;
            continue;
        };
        let is_too_much = now * 100 > before * (100 + MARGIN);
        is_worse |= is_too_much;
        let says = if now > before { "more" } else { "fewer" };
        let tenths = now.abs_diff(before) * 1_000 / before;
        let sign = if is_too_much { "  TOO MANY" } else { "" };
        println!("{name:36} {:>14}  {}.{} % {says}{sign}", grouped(now), tenths / 10, tenths % 10);
    }
    if is_worse {
        println!(
            "\nA piece of work takes over {MARGIN} % more instructions than {FILE} says. If it is meant to, run `just instructions --accept`\n\
             and commit the file with the reason."
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
