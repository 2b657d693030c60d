//! A server that accepts connections and never answers: the first picture comes from the journal.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    thread,
};

use super::{console, console_at, session::Session, simulator};

/// Where every request goes and none is answered.
fn silent_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            kept.push(stream);
        }
    });
    addr
}

/// What each frame wrote that had anything to write.
fn frames(session: &Session) -> Vec<String> {
    session.raw().split("\x1b[?2026h").skip(1).map(str::to_owned).collect()
}

/// A folder in which a console was left that had orders on its screen, one of which is told.
fn left_behind() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let simulator = simulator(12, 1.0);
    let mut session = console(&simulator, folder.path());
    session.until_text("data live");
    session.type_keys("7");
    let screen = session.until("the orders", |screen| screen.contains("of 13 orders"));
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    let order = screen.split_whitespace().find(|word| word.contains("TESTA")).unwrap();
    (folder, order.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned())
}

#[test]
fn the_first_frame_shows_what_was_on_the_screen_though_no_answer_ever_comes() {
    let (folder, order) = left_behind();
    let mut session = console_at(silent_server(), folder.path());
    session.until_text(&order);
    let first = frames(&session).remove(0);
    assert!(first.matches("unpaid<").count() >= 8, "the first frame shows the rows, marked: {first}");
    session.until_text("connecting");
    let screen = session.until_text("From the journal, written");
    assert!(screen.contains(&order), "{screen}");
    // Nothing can be paid by it.
    session.type_keys("$");
    session.type_keys("\r\r");
    let screen = session.screen();
    assert!(!screen.contains("Type the amount"), "{screen}");
    session.type_keys("\x1b");
    session.type_keys("\x1b");
    session.type_keys("q");
    session.type_keys("y");
    assert_eq!(session.ended(), 0);
}

#[test]
fn a_damaged_journal_shows_what_it_can_and_pays_nothing() {
    let (folder, _order) = left_behind();
    let file = folder.path().join("data/sandbox/journal.sqlite");
    // All of it is in the file, whatever was left in the log.
    let db = rusqlite::Connection::open(&file).unwrap();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(db);
    let mut bytes = fs::read(&file).unwrap();
    // A page of entries.
    let body = bytes.windows(9).position(|window| window == b"\"status\":").unwrap();
    let page = body / 4_096 * 4_096;
    bytes.get_mut(page..page + 4_096).unwrap().fill(0x5a);
    fs::write(&file, &bytes).unwrap();
    let simulator = simulator(12, 1.0);
    let mut session = console(&simulator, folder.path());
    session.until_text("PAYING OFF");
    session.until("what the vendor says", |screen| screen.contains("TESTA"));
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    assert!(fs::read(&file).unwrap() == bytes, "it is left as it is");
}
