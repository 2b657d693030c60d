//! Hands a link to whatever this machine opens links with, on a desktop. No shell is between, and nothing of it is waited
//! for.

use std::{
    io,
    process::{Command, Stdio},
    thread,
};

/// The program that opens links, if this session has a desktop to open them on: elsewhere one of text would take the terminal.
fn opener() -> Option<&'static str> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "macos") {
        (!is_set("SSH_CONNECTION")).then_some("open")
    } else {
        (is_set("WAYLAND_DISPLAY") || is_set("DISPLAY")).then_some("xdg-open")
    }
}

/// Opens `link`, which has been looked at ([`crate::console::layer::commit::may_open`]). False if there is nothing to open it with.
pub(in crate::console) fn open(link: &str) -> io::Result<bool> {
    let Some(program) = opener() else { return Ok(false) };
    let started = Command::new(program)
        .arg(link)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else { return Ok(false) };
    // Whoever started it has to take note of its end.
    thread::Builder::new().name("opener".into()).spawn(move || child.wait())?;
    Ok(true)
}
