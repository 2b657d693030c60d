//! What a command writes to standard output and standard error.

use std::io::{self, Write};

use serde::Serialize;

use super::exit::{Exit, Failure};

pub(super) fn print(bytes: &[u8]) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Exit::Done)
}

/// The one document on standard output.
pub(super) fn print_json(document: &impl Serialize) -> Result<Exit, Failure> {
    let mut text = serde_json::to_vec_pretty(document).map_err(io::Error::from)?;
    text.push(b'\n');
    print(&text)
}

/// A failure: the document on standard output, or lines on standard error.
pub(super) fn report(failure: &Failure, json: bool) {
    if failure.exit == Exit::PipeClosed {
        return;
    }
    if json {
        // With standard output gone there is only the exit code left to tell it.
        let _ = print_json(&failure.document());
    } else {
        eprintln!("{}", failure.lines());
    }
}

/// A line on standard output.
pub(super) fn line(text: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout(), "{text}")
}
