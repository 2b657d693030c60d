//! A card typed into every field of the console that is not meant for one, and where a demo keeps what was done in it.

use std::process::{Command, Output, Stdio};

use paydesk::lang::Lang;

use super::{CANARY, collect, console, get, passes_luhn, session::Session, simulator, story, walks};

/// The program without a terminal.
fn headless(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paydesk"));
    for name in ["PAYDESK_CLIENT_SECRET", "PAYDESK_CLIENT_ID", "PAYDESK_BASE_URL"] {
        command.env_remove(name);
    }
    command.env("LANG", "en_GB.UTF-8").args(arguments).output().unwrap()
}

#[test]
fn a_card_typed_into_every_text_field_of_the_console_is_in_no_file() {
    let simulator = simulator(40, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let mut session = console(&simulator, folder.path());
    session.until_text("40 of 4");
    // The filter, by hand and as a paste.
    session.type_keys("/");
    session.type_keys(CANARY);
    session.until_text("last four digits");
    session.type_keys("\x1b");
    session.type_keys("/");
    session.type_text(CANARY);
    session.until_text("last four digits");
    session.type_keys("\x1b\x1b");
    // The amount of a confirmation, which is not the card's.
    session.type_keys("2");
    session.go_to(" 1 Deposit ");
    session.type_keys("$");
    session.until_text("Nothing is in the way");
    session.type_keys("\r");
    session.until("the confirmation to listen", super::listens);
    session.type_keys(CANARY);
    session.until_text("differs");
    session.type_keys("\x1b\x1b");
    session.until_text("data live");
    // Every field of a card form but the card's own.
    session.go_to(" 3 VCC ");
    session.type_keys("$");
    session.until_text("Checked");
    session.type_keys("3");
    for field in 0..13 {
        session.type_keys("\t");
        session.type_text(CANARY);
        session.type_text(&format!(
            "{} {} {} {}",
            &CANARY[..4],
            &CANARY[4..8],
            &CANARY[8..12],
            &CANARY[12..]
        ));
        if field == 4 {
            session.type_keys(CANARY);
        }
    }
    session.type_keys("\x1b");
    session.until_text("leaves and wipes");
    session.type_keys("\x1b");
    session.until_text("data live");
    // A note, by hand: refused, and kept with the last four.
    session.type_keys("t");
    session.until_text("RECOVER");
    session.type_keys("m");
    session.type_text("the guest's ");
    session.type_keys(CANARY);
    session.type_keys("\r");
    session.until_text("Its last four are left");
    session.type_keys("\r");
    session.until("the note to be taken", |screen| !screen.contains("Note: the guest"));
    session.type_keys("\x1b");
    session.until_text("data live");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    let mut files = Vec::new();
    collect(folder.path(), &mut files);
    assert!(files.iter().any(|(_, text)| text.contains("the guest's ************9015")), "the note was kept");
    for (name, text) in files {
        assert!(!text.contains(&CANARY[..12]) && !text.contains("4929 1234"), "a card number is in {name}");
    }
}

/// Numbers of cards, the shortest and the longest too, and how a hand may write them.
const NUMBERS: [&str; 3] = [CANARY, "4929123456788", "4929123456789012343"];

fn spellings(number: &str) -> [String; 4] {
    let parts: Vec<&str> =
        (0..number.len()).step_by(4).map(|at| &number[at..number.len().min(at + 4)]).collect();
    let wide = number.chars().filter_map(|digit| char::from_u32('０' as u32 + digit.to_digit(10)?)).collect();
    [number.to_owned(), parts.join(" "), parts.join("-"), wide]
}

/// A text with the digits of every script as they are in ours, and nothing between them.
fn plain_digits(text: &str) -> String {
    let wide = |c: char| (c as u32).checked_sub('０' as u32).and_then(|digit| char::from_digit(digit, 10));
    text.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| wide(c).unwrap_or(c)).collect()
}

#[test]
fn a_card_in_any_spelling_is_kept_of_no_field_while_the_program_runs_nor_afterwards() {
    assert!(NUMBERS.iter().all(|number| passes_luhn(number)), "{NUMBERS:?}");
    let simulator = story("vcc-decline", None, 60.0);
    let folder = tempfile::tempdir().unwrap();
    let order = get(&simulator, "/_sim/orders/second")["orderNo"].as_str().unwrap().to_owned();
    let tail = &order[order.len() - 4..];
    // Paid by such a card and declined, so that there is a decision to give a reason for.
    let config = folder.path().join("config.toml");
    let text =
        format!("[environments.sandbox]\nbase_url = \"http://{}\"\nclient_id = \"test\"\n", simulator.addr);
    std::fs::write(&config, text).unwrap();
    let (config, data) = (config.display().to_string(), folder.path().join("data").display().to_string());
    let temporary = folder.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let temporary = temporary.display().to_string();
    let variables = [("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api"), ("TMPDIR", &*temporary)];
    let global = ["--config", &*config, "--data-dir", &*data, "--log-level", "trace"];
    let card = serde_json::json!({
        "cardNumber": CANARY, "cardCVV": "739", "cardExpireMonth": "08", "cardExpireYear": "2031",
        "cardHolderFirstName": "Ada", "cardHolderLastName": "Byron", "cardHolderCountry": "GB",
        "cardHolderCity": "London", "cardHolderPostCode": "W1J 7NT", "cardHolderAddress": "12 St James Square",
        "cardHolderProvince": "LN", "reusable": false,
    });
    let mut pay = Command::new(env!("CARGO_BIN_EXE_paydesk"));
    pay.args(global)
        .args(["pay", &order, "--method", "vcc", "--card-stdin", "--yes", "--follow"])
        .envs(variables);
    let mut pay = pay.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut pay.stdin.take().unwrap(), card.to_string().as_bytes()).unwrap();
    pay.wait().unwrap();

    let mut session = Session::start(&global, &variables);
    session.until_text("data live");
    let [of_filter, of_note, of_reason] = NUMBERS.map(spellings);
    let [_, spaced, dashed, wide] = spellings(NUMBERS[2]);
    let says = |key: &'static str| move |screen: &str| walks::says(Lang::En, key, screen);
    let refused = |session: &Session| {
        session.until("a refusal", |screen| screen.contains("card number"));
    };
    session.type_keys("/");
    for text in &of_filter {
        session.type_text(text);
    }
    session.type_keys(&wide);
    session.until_text("last four digits");
    session.type_keys("\x1b\x1b");
    session.select(&order);
    session.type_keys("t");
    session.until_text("RECOVER");
    session.type_keys("m");
    for text in &of_note {
        session.type_text(text);
        refused(&session);
    }
    session.type_keys(&format!("guest {dashed}\r"));
    session.until("a refusal", says("recover.card_in_note"));
    session.type_keys("\r");
    session.until("the note to be taken", |screen| !screen.contains("guest"));
    session.type_keys("d");
    session.until("the question why", says("recover.decide"));
    session.type_keys(&format!("{tail} "));
    for text in &of_reason {
        session.type_text(text);
        refused(&session);
    }
    session.type_keys(&format!("back {spaced}\r"));
    session.until("a refusal", says("recover.card_in_note"));
    session.type_keys("\r");
    session.until("the reason to be taken", |screen| !says("recover.decide")(screen));
    session.type_keys("\x1b");
    session.until_text("data live");
    let is_clean = |when: &str| {
        let mut files = Vec::new();
        collect(folder.path(), &mut files);
        for (name, text) in &files {
            let text = plain_digits(text);
            for number in NUMBERS {
                assert!(!text.contains(&number[..12]), "a card number is in {name} {when}");
            }
        }
        files
    };
    let files = is_clean("while the program runs");
    assert!(
        files.iter().any(|(name, _)| name.ends_with("-wal")),
        "the log that is written ahead is looked into"
    );
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    let kept: String = is_clean("afterwards").into_iter().map(|(_, text)| text).collect();
    for word in ["guest ****", "back ****"] {
        assert!(kept.contains(word), "{word} was kept");
    }
}

#[test]
fn what_was_paid_in_a_demo_is_found_from_another_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("demo").display().to_string();
    let mut session = Session::start(&["demo", "--data-dir", &place, "--orders", "10"], &[]);
    session.until_text("data live");
    assert!(session.raw().contains(&place), "it is named at the start");
    let json = |arguments: &[&str]| -> serde_json::Value {
        let ran = headless(&[&["--data-dir", &place], arguments, &["--json"]].concat());
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    };
    let orders = json(&["orders", "--status", "unpaid"]);
    let paid = orders["orders"].as_array().unwrap().iter().find_map(|order| {
        let order = order["orderNo"].as_str().unwrap().to_owned();
        let ran = headless(&["--data-dir", &place, "pay", &order, "--method", "deposit", "--yes"]);
        (ran.status.code() == Some(0)).then_some(order)
    });
    let paid = paid.expect("one order takes the deposit");
    assert_eq!(json(&["show", &paid])["attempts"].as_array().unwrap().len(), 1);
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    // It is there afterwards, and the next demo goes on with it.
    assert_eq!(json(&["journal"])["attempts"][0]["orderNo"], paid.as_str());
    let mut session = Session::start(&["demo", "--data-dir", &place], &[]);
    session.until_text("data live");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    // The files of a desk are no demo's.
    let desk = folder.path().join("desk");
    std::fs::create_dir(&desk).unwrap();
    std::fs::write(desk.join("journal.sqlite"), "").unwrap();
    let mut session = Session::start(&["demo", "--data-dir", &desk.display().to_string()], &[]);
    assert_eq!(session.ended(), 2);
    assert!(session.raw().contains("cannot hold a demo"), "{}", session.raw());
}

#[test]
fn a_demo_without_a_folder_takes_one_of_its_own_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display().to_string();
    let mut session = Session::start(&["demo"], &[("TMPDIR", &place)]);
    session.until_text("data live");
    let names = || std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let own = names();
    assert_eq!(own.len(), 1);
    let ran = headless(&["--data-dir", &own[0].display().to_string(), "journal"]);
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    assert_eq!(names().len(), 0, "it goes with the demo");
}
