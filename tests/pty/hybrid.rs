//! The hybrid story at the console: from the declined card to the ticket, and killed at any moment of it.

use std::{net::SocketAddr, path::Path, time::Instant};

use paydesk::sim::Running;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{
    amount_asked, console_at, get, ledger,
    line::{Line, Stop},
    listens,
    session::{LIMIT, Session},
    story,
};

const PAY: &str = "pay.do";
const REGENERATE: &str = "regenerateOrder.do";

/// The story up to the declined card.
struct Scene {
    simulator: Running,
    line: Line,
    folder: TempDir,
    order: String,
}

impl Scene {
    fn new() -> Self {
        let simulator = story("vcc-decline", None, 20.0);
        let hero = || get(&simulator, "/_sim/orders/hero");
        let begun = Instant::now();
        while hero()["orderStatus"] != -3 {
            assert!(begun.elapsed() < LIMIT, "the card was never declined");
            std::thread::park_timeout(std::time::Duration::from_millis(50));
        }
        let order = hero()["orderNo"].as_str().unwrap().to_owned();
        let line = Line::to(simulator.addr);
        Self { simulator, line, folder: tempfile::tempdir().unwrap(), order }
    }

    /// The console with the plan of the order open.
    fn open(&self) -> Session {
        open(self.line.addr, self.folder.path(), &self.order)
    }

    /// Orders made from it, fares held for it, and requests that would do either.
    fn done(&self) -> (usize, u64, usize, usize) {
        let orders = get(&self.simulator, "/_sim/orders");
        let order = self.order.as_str();
        let is_made = |one: &&serde_json::Value| one["lineage"] == order && one["orderNo"] != order;
        let made = orders["orders"].as_array().unwrap().iter().filter(is_made).count();
        let ledger = ledger(&self.simulator);
        assert_eq!(ledger["doubleCharges"], serde_json::json!({}));
        let held = ledger["lineages"][order]["faresHeld"].as_u64().unwrap_or(0);
        let requests = get(&self.simulator, "/_sim/requests");
        let asked = |endpoint: &str| {
            requests["requests"].as_array().unwrap().iter().filter(|one| one["endpoint"] == endpoint).count()
        };
        (made, held, asked(REGENERATE), asked(PAY))
    }

    fn states(&self, table: &str) -> Vec<String> {
        let file = self.folder.path().join("data/sandbox/journal.sqlite");
        let journal = Connection::open(file).unwrap();
        let mut query = journal.prepare(&format!("SELECT state FROM {table} ORDER BY entry")).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn until_state(&self, table: &str, state: &str) {
        let begun = Instant::now();
        while !self.states(table).iter().any(|word| word == state) {
            assert!(begun.elapsed() < LIMIT, "{state} never came");
            std::thread::park_timeout(std::time::Duration::from_millis(2));
        }
    }
}

fn open(addr: SocketAddr, folder: &Path, order: &str) -> Session {
    let mut session = console_at(addr, folder);
    session.until_text("data live");
    session.select(order);
    session.type_keys("t");
    session.until_text("RECOVER");
    session
}

/// Where the story stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    /// The plan wants a key.
    Plan,
    /// Whether to make a new order is asked.
    Regenerate,
    /// The old price and the new one stand side by side.
    Prices,
    /// The form to pay is filled in.
    Form,
    /// The amount is asked for.
    Confirm,
    /// The amount is typed.
    Typed,
    Ticketed,
}

fn at(screen: &str) -> Option<At> {
    let waits = |what: &str| screen.lines().any(|line| line.contains(what) && line.contains("WAITS FOR YOU"));
    if screen.contains("[x] ticketed") || screen.contains("nothing to do: ticketed") {
        Some(At::Ticketed)
    } else if screen.contains("]  matches") {
        Some(At::Typed)
    } else if screen.contains("Nothing is in the way") && !screen.contains("Type the amount") {
        Some(At::Form)
    } else if screen.contains("nothing typed yet") && listens(screen) {
        Some(At::Confirm)
    } else if screen.contains("Regenerate TESTA") {
        Some(At::Regenerate)
    } else if waits("old EUR") {
        Some(At::Prices)
    } else if waits("") {
        Some(At::Plan)
    } else {
        None
    }
}

/// Does what the screen asks for, until `goal`; true when the story had passed it already.
fn carry(session: &mut Session, goal: At) -> At {
    let mut last = None;
    loop {
        let screen = session.until(&format!("the next step after {last:?}"), |screen| {
            at(screen).is_some_and(|now| Some(now) != last)
        });
        let now = at(&screen).unwrap();
        if now >= goal {
            return now;
        }
        match now {
            At::Plan | At::Prices | At::Form | At::Typed => session.type_keys("\r"),
            At::Regenerate => session.type_keys("y"),
            At::Confirm => session.type_keys(&amount_asked(&screen)),
            At::Ticketed => {}
        }
        last = Some(now);
    }
}

#[test]
fn one_key_opens_the_plan_and_it_is_carried_to_the_ticket() {
    let scene = Scene::new();
    let mut session = scene.open();
    assert_eq!(carry(&mut session, At::Ticketed), At::Ticketed);
    assert_eq!(scene.done(), (1, 1, 1, 1));
    for _ in 0..2 {
        session.type_keys("\x1b");
        session.until("one layer less", |screen| !screen.contains("[x] ticketed"));
    }
    session.until_text("7 All");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
}

/// Brings the story somewhere, kills the console there, starts it again, and carries the story to its end.
fn killed(moment: &str, bring_about: impl FnOnce(&Scene, &mut Session)) {
    let scene = Scene::new();
    let mut session = scene.open();
    bring_about(&scene, &mut session);
    session.child.kill().unwrap();
    session.child.wait().unwrap();
    scene.line.open();
    let mut session = scene.open();
    carry(&mut session, At::Ticketed);
    assert_eq!(scene.done(), (1, 1, 1, 1), "{moment}");
    assert_eq!(scene.states("regenerations").len(), 1, "{moment}");
    let attempts = scene.states("attempts");
    assert!(attempts.ends_with(&["ticketed".to_owned()]), "{moment}: {attempts:?}");
}

#[test]
fn killed_at_any_screen_it_ends_in_the_same_state() {
    for goal in [At::Plan, At::Regenerate, At::Prices, At::Confirm, At::Typed] {
        killed(&format!("{goal:?}"), |_, session| {
            carry(session, goal);
        });
    }
}

#[test]
fn killed_while_the_order_is_regenerated_it_ends_in_the_same_state() {
    for stop in [Stop::NoAnswer, Stop::HalfBody] {
        killed(&format!("regenerated, {stop:?}"), |scene, session| {
            scene.line.stop(REGENERATE, "", stop);
            carry(session, At::Regenerate);
            session.type_keys("y");
            scene.line.until_held();
        });
    }
    killed("regenerated", |scene, session| {
        carry(session, At::Regenerate);
        session.type_keys("y");
        scene.until_state("regenerations", "made");
    });
}

#[test]
fn killed_while_it_is_paid_it_ends_in_the_same_state() {
    for stop in [Stop::NoAnswer, Stop::HalfBody] {
        killed(&format!("paid, {stop:?}"), |scene, session| {
            scene.line.stop(PAY, "", stop);
            carry(session, At::Typed);
            session.type_keys("\r");
            scene.line.until_held();
        });
    }
    for state in ["claimed", "accepted", "ticketed"] {
        killed(state, |scene, session| {
            if state == "claimed" {
                // Held before the second check is answered, so that nothing can have left.
                carry(session, At::Typed);
                scene.line.stop("queryOrderDetails.do", "", Stop::NotPassedOn);
                session.type_keys("\r");
                scene.until_state("attempts", state);
            } else {
                carry(session, At::Typed);
                session.type_keys("\r");
                scene.until_state("attempts", state);
            }
        });
    }
}

/// Carries a story on while somebody else does the same: a form that came too late is left for the plan.
fn carry_beside_another(session: &mut Session) {
    let end = Instant::now() + LIMIT;
    loop {
        let screen = session.screen();
        assert!(Instant::now() < end, "it never came to the ticket:\n{screen}");
        match at(&screen) {
            Some(At::Ticketed) => return,
            Some(At::Plan | At::Prices | At::Form | At::Typed) => session.type_keys("\r"),
            Some(At::Regenerate) => session.type_keys("y"),
            Some(At::Confirm) => {
                session.type_keys(&amount_asked(&screen));
                session.until("what was typed", |screen| !screen.contains("nothing typed yet"));
            }
            // Nothing to do, or the other one was first.
            None if screen.contains("PAY") && !screen.contains("Type the amount") => {
                session.type_keys("\x1b");
            }
            None => {}
        }
        std::thread::park_timeout(std::time::Duration::from_millis(150));
    }
}

#[test]
fn two_consoles_at_the_same_moment_make_one_order_and_one_charge() {
    let scene = Scene::new();
    let mut sessions = [scene.open(), scene.open()];
    for session in &mut sessions {
        carry(session, At::Regenerate);
    }
    // Both say yes, and both go on as fast as they can.
    for session in &mut sessions {
        session.type_keys("y");
    }
    std::thread::scope(|scope| {
        for session in &mut sessions {
            scope.spawn(|| carry_beside_another(session));
        }
    });
    assert_eq!(scene.done(), (1, 1, 1, 1));
}
