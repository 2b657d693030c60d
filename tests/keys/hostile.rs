//! Whatever is typed, pasted, clicked, saved and resized while orders are looked for: no panic, lines as wide as the screen,
//! a selection that is drawn, a caret on the screen, and no payment.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use fastrand::Rng;
use jiff::{SignedDuration, tz::TimeZone};
use paydesk::{
    console::{
        Message, action::Context, aside::Aside, filter::Reading, list::queue::OwnQueue, reload::Reload,
        workspace::Workspace,
    },
    desk::hub::{CommandId, Reply, Update},
    domain::{find::Find, order::OrderStatus},
};
use ratatui::{buffer::Buffer, layout::Rect};

use crate::rig::{Rig, Sketch, case, number};

const TEXTS: [&str; 24] = [
    "airline:TR",
    "!status:ticketed ",
    "due:<10m",
    "due：＜１０ｍ，>1h",
    "note:\"call",
    "pax:zh",
    "王小明",
    "航司:TR",
    "zz:1",
    "amount:>200CNY amount:<1USD",
    "since:23:59",
    "created:2026-11-03..2026-11-04",
    "owner:li",
    "is:",
    "queue:",
    "a:..b",
    "\u{202e}\u{200b}\u{301}",
    "TESTA20261103140000001",
    "x7k2pq",
    "ZHANG/SAN",
    "!",
    "\"\\\"",
    "\n\r\t",
    "code:604,>700 ",
];

const KEYS: [KeyCode; 13] = [
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::Backspace,
    KeyCode::Delete,
    KeyCode::PageDown,
];

fn some<T: Copy>(rng: &mut Rng, all: &[T]) -> T {
    all[rng.usize(..all.len())]
}

fn some_order(rng: &mut Rng) -> Sketch {
    let status = some(
        rng,
        &[OrderStatus::Unpaid, OrderStatus::Ticketing, OrderStatus::Ticketed, OrderStatus::Cancelled],
    );
    Sketch {
        n: rng.u32(1..40),
        airline: some(rng, &["TR", "5J", "QG"]),
        names: vec![some(rng, &["ZHANG/SAN", "王/小明", "LIN/MEIYU"])],
        status,
        minutes_left: rng.i64(-5..40),
        error: (status == OrderStatus::Cancelled).then_some("604"),
        ..Sketch::default()
    }
}

fn some_queues(rng: &mut Rng, rig: &Rig) -> Reload {
    let reading = Reading { now: rig.now, zone: TimeZone::UTC };
    let filters = ["airline:TR", "due:<10m", "status:unpaid", "is:snoozed", "queue:done", "amount:>1"];
    let mut names = ["TR", "虎航待支付及出票", "a name of twenty col", "x", "5J", "dear"];
    rng.shuffle(&mut names);
    let queues = names[..rng.usize(..names.len())]
        .iter()
        .map(|name| OwnQueue::read(name, some(rng, &filters), &reading));
    Reload { queues: Some(queues.map(Result::unwrap).collect()), ..Reload::default() }
}

fn do_something(rng: &mut Rng, rig: &mut Rig) {
    let gap = Duration::from_millis(some(rng, &[1, 125, 125, 125, 125]));
    let key = |code| KeyEvent::new(code, KeyModifiers::NONE);
    match rng.u32(..40) {
        0..8 => rig.strike(key(some(rng, &KEYS)), gap),
        8..22 => {
            let c = some(
                rng,
                &[
                    '/', '/', 'F', ':', '+', '-', '-', 'S', 'M', 'f', 'u', '0', '7', '8', '9', 'j', 'k', 'v',
                    ' ', '?', 'n', 'p', 'L', '王', 'J', '>', '<', 'a', 'x', 's', 'd', 'm', '$', 't', 'q',
                    '1', '5',
                ],
            );
            // Nobody leaves here.
            if c != 'q' || rig.console.ui.layers.context() != Context::Table {
                rig.strike(key(KeyCode::Char(c)), gap);
            }
        }
        22 => rig.strike(
            KeyEvent::new(
                KeyCode::Char(some(rng, &['u', 'a', 'e', 'w', 'l', 'd', 'o'])),
                KeyModifiers::CONTROL,
            ),
            gap,
        ),
        23..27 => {
            let text = some(rng, &TEXTS);
            if rng.bool() {
                rig.message(Message::Paste(text.repeat(rng.usize(1..30))));
            } else {
                text.chars().for_each(|c| rig.strike(key(KeyCode::Char(c)), gap));
            }
        }
        27..30 => {
            let (columns, rows) = rig.console.ui.size;
            let kind = some(
                rng,
                &[
                    MouseEventKind::Down(MouseButton::Left),
                    MouseEventKind::Drag(MouseButton::Left),
                    MouseEventKind::ScrollDown,
                    MouseEventKind::ScrollUp,
                    MouseEventKind::Down(MouseButton::Left),
                ],
            );
            let (column, row) = (rng.u16(..columns + 5), rng.u16(..rows + 5));
            rig.message(Message::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
        }
        30 => {
            let size = some(rng, &[(80, 24), (81, 25), (120, 40), (200, 50), (20, 5), (80, 24)]);
            rig.message(Message::Resized(size.0, size.1));
        }
        31..33 => {
            let orders = (0..rng.usize(1..8)).map(|_| case(&some_order(rng))).collect();
            rig.publish(orders);
        }
        33 => {
            let reload = some_queues(rng, rig);
            rig.message(Message::Aside(Aside::Reloaded(Box::new(reload))));
        }
        34 => {
            let find = Find::by_form(some(rng, &["ABC123", "ZHANG/SAN", "SIN-BKK"])).unwrap();
            let orders = (0..rng.u32(..4)).map(|_| number(rng.u32(1..50))).collect();
            let reply = Reply::Found { find, orders, more: rng.bool() };
            rig.news(Update { replies: vec![(CommandId(1), reply)], ..Update::default() });
        }
        35 => {
            let order = number(rng.u32(1..50));
            rig.news(Update { replies: vec![(CommandId(1), Reply::Answered(order))], ..Update::default() });
        }
        _ => {
            // What a key has let go is looked at at once.
            rig.wait(Duration::from_secs(1));
            rig.message(Message::Woke);
            rig.pass(SignedDuration::from_secs(some(rng, &[1, 1, 5, 60, 601])));
        }
    }
}

#[test]
fn nothing_that_is_done_while_finding_breaks_the_screen_or_pays() {
    for seed in 0..5 {
        let mut rng = Rng::with_seed(seed);
        let mut rig = Rig::new((80, 24));
        rig.console.restore(None);
        rig.publish((0..20).map(|_| case(&some_order(&mut rng))).collect());
        for step in 0..250 {
            do_something(&mut rng, &mut rig);
            // Each line is as wide as the screen, or this says so.
            rig.draw();
            let size = rig.console.ui.size;
            let mut buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
            let caret = rig.console.draw(&mut buffer);
            assert!(
                caret.is_none_or(|caret| caret.x < size.0 && caret.y < size.1),
                "seed {seed}, step {step}: {caret:?}"
            );
            let ui = &rig.console.ui;
            if ui.layers.is_empty() && ui.typing.due().is_none() && ui.list.shown() > 0 {
                assert!(
                    ui.list.position().is_some(),
                    "seed {seed}, step {step}: nothing that is drawn is selected"
                );
            }
            assert!(
                ui.list.tabs().any(|tab| tab == ui.list.tab()),
                "seed {seed}, step {step}: {:?}",
                ui.list.tab()
            );
            assert_eq!(rig.payments(), 0, "seed {seed}, step {step}");
            rig.effects.clear();
        }
        // And it is found again as it was left.
        if let Some(left) = rig.console.left() {
            assert_eq!(Workspace::read(&left.text()).as_ref(), Ok(&left), "seed {seed}");
        }
    }
}
