//! A server that carries out a payment and then never answers: the console says that the outcome is unknown, offers no
//! payment, outlives a restart in that, and learns the truth by asking alone.

use std::time::Duration;

use super::{
    amount_asked, console_at, get, ledger,
    line::{Line, Stop},
    listens, matches_amount,
    session::Session,
    story,
};

const QUERY: &str = "queryOrderDetails.do";
const PAY: &str = "pay.do";

/// The order is selected, and the form to pay it is open.
fn open_form(session: &mut Session, order: &str) {
    session.until_text("data live");
    // It begins in the queue in which another was left.
    session.type_keys("7");
    session.select(order);
    session.type_keys("$");
    session.until_text("PAY");
}

#[test]
fn an_unknown_outcome_is_said_outlives_a_restart_and_is_resolved_by_asking() {
    let simulator = story("vcc-decline", None, 20.0);
    let order = get(&simulator, "/_sim/orders/second")["orderNo"].as_str().unwrap().to_owned();
    let sent = || {
        let requests = get(&simulator, "/_sim/requests");
        requests["requests"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["endpoint"] == PAY && one["orderNo"] == order.as_str())
            .count()
    };
    let line = Line::to(simulator.addr);
    let folder = tempfile::tempdir().unwrap();
    let mut session = console_at(line.addr, folder.path());
    open_form(&mut session, &order);
    session.until_text("Nothing is in the way");
    session.type_keys("\r");
    let screen = session.until("the confirmation to listen", listens);
    session.type_keys(&amount_asked(&screen));
    session.until("the amount to match", matches_amount);
    line.stop(PAY, &order, Stop::NoAnswer);
    session.type_keys("\r");
    line.until_held();
    // From here on nobody learns anything about the order.
    line.stop(QUERY, &order, Stop::NotPassedOn);
    session.until_for("the time-out", Duration::from_secs(90), |screen| screen.contains("outcome unknown"));
    no_payment(&mut session);
    session.type_keys("\x1b");
    session.until("the list", |screen| screen.contains("7 All"));
    session.type_keys("q");
    assert_eq!(session.ended(), 0);

    // Started again, it still does not know, and still offers nothing.
    let mut session = console_at(line.addr, folder.path());
    open_form(&mut session, &order);
    session.until_text("outcome unknown");
    no_payment(&mut session);
    assert_eq!(sent(), 1);

    // The answer to one query is enough. One that is held is never answered: it comes to its time-out first.
    session.type_keys("\x1b");
    line.open();
    session.until_for("the ticket", Duration::from_secs(90), |screen| screen.contains("✓ ticketed"));
    assert_eq!(sent(), 1, "asking alone found it out");
    let book = ledger(&simulator);
    assert_eq!(
        (&book["lineages"][&order]["faresHeld"], &book["doubleCharges"]),
        (&1.into(), &serde_json::json!({}))
    );
}

/// No key leads to a payment.
fn no_payment(session: &mut Session) {
    session.type_keys("\r\r");
    session.type_keys("1\r");
    let screen = session.until_text("outcome unknown");
    assert!(!screen.contains("Type the amount"), "{screen}");
}
