//! The desk from far away: in tmux, on a line whose keys take a third of a second.

use std::{
    io::{self, Write},
    sync::mpsc::{self, Sender},
    thread,
    time::{Duration, Instant},
};

use super::{ledger, pays_to_the_ticket, program_arguments, session::Session, simulator};

/// From a key to its effect, and what that effect takes back, together.
const LATENCY: Duration = Duration::from_millis(300);

/// Hands on what is written once it has been under way for [`LATENCY`]; what follows it does not wait for it.
pub(super) struct LongLine(Sender<(Instant, Vec<u8>)>);

impl LongLine {
    pub(super) fn to(mut end: impl Write + Send + 'static) -> Self {
        let (line, arriving) = mpsc::channel::<(Instant, Vec<u8>)>();
        thread::spawn(move || {
            for (at, bytes) in arriving {
                thread::sleep(at.saturating_duration_since(Instant::now()));
                if end.write_all(&bytes).and_then(|()| end.flush()).is_err() {
                    break;
                }
            }
        });
        Self(line)
    }
}

impl Write for LongLine {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.send((Instant::now() + LATENCY, bytes.to_owned()));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_order_is_paid_to_its_ticket_in_tmux_over_a_slow_line() {
    if std::process::Command::new("tmux").arg("-V").output().is_err() {
        println!("not tried: there is no tmux here");
        return;
    }
    let simulator = simulator(40, 5.0);
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("tmux").display().to_string();
    let program = program_arguments(simulator.addr, folder.path());
    let program: Vec<&str> = program.iter().map(String::as_str).collect();
    let tmux = ["-S", &socket, "-f", "/dev/null", "new-session", "-x", "120", "-y", "40"];
    let no_status = [";", "set-option", "status", "off"];
    let arguments = [&tmux[..], &["--", env!("CARGO_BIN_EXE_paydesk")], &program, &no_status].concat();
    let variables = [("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api")];
    let mut session = Session::sized((120, 40), "tmux", &arguments, &variables);
    session.until_text("40 of 4");
    session.lengthen(LongLine::to);
    pays_to_the_ticket(&mut session);
    assert_eq!(ledger(&simulator)["doubleCharges"], serde_json::json!({}));
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
}
