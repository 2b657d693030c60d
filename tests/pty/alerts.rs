//! Alerts as the terminal gets them: the bell, a notification of its own, the title of its window.

use std::time::{Duration, Instant};

use paydesk::sim;

use super::{program_arguments, session::Session};

/// The desk of the demo has an order that comes below a minute about half a minute after the start.
const WITHIN: Duration = Duration::from_secs(60);

struct Desk {
    session: Session,
    _simulator: sim::Running,
    _folder: tempfile::TempDir,
}

fn desk(settings: &str, variables: &[(&str, &str)]) -> Desk {
    let simulator = super::story("calm-desk", None, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let arguments = program_arguments(simulator.addr, folder.path());
    let config = folder.path().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}{settings}")).unwrap();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let secret = ("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api");
    let session = Session::start(&arguments, &[&[secret], variables].concat());
    Desk { session, _simulator: simulator, _folder: folder }
}

impl Desk {
    /// What came since the start, without what a sequence ends with.
    fn raw(&self) -> String {
        self.session.raw()
    }

    /// How often it rang.
    fn rings(&self) -> usize {
        self.raw().matches('\x07').count()
    }

    /// Waits until the raw stream holds what is wanted.
    fn until(&self, wanted: &str) {
        let end = Instant::now() + WITHIN;
        while !self.raw().contains(wanted) {
            assert!(Instant::now() < end, "{wanted:?} never came:\n{}", self.session.screen());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn bell_and_notification_come_once_for_each_order_and_threshold_wrapped_for_tmux_and_none_where_somebody_looks()
 {
    let mut away = desk("", &[]);
    let mut in_tmux = desk("", &[("TMUX", "/tmp/tmux-1000/default,1,0")]);
    let mut looked_at = desk("", &[]);
    let mut off = desk("[alerts]\nbell = false\nnotify = false\ntitle = false\n", &[]);
    for desk in [&away, &in_tmux, &looked_at, &off] {
        desk.session.until_text("data live");
        assert!(desk.raw().contains("\x1b[?1004h"), "it is told when the focus changes");
    }
    away.session.answer("\x1b[O");
    in_tmux.session.answer("\x1b[O");
    off.session.answer("\x1b[O");
    looked_at.session.answer("\x1b[I");
    // What rows said before the start is told of together,
    away.until("\x1b]9;paydesk SANDBOX: ");
    away.until(" needed somebody before the start");
    assert_eq!(away.rings(), 1);
    // and then each order at its threshold.
    away.until("pay within 1 min\x1b\\");
    in_tmux.until("pay within 1 min\x1b\x1b\\\x1b\\");
    let raw = in_tmux.raw();
    assert!(raw.contains("\x1bPtmux;\x1b\x1b]9;paydesk SANDBOX: TESTA~"), "it is wrapped");
    assert!(!raw.replace("\x1b\x1b]9;", "").contains("\x1b]9;"), "and not sent bare besides");
    looked_at.session.until_for("the same alert", WITHIN, |screen| screen.contains("pay within 1 min"));
    off.session.until_for("the same alert", WITHIN, |screen| screen.contains("pay within 1 min"));
    std::thread::sleep(Duration::from_secs(1));

    let raw = away.raw();
    let notices: Vec<&str> =
        raw.split("\x1b]9;").skip(1).filter_map(|rest| rest.split("\x1b\\").next()).collect();
    let mut distinct = notices.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), notices.len(), "told twice: {notices:?}");
    assert_eq!(away.rings(), notices.len(), "a bell for each: {notices:?}");
    assert!(raw.contains("! paydesk SANDBOX\x1b\\"), "the window says how many wait");
    for desk in [&looked_at, &off] {
        assert_eq!(desk.rings(), 0);
        assert!(!desk.raw().contains("\x1b]9;"));
    }
    assert!(looked_at.raw().contains("! paydesk SANDBOX\x1b\\"));
    assert!(!off.raw().contains("\x1b]2;"));

    for desk in [&mut away, &mut off] {
        desk.session.type_keys("q");
        assert_eq!(desk.session.ended(), 0);
        desk.session.left_clean();
    }
    let title = away.raw();
    assert!(title.contains("\x1b[22;2t") && title.contains("\x1b[23;2t"), "the window has its title back");
}

#[test]
fn an_alert_stays_over_a_restart_until_it_is_acknowledged() {
    let Desk { mut session, _simulator: simulator, _folder: folder } = desk("", &[]);
    let is_there = |screen: &str| screen.contains("pay within 1 min");
    session.until_for("the alert of an order", WITHIN, is_there);
    session.type_keys("a");
    session.until_text("waiting");
    session.type_keys("\x1bq");
    assert_eq!(session.ended(), 0);
    let arguments = program_arguments(simulator.addr, folder.path());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let start = || Session::start(&arguments, &[("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api")]);
    let (mut session, mut other) = (start(), start());
    for session in [&mut session, &mut other] {
        session.until_text("data live");
        session.type_keys("a");
        session.until("it to be listed still", is_there);
    }
    session.type_keys("A");
    session.until_text("acknowledged by");
    // The other console on the same journal sees it.
    other.until_for("what the first one did", Duration::from_secs(2), |screen| {
        screen.contains("acknowledged by")
    });
    other.type_keys("\x1bq");
    assert_eq!(other.ended(), 0);
    session.type_keys("\x1bq");
    assert_eq!(session.ended(), 0);
    let mut session = start();
    session.until_text("data live");
    session.type_keys("a");
    session.until_text("acknowledged by");
    session.type_keys("\x1bq");
    assert_eq!(session.ended(), 0);
}
