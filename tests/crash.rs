//! The real binary killed at every step of a payment and of a regeneration (CP1 to CP18), and started again. A line
//! between it and the simulator holds the step still; a lock on the journal holds those between an answer and the disk.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod line;
mod program;
mod sample;

use std::{
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use paydesk::sim::{self, Running};
use rusqlite::Connection;
use serde_json::Value;

use self::{
    line::{Line, Stop},
    program::{Desk, get},
};

const QUERY: &str = "queryOrderDetails.do";
const PAY: &str = "pay.do";
const REGENERATE: &str = "regenerateOrder.do";

/// A desk whose requests go over a line, and an order.
struct Scene {
    running: Running,
    line: Line,
    desk: Desk,
    order: String,
}

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

impl Scene {
    /// The story of the declined card; `name` is the story's own name of the order.
    fn with(name: &str) -> Self {
        let running = sim::spawn(sample::story("vcc-decline", None, 30.0)).unwrap();
        let shown = || get(running.addr, &format!("/_sim/orders/{name}"));
        if name == "hero" {
            until("the card to be declined", || shown()["orderStatus"] == -3);
        }
        let order = shown()["orderNo"].as_str().unwrap().to_owned();
        let line = Line::to(running.addr);
        let desk = Desk::at(&line.url());
        // A journal that is there already: what holds it still needs a file.
        assert_eq!(desk.run(&["orders", "--json"], "").code, Some(0));
        Self { running, line, desk, order }
    }

    fn journal(&self) -> Connection {
        Connection::open(self.desk.folder.path().join("data/test/journal.sqlite")).unwrap()
    }

    /// Holds the journal: others can read it, nobody can write.
    fn held(&self) -> Connection {
        let journal = self.journal();
        journal.busy_timeout(Duration::from_secs(10)).unwrap();
        journal.execute_batch("BEGIN IMMEDIATE").unwrap();
        journal
    }

    /// Where things of one kind stand, on disk, oldest first.
    fn states(&self, table: &str) -> Vec<String> {
        let journal = self.journal();
        let mut query = journal.prepare(&format!("SELECT state FROM {table} ORDER BY entry")).unwrap();
        query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn until_state(&self, table: &str, state: &str) {
        until(state, || self.states(table).iter().any(|word| word == state));
    }

    fn begin(&self, arguments: &[&str]) -> Child {
        let mut command = self.desk.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn begin_to_pay(&self) -> Child {
        self.begin(&["pay", &self.order, "--method", "deposit", "--yes", "--json", "--follow"])
    }

    fn asked(&self, endpoint: &str) -> usize {
        let asked = get(self.running.addr, "/_sim/requests");
        asked["requests"].as_array().unwrap().iter().filter(|one| one["endpoint"] == endpoint).count()
    }

    /// Fares that the vendor holds for the order and those made from it, and how many were made.
    fn held_and_made(&self) -> (u64, usize) {
        let ledger = get(self.running.addr, "/_sim/ledger");
        assert_eq!(ledger["doubleCharges"], serde_json::json!({}), "{ledger}");
        let orders = get(self.running.addr, "/_sim/orders");
        let is_made =
            |one: &&Value| one["lineage"] == self.order.as_str() && one["orderNo"] != self.order.as_str();
        let made = orders["orders"].as_array().unwrap().iter().filter(is_made).count();
        (ledger["lineages"][&self.order]["faresHeld"].as_u64().unwrap_or(0), made)
    }

    /// Requests about the order stop there from now on.
    fn stop(&self, endpoint: &'static str, at: Stop) {
        self.line.stop(endpoint, &self.order, at);
    }

    fn payment_state(&self, order: &str) -> Value {
        self.desk.run(&["show", order, "--json"], "").json()["order"]["paymentState"].clone()
    }

    fn is_sound(&self) {
        let verdict = self.desk.run(&["journal", "verify", "--json"], "");
        assert_eq!((verdict.code, &verdict.json()["sound"]), (Some(0), &true.into()), "{}", verdict.stdout);
    }
}

fn kill(mut program: Child) {
    // SIGKILL: nothing of it runs any more.
    program.kill().unwrap();
    program.wait().unwrap();
}

/// What is so after a crash and a second start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// Nothing had been written down: it is paid as if for the first time.
    Nothing,
    /// Nothing had left, and the journal says so: it is paid by a new attempt.
    NotSent,
    /// Nobody can know, and nothing was charged: no payment is possible.
    Doubt,
    /// It was charged: that is found out, and nothing is sent again.
    Charged,
}

/// A program that stands at a point, and the lock on the journal that keeps it there.
type Standing = (Child, Option<Connection>);

/// Kills what stands at a point; only then may the journal be written again.
fn kill_at_point((program, lock): Standing) {
    kill(program);
    drop(lock);
}

/// Kills a payment at a point, starts the program again, and looks.
fn at_point(point: &str, then: Then, bring_about: impl FnOnce(&Scene) -> Standing) {
    let scene = Scene::with("second");
    kill_at_point(bring_about(&scene));
    scene.line.open();
    let held = || scene.held_and_made().0;
    if then == Then::Charged {
        until("the charge", || held() == 1);
    }
    assert_eq!(held(), u64::from(then == Then::Charged), "{point}: what the vendor did");
    let again =
        scene.desk.run(&["pay", &scene.order, "--method", "deposit", "--yes", "--json", "--follow"], "");
    let states = scene.states("attempts");
    let said = format!("{point}: {}{}", again.stdout, again.stderr);
    match then {
        Then::Nothing => assert_eq!((again.code, states), (Some(0), vec!["ticketed".to_owned()]), "{said}"),
        Then::NotSent => {
            assert_eq!((again.code, states), (Some(0), vec!["notSent".into(), "ticketed".into()]), "{said}");
        }
        Then::Doubt => {
            assert_eq!(
                (again.code, &again.json()["error"]["charged"]),
                (Some(3), &"unknown".into()),
                "{said}"
            );
            assert_eq!((scene.asked(PAY), states), (0, vec!["inDoubt".to_owned()]), "{said}");
            assert_eq!(scene.payment_state(&scene.order), "inDoubt", "{said}");
        }
        Then::Charged => {
            assert_eq!(scene.asked(PAY), 1, "{said}");
            until("the truth", || scene.payment_state(&scene.order) == "ticketed");
            assert_eq!(scene.states("attempts"), ["ticketed"], "{said}");
        }
    }
    assert_eq!(scene.held_and_made(), (u64::from(then != Then::Doubt), 0), "{said}");
    scene.is_sound();
}

/// Brings a payment to where the answer of its second check waits.
fn to_second_check(scene: &Scene) -> Child {
    scene.stop(QUERY, Stop::BeforeAnswer);
    let program = scene.begin_to_pay();
    scene.line.until_held();
    scene.line.let_go();
    scene.line.until_passed();
    scene.stop(QUERY, Stop::BeforeAnswer);
    scene.until_state("attempts", "claimed");
    scene.line.until_held();
    program
}

/// Brings a payment to where it is sent, and stops there.
fn to_send(scene: &Scene, stop: Stop) -> Child {
    scene.stop(PAY, stop);
    let program = scene.begin_to_pay();
    scene.line.until_held();
    assert_eq!(scene.states("attempts"), ["sending"]);
    program
}

#[test]
fn before_the_claim_nothing_is_written() {
    at_point("CP1", Then::Nothing, |scene| {
        scene.stop(QUERY, Stop::NotPassedOn);
        let program = scene.begin_to_pay();
        scene.line.until_held();
        (program, None)
    });
    at_point("CP2", Then::Nothing, |scene| {
        scene.stop(QUERY, Stop::BeforeAnswer);
        let program = scene.begin_to_pay();
        scene.line.until_held();
        let lock = scene.held();
        scene.line.let_go();
        scene.line.until_passed();
        assert_eq!(scene.states("attempts"), [""; 0]);
        (program, Some(lock))
    });
}

#[test]
fn between_the_claim_and_the_send_nothing_has_left() {
    at_point("CP3, CP4", Then::NotSent, |scene| (to_second_check(scene), None));
    at_point("CP5", Then::NotSent, |scene| {
        let program = to_second_check(scene);
        let lock = scene.held();
        scene.line.let_go();
        scene.line.until_passed();
        assert_eq!(scene.states("attempts"), ["claimed"]);
        (program, Some(lock))
    });
}

#[test]
fn from_the_send_on_nobody_knows_what_the_vendor_got() {
    at_point("CP6", Then::Doubt, |scene| {
        let program = to_second_check(scene);
        scene.line.stop_accepting();
        scene.line.let_go();
        scene.until_state("attempts", "sending");
        (program, None)
    });
    at_point("CP7", Then::Doubt, |scene| {
        let program = to_second_check(scene);
        scene.stop(PAY, Stop::Unread);
        scene.line.let_go();
        scene.until_state("attempts", "sending");
        scene.line.until_held();
        (program, None)
    });
    at_point("CP8", Then::Doubt, |scene| (to_send(scene, Stop::HalfRead), None));
    at_point("CP9, lost", Then::Doubt, |scene| (to_send(scene, Stop::NotPassedOn), None));
}

#[test]
fn what_was_done_without_an_answer_is_found_out() {
    at_point("CP9, done", Then::Charged, |scene| (to_send(scene, Stop::NoAnswer), None));
    at_point("CP10", Then::Charged, |scene| (to_send(scene, Stop::HeadOnly), None));
    at_point("CP11", Then::Charged, |scene| (to_send(scene, Stop::HalfBody), None));
}

#[test]
fn what_was_answered_and_not_written_is_found_out() {
    at_point("CP12", Then::Charged, |scene| {
        let program = to_send(scene, Stop::BeforeAnswer);
        let lock = scene.held();
        scene.line.let_go();
        scene.line.until_passed();
        assert_eq!(scene.states("attempts"), ["sending"]);
        (program, Some(lock))
    });
    at_point("CP13", Then::Charged, |scene| {
        let program = to_send(scene, Stop::BeforeAnswer);
        let log = scene.desk.folder.path().join("data/test/journal.sqlite-wal");
        let written = || std::fs::metadata(&log).unwrap().len();
        let before = written();
        scene.line.let_go();
        while written() == before {
            std::hint::spin_loop();
        }
        (program, None)
    });
}

#[test]
fn what_was_written_is_not_done_again() {
    at_point("CP14", Then::Charged, |scene| {
        let program = scene.begin_to_pay();
        scene.until_state("attempts", "accepted");
        (program, None)
    });
    at_point("CP15", Then::Charged, |scene| {
        let program = to_send(scene, Stop::BeforeAnswer);
        scene.stop(QUERY, Stop::NotPassedOn);
        scene.line.let_go();
        scene.line.until_held();
        (program, None)
    });
    at_point("CP16", Then::Charged, |scene| {
        let program = to_send(scene, Stop::BeforeAnswer);
        scene.stop(QUERY, Stop::BeforeAnswer);
        scene.line.let_go();
        scene.line.until_held();
        let lock = scene.held();
        scene.line.let_go();
        scene.line.until_passed();
        (program, Some(lock))
    });
    for pause in [0, 1, 2, 4, 8] {
        at_point("CP17, the end of a program", Then::Charged, |scene| {
            let program =
                scene.begin(&["pay", &scene.order, "--method", "deposit", "--yes", "--json", "--wait", "0"]);
            scene.until_state("attempts", "accepted");
            std::thread::park_timeout(Duration::from_millis(pause));
            (program, None)
        });
    }
}

#[test]
fn a_migration_is_done_or_not_begun() {
    for locked in [true, false] {
        let desk = Desk::at("http://127.0.0.1:9");
        let folder = desk.folder.path().join("data/test");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("journal.sqlite");
        let old = Connection::open(&file).unwrap();
        old.execute_batch(include_str!("first_journal.sql")).unwrap();
        old.execute_batch("PRAGMA journal_mode = WAL").unwrap();
        if locked {
            old.execute_batch("BEGIN IMMEDIATE").unwrap();
        } else {
            drop(old.prepare("SELECT 1").unwrap());
        }
        let mut command = desk.command(&["journal", "--json"]);
        let program =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("the copy", || folder.join("journal.v1.sqlite").exists());
        kill(program);
        drop(old);
        let version: i64 =
            Connection::open(&file).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert!(version == 1 || version > 1 && !locked, "version {version}");
        let listed = desk.run(&["journal", "--json"], "");
        assert_eq!(listed.json()["attempts"][0]["state"], "rejected", "{}{}", listed.stdout, listed.stderr);
        let verdict = desk.run(&["journal", "verify", "--json"], "");
        assert_eq!(verdict.json()["sound"], true, "{}", verdict.stdout);
    }
}

/// Kills a regeneration at a point, starts the program again, and looks.
fn at_regeneration(point: &str, then: Then, bring_about: impl FnOnce(&Scene) -> Standing) {
    let scene = Scene::with("hero");
    kill_at_point(bring_about(&scene));
    scene.line.open();
    assert_eq!(
        scene.held_and_made(),
        (0, usize::from(then == Then::Charged)),
        "{point}: what the vendor did"
    );
    let asked = scene.asked(REGENERATE);
    let wait = if then == Then::Doubt { "1" } else { "60" };
    let arguments =
        ["recover", &scene.order, "--via", "deposit", "--yes", "--json", "--follow", "--wait", wait];
    let again = scene.desk.run(&arguments, "");
    let said = format!("{point}: {}{}", again.stdout, again.stderr);
    if then == Then::Doubt {
        // Minutes of searching would end it; until then nothing is asked for again.
        assert_eq!(again.json()["error"]["code"], "regeneration_unknown", "{said}");
        assert_eq!((scene.asked(REGENERATE), scene.asked(PAY)), (asked, 0), "{said}");
        assert_eq!(
            (scene.states("regenerations"), scene.held_and_made()),
            (vec!["inDoubt".to_owned()], (0, 0))
        );
    } else {
        assert_eq!(again.code, Some(0), "{said}");
        assert_eq!(
            (scene.asked(REGENERATE), scene.asked(PAY), scene.held_and_made()),
            (1, 1, (1, 1)),
            "{said}"
        );
    }
    scene.is_sound();
}

fn begin_to_recover(scene: &Scene) -> Child {
    scene.begin(&["recover", &scene.order, "--via", "deposit", "--yes", "--json", "--follow"])
}

/// Brings a regeneration to where it is sent, and stops there.
fn to_regeneration(scene: &Scene, stop: Stop) -> Child {
    scene.stop(REGENERATE, stop);
    let program = begin_to_recover(scene);
    scene.line.until_held();
    assert_eq!(scene.states("regenerations"), ["sending"]);
    program
}

#[test]
fn an_order_is_regenerated_once_wherever_the_program_dies() {
    at_regeneration("CP18, before", Then::NotSent, |scene| {
        scene.stop(QUERY, Stop::BeforeAnswer);
        let program = begin_to_recover(scene);
        scene.line.until_held();
        (program, None)
    });
    at_regeneration("CP18, half", Then::Doubt, |scene| (to_regeneration(scene, Stop::HalfRead), None));
    at_regeneration("CP18, lost", Then::Doubt, |scene| (to_regeneration(scene, Stop::NotPassedOn), None));
    at_regeneration("CP18, done", Then::Charged, |scene| (to_regeneration(scene, Stop::NoAnswer), None));
    at_regeneration("CP18, head", Then::Charged, |scene| (to_regeneration(scene, Stop::HeadOnly), None));
    at_regeneration("CP18, half an answer", Then::Charged, |scene| {
        (to_regeneration(scene, Stop::HalfBody), None)
    });
    at_regeneration("CP18, not written", Then::Charged, |scene| {
        let program = to_regeneration(scene, Stop::BeforeAnswer);
        let lock = scene.held();
        scene.line.let_go();
        scene.line.until_passed();
        assert_eq!(scene.states("regenerations"), ["sending"]);
        (program, Some(lock))
    });
    at_regeneration("CP18, written", Then::Charged, |scene| {
        let program = to_regeneration(scene, Stop::BeforeAnswer);
        scene.line.let_go();
        scene.until_state("regenerations", "made");
        (program, None)
    });
}

#[test]
fn a_server_that_does_it_and_never_answers_makes_pay_exit_3_and_asking_tells_the_truth() {
    let scene = Scene::with("second");
    scene.stop(PAY, Stop::NoAnswer);
    let arguments = ["pay", &scene.order, "--method", "deposit", "--yes", "--json", "--wait", "1"];
    let mut command = scene.desk.command(&arguments);
    let program = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    scene.line.until_held();
    // From here on nobody learns anything about the order.
    scene.stop(QUERY, Stop::NotPassedOn);
    let ended = program.wait_with_output().unwrap();
    let ending: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(ended.status.code(), Some(3), "{ending}");
    assert_eq!((&ending["outcome"], &ending["charged"]), (&"unknown".into(), &"unknown".into()), "{ending}");
    // Nothing is sent while it is unknown, by whatever path.
    for arguments in [
        ["pay", &scene.order, "--method", "deposit", "--yes", "--json"],
        ["recover", &scene.order, "--via", "deposit", "--yes", "--json"],
    ] {
        assert_eq!(scene.desk.run(&arguments, "").code, Some(3), "{arguments:?}");
    }
    assert_eq!(scene.asked(PAY), 1);
    scene.line.open();
    until("the truth", || scene.payment_state(&scene.order) == "ticketed");
    assert_eq!((scene.asked(PAY), scene.held_and_made()), (1, (1, 0)));
    scene.is_sound();
}
