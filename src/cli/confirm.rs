//! The operator's word that money may move.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, IsTerminal, Write},
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
        Ok(fold_text(&self.ask(text)?).trim() == "y")
    }

    /// Shows `text`, forgets what was typed before it was shown, and reads a line.
    pub(super) fn ask(&mut self, text: &str) -> io::Result<String> {
        write!(self.output, "{text}")?;
        self.output.flush()?;
        tcflush(&self.output, QueueSelector::IFlush)?;
        let mut line = String::new();
        self.input.read_line(&mut line)?;
        Ok(line)
    }
}
