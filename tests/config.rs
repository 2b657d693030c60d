//! Configuration as a user meets it: each mistake is named with its position, and secrets are guarded.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

use std::{collections::HashMap, fs, os::unix::fs::PermissionsExt, path::Path};

use jiff::tz::TimeZone;
use paydesk::{
    config::{
        BuiltIn, ConfigError, EXAMPLE, Flags, Origin, QueueText, Settings, Stage, Theme, ThemeFile,
        refuse_demo_near_live,
    },
    console::{filter::Reading, list::queue::OwnQueue},
    lang::Lang,
};
use secrecy::ExposeSecret;

/// Variables that a test sets, and none of the machine's.
fn only(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
    let pairs: HashMap<String, String> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    move |name| pairs.get(name).cloned()
}

fn load_in(folder: &Path, text: &str, variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    let path = folder.join("paydesk.toml");
    fs::write(&path, text).unwrap();
    let flags = Flags { config: Some(path), data_dir: Some(folder.join("data")), ..Flags::default() };
    Settings::load(&flags, only(variables))
}

fn load(text: &str, variables: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    load_in(tempfile::tempdir().unwrap().path(), text, variables)
}

#[test]
fn every_mistake_is_named_with_its_position_and_what_is_expected() {
    let check = |text: &str, want: &str| {
        let folder = tempfile::tempdir().unwrap();
        let message = load_in(folder.path(), text, &[]).unwrap_err().to_string();
        let message =
            message.strip_prefix(&format!("{}/", folder.path().display())).unwrap_or(&message).to_owned();
        assert_eq!(message, want, "for\n{text}");
    };
    check(
        "langauge = \"en\"",
        "paydesk.toml, line 1, column 1: unknown key `langauge`; did you mean `language`?",
    );
    check(
        "[polling]\n  sweep_second = 5",
        "paydesk.toml, line 2, column 3: unknown key `sweep_second`; did you mean `sweep_seconds`?",
    );
    check(
        "[environments.x]\nclient_secret = \"hush\"",
        "paydesk.toml, line 2, column 1: unknown key `client_secret`; a secret never stands in this file: use client_secret_file, client_secret_command or PAYDESK_CLIENT_SECRET",
    );
    check(
        "[log]\ncolour = 1",
        "paydesk.toml, line 2, column 1: unknown key `colour`; expected one of level, max_megabytes",
    );
    check(
        "# 语言\nlanguage = \"fr\"",
        "paydesk.toml, line 2, column 12: expected \"en\" or \"zh-CN\", found \"fr\"",
    );
    check(
        "environments = { a = { client_id = \"例\", base_url = 7 } }",
        "paydesk.toml, line 1, column 52: expected an https address such as \"https://sandbox.atriptech.com\" (plain http only for this machine), found 7",
    );
    check("read_only = \"yes\"", "paydesk.toml, line 1, column 13: expected true or false, found \"yes\"");
    check(
        "[polling]\nrequests_per_minute = 0",
        "paydesk.toml, line 2, column 23: expected a whole number from 1 to 600, found 0",
    );
    check(
        "[polling]\nlookback_hours = 1.5",
        "paydesk.toml, line 2, column 18: expected a whole number from 1 to 720, found 1.5",
    );
    check(
        "[log]\nlevel = \"loud\"",
        "paydesk.toml, line 2, column 9: expected \"off\", \"error\", \"warn\", \"info\", \"debug\" or \"trace\", found \"loud\"",
    );
    check(
        "[payment]\nlimits = { CNY = 20000.5 }",
        "paydesk.toml, line 2, column 18: expected an amount above zero in quotes, such as \"20000\" or \"99.50\", found 20000.5",
    );
    check(
        "[payment]\nlimits = { YUAN = \"1\" }",
        "paydesk.toml, line 2, column 12: expected a currency of three letters such as CNY, found \"YUAN\"",
    );
    check(
        "time_zone = \"Mars/Olympus\"",
        "paydesk.toml, line 1, column 13: expected \"system\" or a zone of the IANA database such as \"Asia/Shanghai\", found \"Mars/Olympus\"",
    );
    check(
        "[environments.a]\nbase_url = \"http://api.example\"",
        "paydesk.toml, line 2, column 12: expected an https address such as \"https://sandbox.atriptech.com\" (plain http only for this machine), found \"http://api.example\"",
    );
    check(
        "[environments.prod]\nlive = true",
        "paydesk.toml, line 1, column 1: environment \"prod\" has no base_url; expected an https address such as \"https://sandbox.atriptech.com\" (plain http only for this machine)",
    );
    check(
        "environment = \"sandbux\"",
        "paydesk.toml, line 1, column 15: there is no [environments.sandbux]; did you mean \"sandbox\"?",
    );
    check(
        "[environments.\"../up\"]",
        "paydesk.toml, line 1, column 15: expected a name of letters, digits, - and _, found \"../up\"",
    );
    check(
        "[environments.a]\nbase_url = \"https://a.example\"\nclient_secret_file = \"f\"\nclient_secret_command = [\"c\"]",
        "paydesk.toml, line 4, column 25: client_secret_command stands beside client_secret_file; expected one of the two",
    );
    check(
        "[environments.a]\nclient_secret_command = \"pass show\"",
        "paydesk.toml, line 2, column 25: expected a program and its arguments, such as [\"pass\", \"show\", \"atlas\"], found \"pass show\"",
    );
    check(
        "[network]\nproxy = \"socks5://proxy.example:1080\"",
        "paydesk.toml, line 2, column 9: expected the address of a proxy such as \"http://proxy.example:3128\" (http or https, no path; a user and a password only in PAYDESK_PROXY), found \"socks5://proxy.example:1080\"",
    );
    check(
        "[network]\nproxy = \"http://me:hush@proxy.example\"",
        "paydesk.toml, line 2, column 9: expected the address of a proxy such as \"http://proxy.example:3128\" (http or https, no path; a user and a password only in PAYDESK_PROXY), found an address with a user",
    );
    check(
        "[network]\nproxi = \"http://proxy.example\"",
        "paydesk.toml, line 2, column 1: unknown key `proxi`; did you mean `proxy`?",
    );
    check("[network]\nca_file = 7", "paydesk.toml, line 2, column 11: expected the path of a file, found 7");
    check(
        "[payment]\nlimits = { CNY = \"1\", KWD = \"1,234\" }",
        "paydesk.toml, line 2, column 29: expected an amount above zero in quotes, such as \"20000\" or \"99.50\", found \"1,234\"",
    );
    check("theme = \"auto", "paydesk.toml, line 1, column 14: invalid basic string, expected `\"`");
    check("theme = \"auto\"\ntheme = \"mono\"", "paydesk.toml, line 2, column 1: duplicate key");
}

#[test]
fn the_example_holds_every_key_with_its_default() {
    let settings = |text| {
        let settings = load(text, &[]).unwrap();
        settings.entries().into_iter().filter(|(key, ..)| !key.starts_with("--")).collect::<Vec<_>>()
    };
    let (example, built_in) = (settings(EXAMPLE), settings(""));
    for ((key, value, origin), (built_in_key, built_in_value, _)) in example.iter().zip(&built_in) {
        assert_eq!((key, value), (built_in_key, built_in_value));
        let has_a_default = !key.ends_with("client_secret");
        assert_eq!(matches!(origin, Origin::Line(..)), has_a_default, "{key} comes from {origin}");
    }
    assert_eq!(example.len(), built_in.len());
    // The keys without a default are right too, once their comment sign is taken away.
    let with_all: String = EXAMPLE
        .lines()
        .map(|line| {
            line.strip_prefix("# ")
                .filter(|rest| rest.contains(" = ") && !rest.starts_with(' '))
                .unwrap_or(line)
        })
        .fold(String::new(), |text, line| text + line + "\n");
    let with_all = with_all.replacen(
        "base_url = \"https://api-sg",
        "[environments.production]\nbase_url = \"https://api-sg",
        1,
    );
    let folder = tempfile::tempdir().unwrap();
    fs::copy("tests/vendor/authority.pem", folder.path().join("company-ca.pem")).unwrap();
    let entries = load_in(folder.path(), &with_all, &[]).unwrap().entries();
    for key in ["network.proxy", "network.ca_file"] {
        assert!(entries.iter().any(|(known, ..)| known == key), "{key}");
    }
    assert!(entries.iter().any(|(key, value, _)| key.ends_with("client_id") && value == "your-client-id"));
    assert!(
        entries
            .iter()
            .any(|(key, value, _)| key.ends_with("client_secret") && value.ends_with("sandbox.secret"))
    );
}

#[test]
fn a_file_of_authorities_is_read_at_once_and_what_is_wrong_with_it_is_said_with_its_position() {
    let folder = tempfile::tempdir().unwrap();
    let text = "\n[network]\n ca_file = \"ca.pem\"";
    let check = |content: Option<&str>, want: &str| {
        let path = folder.path().join("ca.pem");
        content.map_or(Ok(()), |content| fs::write(&path, content)).unwrap();
        let message = load_in(folder.path(), text, &[]).unwrap_err().to_string();
        assert!(message.contains("paydesk.toml, line 3, column 12: "), "{message}");
        assert!(message.contains(want) && message.contains("expected a PEM file"), "{message}");
    };
    check(None, "there is no such file");
    check(Some(""), "there is no certificate in it");
    check(Some("not a certificate"), "there is no certificate in it");
    check(Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "cannot be read");
    fs::copy("tests/vendor/authority.pem", folder.path().join("ca.pem")).unwrap();
    let settings = load_in(folder.path(), text, &[]).unwrap();
    assert_eq!(settings.authorities.unwrap().certificates.len(), 1);
    assert!(settings.proxy.is_none(), "off unless somebody says so");
}

#[test]
fn a_theme_is_a_name_or_a_file_beside_the_configuration_and_no_colour_wins() {
    let folder = tempfile::tempdir().unwrap();
    let theme = |text: &str, variables: &[(&str, &str)]| {
        load_in(folder.path(), text, variables)
            .map(|settings| settings.theme)
            .map_err(|error| error.to_string())
    };
    let check = |text: &str, want: Theme| assert_eq!(theme(text, &[]).unwrap().value, want, "{text}");
    check("", Theme::Auto);
    check("theme = \"auto\"", Theme::Auto);
    for (built_in, word) in BuiltIn::ALL {
        check(&format!("theme = \"{word}\""), Theme::BuiltIn(built_in));
    }
    check("theme = \"colour\"", Theme::BuiltIn(BuiltIn::Terminal));
    let wrong = |text: &str, want: &str| {
        let message = load(text, &[]).unwrap_err().to_string();
        assert!(message.ends_with(want), "{message}");
    };
    wrong(
        "theme = \"drak\"",
        "line 1, column 9: expected \"auto\", \"dark\", \"light\", \"high-contrast\", \"colour-blind\", \"terminal\", \"mono\" or the path of a theme such as \"mine.toml\", found \"drak\"",
    );
    wrong(
        "[console]\nsigns = \"emoji\"",
        "line 2, column 9: expected \"auto\", \"unicode\" or \"ascii\", found \"emoji\"",
    );
    let missing = theme("\ntheme = \"mine.toml\"", &[]).unwrap_err();
    assert!(missing.contains("paydesk.toml, line 2, column 9: "), "{missing}");
    assert!(missing.ends_with("mine.toml: there is no such file; expected the file of a theme"), "{missing}");
    let path = folder.path().join("mine.toml");
    fs::write(&path, "base = \"dark\"").unwrap();
    check("theme = \"mine.toml\"", Theme::Own(ThemeFile { path, text: "base = \"dark\"".into() }));
    let none = theme("theme = \"mine.toml\"", &[("NO_COLOR", "1")]).unwrap();
    assert_eq!(none.value, Theme::BuiltIn(BuiltIn::Mono));
    assert_eq!(none.origin, Origin::Variable("NO_COLOR"));
}

#[test]
fn a_password_of_the_proxy_is_taken_from_the_variable_and_shown_nowhere() {
    let text = "[network]\nproxy = \"http://proxy.example:3128\"";
    let secret = "http://me:hush@other.example:8080";
    let settings =
        load(text, &[("PAYDESK_PROXY", secret), ("HTTPS_PROXY", "http://nobody.example")]).unwrap();
    assert_eq!(settings.proxy.as_ref().unwrap().url().as_str(), "http://me:hush@other.example:8080/");
    let shown = format!("{settings:?} {:?}", settings.entries());
    assert!(shown.contains("http://***@other.example:8080") && !shown.contains("hush"), "{shown}");
    let wrong = load(text, &[("PAYDESK_PROXY", "socks5://me:hush@other.example")]).unwrap_err().to_string();
    assert!(wrong.starts_with("PAYDESK_PROXY: expected") && !wrong.contains("hush"), "{wrong}");
    let empty = load(text, &[("PAYDESK_PROXY", "")]).unwrap();
    assert_eq!(empty.proxy.unwrap().url().host_str(), Some("proxy.example"));
}

#[test]
fn a_limit_is_read_as_amounts_are() {
    let settings =
        load("[payment]\nlimits = { CNY = \"20,000\", JPY = \"300 000\", EUR = \"1.234,50\" }", &[]).unwrap();
    let limits: Vec<String> = settings.limits.values().map(ToString::to_string).collect();
    assert_eq!(limits, ["CNY 20,000.00", "EUR 1,234.50", "JPY 300,000"]);
}

#[test]
fn flags_win_over_variables_and_variables_over_the_file() {
    let text =
        "language = \"zh-CN\"\n[environments.a]\nbase_url = \"https://a.example\"\nclient_id = \"file\"\n";
    let settings = load(text, &[("LANG", "en_US.UTF-8"), ("PAYDESK_CLIENT_ID", "variable")]).unwrap();
    assert_eq!(settings.environment.client_id.as_ref().unwrap().value, "variable");
    assert_eq!(settings.lang.tag(), "zh-CN");
    assert_eq!(settings.environment.name.value, "a", "the only one described");
    let none = load("", &[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_US")]).unwrap();
    assert_eq!((none.lang.tag(), &none.lang.origin), ("zh-CN", &Origin::Variable("LC_ALL")));
    let flags = Flags { lang: paydesk::lang::Lang::parse("en"), read_only: true, ..Flags::default() };
    let demo =
        Settings::demo(&flags, "http://127.0.0.1:1".parse().unwrap(), only(&[("LANG", "zh_CN")])).unwrap();
    assert_eq!((demo.lang.tag(), demo.read_only.value, demo.environment.stage), ("en", true, Stage::Demo));
}

#[test]
fn a_demo_looks_as_a_file_that_is_named_says_and_takes_nothing_else_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let text = "language = \"zh-CN\"\ntheme = \"light\"\n[keys]\nfreeze = [\"E\"]\n[[queues]]\nname = \"TR\"\nfilter = \"airline:TR\"\n\
        [environments.prod]\nbase_url = \"https://api.example\"\nclient_id = \"real\"\n[payment]\nlimits = { USD = \"1\" }\n\
        [webhook]\nlisten = \"127.0.0.1:9\"\n[polling]\nrequests_per_minute = 1\n";
    fs::write(&file, text).unwrap();
    let demo = |config| {
        let flags = Flags { config: Some(config), ..Flags::default() };
        Settings::demo(&flags, "http://127.0.0.1:1".parse().unwrap(), only(&[]))
    };
    let own = demo(file).unwrap();
    assert_eq!((own.lang.tag(), own.queues.len(), own.keys.len()), ("zh-CN", 1, 1));
    assert!(matches!(*own.theme, Theme::BuiltIn(BuiltIn::Light)));
    assert_eq!(
        (own.environment.stage, own.environment.base_url.as_str()),
        (Stage::Demo, "http://127.0.0.1:1/")
    );
    assert_eq!((own.limits.len(), own.webhook.is_none(), *own.requests_per_minute), (0, true, 1_200));
    let missing = demo(folder.path().join("none.toml")).err().map(|error| error.to_string());
    assert!(missing.is_some_and(|said| said.contains("none.toml")), "a file that was named must be there");
}

#[test]
fn an_environment_is_live_unless_it_is_known_not_to_be() {
    let check = |table: &str, variables: &[(&str, &str)], want: Stage| {
        let settings = load(&format!("[environments.a]\n{table}"), variables).unwrap();
        assert_eq!(settings.environment.stage, want, "{table} {variables:?}");
    };
    check("base_url = \"https://api.example\"", &[], Stage::Live);
    check("base_url = \"https://api.example\"\nlive = false", &[], Stage::Sandbox);
    check("base_url = \"https://sandbox.atriptech.com\"", &[], Stage::Sandbox);
    check("base_url = \"http://127.0.0.1:4010\"", &[], Stage::Sandbox);
    check("base_url = \"http://127.0.0.1:4010\"\nlive = true", &[], Stage::Live);
    // `live = false` was said of the address in the file, not of the one that the variable put in its place.
    let elsewhere = [("PAYDESK_BASE_URL", "https://api.example")];
    check("base_url = \"https://test.example\"\nlive = false", &elsewhere, Stage::Live);
}

#[test]
fn the_secret_file_must_be_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    fs::write(&file, "s3cret\n").unwrap();
    let text = "[environments.a]\nbase_url = \"https://a.example\"\nclient_id = \"me\"\nclient_secret_file = \"secret\"";
    let read = || {
        let settings = load_in(folder.path(), text, &[]).unwrap();
        settings.credentials(only(&[])).map(|it| it.client_secret.expose_secret().to_owned())
    };
    for mode in [0o640, 0o604, 0o620, 0o601] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let message = read().unwrap_err().to_string();
        assert!(message.contains(&format!("mode {mode:o}")) && message.contains("chmod 600"), "{message}");
        assert!(!message.contains("s3cret"));
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(read().unwrap(), "s3cret");
    fs::rename(&file, folder.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("elsewhere"), &file).unwrap();
    assert!(read().unwrap_err().to_string().contains("symbolic link"));
    fs::remove_file(&file).unwrap();
    assert!(read().unwrap_err().to_string().contains("cannot be read"));
}

#[test]
fn the_secret_command_runs_without_a_shell_and_its_output_is_never_shown() {
    let secret = |command: &str| {
        let text = format!(
            "[environments.a]\nbase_url = \"https://a.example\"\nclient_id = \"me\"\nclient_secret_command = {command}"
        );
        let settings = load(&text, &[]).unwrap();
        settings
            .credentials(only(&[]))
            .map(|it| it.client_secret.expose_secret().to_owned())
            .map_err(|e| e.to_string())
    };
    assert_eq!(secret(r#"["echo", " $HOME;x "]"#), Ok("$HOME;x".to_owned()));
    let failed = secret(r#"["sh", "-c", "echo half-a-secret; echo locked >&2; exit 3"]"#).unwrap_err();
    assert!(failed.contains("exit status: 3") && !failed.contains("half-a-secret"), "{failed}");
    assert!(secret(r#"["printf", "one\\ntwo"]"#).unwrap_err().contains("one line"));
    assert!(secret(r#"["true"]"#).unwrap_err().contains("one line"));
    assert!(secret(r#"["/nonexistent/paydesk-secret"]"#).unwrap_err().contains("cannot be run"));
}

#[test]
fn the_demo_never_starts_beside_anything_real() {
    let check = |variables: &[(&str, &str)], refused: Option<&str>| {
        let message = refuse_demo_near_live(only(variables)).err().map(|error| error.to_string());
        assert_eq!(message.is_some(), refused.is_some(), "{variables:?}");
        let named = refused
            .is_none_or(|name| message.as_ref().is_some_and(|it| it.contains(&format!("env -u {name}"))));
        assert!(named, "{message:?}");
        assert!(!message.is_some_and(|it| it.contains("hush")), "the secret itself is not shown");
    };
    check(&[], None);
    check(&[("PAYDESK_BASE_URL", "http://127.0.0.1:4010")], None);
    check(&[("PAYDESK_BASE_URL", "https://sandbox.atriptech.com")], None);
    check(&[("PAYDESK_BASE_URL", "https://api.example")], Some("PAYDESK_BASE_URL"));
    check(&[("PAYDESK_BASE_URL", "not an address")], Some("PAYDESK_BASE_URL"));
    check(&[("PAYDESK_CLIENT_SECRET", "hush")], Some("PAYDESK_CLIENT_SECRET"));
}

/// The queues of a file, or what is said of them, as the console reads them: to the end of their filters.
fn queues(text: &str) -> Result<Vec<(String, String)>, String> {
    let settings = load(text, &[]).map_err(|error| error.to_string())?;
    let reading = Reading { now: "2026-11-03T06:22:00Z".parse().unwrap(), zone: TimeZone::UTC };
    let read = |text: &QueueText| {
        let queue = OwnQueue::read(&text.name, &text.filter, &reading)
            .map_err(|error| text.wrong(error.at(), error.text(Lang::En)).to_string())?;
        Ok((queue.name().to_owned(), text.filter.clone()))
    };
    settings.queues.iter().map(read).collect()
}

#[test]
fn queues_keep_their_order_and_what_is_wrong_with_one_is_pointed_at_inside_its_filter() {
    let two = "[[queues]]\nname = \"TR now\"\nfilter = \"airline:TR status:unpaid\"\n\n[[queues]]\nname = ' 虎航 '\nfilter = 'note:\"call back\"'\n";
    let pair = |name: &str, filter: &str| (name.to_owned(), filter.to_owned());
    assert_eq!(
        queues(two),
        Ok(vec![pair("TR now", "airline:TR status:unpaid"), pair("虎航", "note:\"call back\"")])
    );
    assert_eq!(queues(""), Ok(Vec::new()));
    let check = |text: &str, wants: &[&str]| {
        let said = queues(text).unwrap_err();
        assert!(wants.iter().all(|want| said.contains(want)), "{text}: {said}");
    };
    let queue = |name: &str, filter: &str| format!("[[queues]]\nname = {name}\nfilter = {filter}\n");
    let ok = queue("\"TR\"", "\"airline:TR\"");
    check(&queue("\"TR\"", "\"airline:TR statsu:unpaid\""), &["line 3, column 22", "status"]);
    check(&queue("\"TR\"", "\"airline:TR status:unpiad\""), &["line 3, column 29", "unpaid"]);
    // As an editor on another system writes it.
    check(
        &format!("\u{feff}{}", queue("\"TR\"", "\"airline:TR statsu:unpaid\"")),
        &["line 3, column 22", "status"],
    );
    let returns = queue("\"TR\"", "\"airline:TR statsu:unpaid\"").replace('\n', "\r\n");
    check(&returns, &["line 3, column 22", "status"]);
    assert!(queues(&format!("\u{feff}{ok}", ok = queue("\"TR\"", "\"airline:TR\""))).is_ok());
    let first = queue("\"TR\"", "\"TR\"").replacen("[[queues]]", "[[queuess]]", 1);
    check(&format!("\u{feff}{first}"), &["line 1, column 3", "queues"]);
    // Characters that are written as several, and lines of a filter.
    check(&queue("\"TR\"", r#""note:\"a\u0041\" duee:<10m""#), &["line 3, column 28", "due"]);
    check(&queue("\"TR\"", "'note:\"\\u\" duee:<10m'"), &["line 3, column 21", "due"]);
    check(&queue("\"TR\"", "\"\"\"\nairline:TR\n 虎 duee:<10m\"\"\""), &["line 5, column 4", "due"]);
    check(&queue("\"TR\"", "\"airline:\""), &["line 3, column 18"]);
    check(&queue("\"TR\"", "\" \""), &["line 3, column 10", "expected a filter"]);
    check("[[queues]]\nname = \"TR\"\n", &["line 1", "no filter"]);
    check("[[queues]]\nfilter = \"TR\"\n", &["line 1", "no name"]);
    check(&queue("\" \"", "\"TR\""), &["line 2, column 8", "expected a name"]);
    check(&queue("\"a name of more than so many\"", "\"TR\""), &["line 2, column 8", "1 to 20"]);
    check(&queue("\"虎航待支付及出票中的订单\"", "\"TR\""), &["line 2, column 8", "1 to 20"]);
    check(&queue("\"a\\u001bb\"", "\"TR\""), &["line 2, column 8"]);
    for unseen in ["\\u200b", "\\ufeff\\u200d", "TR\\u202e", "TR\\tnow", "\\u0301"] {
        check(&queue(&format!("\"{unseen}\""), "\"TR\""), &["line 2, column 8", "expected a name"]);
    }
    check(&format!("{ok}{}", queue("\"tr\"", "\"TR\"")), &["line 5, column 8", "two queues", ":2"]);
    for name in ["Done", "in doubt", "待支付", "Tkt", "all"] {
        check(&queue(&format!("\"{name}\""), "\"TR\""), &["line 2, column 8", "already"]);
    }
    check("[[queues]]\nnmae = \"TR\"\n", &["line 2, column 1", "did you mean `name`"]);
    check(&queue("\"TR\"", "\"4929123456789015\""), &["line 3, column 10", "9015"]);
    let many: String = (0..33).map(|n| queue(&format!("\"number {n}\""), "\"TR\"")).collect();
    check(&many, &["line 97", "32 at most"]);
}
