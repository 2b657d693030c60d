//! The story as the real program prints it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use paydesk::sim::Scenario;

use crate::client::PATIENCE;

/// The first lines of a story, by the program itself; fewer when it takes too long to print them.
fn lines(arguments: &[&str], count: usize) -> Vec<String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_paydesk"))
        .args(["sim", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(program.stdout.take().unwrap());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || output.lines().take(count).try_for_each(|line| sender.send(line.unwrap())));
    let until = Instant::now() + PATIENCE;
    let lines =
        std::iter::from_fn(|| receiver.recv_timeout(until.duration_since(Instant::now())).ok()).collect();
    program.kill().unwrap();
    program.wait().unwrap();
    lines
}

#[test]
fn the_same_seed_prints_the_same_story() {
    let story = |seed, speed| lines(&["--scenario", "vcc-decline", "--seed", seed, "--speed", speed], 12);
    let first = story("7", "1000");
    assert_eq!(first, story("7", "1000"));
    assert_eq!(first, story("7", "400"), "the speed does not change what happens");
    assert_ne!(first, story("8", "1000"));
    assert!(first.iter().any(|line| line.contains("cancelled") && line.contains("604")), "{first:#?}");
}

#[test]
fn a_scenario_with_a_mistake_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    std::fs::write(
        &path,
        "title = { en = 'a', zh-CN = 'a' }\nabout = { en = 'a', zh-CN = 'a' }\n\n[cast]\norders = 'many'\n",
    )
    .unwrap();
    let path = path.to_str().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_paydesk")).args(["sim", "--scenario", path]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text.contains(&format!("{path}:5:10: ")) && text.contains("expected usize"), "{text}");
}

#[test]
fn the_scenario_in_the_guide_can_be_read() {
    let guide = include_str!("../../docs/simulator.md");
    let (_, example) = guide.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, example).unwrap();
    let scenario: Scenario = path.to_str().unwrap().parse().unwrap();
    assert_eq!(scenario.name(), "mine");
}

#[test]
fn help_and_guide_name_every_story_and_every_fault() {
    let help = Command::new(env!("CARGO_BIN_EXE_paydesk")).args(["sim", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let guide = include_str!("../../docs/simulator.md");
    for name in Scenario::names() {
        assert!(help.contains(name), "{name} in the help");
        assert!(guide.contains(&format!("| `{name}` |")), "{name} in the guide");
    }
    let description: serde_json::Value =
        serde_json::from_str(include_str!("../../assets/simulator.openapi.json")).unwrap();
    let schemas = &description["components"]["schemas"];
    for fault in schemas["Fault"]["properties"]["fault"]["enum"].as_array().unwrap() {
        assert!(guide.contains(&format!("`{}`", fault.as_str().unwrap())), "{fault} in the guide");
    }
    for switch in schemas["Switches"]["properties"].as_object().unwrap().keys() {
        assert!(guide.contains(&format!("| `{switch}` |")), "{switch} in the guide");
    }
}

/// From the start of the program to the end of its first answer.
fn first_answer(story: &str) -> Duration {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let began = Instant::now();
    let mut program = Command::new(env!("CARGO_BIN_EXE_paydesk"))
        .args(["sim", "--scenario", story, "--listen", &address.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stream = loop {
        match TcpStream::connect(address) {
            Ok(stream) => break stream,
            Err(error) => assert!(began.elapsed() < PATIENCE, "nobody listens: {error}"),
        }
        std::thread::yield_now();
    };
    write!(
        stream,
        "POST /orderList.do HTTP/1.1\r\nhost: sim\r\nx-atlas-client-id: a\r\nx-atlas-client-secret: b\r\n\
         content-length: 2\r\nconnection: close\r\n\r\n{{}}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let took = began.elapsed();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(answer.contains("\"status\":0"), "{answer}");
    took
}

#[test]
fn the_first_answer_comes_within_a_tenth_of_a_second_of_the_start() {
    for story in ["calm-desk", "rush-hour"] {
        // Other programs may be in the way of some of them.
        let fastest = (0..5).map(|_| first_answer(story)).min().unwrap();
        assert!(fastest.as_millis() < 100, "{story}: {fastest:?}");
    }
}
