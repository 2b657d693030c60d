//! The operator's word that money may move.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, IsTerminal, Write},
};

use rustix::termios::{QueueSelector, tcflush};

use crate::domain::{amount, fold::fold_text, money::Money};

/// True when `text` is exactly this amount, however it is written ([`amount::typed`]): `120.5` is `120.50`, and the
/// currency may stand beside it. `--confirm-amount` is compared so.
pub(super) fn is_exactly(text: &str, due: Money) -> bool {
    amount::typed(&fold_text(text), due.currency) == Some(due.amount)
}

/// True when a person typed this amount: exactly, or its whole part while the rest is before their eyes.
pub(super) fn is_typed(text: &str, due: Money) -> bool {
    is_exactly(text, due) || fold_text(text).trim() == due.whole()
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    fn due(amount: &str, currency: &str) -> Money {
        Money::new(amount.parse().unwrap(), Currency::parse(currency).unwrap())
    }

    #[test]
    fn the_confirmed_amount_is_the_amount_due_and_nothing_near_it() {
        let check = |text: &str, amount: &str, exactly: bool, typed: bool| {
            let due = due(amount, "USD");
            assert_eq!(
                (is_exactly(text, due), is_typed(text, due)),
                (exactly, typed),
                "{text:?} for {amount}"
            );
        };
        check("120.50", "120.50", true, true);
        check("120.5", "120.50", true, true);
        check(" usd 120.50\n", "120.50", true, true);
        check("USD120.50", "120.50", true, true);
        check("EUR 120.50", "120.50", false, false);
        check("120", "120.50", false, true);
        check("120", "120.00", true, true);
        check("1,733.00", "1733", true, true);
        check("17,33.00", "1733", false, false);
        check("1733", "1733.25", false, true);
        check("", "0.50", false, false);
        check("\n", "120.50", false, false);
        check("y", "120.50", false, false);
        check("120.51", "120.50", false, false);
        check("-120.50", "120.50", false, false);
        check("1.205e2", "120.50", false, false);
        check("120.50 ", "120.50", true, true);
        check("120.", "120", false, false);
        check("１２０．５０", "120.50", true, true);
        check("１２０。５", "120.50", true, true);
        check("１２０", "120.50", false, true);
        check("120,50", "120.50", true, true);
        check("120.50000000000001", "120.50", true, true);
        check("120.504", "120.50", false, false);
    }
}
