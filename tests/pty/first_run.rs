//! The first start, with nothing in the home: a demo or an annotated example is offered, and no secret is asked for.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use paydesk::lang::Lang;

use crate::session::Session;

const LANGS: [Lang; 2] = [Lang::En, Lang::ZhCn];

/// The program where nothing is configured, up to its question.
fn first_run(lang: Lang, home: &Path) -> Session {
    let home = home.to_str().unwrap();
    let variables = [("HOME", home), ("XDG_CONFIG_HOME", ""), ("XDG_DATA_HOME", ""), ("TMPDIR", home)];
    let session = Session::start(&["--lang", lang.tag()], &variables);
    session.until_text(lang.text("first_run.choices").trim());
    session
}

/// No line of the screen wants a secret.
fn asks_for_no_secret(screen: &str) {
    for word in ["secret", "password", "密钥", "密码"] {
        assert!(!screen.to_lowercase().contains(word), "{word}:\n{screen}");
    }
}

#[test]
fn with_an_empty_home_an_annotated_example_is_written_where_it_is_read_and_no_secret_is_asked_for() {
    for lang in LANGS {
        let home = tempfile::tempdir().unwrap();
        let mut session = first_run(lang, home.path());
        asks_for_no_secret(&session.screen());
        session.type_keys("w\r");
        assert_eq!(session.ended(), 0, "{}", session.screen());
        asks_for_no_secret(&session.screen());
        let file = home.path().join(".config/paydesk/config.toml");
        let written = std::fs::read_to_string(&file).unwrap();
        assert_eq!(written, include_str!("../../config.example.toml"));
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let shown: String = session.screen().chars().filter(|c| !c.is_whitespace()).collect();
        assert!(shown.contains(file.to_str().unwrap()) && shown.contains("paydeskdoctor"), "{shown}");
        // Once it is there nothing is offered, or written over it.
        let variables = [("HOME", home.path().to_str().unwrap()), ("XDG_CONFIG_HOME", "")];
        let mut again = Session::start(&["--lang", lang.tag()], &variables);
        assert_eq!(again.ended(), 2, "{}", again.screen());
        assert!(!again.screen().contains(lang.text("first_run.choices").trim()), "{}", again.screen());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
    }
}

#[test]
fn with_an_empty_home_the_demo_is_one_key_away_and_leaves_nothing_behind() {
    for lang in LANGS {
        let home = tempfile::tempdir().unwrap();
        let mut session = first_run(lang, home.path());
        session.type_keys("d\r");
        let screen = session.until_text(lang.text("header.live"));
        assert!(screen.contains("DEMO"), "{screen}");
        asks_for_no_secret(&screen);
        session.type_keys("q");
        assert_eq!(session.ended(), 0);
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "nothing is left in the home");
    }
}

#[test]
fn whatever_else_is_answered_is_asked_again_and_enter_alone_leaves_everything_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let mut session = first_run(Lang::En, home.path());
    session.type_keys("x\r");
    let choices = Lang::En.text("first_run.choices").trim();
    session.until("the question again", |screen| screen.matches(choices).count() == 2);
    session.type_keys("\r");
    assert_eq!(session.ended(), 0);
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}
