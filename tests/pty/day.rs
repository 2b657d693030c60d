//! A morning at a desk with two consoles on one journal, by keys alone, in Chinese: forty orders, two declines, one outcome
//! that nobody knew, notes, an order put off, and one taken over.

use std::net::SocketAddr;

use paydesk::lang::Lang;
use serde_json::{Value, json};

use super::{
    amount_asked, get, is_marked, ledger, listens, program_arguments,
    session::{Session, selected_row},
    simulator,
    walks::says,
};

const LANG: Lang = Lang::ZhCn;

/// A person at a console.
pub(crate) struct Agent(pub(crate) Session);

impl Agent {
    pub(crate) fn sits_down(name: &str, arguments: &[String]) -> Self {
        let arguments: Vec<&str> =
            arguments.iter().map(String::as_str).chain(["--lang", LANG.tag()]).collect();
        let variables =
            [("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api"), ("USER", name), ("LOGNAME", name)];
        let agent = Self(Session::sized((120, 40), env!("CARGO_BIN_EXE_paydesk"), &arguments, &variables));
        agent.0.until_text(LANG.text("header.live"));
        agent
    }

    pub(crate) fn reads(&self, keys: &[&'static str]) -> String {
        self.0.until(&format!("{keys:?}"), |screen| keys.iter().all(|key| says(LANG, key, screen)))
    }

    pub(crate) fn sees(&self, text: &str) -> String {
        self.0.until_text(text)
    }

    pub(crate) fn types(&mut self, keys: &str) {
        self.0.type_keys(keys);
    }

    /// Looks at one order, whatever was filtered by before.
    pub(crate) fn looks_at(&mut self, order: &str) {
        self.types("\x1b\x1b7");
        self.0.select(order);
    }

    /// Answers the line that is asked for at the foot.
    fn answers(&mut self, text: &str) {
        self.0.type_text(text);
        self.sees(text);
        self.types("\r");
    }

    /// From the form, in which nothing is in the way, to the payment that has left.
    fn pays(&mut self) {
        self.reads(&["form.ready"]);
        self.types("\r");
        let screen = self.0.until("the confirmation to listen", listens);
        self.types(&amount_asked(&screen));
        self.reads(&["confirm.matches"]);
        self.types("\r");
    }

    /// By a card that the airline declines.
    pub(crate) fn pays_by_declined_card(&mut self) {
        self.reads(&["form.checked"]);
        self.types("3");
        self.0.type_text(DECLINED_CARD);
        self.pays();
        self.reads(&["progress.accepted"]);
        self.types("\x1b");
    }

    fn until_marked(&self, key: &'static str) {
        self.0.until(LANG.text(key), |screen| is_marked(screen, LANG.text(key)));
    }

    pub(crate) fn row_says(&self, key: &'static str) {
        let word = LANG.text(key);
        self.0.until(word, |screen| selected_row(screen).is_some_and(|row| row.contains(word)));
    }
}

/// Number, month and year, security code and holder, of a card whose last digits say 604. The airlines want no address.
const DECLINED_CARD: &str = "4000000000006041\t08\t29\t123\tGRETA\tKELLER";

fn arm(simulator: SocketAddr, fault: &Value) {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(simulator).unwrap();
    let body = fault.to_string();
    write!(
        stream,
        "POST /_sim/faults HTTP/1.1\r\nHost: sim\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
}

#[test]
fn a_morning_of_forty_orders_two_consoles_and_one_of_everything_that_goes_wrong() {
    let simulator = simulator(40, 3.0);
    let folder = tempfile::tempdir().unwrap();
    let arguments = program_arguments(simulator.addr, folder.path());
    let number =
        |name: &str| get(&simulator, &format!("/_sim/orders/{name}"))["orderNo"].as_str().unwrap().to_owned();
    let [one, two, doubtful, later, shared] =
        ["order-2", "order-18", "order-11", "order-17", "order-24"].map(number);
    let mut wei = Agent::sits_down("wei", &arguments);
    let mut li = Agent::sits_down("li", &arguments);
    wei.sees("40");
    li.sees("40");
    // Two declines.
    for order in [&one, &two] {
        wei.looks_at(order);
        wei.types("$");
        wei.pays_by_declined_card();
        wei.row_says("state.failed");
    }
    // One outcome that nobody knows.
    arm(
        simulator.addr,
        &json!({ "fault": "status", "status": 9999, "endpoint": "pay.do", "order": doubtful, "applied": true }),
    );
    wei.looks_at(&doubtful);
    wei.types("$");
    wei.pays();
    wei.sees("结果未知");
    wei.types("\x1b");
    // Notes, and an order that is put off until the traveller calls back.
    wei.looks_at(&later);
    wei.types("m");
    wei.reads(&["prompt.note"]);
    wei.answers("客人要求改期");
    wei.sees("wei  客人要求改期");
    wei.types("s");
    wei.reads(&["prompt.snooze"]);
    wei.answers("15m 回电");
    wei.types("2");
    wei.reads(&["table.nothing_here"]);
    // What wei has, li takes over with a reason.
    wei.looks_at(&shared);
    wei.types("c");
    wei.reads(&["work.yours"]);
    li.looks_at(&shared);
    li.sees("wei 自");
    li.types("c");
    li.reads(&["prompt.take_over"]);
    li.answers("wei 午休");
    li.reads(&["work.yours"]);
    wei.sees("li 自");
    // The same order is not paid by wei now.
    wei.types("$");
    wei.reads(&["form.checked"]);
    wei.sees("按 c");
    wei.types("\x1b");
    // One of the declined is carried to its ticket by deposit.
    li.looks_at(&one);
    li.sees("604");
    li.types("t");
    li.reads(&["recover.title", "recover.asked"]);
    li.types("\r");
    li.reads(&["recover.ask_regenerate"]);
    li.types("y");
    li.reads(&["recover.accept"]);
    li.types("\r");
    li.pays();
    li.until_marked("progress.ticketed");
    li.types("\x1b\x1b");
    // What nobody knew was found out by asking, and one order more was paid.
    wei.looks_at(&doubtful);
    wei.row_says("state.ticketed");
    li.looks_at(&shared);
    li.types("$");
    li.pays();
    li.until_marked("progress.ticketed");
    li.types("\x1b");
    wei.looks_at(&shared);
    wei.row_says("state.ticketed");
    // The snooze is taken back.
    wei.looks_at(&later);
    wei.types("s");
    wei.reads(&["prompt.snooze"]);
    wei.types("\x1b");
    let ledger = ledger(&simulator);
    assert_eq!(ledger["doubleCharges"], json!({}));
    for order in [&one, &doubtful, &shared] {
        assert_eq!(ledger["lineages"][order]["faresHeld"], 1, "{order}");
    }
    for order in [&two, &later] {
        assert_eq!(ledger["lineages"][order]["faresHeld"].as_u64().unwrap_or(0), 0, "{order}");
    }
    for mut agent in [wei, li] {
        agent.types("q");
        assert_eq!(agent.0.ended(), 0);
    }
}
