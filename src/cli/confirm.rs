//! The operator's word that money may move.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, IsTerminal, Write},
    sync::mpsc::{self, Receiver},
    thread,
};

use rustix::termios::{QueueSelector, tcflush};

use crate::domain::fold::fold_text;

/// The terminal of the person who called us, even while standard input is a pipe that brings a card.
pub(super) struct Asker {
    input: BufReader<File>,
    output: File,
}

impl Asker {
    /// The terminal; none when there is none, or when standard input is some program's and no card is awaited there.
    pub(super) fn open(card_from_stdin: bool) -> Option<Self> {
        if !card_from_stdin && !io::stdin().is_terminal() {
            return None;
        }
        let output = OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
        let input = BufReader::new(output.try_clone().ok()?);
        Some(Self { input, output })
    }

    /// Asks a question to which only `y` says yes.
    pub(super) fn agrees(&mut self, text: &str) -> io::Result<bool> {
        Ok(is_yes(&self.ask(text)?))
    }

    /// The same in a line of its own, without waiting for the answer: it comes when it does, or never if the program ends
    /// before it.
    pub(super) fn agrees_later(mut self, text: &str) -> io::Result<Receiver<io::Result<bool>>> {
        self.show(&format!("{text}\n"))?;
        let (answer, answered) = mpsc::sync_channel(1);
        thread::Builder::new().name("asker".into()).spawn(move || {
            // Nobody may be waiting any more.
            let _unheard = answer.send(self.line().map(|line| is_yes(&line)));
        })?;
        Ok(answered)
    }

    /// Shows `text`, forgets what was typed before it was shown, and reads a line.
    pub(super) fn ask(&mut self, text: &str) -> io::Result<String> {
        self.show(text)?;
        self.line()
    }

    fn show(&mut self, text: &str) -> io::Result<()> {
        write!(self.output, "{text}")?;
        self.output.flush()?;
        Ok(tcflush(&self.output, QueueSelector::IFlush)?)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.input.read_line(&mut line)?;
        Ok(line)
    }
}

fn is_yes(line: &str) -> bool {
    fold_text(line).trim() == "y"
}
