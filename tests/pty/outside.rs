//! What the console meets outside itself before and while it runs: a program that asks for a pass phrase on the same
//! terminal, a folder where nothing can be written, and callers of its listener who bring card numbers.

use std::{fs, net::TcpListener, path::Path};

use super::{CANARY, console, get, hints::notify, session::Session, simulator, story};

/// Starts the console on a configuration of the test's own.
fn start(folder: &Path, text: &str, variables: &[(&str, &str)]) -> Session {
    let config = folder.join("config.toml");
    fs::write(&config, text).unwrap();
    let (config, data) = (config.display().to_string(), folder.join("data").display().to_string());
    Session::start(&["--config", &config, "--data-dir", &data, "--log-level", "trace"], variables)
}

#[test]
fn a_program_that_gives_the_secret_may_ask_on_the_terminal_before_the_screen_is_taken() {
    let simulator = simulator(5, 1.0);
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        r#"[environments.sandbox]
base_url = "http://{}"
client_id = "test"
client_secret_command = ["sh", "-c", "printf 'Passphrase: ' >&2; read -r word </dev/tty; echo secret-$word"]
"#,
        simulator.addr
    );
    let mut session = start(folder.path(), &text, &[]);
    session.until_text("Passphrase:");
    assert!(!session.raw().contains("\x1b[?1049h"), "the screen was taken too soon");
    session.until_text("waiting for client_secret_command (sh)");
    session.type_keys("open\n");
    session.until_text("data live");
    // The terminal is ours again: keys arrive, and it is given back clean.
    session.type_keys("?");
    session.until_text("Keys (Esc closes)");
    session.type_keys("\x1b");
    session.until("the table", |screen| !screen.contains("Keys (Esc closes)"));
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
    session.left_clean();
}

#[test]
fn a_terminal_on_which_nothing_typed_was_shown_shows_it_again_when_the_program_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"[environments.sandbox]
base_url = "http://127.0.0.1:9"
client_id = "test"
client_secret_command = ["sh", "-c", "stty -echo </dev/tty; echo hidden >&2; sleep 100"]
client_secret_seconds = 3
"#;
    let mut session = start(folder.path(), text, &[]);
    let echoes = |session: &Session| {
        let modes = session.master.as_ref().unwrap().get_termios().unwrap();
        format!("{:?}", modes.local_flags).contains("ECHO |")
    };
    assert!(echoes(&session));
    session.until_text("hidden");
    assert!(!echoes(&session));
    session.until_text("gave no secret within 3 s");
    assert_eq!(session.ended(), 2);
    assert!(echoes(&session), "the shell would hide what is typed");
}

#[test]
fn a_folder_where_nothing_can_be_written_is_said_on_the_screen_and_looking_goes_on() {
    let simulator = simulator(5, 1.0);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("data"), "a file in the way").unwrap();
    let mut session = console(&simulator, folder.path());
    session.until("orders, and that nothing can be paid", |screen| {
        screen.contains("TESTA") && screen.contains("PAYING OFF")
    });
    session.type_keys("@");
    session.until("both reasons in the log", |screen| {
        let words: String = screen.chars().filter(|c| c.is_alphanumeric()).collect();
        words.contains("Goingonwithoutalog") && words.contains("cannotbeusedforthejournal")
    });
    session.type_keys("\x1b");
    session.until("the table", |screen| screen.contains("7 All"));
    session.type_keys("q");
    assert_eq!(session.ended(), 0);
}

#[test]
fn refused_calls_are_counted_in_the_log_view_and_no_card_number_of_a_caller_is_kept_or_shown() {
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let simulator = story("calm-desk", Some(5), 1.0);
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[environments.sandbox]\nbase_url = \"http://{}\"\nclient_id = \"test\"\n[polling]\nsweep_seconds = 600\n[webhook]\nlisten = \"{receiver}\"\n",
        simulator.addr
    );
    let secret = "0123456789abcdef0123456789abcdef";
    let data = folder.path().join("data/sandbox");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("webhook-path"), secret).unwrap();
    fs::set_permissions(data.join("webhook-path"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .unwrap();
    let mut session = start(folder.path(), &text, &[("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api")]);
    session.until_text("data live");
    let orders = get(&simulator, "/_sim/orders");
    let order = orders["orders"][0]["orderNo"].as_str().unwrap().to_owned();

    let spaced = [&CANARY[..4], &CANARY[4..8], &CANARY[8..12], &CANARY[12..]].join(".");
    let accepted = |body: &str| assert_eq!(notify(receiver, &format!("//{secret}/"), body), "200", "{body}");
    for number in [CANARY, &spaced] {
        accepted(&format!(r#"{{"type":"{number}","data":{{"orderNo":"{order}"}}}}"#));
        accepted(&format!(
            r#"{{"type":"order.void","notificationId":"{number}","data":{{"orderNo":"{order}","errorCode":"{number}"}}}}"#
        ));
        accepted(&format!(r#"{{"type":"order.void","orderNo":"{number}"}}"#));
        accepted(&format!(r#"{{"type":"order.void","orderNo":"TESTA{CANARY}","note":"{number}"}}"#));
    }
    for path in ["/", &format!("/prefix/{secret}"), &format!("/{}", &secret[..31])] {
        assert_eq!(notify(receiver, path, "{}"), "404");
    }
    assert_eq!(notify(receiver, &format!("/{secret}"), &format!("card {CANARY}")), "400");
    session.select(&order);
    session.until_text("vendor notice (a hint):");
    session.type_keys("@");
    session.until("the count and the reason", |screen| {
        let words: String = screen.chars().filter(|c| c.is_alphanumeric()).collect();
        words.contains("4webhookcallswererefused") && words.contains("notaJSONobjectwithatype")
    });
    session.type_keys("\x1b");
    session.until("the table", |screen| screen.contains("vendor notice (a hint):"));
    session.type_keys("q");
    assert_eq!(session.ended(), 0);

    let mut texts = vec![session.raw().into_bytes()];
    let (config, data) = (folder.path().join("config.toml"), folder.path().join("data"));
    for command in [&["show", &order, "--json"][..], &["journal", "--json"], &["show", &order]] {
        let ran = std::process::Command::new(env!("CARGO_BIN_EXE_paydesk"))
            .arg("--config")
            .arg(&config)
            .arg("--data-dir")
            .arg(&data)
            .args(command)
            .env("PAYDESK_CLIENT_SECRET", "canary-secret-of-the-api")
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        texts.extend([ran.stdout, ran.stderr]);
    }
    let mut folders = vec![data.clone()];
    let mut log = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.file_name().is_some_and(|name| name != "webhook-path") {
                if entry.ends_with("paydesk.log") {
                    log = fs::read_to_string(&entry).unwrap();
                }
                texts.push(fs::read(&entry).unwrap());
            }
        }
    }
    for text in &texts {
        let has = |needle: &str| text.windows(needle.len()).any(|window| window == needle.as_bytes());
        assert!(!has(&CANARY[..12]) && !has(&spaced[..14]), "a card number was kept or shown");
        assert!(!has(&secret[..31]), "the secret path was kept or shown");
    }
    assert!(log.contains("a webhook call was refused") && log.contains("reason=\"no_notice\""), "{log}");
}
