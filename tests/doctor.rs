//! `paydesk doctor` as a user meets it: each fault of the surroundings in a line of its own, with its mend, in both
//! languages.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{fs, process::Command};

use serde_json::{Value, json};

mod foreign;
mod program;
mod vendor;

use self::{
    foreign::Drive,
    program::{Desk, finish},
    vendor::{OnConnect, Proxy, Say, Vendor, details, http, number, usual},
};

fn healthy() -> Vendor {
    Vendor::start(usual(vec![number(0)], details))
}

/// The line of one check, in a language: its result, and message and mend as one text.
fn line(desk: &Desk, lang: &str, check: &str, prepare: &dyn Fn(&mut Command)) -> (String, String) {
    let mut command = desk.command(&["--lang", lang, "doctor", "--json"]);
    prepare(&mut command);
    let report = finish(command, "").json();
    let lines: Vec<&Value> =
        report["checks"].as_array().unwrap().iter().filter(|line| line["check"] == check).collect();
    assert_eq!(lines.len(), 1, "{check}: {report:#}");
    let text = |key: &str| lines[0][key].as_str().unwrap().to_owned();
    (text("result"), format!("{} → {}", text("message"), text("mend")))
}

/// Both languages say it: these words in each, besides those that are the same in every language.
fn assert_says(
    desk: &Desk,
    check: &str,
    result: &str,
    prepare: &dyn Fn(&mut Command),
    words: &[&str],
    in_each: [&str; 2],
) {
    for (lang, own) in ["en", "zh-CN"].into_iter().zip(in_each) {
        let (found, text) = line(desk, lang, check, prepare);
        assert_eq!(found, result, "{text}");
        for word in words.iter().chain([&own]) {
            assert!(text.contains(word), "{lang} lacks {word}: {text}");
        }
    }
}

#[test]
fn a_proxy_that_is_set_for_other_programs_and_not_used() {
    let (vendor, proxy) = (healthy(), Proxy::start(|_| OnConnect::Opens));
    let desk = Desk::at(&vendor.url());
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        let set = |command: &mut Command| {
            command.env(name, proxy.url().replace("http://", "http://me:hush@"));
        };
        let words = [name, "[network]", "PAYDESK_PROXY"];
        assert_says(&desk, "proxy", "warn", &set, &words, ["not used", "未使用"]);
        assert!(!line(&desk, "en", "proxy", &set).1.contains("hush"));
    }
    assert!(proxy.asked().is_empty());
    assert_says(&desk, "proxy", "ok", &|_| {}, &[], ["none", "无"]);
    let ours = |command: &mut Command| {
        command
            .env("HTTPS_PROXY", "http://nobody.example")
            .env("PAYDESK_PROXY", "http://me:hush@10.0.0.1:3128");
    };
    assert_says(&desk, "proxy", "ok", &ours, &["http://***@10.0.0.1:3128"], ["", ""]);
}

#[test]
fn a_proxy_that_makes_no_connection() {
    let vendor = Vendor::with_tls(usual(vec![number(0)], details));
    let desk = Desk::at(&vendor.url());
    for (on_connect, in_each) in [
        (OnConnect::Refuses(407), ["requires a user and a password", "需要用户名和密码"]),
        (OnConnect::Refuses(403), ["it refused", "被拒绝"]),
        (OnConnect::Closes, ["it closed the connection", "连接被关闭"]),
    ] {
        let proxy = Proxy::start(move |_| on_connect);
        let set = |command: &mut Command| {
            command.env("PAYDESK_PROXY", proxy.url());
        };
        assert_says(&desk, "connection", "fail", &set, &[&proxy.addr.to_string()], in_each);
    }
}

#[test]
fn webhooks_that_are_off_are_a_line_and_no_failure() {
    let vendor = healthy();
    let desk = Desk::at(&vendor.url());
    let words = ["[webhook]", "paydesk webhook register"];
    assert_says(&desk, "webhook", "warn", &|_| {}, &words, ["are not received", "收不到供应商的通知"]);
    let config = desk.path("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(config, format!("{text}[webhook]\nlisten = \"127.0.0.1:4020\"\n")).unwrap();
    assert_says(&desk, "webhook", "ok", &|_| {}, &["127.0.0.1:4020"], ["", ""]);
}

#[test]
fn no_certificates() {
    let vendor = Vendor::with_tls(usual(vec![number(0)], details));
    let desk = Desk::at(&vendor.url());
    let bare = |command: &mut Command| {
        command.env("SSL_CERT_FILE", "/nothing/here.pem").env("SSL_CERT_DIR", "/nothing");
    };
    let words = ["SSL_CERT_FILE=/nothing/here.pem", "SSL_CERT_DIR=/nothing", "ca_file", "ca-certificates"];
    assert_says(&desk, "certificates", "fail", &bare, &words, ["no CA certificate", "未找到任何 CA 证书"]);
    assert!(vendor.asked().is_empty());
}

#[test]
fn an_authority_that_is_not_known() {
    let vendor = Vendor::with_tls(usual(vec![number(0)], details));
    let desk = Desk::at(&vendor.url());
    let words = ["UnknownIssuer", "network.ca_file"];
    assert_says(&desk, "connection", "fail", &|_| {}, &words, ["not trusted", "不受信任"]);
}

#[test]
fn a_page_that_is_not_the_apis() {
    for (status, headers, body) in [
        ("403 Forbidden", "Content-Type: text/html\r\n", "<html>Access denied</html>"),
        ("200 OK", "Content-Type: text/html\r\n", "<html>Welcome to the airport</html>"),
    ] {
        let vendor = Vendor::start(move |_| http(status, headers, body));
        let desk = Desk::at(&vendor.url());
        let words = [status.split(' ').next().unwrap(), "text/html"];
        assert_says(&desk, "connection", "fail", &|_| {}, &words, ["not the cause", "与密钥无关"]);
    }
    let vendor = Vendor::start(|_| http("302 Found", "Location: https://login.example/\r\n", ""));
    let desk = Desk::at(&vendor.url());
    assert_says(&desk, "connection", "fail", &|_| {}, &["302", "login.example"], ["login page", "登录页"]);
}

#[test]
fn credentials_that_the_api_refuses() {
    let refusal = json!({ "status": 900, "msg": "Unauthorized" }).to_string();
    let vendor =
        Vendor::start(move |_| http("401 Unauthorized", "Content-Type: application/json\r\n", &refusal));
    let desk = Desk::at(&vendor.url());
    assert_says(&desk, "connection", "fail", &|_| {}, &["client id", "401"], ["not authorised", "未获授权"]);
}

#[test]
fn a_home_that_cannot_be_written_is_named_for_journal_and_log() {
    let desk = Desk::at("http://127.0.0.1:9");
    fs::write(desk.path("data"), "a file in the way").unwrap();
    let words = ["--data-dir DIR", "--read-only"];
    let in_each = ["cannot be used for the journal", "无法用于存放流水"];
    assert_says(&desk, "journal", "fail", &|_| {}, &words, in_each);
    assert_says(&desk, "log", "fail", &|_| {}, &words, ["cannot be written", "无法写入日志"]);
    // Nothing needs to be written to look.
    let to_look = |command: &mut Command| {
        command.arg("--read-only");
    };
    assert_says(&desk, "journal", "warn", &to_look, &words, in_each);
}

#[test]
fn a_data_directory_on_a_drive_of_another_machine() {
    let desk = Desk::at("http://127.0.0.1:9");
    let place = desk.folder.path().join("data/test");
    fs::create_dir_all(&place).unwrap();
    // Without the right to mount there is nothing to watch; the table of drives has tests of its own.
    let Some(_drive) = Drive::over(&place) else { return };
    let in_each = ["not on a disk of this machine", "不在本机磁盘上"];
    assert_says(&desk, "journal", "fail", &|_| {}, &["FUSE", "--data-dir DIR"], in_each);
}

#[test]
fn a_clock_that_is_ten_minutes_off() {
    let dated = |off: i64| {
        let answers = usual(vec![number(0)], details);
        Vendor::start(move |asked| {
            let Say::Json(body) = answers(asked) else { return Say::Nothing };
            let date = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(off);
            let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT");
            http("200 OK", &format!("Content-Type: application/json\r\nDate: {date}\r\n"), &body.to_string())
        })
    };
    for (off, seconds) in [(600, "60"), (-600, "-")] {
        let vendor = dated(off);
        let desk = Desk::at(&vendor.url());
        assert_says(&desk, "clock", "fail", &|_| {}, &[seconds, "NTP"], ["off the vendor's clock", "相差"]);
    }
    let vendor = dated(0);
    let desk = Desk::at(&vendor.url());
    assert_says(&desk, "clock", "ok", &|_| {}, &["0"], ["off the vendor's clock", "相差"]);
}

#[test]
fn the_looks_of_the_console_with_what_they_go_by() {
    let desk = Desk::at("http://127.0.0.1:9");
    let around = |pairs: &'static [(&'static str, &'static str)]| {
        move |command: &mut Command| {
            for name in ["NO_COLOR", "COLORTERM", "COLORFGBG", "STY", "LC_ALL", "LC_CTYPE"] {
                command.env_remove(name);
            }
            command.envs(pairs.iter().copied());
        }
    };
    let plain = around(&[("TERM", "xterm-256color"), ("LANG", "en_US.UTF-8")]);
    let words = ["auto", "TERM", "unicode", "LANG"];
    assert_says(&desk, "looks", "ok", &plain, &words, ["256 colours", "256 色"]);
    assert_says(&desk, "looks", "ok", &plain, &[], ["background", "终端背景"]);
    let light =
        around(&[("TERM", "xterm"), ("COLORTERM", "truecolor"), ("COLORFGBG", "0;15"), ("LANG", "C")]);
    let words = ["auto", "COLORFGBG", "COLORTERM", "ascii", "LANG"];
    assert_says(&desk, "looks", "ok", &light, &words, ["24-bit colour", "24 位"]);
    let dumb = around(&[("TERM", "dumb"), ("LANG", "C")]);
    assert_says(&desk, "looks", "ok", &dumb, &["auto", "TERM"], ["no colours", "无颜色"]);
    // A theme of one's own with a mistake is named with its place.
    let config = desk.path("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(config, format!("theme = \"mine.toml\"\n{text}\n[console]\nsigns = \"ascii\"\n")).unwrap();
    fs::write(desk.path("mine.toml"), "text = \"red\"\nurgnt = \"red\"\n").unwrap();
    let words = ["mine.toml, line 2, column 1: unknown key `urgnt`; did you mean `urgent`?"];
    assert_says(&desk, "looks", "fail", &plain, &words, ["Correct the theme", "修正主题"]);
    fs::write(desk.path("mine.toml"), "base = \"dark\"\nurgent = \"red\"\n").unwrap();
    assert_says(&desk, "looks", "ok", &plain, &["mine.toml", "console.signs"], ["256 colours", "256 色"]);
}

#[test]
fn a_key_that_cannot_be_had_is_named_with_its_place_before_the_console_starts() {
    let vendor = healthy();
    let desk = Desk::at(&vendor.url());
    let config = desk.path("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{text}\n[keys]\nfreeze = [\"ctrl-i\"]\n")).unwrap();
    let words = ["config.toml", "11", "`ctrl-i` cannot be had: terminals send it as tab"];
    let plain = |_: &mut std::process::Command| {};
    assert_says(&desk, "configuration", "fail", &plain, &words, ["Correct", "修改"]);
}
