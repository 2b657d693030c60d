//! The binary as another program calls it, each time in a folder of its own.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own for each test: home, configuration, data.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
}

pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

impl Desk {
    pub(crate) fn at(base_url: &str) -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let text = format!(
            "[environments.test]\nbase_url = \"{base_url}\"\nclient_id = \"tester\"\n[polling]\nrequests_per_minute = 600\n"
        );
        fs::write(desk.folder.path().join("config.toml"), text).unwrap();
        desk
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_paydesk"));
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PAYDESK_CLIENT_SECRET", "secret-canary")
            .args(["--config", &self.path("config.toml"), "--data-dir", &self.path("data")])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(crate) fn run(&self, arguments: &[&str], stdin: &str) -> Ran {
        finish(self.command(arguments), stdin)
    }
}

pub(crate) fn finish(mut command: Command, stdin: &str) -> Ran {
    let mut child = command.spawn().unwrap();
    // A program that refuses before it reads closes the pipe: that is its right.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// What the simulator's control API says.
pub(crate) fn get(addr: SocketAddr, path: &str) -> Value {
    control(addr, "GET", path, "")
}

/// Asks the simulator's control API.
pub(crate) fn control(addr: SocketAddr, method: &str, path: &str, body: &str) -> Value {
    let mut stream = TcpStream::connect(addr).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: sim\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(!head.contains("chunked"), "{head}");
    serde_json::from_str(body).unwrap()
}

/// The field and code of each reason of a document's list; each is whole, and none comes twice.
pub(crate) fn reasons(list: &Value) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for reason in list.as_array().unwrap() {
        let one = (reason["field"].as_str().unwrap(), reason["code"].as_str().unwrap());
        for key in ["message", "advice"] {
            assert!(!reason[key].as_str().unwrap().is_empty(), "{key} in {reason}");
        }
        assert!(!found.contains(&one), "{one:?} twice in {list}");
        found.push(one);
    }
    found
}
