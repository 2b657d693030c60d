//! Pastes on a terminal without bracketed paste, into every screen: nothing comes of them. Then a hand does all of it.

use std::time::Duration;

use paydesk::sim::Running;

use super::{
    amount_asked, console_at, get,
    line::{Line, Stop},
    matches_amount,
    session::Session,
    story,
};

/// Between two keys of a paste, in milliseconds.
const GAPS: [u64; 5] = [0, 2, 5, 10, 20];

/// A card that passes its check digit.
const CARD: &str = "4532015112830366";

struct Desk {
    simulator: Running,
    session: Session,
}

impl Desk {
    /// How often the vendor was asked to do something that matters.
    fn asked(&self, endpoint: &str) -> usize {
        let requests = get(&self.simulator, "/_sim/requests");
        requests["requests"].as_array().unwrap().iter().filter(|one| one["endpoint"] == endpoint).count()
    }

    /// Pastes `keys` at every speed. Each time the screen stays, the program too, and nothing is asked of the vendor.
    fn paste(&mut self, screen: &str, keys: &str, stays: impl Fn(&str) -> bool) {
        let before = (self.asked("pay.do"), self.asked("regenerateOrder.do"));
        for gap in GAPS {
            self.session.burst(keys, Duration::from_millis(gap));
            self.session.until(&format!("{screen} to stay as it was after {keys:?} at {gap} ms"), &stays);
            assert!(self.session.child.try_wait().unwrap().is_none(), "{screen}: it left at {gap} ms");
        }
        let after = (self.asked("pay.do"), self.asked("regenerateOrder.do"));
        assert_eq!(before, after, "{screen}: {}", self.session.screen());
    }
}

fn is_table(screen: &str) -> bool {
    screen.contains("7 All") && screen.contains("data live")
}

fn is_form(screen: &str) -> bool {
    screen.contains("─ PAY ─") && !screen.contains("Type the amount")
}

#[test]
fn pastes_without_brackets_pay_make_decide_and_quit_nothing_and_a_hand_does_all_of_it() {
    let simulator = story("vcc-decline", None, 20.0);
    let order = get(&simulator, "/_sim/orders/second")["orderNo"].as_str().unwrap().to_owned();
    let tail = order.get(order.len() - 4..).unwrap().to_owned();
    let line = Line::to(simulator.addr);
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk { session: console_at(line.addr, folder.path()), simulator };
    desk.session.until_text("data live");

    // The table and its filter.
    desk.paste("the table", "q\ry\r", |screen| is_table(screen) && !screen.contains("─ PAY ─"));
    desk.paste("the table", "$\r1\r119\r", |screen| is_table(screen) && !screen.contains("─ PAY ─"));
    desk.paste("the table", "\x03\x03", is_table);
    desk.session.type_keys("/");
    desk.paste("the filter", "TE\rq\r", |screen| screen.contains("/TE") && is_table(screen));
    desk.session.type_keys("\x1b");
    desk.session.select(&order);

    // The form, its line of methods, and each of its card fields.
    desk.session.type_keys("$");
    desk.session.until_text("Nothing is in the way");
    desk.paste("the methods", "1\r119\r", is_form);
    desk.session.type_keys("3");
    desk.session.until_text("in the way");
    for field in ["number", "month", "year", "code"] {
        desk.paste(field, "12\r", is_form);
        desk.session.type_keys("\t");
    }
    desk.session.type_keys("\x1b\x1b");
    desk.session.until("the table", is_table);

    // A whole line is no harm: it fills its fields.
    desk.session.type_keys("$");
    desk.session.until_text("Nothing is in the way");
    desk.session.type_keys("3");
    desk.session.type_text(&format!("{CARD}\t09/28\t123\r"));
    desk.session.until_text("read into the fields");
    desk.session.type_keys("\t\t\t\t");
    for value in ["RAFAEL", "SANTOS", "SG", "Singapore", "018956", "8 Sample Walk"] {
        desk.session.type_text(value);
        desk.session.type_keys("\t");
    }
    desk.session.until_text("Nothing is in the way");
    desk.session.type_keys("\r");
    let amount = amount_asked(&desk.session.until_text("Type the amount"));
    desk.session.until_text("nothing typed yet");
    desk.paste("the confirmation", &format!("{amount}\r"), |screen| screen.contains("Press Enter"));

    // By hand: the amount afresh, and Enter. The answer is held up, so that there is something in flight.
    desk.session.type_keys(&"\x7f".repeat(20));
    desk.session.until_text("nothing typed yet");
    desk.session.type_keys(&amount);
    desk.session.until("the amount to match", matches_amount);
    line.stop("pay.do", &order, Stop::BeforeAnswer);
    desk.session.type_keys("\r");
    desk.session.until("the payment to leave", |screen| !screen.contains("Type the amount"));
    line.until_held();
    desk.session.type_keys("\x1b");
    desk.session.until("the table", is_table);
    desk.session.type_keys("q");
    desk.session.until_text("Payment in flight");
    desk.paste("the question whether to quit", "y\r", |screen| screen.contains("Payment in flight"));
    desk.session.type_keys("n");
    desk.session.until("the question to be gone", |screen| !screen.contains("Payment in flight"));
    line.let_go();
    assert_eq!(desk.asked("pay.do"), 1);

    // The airline declines the card: the plan, its question, and the decision that its money came back.
    desk.session.until_text("PAYMENTS");
    desk.session.until_text("refund not seen");
    desk.session.type_keys("t");
    desk.session.until_text("WAITS FOR YOU");
    let is_plan = |screen: &str| screen.contains("RECOVER") && !screen.contains("Regenerate TESTA");
    desk.paste("the plan", "\ry\r", is_plan);
    desk.paste("the plan", "d2\r", is_plan);
    desk.session.type_keys("\r");
    desk.session.until_text("Regenerate TESTA");
    desk.paste("the question of a new order", "y\r", |screen| screen.contains("Regenerate TESTA"));
    desk.session.type_keys("n");
    desk.session.until("the question to be gone", is_plan);
    desk.session.type_keys("d");
    let decision = format!("{tail} settled");
    desk.paste("the decision", &format!("{decision}\r"), |screen| screen.contains("settled"));

    // By hand: decided, regenerated, left.
    desk.session.type_keys("\x1b");
    desk.session.until("the decision to be dropped", |screen| !screen.contains("settled"));
    desk.session.type_keys("d");
    desk.session.until_text("a space, then the reason: _");
    desk.session.type_keys(&decision);
    desk.session.until_text("settled_");
    desk.session.type_keys("\r");
    desk.session.until("the decision to be taken", |screen| !screen.contains("may still be held"));
    desk.session.type_keys("\r");
    desk.session.until_text("Regenerate TESTA");
    desk.session.type_keys("y");
    desk.session.until("a new order", |_| {
        get(&desk.simulator, "/_sim/requests").to_string().contains("regenerateOrder.do")
    });
    desk.session.type_keys("\x1b");
    desk.session.until("the table", is_table);
    desk.session.type_keys("q");
    assert_eq!(desk.session.ended(), 0);
}
