//! What is said to the terminal beside the picture: a text for its clipboard, a notification, the title of its window. Some of
//! it must be wrapped to pass through a multiplexer that this runs in.

use std::io;

use crossterm::{Command, clipboard::CopyToClipboard};

/// Puts the window's title by (XTWINOPS 22), where the terminal can.
pub(in crate::console) const PUSH_TITLE: &str = "\x1b[22;2t";

/// Takes the window's title back; where the terminal had not put it by, the window has none of ours at least.
pub(in crate::console) const RESET_TITLE: &str = "\x1b]2;\x1b\\\x1b[23;2t";

/// Calls the window so (OSC 2). A multiplexer understands it, for its own pane.
pub(in crate::console) fn title(title: &str) -> String {
    format!("\x1b]2;{title}\x1b\\")
}

/// Asks the terminal to put `text` on its clipboard (OSC 52), also through a multiplexer that this runs in. Whether it
/// does is not told by anybody. Never used for card data.
pub(in crate::console) fn copying(text: &str) -> io::Result<Vec<String>> {
    copying_through(text, Multiplexer::here())
}

/// Lets the terminal tell of something beside its window.
pub(in crate::console) fn notifying(text: &str) -> Vec<String> {
    let variable = |name| std::env::var(name).unwrap_or_default();
    let dialect = Dialect::of(&variable("TERM"), &variable("VTE_VERSION"));
    vec![notifying_through(text, dialect, Multiplexer::here())]
}

fn notifying_through(text: &str, dialect: Dialect, through: Multiplexer) -> String {
    let plain = match dialect {
        Dialect::Osc9 => format!("\x1b]9;{text}\x1b\\"),
        // Title and text are parted by the same sign.
        Dialect::Osc777 => format!("\x1b]777;notify;paydesk;{}\x1b\\", text.replace(';', ",")),
    };
    // No multiplexer knows either of them.
    through.wrapped(&plain).unwrap_or(plain)
}

/// How a terminal is asked for a notification. Whoever knows both shows two, so it is one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// `iTerm2`, `WezTerm`, kitty, Ghostty, Windows Terminal, and whatever runs inside a multiplexer.
    Osc9,
    /// rxvt-unicode, foot, and what is built on VTE (GNOME Terminal).
    Osc777,
}

impl Dialect {
    fn of(term: &str, vte: &str) -> Self {
        let is_known = term.starts_with("rxvt") || term.starts_with("foot") || !vte.is_empty();
        if is_known { Self::Osc777 } else { Self::Osc9 }
    }
}

/// What stands between this program and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Multiplexer {
    None,
    Tmux,
    Screen,
}

impl Multiplexer {
    /// The one that this runs in.
    fn here() -> Self {
        let variable = |name| std::env::var(name).unwrap_or_default();
        Self::of(&variable("TMUX"), &variable("STY"), &variable("TERM"))
    }

    /// A sequence as it is passed on unread; nothing where there is nothing to pass.
    fn wrapped(self, plain: &str) -> Option<String> {
        match self {
            Self::None => None,
            Self::Tmux => Some(format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b"))),
            // Its end would end the wrapping.
            Self::Screen => Some(format!("\x1bP{}\x1b\\", plain.replace("\x1b\\", "\x07"))),
        }
    }

    /// Told by its own variable, or by the terminal it plays when that was lost on the way (`ssh`, `sudo`).
    fn of(tmux: &str, sty: &str, term: &str) -> Self {
        if !tmux.is_empty() || term.starts_with("tmux") {
            Self::Tmux
        } else if !sty.is_empty() {
            Self::Screen
        } else if term.starts_with("screen") {
            // Both call themselves so; tmux passes nothing on that is wrapped for the other, and is met more often.
            Self::Tmux
        } else {
            Self::None
        }
    }
}

/// The sequence, plain for what understands it, and wrapped for what only passes it on.
fn copying_through(text: &str, through: Multiplexer) -> io::Result<Vec<String>> {
    let mut plain = String::new();
    CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain).map_err(io::Error::other)?;
    let wrapped = through.wrapped(&plain);
    Ok(std::iter::once(plain).chain(wrapped).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_sent_plain_and_wrapped_for_what_it_has_to_go_through() {
        // `TESTA` in base 64.
        let plain = "\x1b]52;c;VEVTVEE=\x1b\\";
        let check = |variables: [&str; 3], wrapped: Option<&str>| {
            let through = Multiplexer::of(variables[0], variables[1], variables[2]);
            let want: Vec<&str> = std::iter::once(plain).chain(wrapped).collect();
            assert_eq!(copying_through("TESTA", through).unwrap(), want, "{variables:?}");
        };
        let tmux = Some("\x1bPtmux;\x1b\x1b]52;c;VEVTVEE=\x1b\x1b\\\x1b\\");
        check(["", "", "xterm-256color"], None);
        check(["/tmp/tmux-1000/default,1,0", "", "screen-256color"], tmux);
        check(["", "", "tmux-256color"], tmux);
        check(["", "", "screen"], tmux);
        check(["", "1234.pts-0.desk", "screen"], Some("\x1bP\x1b]52;c;VEVTVEE=\x07\x1b\\"));
    }

    #[test]
    fn a_notification_is_sent_once_in_the_terminals_own_way_and_wrapped_for_what_it_has_to_go_through() {
        let check = |term: &str, vte: &str, through, want: &str| {
            let text = "paydesk LIVE: TESTA~5481; pay";
            assert_eq!(notifying_through(text, Dialect::of(term, vte), through), want, "{term} {vte}");
        };
        let osc9 = "\x1b]9;paydesk LIVE: TESTA~5481; pay\x1b\\";
        check("xterm-256color", "", Multiplexer::None, osc9);
        let osc777 = "\x1b]777;notify;paydesk;paydesk LIVE: TESTA~5481, pay\x1b\\";
        check("xterm-256color", "7200", Multiplexer::None, osc777);
        check("foot", "", Multiplexer::None, osc777);
        check("rxvt-unicode-256color", "", Multiplexer::None, osc777);
        let tmux = "\x1bPtmux;\x1b\x1b]9;paydesk LIVE: TESTA~5481; pay\x1b\x1b\\\x1b\\";
        check("tmux-256color", "", Multiplexer::Tmux, tmux);
        check("screen", "", Multiplexer::Screen, "\x1bP\x1b]9;paydesk LIVE: TESTA~5481; pay\x07\x1b\\");
    }
}
