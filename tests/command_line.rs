//! The command line itself: what no argument may hold, what is said of a wrong one, and what helps to find the right one.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod program;
mod sample;

use std::{fs, path::Path, process::Stdio};

use clap::{Arg, Command, CommandFactory};
use paydesk::cli::Arguments;

use self::program::Desk;

/// A card whose digits must be nowhere.
const CANARY: &str = "4929123456789015";
const SPACED: &str = "4929 1234 5678 9015";
/// How it begins, however it is written.
const BEGINS: [&str; 4] = ["4929123", "4929 1234", "4929-1234", "４９２９１２３"];

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
            let wide: String =
                CANARY.chars().filter_map(|c| char::from_u32('０' as u32 + c.to_digit(10)?)).collect();
            for card in [
                CANARY,
                SPACED,
                &SPACED.replace(' ', "-"),
                &wide,
                &format!("/tmp/{CANARY}/x"),
                &format!("https://{CANARY}.example"),
            ] {
                let value = with_value(arg, card);
                let arguments: Vec<&str> =
                    path.iter().map(String::as_str).chain(value.iter().map(|part| &**part)).collect();
                let ran = desk.run(&arguments, "");
                assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stderr);
                assert!(ran.stderr.contains("card number"), "{}", ran.stderr);
                assert!(["9015", "９０１５"].iter().any(|last| ran.stderr.contains(last)), "{}", ran.stderr);
                for text in [&ran.stdout, &ran.stderr] {
                    for begin in BEGINS {
                        assert!(!text.contains(begin), "{text}");
                    }
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried} arguments were tried");
    let left = everything_below(desk.folder.path());
    assert!(BEGINS.iter().all(|begin| !is_in(begin, &left)));
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

#[test]
fn a_speed_that_is_none_is_refused_with_what_is_expected() {
    let desk = Desk::at("http://127.0.0.1:9");
    for command in ["demo", "sim"] {
        for speed in ["abc", "0", "-1", "nan", "inf", "1001", ""] {
            let ran = desk.run(&[command, &format!("--speed={speed}")], "");
            assert_eq!(ran.code, Some(2), "{speed}: {}", ran.stderr);
            assert!(ran.stderr.contains("expected a number from 0.1 to 1000"), "{speed}: {}", ran.stderr);
        }
    }
}

#[test]
fn help_and_manual_know_every_command() {
    let desk = Desk::at("http://127.0.0.1:9");
    for (path, command) in commands() {
        let about = command.get_about().unwrap().to_string();
        let first: String = about.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
        for word in ["help", "man"] {
            let arguments: Vec<&str> = std::iter::once(word).chain(path.iter().map(String::as_str)).collect();
            let ran = desk.run(&arguments, "");
            assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
            let flat = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ").replace("\\-", "-");
            let flat = flat.replace("\\*(Aq", "'");
            assert!(flat.contains(&first), "{arguments:?} lacks {first}: {flat}");
            let name = std::iter::once("paydesk").chain(path.iter().map(String::as_str));
            let name = name.collect::<Vec<_>>().join("-");
            assert!(word == "help" || flat.contains(&format!(".TH {name} 1")), "{flat}");
        }
        if !path.is_empty() {
            let with_flag: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
            assert_eq!(desk.run(&with_flag, "").code, Some(0), "{with_flag:?}");
        }
    }
    let ran = desk.run(&["man", "dmeo"], "");
    assert!(ran.code == Some(2) && ran.stderr.contains("demo"), "{}", ran.stderr);
}

#[test]
fn completions_offer_values_where_they_are_known_and_no_files_where_none_belongs() {
    let desk = Desk::at("http://127.0.0.1:9");
    let offers = [
        ("--scenario", "airline-outage"),
        ("--lang", "zh-CN"),
        ("--log-level", "debug"),
        ("--method", "byoa"),
        ("--via", "other-card"),
        ("--status", "ticketing"),
    ];
    for shell in ["bash", "zsh", "fish"] {
        let script = desk.run(&["completions", shell], "").stdout;
        for (flag, value) in offers {
            assert!(
                script.contains(flag.trim_start_matches('-')) && script.contains(value),
                "{shell}: {value}"
            );
        }
    }
    let bash = desk.run(&["completions", "bash"], "").stdout;
    let after = |flag: &str| {
        let rest = bash.split(&format!("                {flag})\n")).nth(1).unwrap();
        rest.split(";;").next().unwrap().to_owned()
    };
    for (flag, value) in offers {
        assert!(after(flag).contains(value), "{flag}: {}", after(flag));
    }
    assert!(after("--config").contains("compgen -f") && !after("--env").contains("compgen -f"), "{bash}");
}

#[test]
fn the_doctor_says_of_a_secret_that_is_not_set_that_it_is_not() {
    let desk = Desk::at("http://127.0.0.1:9");
    let mut command = desk.command(&["doctor"]);
    command.env_remove("PAYDESK_CLIENT_SECRET");
    let ran = program::finish(command, "");
    let line = ran.stdout.lines().find(|line| line.contains("client_secret =")).unwrap();
    assert!(line.contains("= not set") && !line.contains("from PAYDESK"), "{line}");
    let set = desk.run(&["doctor"], "").stdout;
    let line = set.lines().find(|line| line.contains("client_secret =")).unwrap();
    assert!(line.contains("= from PAYDESK_CLIENT_SECRET"), "{line}");
}

#[test]
fn a_reader_that_has_gone_ends_a_command_quietly_as_it_ends_other_tools() {
    let running = paydesk::sim::spawn(sample::story("calm-desk", Some(30), 60.0)).unwrap();
    let desk = Desk::at(&format!("http://{}", running.addr));
    let order =
        desk.run(&["orders", "--json"], "").json()["orders"][0]["orderNo"].as_str().unwrap().to_owned();
    for arguments in [
        &["orders"][..],
        &["orders", "--json"],
        &["show", &order],
        &["journal"],
        &["journal", "verify"],
        &["recover", &order, "--dry-run"],
        &["pay", &order, "--method", "deposit", "--dry-run"],
        &["webhook", "path"],
        &["completions", "bash"],
        &["man"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = desk.command(arguments);
        command.stdin(Stdio::null()).stdout(writer);
        let ended = command.output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        let code = ended.status.code();
        assert!(!said.to_lowercase().contains("pipe") && !said.contains("panicked"), "{arguments:?}: {said}");
        assert_eq!(code, Some(141), "{arguments:?}: {said}");
    }
}

#[test]
fn what_is_wrong_with_a_card_from_standard_input_is_said_by_the_names_of_its_fields() {
    let running = paydesk::sim::spawn(sample::story("calm-desk", Some(30), 60.0)).unwrap();
    let desk = Desk::at(&format!("http://{}", running.addr));
    let orders = desk.run(&["orders", "--status", "unpaid", "--json"], "").json();
    let order = orders["orders"][0]["orderNo"].as_str().unwrap();
    let pay = ["pay", order, "--method", "vcc", "--card-stdin", "--dry-run"];
    let said = desk.run(&pay, r#"{"cardNumber": "4111111111111111", "cardExpireYear": "31"}"#).stderr;
    for field in ["cardExpireMonth", "cardCVV", "cardHolderFirstName", "cardHolderLastName"] {
        assert_eq!(
            said.lines().filter(|line| line.contains(&format!("({field})"))).count(),
            1,
            "{field}: {said}"
        );
    }
    for wrong in ["", "[]", r#"{"cardNumbr": "1"}"#] {
        let ran = desk.run(&pay, wrong);
        assert!(ran.code == Some(2) && ran.stderr.contains("cardExpireMonth"), "{}", ran.stderr);
    }
}

#[test]
fn a_redaction_is_said_and_asked_before_and_found_afterwards() {
    let desk = Desk::at("http://127.0.0.1:9");
    let folder = Path::new(&desk.path("data")).join("test");
    fs::create_dir_all(&folder).unwrap();
    let db = rusqlite::Connection::open(folder.join("journal.sqlite")).unwrap();
    db.execute_batch(include_str!("fourth_journal.sql")).unwrap();
    drop(db);
    let list = desk.run(&["journal", "redact"], "");
    assert!(list.code == Some(0) && list.stdout.contains("    14  "), "{}{}", list.stdout, list.stderr);
    assert!(!list.stdout.contains("4929123"), "{}", list.stdout);
    let listed = desk.run(&["journal", "redact", "--json"], "").json();
    assert!(listed["entries"].as_array().unwrap().iter().any(|one| one["entry"] == 15), "{listed}");
    // Nobody is there to say yes.
    let ran = desk.run(&["journal", "redact", "14"], "");
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("--yes") && ran.stderr.contains("paid by the guest"), "{}", ran.stderr);
    let refused = |arguments: &[&str], code: &str| {
        let ran = desk.run(arguments, "");
        assert_eq!((ran.code, &ran.json()["error"]["code"]), (Some(1), &code.into()), "{}", ran.stdout);
    };
    refused(&["journal", "redact", "3", "--yes", "--json"], "entry_of_money");
    refused(&["journal", "redact", "99", "--yes", "--json"], "no_entry");
    refused(&["--read-only", "journal", "redact", "14", "--yes", "--json"], "read_only");
    assert!(is_in(CANARY, &everything_below(&folder)));
    for entry in ["14", "15", "18"] {
        let ran = desk.run(&["journal", "redact", entry, "--yes"], "");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        assert!(ran.stdout.contains(&format!("entry {entry}")), "{}", ran.stdout);
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("4929123"), "{}", ran.stderr);
    }
    let left = everything_below(desk.folder.path());
    assert!(!is_in(CANARY, &left) && !is_in(SPACED, &left));
    let ran = desk.run(&["journal", "verify"], "");
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("22 entries") && ran.stdout.contains("3 were redacted"), "{}", ran.stdout);
    let verdict = desk.run(&["journal", "--json", "verify"], "").json();
    assert_eq!((&verdict["sound"], &verdict["redacted"]), (&true.into(), &3.into()));
    assert_eq!(desk.run(&["journal"], "").code, Some(0));
}

#[test]
fn a_plan_says_what_a_budget_buys_and_what_would_be_enough() {
    let desk = Desk::at("http://127.0.0.1:9");
    let plan = |arguments: &[&str]| {
        let ran = desk.run(&[&["plan", "--hours", "24"], arguments].concat(), "");
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        ran
    };
    let enough = plan(&["--orders", "10000", "--budget", "60", "--json"]).json();
    let class = |plan: &serde_json::Value, name: &str| {
        plan["classes"].as_array().unwrap().iter().find(|class| class["class"] == name).unwrap().clone()
    };
    assert_eq!((&enough["fits"], &enough["requestsPerMinute"]), (&true.into(), &60.into()), "{enough}");
    let fresh = class(&enough, "fresh")["p99Seconds"].as_f64().unwrap();
    // A round every fifteen seconds, and at worst the time of another one that it waits for.
    assert!((14.0..=30.0).contains(&fresh), "{fresh}");
    assert!(class(&enough, "closed")["orders"].as_u64().unwrap() > 9_000);
    // What is said to be enough is, and what is not enough is said.
    let short = plan(&["--orders", "10000", "--budget", "20", "--json"]).json();
    assert_eq!((&short["fits"], &class(&short, "fresh")["fits"]), (&false.into(), &false.into()), "{short}");
    let named = short["fitsFrom"].to_string();
    assert_eq!(plan(&["--orders", "10000", "--budget", &named, "--json"]).json()["fits"], true, "{named}");
    // Details alone take more than there is.
    let behind = plan(&["--orders", "100000", "--budget", "60", "--json"]).json();
    assert!(class(&behind, "unpriced")["p99Seconds"].is_null(), "{behind}");
    // For people, in both languages; payments that are made here cost requests too.
    let sixty = ["--orders", "10000", "--budget", "60"];
    let (few, many) = (plan(&sixty), plan(&[&sixty[..], &["--payments", "600"]].concat()));
    assert!(few.stdout.contains("is enough") && many.stdout.contains("is not enough"), "{}", many.stdout);
    for (tag, words) in
        [("en", ["99 % WITHIN", "payment in doubt"]), ("zh-CN", ["99% 不超过", "结果未知的支付"])]
    {
        for (name, arguments) in [
            ("enough", &["--orders", "10000", "--budget", "60"][..]),
            ("short", &["--orders", "10000", "--budget", "36", "--payments", "30"]),
            ("behind", &["--orders", "100000", "--budget", "60"]),
        ] {
            let text = plan(&[arguments, &["--lang", tag]].concat()).stdout;
            assert!(words.iter().all(|word| text.contains(word)), "{text}");
            assert!(text.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{text}");
            insta::assert_snapshot!(format!("budget_{name}_{tag}"), text);
        }
    }
    // Rounds that are nearer to each other fit too, as near as is said and no nearer.
    let sooner = enough["soonestSweepSeconds"].as_u64().unwrap();
    assert!((5..15).contains(&sooner) && short["soonestSweepSeconds"].is_null(), "{enough}");
    // Of a configuration that cannot allow as much nothing is said that it refuses.
    let vast = plan(&["--orders", "1000000", "--budget", "60"]).stdout;
    assert!(vast.contains("at most 600") && !vast.contains("requests_per_minute"), "{vast}");
    for wrong in [["--orders", "0"], ["--orders", "many"], ["--budget", "60"]] {
        assert_eq!(desk.run(&[&["plan"], &wrong[..]].concat(), "").code, Some(2), "{wrong:?}");
    }
}
