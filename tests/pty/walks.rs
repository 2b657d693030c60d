//! What changes an order beside a payment, walked in the demo by keys alone to its end, in both languages and on the
//! smallest screen as well as a large one. Every text is looked for whole, as the language files have it.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    thread,
};

use paydesk::lang::Lang;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    amount_asked, is_marked, listens,
    session::{Session, panes, selected_row},
};

/// A demo in a terminal of this size, whose simulator may be looked into.
struct Walk {
    lang: Lang,
    session: Session,
    simulator: SocketAddr,
    _folder: TempDir,
}

/// Walks it in every language and size, all at once: most of the time a hand is waited for.
fn everywhere(scenario: &str, speed: &str, walk: impl Fn(Walk) + Sync) {
    thread::scope(|scope| {
        for lang in [Lang::En, Lang::ZhCn] {
            for size in [(80, 24), (120, 40)] {
                let walk = &walk;
                thread::Builder::new()
                    .name(format!("{} at {size:?}", lang.tag()))
                    .spawn_scoped(scope, move || walk(Walk::start(lang, size, scenario, speed)))
                    .unwrap();
            }
        }
    });
}

/// A text without its blanks, line ends and frames: where it breaks does not matter, that it is whole does.
fn squeezed(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || matches!(c, '|' | '│')).collect()
}

/// True when `screen` holds the whole text of `key`, with anything where it has names in braces.
pub(crate) fn says(lang: Lang, key: &'static str, screen: &str) -> bool {
    let wanted = squeezed(lang.text(key));
    panes(screen).iter().any(|part| {
        let part = squeezed(part);
        let after = |rest: &'_ str, piece: &str| Some(rest.split_once(piece)?.1.len());
        let mut left = part.len();
        wanted.split(['{', '}']).step_by(2).all(|piece| {
            let found = part.get(part.len() - left..).and_then(|rest| after(rest, piece));
            left = found.unwrap_or(left);
            found.is_some()
        })
    })
}

impl Walk {
    fn start(lang: Lang, size: (u16, u16), scenario: &str, speed: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("demo");
        let flags = [("--lang", lang.tag()), ("--scenario", scenario), ("--seed", "7"), ("--speed", speed)];
        let data = place.display().to_string();
        let mut arguments = vec!["demo", "--data-dir", &data];
        arguments.extend(flags.iter().flat_map(|(flag, value)| [*flag, *value]));
        let session = Session::sized(size, env!("CARGO_BIN_EXE_paydesk"), &arguments, &[]);
        session.until_text(lang.text("header.live"));
        let reached = std::fs::read_to_string(place.join("demo.toml")).unwrap();
        let (_, url) = reached.split_once("http://").unwrap();
        let simulator = url.split('/').next().unwrap().parse().unwrap();
        Self { lang, session, simulator, _folder: folder }
    }

    /// What the simulator's control API says, or a page of the simulated airline's.
    fn ask(&self, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(self.simulator).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: sim\r\nContent-Length: 0\r\n");
        write!(stream, "{head}Connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    fn look(&self, path: &str) -> Value {
        serde_json::from_str(&self.ask("GET", path)).unwrap()
    }

    /// The number of an order that has a name in the story.
    fn number(&self, name: &str) -> String {
        self.look(&format!("/_sim/orders/{name}"))["orderNo"].as_str().unwrap().to_owned()
    }

    /// How often the simulator was asked this.
    fn asked(&self, endpoint: &str) -> usize {
        let requests = self.look("/_sim/requests");
        requests["requests"].as_array().unwrap().iter().filter(|one| one["endpoint"] == endpoint).count()
    }

    /// Waits until every one of these texts stands on the screen, whole.
    fn reads(&self, keys: &[&'static str]) -> String {
        let what = format!("{keys:?} in {}", self.lang.tag());
        self.session.until(&what, |screen| keys.iter().all(|key| says(self.lang, key, screen)))
    }

    /// Waits until the order's row, which is the only one, is in this state.
    fn row_says(&self, order: &str, key: &'static str) {
        let word = self.lang.text(key);
        self.session.until(word, |screen| {
            selected_row(screen).is_some_and(|row| row.contains(word))
                && screen.contains(&format!("─ {order} ─"))
        });
    }

    /// Types the last four characters of an order into the question that is asked, sees them there, and answers.
    fn types_tail(&mut self, order: &str) {
        let tail = &order[order.len() - 4..];
        self.session.type_keys(tail);
        self.session.until_text(&format!("{tail}_"));
        self.session.type_keys("\r");
    }

    /// From the form, in which nothing is in the way, to the payment that has come so far.
    fn pays(&mut self, until: &[&'static str]) {
        self.reads(&["form.ready"]);
        self.session.type_keys("\r");
        let screen =
            self.reads(&["confirm.type_amount", "confirm.deadline_text", "confirm.valid", "key.cancel"]);
        self.session.until("the confirmation to listen", listens);
        self.session.type_keys(&amount_asked(&screen));
        self.reads(&["confirm.matches"]);
        self.session.type_keys("\r");
        for mark in until {
            let word = self.lang.text(mark);
            self.session.until(word, |screen| is_marked(screen, word));
        }
    }

    fn leaves(mut self) {
        assert_eq!(self.look("/_sim/ledger")["doubleCharges"], json!({}));
        self.session.type_keys("q");
        assert_eq!(self.session.ended(), 0);
    }
}

#[test]
fn the_traveller_confirms_with_the_airline_and_the_order_is_paid_to_its_ticket() {
    everywhere("ryanair-confirm", "20", |mut walk| {
        let order = walk.number("yours");
        walk.session.select(&order);
        // The detail tells of the key, and the form refuses and leads to the same page.
        walk.session.type_keys("$");
        walk.reads(&["form.checked"]);
        walk.session.type_keys("\r");
        walk.reads(&[
            "commit.title",
            "commit.about",
            "commit.link",
            "commit.step_link",
            "commit.step_traveller",
            "commit.step_state",
            "commit.step_pay",
            "commit.never_told",
            "limits.left",
            "key.open_link_short",
        ]);
        let link = format!("http://{}/airline/confirm/{order}", walk.simulator);
        walk.session.until("the link, whole and from the first column", |screen| {
            screen.lines().any(|line| line.trim_end() == link)
        });
        assert!(walk.ask("POST", &format!("/airline/confirm/{order}")).contains("can be paid now"));
        walk.session.type_keys("\r");
        walk.reads(&["commit.ask_confirmed"]);
        walk.session.type_keys("y");
        let (pay, yours) = (walk.lang.text("commit.step_pay"), walk.lang.text("step_state.yours"));
        walk.session.until("the word to be taken", |screen| {
            screen.lines().any(|line| line.contains(pay) && line.contains(yours))
        });
        assert_eq!(walk.asked("orderCommit.do"), 1);
        walk.session.type_keys("$");
        walk.pays(&["progress.accepted", "progress.ticketed"]);
        walk.session.type_keys("\x1b");
        walk.leaves();
    });
}

#[test]
fn issuance_is_stopped_from_the_plan_and_its_clock_runs_meanwhile() {
    everywhere("calm-desk", "30", |mut walk| {
        // Late, and it hangs for hours.
        let order = walk.number("order-7");
        walk.session.select(&order);
        walk.session.type_keys("t");
        walk.reads(&["recover.title", "route.stop_issuance", "route.stop", "recover.asked"]);
        walk.session.type_keys("k");
        walk.session.until_text(&format!("▸ {}", walk.lang.text("route.stop_issuance")));
        walk.reads(&["step.stop", "step.follow_stop", "step_state.yours"]);
        walk.session.type_keys("\r");
        walk.reads(&["recover.ask_stop"]);
        walk.session.type_keys("y");
        walk.reads(&["stop_outcome.working", "recover.stop_clock", "step.follow_stop", "route.stop"]);
        walk.reads(&["stop_outcome.stopped", "route.new_deposit", "step.regenerate"]);
        assert_eq!(walk.look(&format!("/_sim/orders/{order}"))["orderStatus"], -3);
        assert_eq!(walk.asked("stopTicket.do"), 1);
        walk.session.type_keys("\x1b");
        walk.leaves();
    });
}

#[test]
fn one_loss_on_baggage_is_accepted_another_refused_and_the_third_is_none() {
    everywhere("baggage-loss", "20", |mut walk| {
        let [loss, other, unsold] = ["loss", "other", "unsold"].map(|name| walk.number(name));
        walk.session.select(&loss);
        walk.row_says(&loss, "state.baggage_loss");
        walk.reads(&["baggage.left"]);
        walk.session.until_text("3011");
        walk.session.type_keys("b");
        walk.reads(&[
            "baggage.title",
            "baggage.left",
            "baggage.seen",
            "baggage.open",
            "baggage.accept",
            "baggage.accept_what",
            "baggage.refuse",
            "baggage.refuse_what",
            "recover.asked",
        ]);
        walk.session.type_keys("j\r");
        walk.reads(&["baggage.ask_accept", "baggage.keys", "baggage.left"]);
        walk.types_tail(&loss);
        walk.reads(&["baggage.gone"]);
        walk.session.type_keys("\x1b");
        walk.row_says(&loss, "state.ticketed");
        assert_eq!(walk.asked("confirmBaggageLoss.do"), 1);
        // Esc takes the filter away.
        walk.session.type_keys("\x1b");
        walk.session.select(&other);
        walk.session.type_keys("b");
        walk.reads(&["baggage.accept_what", "baggage.refuse_what", "recover.asked"]);
        walk.session.type_keys("jj\r");
        walk.reads(&["baggage.ask_refuse"]);
        walk.types_tail(&other);
        walk.reads(&["baggage.refused", "baggage.left"]);
        walk.session.type_keys("\x1b\x1b");
        walk.session.select(&unsold);
        walk.session.type_keys("b");
        walk.reads(&["baggage.cannot_what", "baggage.no_clock"]);
        walk.session.until_text("309");
        walk.session.type_keys("\x1b");
        assert_eq!(walk.asked("confirmBaggageLoss.do"), 1, "nothing was sent for the others");
        assert_eq!(walk.look("/_sim/orders/other")["orderStatus"], 1);
        walk.leaves();
    });
}

#[test]
fn a_declined_order_is_made_anew_and_paid_from_the_account_at_the_airline() {
    everywhere("card-blocked", "40", |mut walk| {
        let order = walk.number("third");
        walk.session.select(&order);
        walk.row_says(&order, "state.failed");
        walk.session.type_keys("t");
        walk.reads(&["recover.title", "route.new_account", "recover.asked", "step_state.yours"]);
        // Two ways below the one that is advised.
        for key in ["route.new_card", "route.new_account"] {
            walk.session.type_keys("j");
            walk.session.until_text(&format!("▸ {}", walk.lang.text(key)));
        }
        walk.session.type_keys("\r");
        walk.reads(&["recover.ask_regenerate"]);
        walk.session.type_keys("y");
        walk.reads(&["recover.accept", "recover.old_price", "recover.dearer"]);
        walk.session.type_keys("\r");
        walk.session.until_text("▸ 4 ");
        walk.pays(&["progress.accepted", "progress.ticketed"]);
        assert_eq!(walk.look("/_sim/ledger")["lineages"][&order]["faresHeld"], 1);
        assert_eq!(walk.asked("regenerateOrder.do"), 1);
        // The plan lies below.
        walk.session.type_keys("\x1b\x1b");
        walk.leaves();
    });
}
