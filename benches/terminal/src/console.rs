//! The console and what it talks to: a simulator of its own process, a journal that is full, a network that is silent.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    process::Usage,
    session::{Program, Session},
};

/// One unpaid order whose time runs, among orders of which nothing is due.
const COUNTDOWN: &str = r#"
title = { en = "A countdown", zh-CN = "倒计时" }
about = { en = "One order is unpaid, and nothing else happens.", zh-CN = "一张订单未支付，此外无事发生。" }
[cast]
orders = 40
lead = ["urgent 1500"]
[cast.mix]
"ticketed" = 85
"cancelled" = 15
"#;

/// Stands in the number of every order of the simulator.
pub(crate) const ROW: &str = "TESTA";

/// `paydesk sim` on a free port, until it is dropped.
pub(crate) struct Simulator {
    child: Child,
    pub(crate) url: String,
}

impl Simulator {
    pub(crate) fn start(program: &Path, scenario: &str, orders: u32) -> Self {
        let orders = orders.to_string();
        let arguments =
            ["sim", "--listen", "127.0.0.1:0", "--scenario", scenario, "--orders", &orders, "--seed", "7"];
        let mut command = Command::new(program);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).stdin(Stdio::null());
        let mut child = command.spawn().expect("the simulator");
        let mut said = BufReader::new(child.stderr.take().expect("its standard error"));
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert!(said.read_line(&mut line).expect("a line") > 0, "the simulator ended");
        }
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address");
        // It goes on talking of each request.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { child, url: url.to_owned() }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// The program on that address, with its files in `data`.
pub(crate) fn configured(program: &Path, url: &str, sweep: u32, data: &Path) -> Program {
    let config = data.with_extension("toml");
    let text = format!(
        "environment = \"measured\"\n[environments.measured]\nbase_url = \"{url}\"\nclient_id = \"measured\"\n\
         [polling]\nsweep_seconds = {sweep}\nrequests_per_minute = 600\n"
    );
    fs::write(&config, text).expect("a configuration");
    let words = [program, Path::new("--config"), &config, Path::new("--data-dir"), data];
    Program { command: words.iter().map(|word| word.display().to_string()).collect(), row: ROW }
}

/// A console of so many orders, in the circumstances in which it is measured.
pub(crate) struct Console {
    program: PathBuf,
    folder: tempfile::TempDir,
    orders: u32,
    quiet: Simulator,
    silent: TcpListener,
}

/// A console that is to be started, and what it talks to for as long as it runs.
pub(crate) struct Ready {
    pub(crate) program: Program,
    _own: Option<Simulator>,
}

/// What the console meets.
#[derive(Clone, Copy)]
pub(crate) enum Meets {
    /// Its journal knows all orders, and nothing changes.
    Quiet,
    /// The same, and the list is asked for every ten seconds.
    Polled,
    /// Its journal knows all orders, and the network takes every call and never answers.
    Silence,
    /// Its journal is empty: the whole list arrives.
    Arrival,
    /// One order in sight counts down by seconds.
    Countdown,
}

impl Console {
    pub(crate) fn new(program: &Path, orders: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let console = Self {
            program: program.to_owned(),
            quiet: Simulator::start(program, "quiet", orders),
            orders,
            silent: TcpListener::bind(("127.0.0.1", 0)).expect("a port"),
            folder,
        };
        let full = console.folder.path().join("full");
        let filling = console.configured(&console.quiet.url, 600, &full);
        let mut session = Session::start(&filling);
        console.settle(&mut session);
        session.quit("q");
        console
    }

    fn configured(&self, url: &str, sweep: u32, data: &Path) -> Program {
        configured(&self.program, url, sweep, data)
    }

    pub(crate) fn orders(&self) -> u32 {
        self.orders
    }

    /// As it is started to meet that, with a folder of its own.
    pub(crate) fn ready(&self, meets: Meets) -> Ready {
        let data =
            tempfile::Builder::new().prefix("data").tempdir_in(self.folder.path()).expect("a folder").keep();
        let full = || copy(&self.folder.path().join("full"), &data);
        let mut own = None;
        let program = match meets {
            Meets::Quiet => {
                full();
                self.configured(&self.quiet.url, 600, &data)
            }
            Meets::Polled => {
                full();
                self.configured(&self.quiet.url, 10, &data)
            }
            Meets::Silence => {
                full();
                let silent = self.silent.local_addr().expect("a port");
                self.configured(&format!("http://{silent}"), 600, &data)
            }
            Meets::Arrival => self.configured(&self.quiet.url, 600, &data),
            Meets::Countdown => {
                let story = data.with_extension("story.toml");
                fs::write(&story, COUNTDOWN).expect("a story");
                let simulator =
                    own.insert(Simulator::start(&self.program, &story.display().to_string(), self.orders));
                self.configured(&simulator.url, 600, &data)
            }
        };
        Ready { program, _own: own }
    }

    /// Waits until it has nothing more to do: for some seconds it computes next to nothing. With many orders it pauses while
    /// it reads them, since it may ask only so often in a minute.
    pub(crate) fn settle(&self, session: &mut Session) {
        session.until(ROW, Duration::from_secs(20));
        let enough = if self.orders > 5_000 { 40 } else { 3 };
        let end = Instant::now() + Duration::from_mins(5);
        let mut rest = 0;
        while rest < enough && Instant::now() < end {
            let before = Usage::of(session.pid).cpu;
            session.watch(Duration::from_secs(1));
            let used = Usage::of(session.pid).cpu.saturating_sub(before);
            rest = if used < Duration::from_millis(6) { rest + 1 } else { 0 };
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for file in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(file.file_name());
        if file.path().is_dir() { copy(&file.path(), &target) } else { drop(fs::copy(file.path(), target)) }
    }
}
