//! `paydesk doctor`: looks at everything that a desk stands on, and names the mend of what is wrong.

use std::{io::IsTerminal, time::Duration};

use jiff::SignedDuration;
use serde::Serialize;

use super::{
    exit::Exit,
    log::{log_failure, log_file},
    output::print_json,
    session::{self, PATIENCE, Session, variable},
};
use crate::{
    config::{ConfigError, Credentials, Flags, PROXY_VARIABLES, Settings, Signs, Theme},
    console::{
        keymap::Keymap,
        theme::{self, Background, Depth, Looks, Role, Surroundings},
    },
    desk::health::Health,
    domain::vendor_clock::Trust,
    lang::{Lang, wire},
    logging,
};

/// Deadlines are minutes away: a clock that is further off misleads.
const CLOCK_MAY_BE_OFF: SignedDuration = SignedDuration::from_secs(30);

/// So long a balance is waited for.
const BALANCE_PATIENCE: Duration = Duration::from_secs(5);

/// The console needs so much.
const COLUMNS_AND_ROWS: (u16, u16) = (80, 24);

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Level {
    Ok,
    Warn,
    Fail,
}

/// One line of the report.
#[derive(Clone, Debug, Serialize)]
struct Check {
    #[serde(rename = "check")]
    name: &'static str,
    result: Level,
    message: String,
    mend: String,
    #[serde(skip)]
    exit: Exit,
}

/// The report while it grows.
struct Report {
    lang: Lang,
    checks: Vec<Check>,
}

impl Report {
    fn add(
        &mut self,
        check: &'static str,
        result: Level,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.put(check, result, message, mend, Exit::Refused);
    }

    fn put(
        &mut self,
        check: &'static str,
        result: Level,
        message: impl Into<String>,
        mend: impl Into<String>,
        exit: Exit,
    ) {
        self.checks.push(Check { name: check, result, message: message.into(), mend: mend.into(), exit });
    }

    fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.add(check, Level::Ok, message, "");
    }

    fn text(&self, key: &'static str) -> &'static str {
        self.lang.text(key)
    }

    /// The first failure decides, since the later ones often follow from it.
    fn exit(&self) -> Exit {
        self.checks.iter().find(|check| check.result == Level::Fail).map_or(Exit::Done, |check| check.exit)
    }
}

/// Makes every check that can be made, and prints the report.
pub(super) fn run(flags: &Flags, json: bool) -> Exit {
    let settings = Settings::load(flags, variable);
    let lang = settings.as_ref().map_or(flags.lang.unwrap_or_default(), |settings| *settings.lang);
    let mut report = Report { lang, checks: Vec::new() };
    let mut entries = Vec::new();
    match &settings {
        Err(error) => {
            report.put(
                "configuration",
                Level::Fail,
                error.said(lang),
                configuration_mend(error, lang),
                Exit::Usage,
            );
        }
        Ok(settings) => {
            entries = settings.entries();
            match Keymap::new(&settings.keys) {
                Ok(_) => check_configuration(&mut report, settings),
                Err(error) => {
                    let mend = configuration_mend(&error, lang);
                    report.put("configuration", Level::Fail, error.said(lang), mend, Exit::Usage);
                }
            }
            check_proxy(&mut report, settings);
            let credentials = check_credentials(&mut report, settings);
            check_data(&mut report, settings);
            check_webhooks(&mut report, settings);
            if let Some(credentials) = credentials {
                check_connection(&mut report, settings, credentials);
            }
        }
    }
    let around = Surroundings::of(variable);
    check_terminal(&mut report, &around);
    let (theme, signs) =
        settings.as_ref().map_or((&Theme::Auto, Signs::Auto), |settings| (&*settings.theme, *settings.signs));
    if let Some(looks) = check_looks(&mut report, theme, signs, &around) {
        check_palette(&mut report, &looks.theme, !json && std::io::stdout().is_terminal());
    }
    // A report that cannot be printed still has its exit code.
    let _ = if json { print_document(&report, &entries) } else { print_lines(&report, &entries) };
    report.exit()
}

fn configuration_mend(error: &ConfigError, lang: Lang) -> &'static str {
    match error {
        ConfigError::Variable { .. } | ConfigError::CardNumber { .. } => lang.text("doctor.mend_variable"),
        ConfigError::NoSuchEnvironment { .. } => lang.text("doctor.mend_environment"),
        ConfigError::NoHome => lang.text("doctor.mend_home"),
        _ => lang.text("doctor.mend_file"),
    }
}

fn check_configuration(report: &mut Report, settings: &Settings) {
    let path = settings.file.display();
    if settings.file_exists {
        report.ok("configuration", path.to_string());
    } else {
        let message = report.lang.fill("doctor.no_file", &[("path", &path)]);
        report.ok("configuration", message);
    }
    let environment = &settings.environment;
    let base_url = &environment.base_url.value;
    let path_is_plain = base_url.path() == "/" && !base_url.as_str().contains("..");
    if path_is_plain {
        report.ok("base_url", base_url.to_string());
    } else {
        let mend = report.text("doctor.mend_base_url");
        report.add("base_url", Level::Warn, base_url.to_string(), mend);
    }
    report.ok("stage", format!("{} ({})", environment.stage, *environment.name));
}

/// Says through which proxy the API is asked, and that what other programs are said of proxies is not obeyed.
fn check_proxy(report: &mut Report, settings: &Settings) {
    let is_set = |name: &&str| variable(name).is_some_and(|value| !value.trim().is_empty());
    let set: Vec<&str> = PROXY_VARIABLES.into_iter().filter(is_set).collect();
    match &settings.proxy {
        Some(proxy) => report.ok("proxy", proxy.to_string()),
        None if set.is_empty() => {
            let message = report.text("network.direct");
            report.ok("proxy", message);
        }
        None => {
            let (names, place) = (set.join(", "), settings.file.display());
            let message = report.lang.fill("network.unused_proxy", &[("names", &names), ("place", &place)]);
            let mend = report.text("network.mend_unused_proxy");
            report.add("proxy", Level::Warn, message, mend);
        }
    }
}

/// Asked for once, since a person may have to type something for them. They are never shown.
fn check_credentials(report: &mut Report, settings: &Settings) -> Option<Credentials> {
    match settings.credentials(variable) {
        Ok(credentials) => {
            let origin = settings.environment.secret.origin.to_string();
            let message = report.lang.fill("doctor.credentials", &[("origin", &origin)]);
            report.ok("credentials", message);
            Some(credentials)
        }
        Err(error) => {
            let mend = report.text("doctor.mend_credentials");
            let message = error.said(report.lang);
            report.put("credentials", Level::Fail, message, mend, Exit::Usage);
            None
        }
    }
}

/// What is written: without a log and a journal one can look, but not pay.
fn check_data(report: &mut Report, settings: &Settings) {
    let level = if *settings.read_only { Level::Warn } else { Level::Fail };
    match session::journal(settings) {
        Ok(_) => report.ok("journal", settings.journal_dir().display().to_string()),
        Err(failure) => report.put("journal", level, failure.message, failure.advice, failure.exit),
    }
    let file = log_file(settings);
    match logging::check(file.clone()) {
        Ok(()) => report.ok("log", file.path.display().to_string()),
        Err(error) => {
            let failure = log_failure(settings, &file, &error);
            report.put("log", level, failure.message, failure.advice, failure.exit);
        }
    }
}

/// Polling alone is named by the vendor as a mistake: what it would say at once is then seen at the next query.
fn check_webhooks(report: &mut Report, settings: &Settings) {
    if let Some(address) = &settings.webhook {
        report.ok("webhook", address.to_string());
    } else {
        let (message, mend) = (report.text("doctor.no_webhook"), report.text("doctor.mend_webhook"));
        report.add("webhook", Level::Warn, message, mend);
    }
}

/// Asks the API through a desk that keeps nothing: reachable, authorised, clock, balance.
fn check_connection(report: &mut Report, settings: &Settings, credentials: Credentials) {
    let mut session = match Session::probe(settings, credentials) {
        Ok(session) => session,
        Err(failure) => {
            let check = if failure.code == session::NO_CERTIFICATES { "certificates" } else { "connection" };
            report.put(check, Level::Fail, failure.message, failure.advice, failure.exit);
            return;
        }
    };
    let answer = session.wait_for(PATIENCE, |seen| match (&seen.health.error, seen.health.last_success) {
        (_, Some(_)) => Some(Ok(())),
        (Some(error), None) => Some(Err(error.clone())),
        (None, None) => None,
    });
    match answer {
        Some(Ok(())) => {
            report.ok("connection", settings.environment.base_url.host_str().unwrap_or_default());
            check_clock(report, &session.seen.health);
            check_balance(report, &mut session);
        }
        Some(Err(error)) => {
            let (message, mend) =
                (wire::read_error(report.lang, &error), wire::read_mend(report.lang, &error));
            report.put("connection", Level::Fail, message, mend, Exit::Unreachable);
        }
        None => {
            let (message, mend) = (report.text("doctor.no_answer"), report.text("mend_wire.network"));
            report.put("connection", Level::Fail, message, mend, Exit::Unreachable);
        }
    }
    session.leave();
}

fn check_clock(report: &mut Report, health: &Health) {
    if let Trust::Doubtful(off) = health.clock {
        let message = report.lang.fill("doctor.clock_doubtful", &[("off", &off)]);
        let mend = report.text("doctor.mend_clock_doubtful");
        return report.add("clock", Level::Warn, message, mend);
    }
    let offset = health.clock_offset;
    let message = report.lang.fill("doctor.clock", &[("seconds", &offset.as_secs())]);
    if offset.abs() > CLOCK_MAY_BE_OFF {
        let mend = report.text("doctor.mend_clock");
        report.add("clock", Level::Fail, message, mend);
    } else {
        report.ok("clock", message);
    }
}

/// The balance comes with the look at an order; without any order there is nothing to look at.
fn check_balance(report: &mut Report, session: &mut Session) {
    let any = session.wait_for(BALANCE_PATIENCE, |seen| seen.cases.keys().next_back().copied());
    let inspected = any.is_some_and(|order| session.inspect(order).is_ok());
    let balances: Vec<String> = session.seen.balances.values().map(ToString::to_string).collect();
    if inspected && !balances.is_empty() {
        report.ok("balance", balances.join(", "));
    } else {
        let (message, mend) = (report.text("doctor.no_balance"), report.text("doctor.mend_balance"));
        report.add("balance", Level::Warn, message, mend);
    }
}

fn check_terminal(report: &mut Report, around: &Surroundings) {
    if !std::io::stderr().is_terminal() {
        let message = report.text("doctor.no_terminal");
        report.ok("terminal", message);
        return;
    }
    if !around.is_utf8() {
        let (message, mend) = (report.text("doctor.not_utf8"), report.text("doctor.mend_utf8"));
        report.add("terminal", Level::Warn, message, mend);
    }
    let size = rustix::termios::tcgetwinsize(std::io::stderr());
    let (columns, rows) = size.map_or((0, 0), |size| (size.ws_col, size.ws_row));
    let colours = variable("COLORTERM").or_else(|| variable("TERM")).unwrap_or_default();
    let message = format!("{columns}x{rows}, {colours}");
    if columns < COLUMNS_AND_ROWS.0 || rows < COLUMNS_AND_ROWS.1 {
        let mend = report.text("doctor.mend_size");
        report.add("terminal", Level::Warn, message, mend);
    } else {
        report.ok("terminal", message);
    }
}

/// Says which theme, how many colours and which signs the console would use here, and by what.
fn check_looks(report: &mut Report, theme: &Theme, wanted: Signs, around: &Surroundings) -> Option<Looks> {
    let looks = match Looks::new(theme, wanted, around) {
        Ok(looks) => looks,
        Err(error) => {
            let mend = report.text("doctor.mend_theme");
            report.put("looks", Level::Fail, error.to_string(), mend, Exit::Usage);
            return None;
        }
    };
    let (depth, by) = around.depth();
    let colours = report.text(match depth {
        Depth::True => "doctor.depth_true",
        Depth::Indexed => "doctor.depth_indexed",
        Depth::Sixteen => "doctor.depth_sixteen",
        Depth::None => "doctor.depth_none",
    });
    let background = match around.background() {
        _ if looks.by_background.is_none() => None,
        None => Some("doctor.background_asked"),
        Some(Background::Dark) => Some("doctor.background_dark"),
        Some(Background::Light) => Some("doctor.background_light"),
    };
    let background = background.map_or("", |key| report.text(key));
    let signs = looks.signs.word();
    let signs_by = if wanted == Signs::Auto { around.signs().1 } else { "console.signs" };
    let message = report.lang.fill(
        "doctor.looks",
        &[
            ("theme", theme),
            ("background", &background),
            ("colours", &colours),
            ("by", &by),
            ("signs", &signs),
            ("signs_by", &signs_by),
        ],
    );
    report.ok("looks", message);
    Some(looks)
}

/// Only a person can see whether a palette hides something: every role in its looks, on a terminal.
fn check_palette(report: &mut Report, theme: &theme::Theme, is_terminal: bool) {
    let words = || Role::ALL.map(|(_, word)| word).join(" ");
    let sample = if is_terminal { theme.sample() } else { words() };
    let message = report.lang.fill("doctor.palette", &[("sample", &sample)]);
    let mend = report.text("doctor.mend_palette");
    report.add("palette", Level::Ok, message, mend);
}

type Entries = [(String, String, crate::config::Origin)];

fn print_lines(report: &Report, entries: &Entries) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    for check in &report.checks {
        let word = match check.result {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "FAIL",
        };
        writeln!(out, "{word:<5} {:<14} {}", check.name, check.message)?;
        if !check.mend.is_empty() {
            writeln!(out, "{:20} → {}", "", check.mend)?;
        }
    }
    if !entries.is_empty() {
        writeln!(out, "\n{}", report.text("doctor.values"))?;
    }
    for (key, value, origin) in entries {
        writeln!(out, "  {key} = {value}  ({origin})")?;
    }
    Ok(())
}

fn print_document(report: &Report, entries: &Entries) -> std::io::Result<()> {
    #[derive(Serialize)]
    struct Setting<'a> {
        key: &'a str,
        value: &'a str,
        origin: String,
    }
    #[derive(Serialize)]
    struct Document<'a> {
        checks: &'a [Check],
        settings: Vec<Setting<'a>>,
    }
    let settings = entries
        .iter()
        .map(|(key, value, origin)| Setting { key, value, origin: origin.to_string() })
        .collect();
    let printed = print_json(&Document { checks: &report.checks, settings });
    printed.map(|_| ()).map_err(|failure| std::io::Error::other(failure.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_decides_the_exit_code() {
        let mut report = Report { lang: Lang::En, checks: Vec::new() };
        report.ok("configuration", "");
        report.add("balance", Level::Warn, "", "");
        assert_eq!(report.exit(), Exit::Done);
        report.put("connection", Level::Fail, "", "", Exit::Unreachable);
        report.add("clock", Level::Fail, "", "");
        assert_eq!(report.exit(), Exit::Unreachable);
    }
}
