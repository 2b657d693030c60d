//! The mouse is the terminal's own until it is taken, and again afterwards, however the program is left.

use super::{console, session::Session, simulator};

const TAKEN: &str = "\x1b[?1000h\x1b[?1006h";
const GIVEN: &str = "\x1b[?1006l\x1b[?1000l";

fn count(session: &Session, text: &str) -> usize {
    session.raw().matches(text).count()
}

#[test]
fn m_takes_the_mouse_a_click_selects_and_the_terminal_has_it_back_however_the_program_is_left() {
    let simulator = simulator(40, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let mut session = console(&simulator, folder.path());
    session.until_text("data live");
    let modes = ["1000", "1002", "1003", "1006"];
    assert!(
        modes.iter().all(|mode| count(&session, &format!("\x1b[?{mode}")) == 0),
        "the terminal selects text"
    );
    session.type_keys("7g");
    let screen = session
        .until("the first row to be selected", |screen| super::session::selected_row(screen).is_some());
    session.type_keys("M");
    session.until_text("The mouse is ours");
    assert_eq!((count(&session, TAKEN), count(&session, GIVEN)), (1, 0));
    // The third row, in the form in which terminals tell it.
    let first = super::session::selected_row(&screen).map(str::to_owned);
    session.answer("\x1b[<0;10;7M\x1b[<0;10;7m");
    session.until("another row to be selected", |screen| {
        super::session::selected_row(screen).map(str::to_owned) != first
    });
    session.type_keys("M");
    session.until_text("The mouse is the terminal's");
    assert_eq!((count(&session, TAKEN), count(&session, GIVEN)), (1, 1));
    session.type_keys("M");
    session.until_text("The mouse is ours");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    assert_eq!((count(&session, TAKEN), count(&session, GIVEN)), (2, 2));
    let raw = session.raw();
    assert!(raw.rfind(GIVEN) < raw.rfind("\x1b[?1049l"), "before the shell has its screen again");
    session.left_clean();
    simulator.stop();
}
