//! `paydesk commit` on a terminal, which asks a person and the vendor at once.

use super::{get, program_at, story};

#[test]
fn commit_on_a_terminal_ends_by_itself_once_it_is_known_and_at_once_by_c_c() {
    const QUESTION: &str = "Do you know that the traveller";
    let simulator = story("ryanair-confirm", None, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let yours = get(&simulator, "/_sim/orders/yours")["orderNo"].as_str().unwrap().to_owned();
    let commit = |arguments: &[&str]| {
        program_at(simulator.addr, folder.path(), &[&["commit", &*yours], arguments].concat())
    };
    let mut left = commit(&[]);
    left.until_text(QUESTION);
    left.type_keys("\x03");
    assert_eq!(left.ended(), 3, "{}", left.screen());
    left.until_text("Not known yet");
    // Somebody else says so: who waits here hears of it, and is not asked any more.
    let mut waiting = commit(&[]);
    waiting.until_text(QUESTION);
    let mut other = commit(&["--confirmed"]);
    assert_eq!(other.ended(), 0, "{}", other.screen());
    assert_eq!(waiting.ended(), 0, "{}", waiting.screen());
    waiting.until_text("the operator states that the traveller has confirmed");
    // The word of whoever sits here ends it too.
    let mut said = commit(&[]);
    said.until_text(QUESTION);
    said.type_keys("y\r");
    assert_eq!(said.ended(), 0, "{}", said.screen());
    let mut unsure = commit(&[]);
    unsure.until_text(QUESTION);
    unsure.type_keys("n\r");
    assert_eq!(unsure.ended(), 3, "{}", unsure.screen());
}
