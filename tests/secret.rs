//! The program that gives the secret, run by the real binary: what it asks reaches the user, and it has a limit.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{
    fs,
    process::Stdio,
    time::{Duration, Instant},
};

mod program;

use self::program::{Desk, Ran, finish};

/// A desk whose secret is what a shell prints.
fn desk(script: &str, seconds: u64) -> Desk {
    let desk = Desk::at("http://127.0.0.1:9");
    let config = desk.path("config.toml");
    let lines = format!(
        "client_secret_command = [\"sh\", \"-c\", '''{script}''']\nclient_secret_seconds = {seconds}\nclient_id"
    );
    let text = fs::read_to_string(&config).unwrap().replacen("client_id", &lines, 1);
    fs::write(config, text).unwrap();
    desk
}

fn run(desk: &Desk, arguments: &[&str], stdin: &str) -> Ran {
    let mut command = desk.command(arguments);
    command.env_remove("PAYDESK_CLIENT_SECRET").env("PATH", std::env::var_os("PATH").unwrap_or_default());
    finish(command, stdin)
}

#[test]
fn what_the_program_says_on_standard_error_reaches_the_user() {
    let ran = run(&desk("echo 'Touch the key now' >&2; echo secret-canary", 10), &["orders"], "");
    assert_eq!(ran.code, Some(4), "it got as far as asking the server: {}", ran.stderr);
    assert!(ran.stderr.contains("Touch the key now"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("waiting for"), "nobody waited: {}", ran.stderr);
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("secret-canary"));
}

#[test]
fn a_program_that_does_not_end_is_named_and_ended_with_all_that_it_started() {
    let desk = desk("echo Passphrase: >&2; sleep 321 & echo $! > \"$HOME/started\"; wait", 3);
    for (lang, words, limit) in [
        ("en", "waiting for client_secret_command (sh)", "within 3 s"),
        ("zh-CN", "正在等待 client_secret_command", "在 3 秒内"),
    ] {
        let began = Instant::now();
        let ran = run(&desk, &["--lang", lang, "orders"], "");
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        for word in [words, limit, "client_secret_seconds", "Passphrase:"] {
            assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
        }
        let started = fs::read_to_string(desk.path("started")).unwrap();
        let ended = || {
            !fs::read_to_string(format!("/proc/{}/stat", started.trim()))
                .is_ok_and(|stat| !stat.contains(") Z "))
        };
        // It was signalled; whoever adopted it may still have to bury it.
        let until = Instant::now() + Duration::from_secs(10);
        while !ended() {
            assert!(Instant::now() < until, "what it started lives on");
            std::thread::yield_now();
        }
    }
}

#[test]
fn the_doctor_asks_once_and_names_the_failure_and_its_mend() {
    let counted = desk("echo x >> \"$HOME/asked\"; echo secret-canary", 10);
    run(&counted, &["doctor", "--json"], "");
    assert_eq!(
        fs::read_to_string(counted.path("asked")).unwrap(),
        "x\n",
        "a person would have typed it twice"
    );
    for (script, message) in
        [("sleep 60", "within 1 s"), ("echo half-a-secret-canary; exit 3", "exit status: 3")]
    {
        let ran = run(&desk(script, 1), &["doctor", "--json"], "");
        let report = ran.json();
        let checks = report["checks"].as_array().unwrap();
        let line = checks.iter().find(|check| check["check"] == "credentials").unwrap();
        assert!(line["result"] == "fail" && line["message"].as_str().unwrap().contains(message), "{line}");
        assert!(line["mend"].as_str().unwrap().contains("client_secret_command"), "{line}");
        assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("secret-canary"));
    }
}

#[test]
fn a_program_without_an_end_of_its_output_is_cut_off() {
    let desk = desk("yes secret-canary", 30);
    let mut command = desk.command(&["orders"]);
    command.env_remove("PAYDESK_CLIENT_SECRET").env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let began = Instant::now();
    let ended = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(began.elapsed() < Duration::from_secs(20) && !said.contains("secret-canary"), "{said}");
}
