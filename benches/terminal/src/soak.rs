//! A console that runs for long, on many orders that change all the time: is it as fast and as small at the end as at the
//! beginning, and does it know then what the vendor knows?

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    DOWN_AND_UP,
    console::{ROW, Simulator, configured},
    measure::{Figures, Plan},
    process::memory,
    session::Session,
};

/// Orders come in, are paid elsewhere and ticketed, and so many tickets a second are issued anew.
fn story(changes: u64) -> String {
    let every = 1_000 / changes.clamp(1, 1_000);
    format!(
        r#"
title = {{ en = "A restless night", zh-CN = "不安静的夜晚" }}
about = {{ en = "Tickets are issued anew all the time.", zh-CN = "客票不断重新出票。" }}
[cast]
orders = 40
[cast.mix]
"ticketed" = 85
"cancelled" = 14
"stopped" = 1
[arrivals]
every = ["1s", "1s"]
parts = ["open vcc"]
elsewhere = 80
[reissues]
every = ["{every}ms", "{every}ms"]
"#
    )
}

/// After the story has stopped, the console may take so long to know all of it.
const CATCHES_UP: Duration = Duration::from_mins(10);

/// Says what it found, minute by minute; whatever is wrong at the end.
pub(crate) fn soak(paydesk: &Path, orders: u32, changes: u64, minutes: u64, plan: &mut Plan) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("restless.toml");
    std::fs::write(&file, story(changes)).expect("a story");
    let simulator = Simulator::start(paydesk, &file.display().to_string(), orders);
    let mut session = Session::start(&configured(paydesk, &simulator.url, 15, &folder.path().join("data")));
    session.until(ROW, Duration::from_secs(30));
    println!("minute  key p50 ms  p99 ms  resident MiB  tabs");
    let begun = Instant::now();
    let mut minute = 0;
    let mut taken = Vec::new();
    while begun.elapsed() < Duration::from_secs(60 * minutes) {
        let mut figures = Figures::default();
        plan.keys(&mut session, &DOWN_AND_UP, &mut figures);
        let next = begun + Duration::from_secs(60 * (minute + 1));
        session.watch(next.saturating_duration_since(Instant::now()));
        minute += 1;
        let at = |share| figures.at("move.first", share).unwrap_or(f64::NAN);
        let (now, _) = memory(session.pid).unwrap_or_default();
        println!("{minute:6}  {:10.2}  {:6.2}  {now:12.1}  {}", at(0.5), at(0.99), tabs(&session.text()));
        taken.push((at(0.99), now));
    }
    let mut wrong = Vec::new();
    let _paused = control(&simulator.url, "POST", "/_sim/pause");
    if let Err(why) = catches_up(&mut session, &simulator) {
        wrong.push(why);
    }
    // All orders are known after some minutes; from then on nothing may grow.
    let settled = taken.len() / 2;
    let median = |part: &[(f64, f64)], of: fn(&(f64, f64)) -> f64| {
        let mut figures: Vec<f64> = part.iter().map(of).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or_default()
    };
    let (first, second) = taken.split_at(settled);
    let (keys_then, keys_now) = (median(first, |one| one.0), median(second, |one| one.0));
    println!(
        "key p99, median of the minutes: {keys_then:.2} ms in the first half, {keys_now:.2} ms in the second"
    );
    // One minute has no halves.
    if settled > 0 && keys_now > 2.0 * keys_then + 1.0 {
        wrong.push(format!("keys became slower: p99 {keys_then:.2} ms, then {keys_now:.2} ms"));
    }
    if let (Some((_, then)), Some((_, now))) = (taken.get(settled), taken.last()) {
        println!("resident: {then:.1} MiB at half time, {now:.1} MiB at the end");
        if *now > then * 1.1 + 1.0 {
            wrong.push(format!("memory grew: {then:.1} MiB at half time, {now:.1} MiB at the end"));
        }
    }
    let left = session.quit("q");
    if left.is_none_or(|left| left.code != 0 || !left.is_clean) {
        wrong.push("it did not leave as it should".to_owned());
    }
    wrong
}

/// Waits until the tabs count as many orders, and as many of them in ticketing, as the vendor has.
fn catches_up(session: &mut Session, simulator: &Simulator) -> Result<(), String> {
    let document = control(&simulator.url, "GET", "/_sim/orders");
    let all = document.matches("\"orderNo\"").count();
    let ticketing = document.matches("\"orderStatus\":1,").count();
    let wanted = [format!("Ticketing {ticketing} "), format!("All {all}")];
    let end = Instant::now() + CATCHES_UP;
    loop {
        session.watch(Duration::from_millis(500));
        let tabs = tabs(&session.text()) + " ";
        if wanted.iter().all(|count| tabs.contains(count.as_str())) {
            println!("the console counts as the vendor does: {}", wanted.join(", "));
            return Ok(());
        }
        if Instant::now() > end {
            return Err(format!("LOST: the vendor has {}, the console shows {tabs}", wanted.join(", ")));
        }
    }
}

/// The line of queues and their counts.
fn tabs(screen: &str) -> String {
    screen.lines().find(|line| line.contains(" All ")).unwrap_or_default().trim().to_owned()
}

/// Asks the simulator's control API.
fn control(url: &str, method: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).expect("the simulator");
    let request =
        format!("{method} {path} HTTP/1.1\r\nhost: sim\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}
