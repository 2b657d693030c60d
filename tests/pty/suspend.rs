//! Stopped and continued under a shell: the terminal is given back as it was, and taken again in whatever state it comes.

use std::fs::File;

use rustix::{
    process::{Pid, Signal, kill_process, kill_process_group},
    termios::{LocalModes, tcgetattr},
};

use super::{CANARY, session::Session};

/// A shell with job control, and the demo as its job in the foreground, with a card typed.
struct Shell {
    session: Session,
    terminal: File,
}

const TYPED: &str = "49291234567";

impl Shell {
    fn start() -> Self {
        let mut session =
            Session::sized((120, 40), "/bin/sh", &["-i"], &[("PS1", "shell> "), ("ENV", "/dev/null")]);
        session.until_text("shell>");
        let name = session.master.as_ref().unwrap().tty_name().unwrap();
        let terminal = File::open(name).unwrap();
        session.type_text(&format!("{} demo --seed 7 --orders 40\r", env!("CARGO_BIN_EXE_paydesk")));
        session.until_text("data live");
        Self { session, terminal }
    }

    fn echoes(&self) -> bool {
        tcgetattr(&self.terminal).unwrap().local_modes.contains(LocalModes::ECHO | LocalModes::ICANON)
    }

    /// The form of an order that may be paid by card, with most of a card in it.
    fn type_card(&mut self) {
        self.session.type_keys("2");
        self.session.go_to(" 3 VCC ");
        self.session.type_keys("$");
        self.session.until_text("Checked");
        self.session.type_keys("3");
        self.session.type_text(TYPED);
        self.session.until_text(&"*".repeat(TYPED.len()));
        assert!(!self.echoes());
    }

    fn job(&self) -> Pid {
        Pid::from_raw(self.session.master.as_ref().unwrap().process_group_leader().unwrap()).unwrap()
    }

    /// The program is stopped, and the terminal is as the shell wants it.
    fn is_stopped(&self) {
        let count = |text: &str| self.session.raw().matches(text).count();
        self.session.until("the terminal to be given back", |_| {
            self.echoes()
                && count("\x1b[?1049l") == count("\x1b[?1049h")
                && count("\x1b[?2004l") >= count("\x1b[?1049h")
                && count("paydesk is suspended; `fg` brings it back.") == count("\x1b[?1049h")
        });
    }

    /// A line for the shell, on a terminal in whatever state.
    fn type_line(&mut self, line: &str) {
        self.session.type_text(&format!("{line}\n"));
    }
}

#[test]
fn stopped_in_a_card_field_the_terminal_is_given_back_and_the_card_is_neither_kept_nor_shown() {
    let mut shell = Shell::start();
    shell.type_card();
    shell.session.type_keys("\x1a");
    shell.is_stopped();
    // The terminal changes meanwhile: it is asked for its size again, and taken in whatever state it is.
    shell.type_line("stty cols 100 rows 30 -ixon; echo ready");
    shell.session.until_text("ready");
    shell.type_line("fg");
    let screen = shell.session.until_text("the card was wiped");
    assert!(screen.contains("card number *") && !screen.contains(&"*".repeat(4)), "{screen}");
    assert!(!shell.echoes());
    assert_eq!(screen.lines().filter(|line| line.contains("the card was wiped")).count(), 1);
    // Typed on: hidden as ever.
    shell.session.type_text(CANARY);
    shell.session.until_text(&format!("************{}", &CANARY[12..]));

    // A signal does the same as the key, and a stop that nobody could announce is noticed afterwards.
    for signal in [Signal::TSTP, Signal::STOP] {
        let job = shell.job();
        kill_process_group(job, signal).unwrap();
        if signal == Signal::TSTP {
            shell.is_stopped();
        }
        shell.session.until("the shell", |_| shell.job() != job);
        shell.type_line("stty sane; stty echo");
        shell.type_line("fg");
        shell.session.until("the terminal to be taken", |_| !shell.echoes());
        shell.session.until_text("the card was wiped");
        shell.session.type_text(CANARY);
        shell.session.until_text(&format!("************{}", &CANARY[12..]));
    }
    let raw = shell.session.raw();
    assert!(!raw.contains(TYPED) && !raw.contains(&CANARY[..12]), "the card was shown");
    shell.session.type_keys("\x1b\x1b");
    shell.session.until_text("7 All");
    shell.session.type_keys("q");
    shell.session.until("the shell", |_| shell.echoes());
    shell.type_line("echo status=$?");
    shell.session.until_text("status=0");
}

#[test]
fn in_the_background_it_keeps_off_the_terminal_and_can_be_ended() {
    let mut shell = Shell::start();
    let job = shell.job();
    shell.session.type_keys("\x1a");
    shell.is_stopped();
    let entered = |shell: &Shell| shell.session.raw().matches("\x1b[?1049h").count();
    let before = entered(&shell);
    shell.type_line("bg");
    shell.type_line("jobs; echo ready");
    shell.session.until_text("ready");
    assert_eq!(entered(&shell), before, "it wrote to a terminal that is not its own");
    assert!(shell.echoes());
    shell.type_line("fg");
    shell.session.until("the terminal to be taken", |_| !shell.echoes());
    shell.session.until_text("data live");
    // Ended while it is stopped: a signal that asks for it is answered as soon as it goes on.
    shell.session.type_keys("\x1a");
    shell.is_stopped();
    // The terminal is given back a moment before the stop.
    let stands = || std::fs::read_to_string(format!("/proc/{}/stat", job.as_raw_nonzero()));
    shell.session.until("the stop", |_| stands().is_ok_and(|stat| stat.contains(") T ")));
    let before = entered(&shell);
    kill_process(job, Signal::TERM).unwrap();
    kill_process_group(job, Signal::CONT).unwrap();
    shell.type_line("wait; echo gone");
    shell.session.until_text("gone");
    shell.type_line("jobs; echo none");
    assert_eq!(entered(&shell), before);
    shell.session.until("the job to be gone", |_| rustix::process::test_kill_process(job).is_err());
}
