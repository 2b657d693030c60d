//! The command line itself: what no argument may hold, what is said of a wrong one, and what helps to find the right one.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod program;

use std::{fs, path::Path};

use clap::{Arg, Command, CommandFactory};
use paydesk::cli::Arguments;

use self::program::Desk;

/// A card whose digits must be nowhere.
const CANARY: &str = "4929123456789015";
const SPACED: &str = "4929 1234 5678 9015";

/// Every command of the program with the words that name it, and every argument of each that takes a value.
fn commands() -> Vec<(Vec<String>, Command)> {
    fn walk(command: &Command, path: &[String], found: &mut Vec<(Vec<String>, Command)>) {
        found.push((path.to_vec(), command.clone()));
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let path = [path, &[sub.get_name().to_owned()]].concat();
            walk(sub, &path, found);
        }
    }
    let mut program = Arguments::command();
    program.build();
    let mut found = Vec::new();
    walk(&program, &[], &mut found);
    found
}

fn with_value<'a>(arg: &Arg, value: &'a str) -> Vec<std::borrow::Cow<'a, str>> {
    match arg.get_long() {
        Some(long) => vec![format!("--{long}").into(), value.into()],
        None => vec![value.into()],
    }
}

/// Every file below `folder`, and every name.
fn everything_below(folder: &Path) -> Vec<u8> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        found.extend(entry.file_name().as_encoded_bytes());
        match entry.path() {
            path if path.is_dir() => found.extend(everything_below(&path)),
            path => found.extend(fs::read(path).unwrap()),
        }
    }
    found
}

fn is_in(needle: &str, text: &[u8]) -> bool {
    text.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn a_card_number_in_any_argument_of_any_command_is_refused_and_is_in_no_file() {
    let desk = Desk::at("http://127.0.0.1:9");
    let mut tried = 0;
    for (path, command) in commands() {
        for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
            for card in [CANARY, SPACED, &format!("/tmp/{CANARY}/x"), &format!("https://{CANARY}.example")] {
                let value = with_value(arg, card);
                let arguments: Vec<&str> =
                    path.iter().map(String::as_str).chain(value.iter().map(|part| &**part)).collect();
                let ran = desk.run(&arguments, "");
                assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stderr);
                assert!(ran.stderr.contains("card number") && ran.stderr.contains("9015"), "{}", ran.stderr);
                for text in [&ran.stdout, &ran.stderr] {
                    assert!(!text.contains("4929123") && !text.contains("4929 1234"), "{text}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried} arguments were tried");
    let left = everything_below(desk.folder.path());
    assert!(!is_in("49291234", &left) && !is_in("4929 1234", &left));
}

#[test]
fn the_refusal_of_a_card_number_comes_in_the_language_and_the_form_that_were_asked_for() {
    let desk = Desk::at("http://127.0.0.1:9");
    let ran = desk.run(&["--lang", "zh-CN", "journal", "--env", CANARY], "");
    assert!(ran.stderr.contains("卡号") && ran.stderr.contains("--card-stdin"), "{}", ran.stderr);
    let ran = desk.run(&["orders", "--json", "--env", CANARY], "");
    let error = &ran.json()["error"];
    assert_eq!((ran.code, &error["code"]), (Some(2), &"card_in_argument".into()), "{error}");
    // What only looks like one.
    let ran = desk.run(&["show", "20261127093013183"], "");
    assert!(!ran.stderr.contains("card number"), "{}", ran.stderr);
}

#[test]
fn a_card_number_in_the_configuration_or_a_variable_is_refused_and_not_said_again() {
    let desk = Desk::at("http://127.0.0.1:9");
    let config = desk.path("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    for line in [
        format!("time_zone = \"{SPACED}\""),
        format!("environment = \"{CANARY}\""),
        format!("read_only = {CANARY}"),
        format!("[environments.{CANARY}]\nbase_url = \"https://a.example\""),
        format!("[environments.b]\nbase_url = \"https://b.example\"\nclient_id = \"{CANARY}\""),
        format!("[environments.b]\nbase_url = \"https://{CANARY}.example\""),
        format!(
            "[environments.b]\nbase_url = \"https://b.example\"\nclient_secret_command = [\"get\", \"{CANARY}\"]"
        ),
        format!("[payment]\nlimits = {{ CNY = \"{CANARY}\" }}"),
        format!("[log]\n\"{CANARY}\" = 1"),
    ] {
        let whole = if line.starts_with('[') { format!("{text}{line}") } else { format!("{line}\n{text}") };
        fs::write(&config, whole).unwrap();
        for command in ["doctor", "journal"] {
            let ran = desk.run(&[command], "");
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert_eq!(ran.code, Some(2), "{line}: {said}");
            assert!(said.contains("9015") && said.contains("line "), "{line}: {said}");
            assert!(!said.contains("49291234") && !said.contains("4929 1234"), "{line}: {said}");
        }
    }
    fs::write(&config, text).unwrap();
    for name in ["PAYDESK_CLIENT_ID", "PAYDESK_BASE_URL"] {
        let mut command = desk.command(&["doctor"]);
        command.env(name, format!("https://{CANARY}.example"));
        let ran = program::finish(command, "");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code, Some(2), "{said}");
        assert!(said.contains(name) && said.contains("9015") && !said.contains("49291234"), "{said}");
    }
    assert!(!Path::new(&desk.path("data")).exists(), "nothing was begun");
}

#[test]
fn a_card_number_in_another_field_of_the_card_is_refused_by_the_name_of_that_field() {
    let desk = Desk::at("http://127.0.0.1:9");
    let arguments = ["pay", "TESTA20261122135802207", "--method", "vcc", "--card-stdin", "--yes", "--json"];
    for field in ["cardHolderFirstName", "cardHolderCity", "cardHolderPostCode", "cardHolderAddress"] {
        for number in [CANARY, SPACED] {
            let card = serde_json::json!({ "cardNumber": CANARY, field: format!("8 {number} Walk") });
            let ran = desk.run(&arguments, &card.to_string());
            let message = ran.json()["error"]["message"].as_str().unwrap().to_owned();
            assert_eq!(ran.code, Some(2), "{message}");
            assert!(message.contains(field) && message.contains("without a card number"), "{message}");
        }
    }
    assert!(!is_in("49291234", &everything_below(desk.folder.path())));
}
