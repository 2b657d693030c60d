//! Starting the console: on the configured environment, or on a simulator of its own.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    sync::{Arc, mpsc},
    thread,
};

use jiff::Timestamp;
use reqwest::Url;
use secrecy::SecretString;

use super::{
    args::SimArgs,
    demo_folder::DemoFolder,
    exit::{self, Charged, Exit, Failure},
    log::start_log,
    reload::{self, Configured, Watching},
    session::{self, variable},
};
use crate::{
    atlas::{Client, Endpoint},
    clock::SystemClock,
    config::{EXAMPLE, Flags, Settings, refuse_demo_near_live},
    console::{
        self, Backstage, End, Keeper, Setup,
        aside::{Aside, Asides, Narration, StoryTurn, asides},
        keymap::Keymap,
        theme::{Looks, Surroundings},
        workspace::Workspace,
    },
    desk::{self, Desk, hub::Subscription},
    domain::{fold::fold_text, text::Text},
    journal::{
        BlockingJournal, JournalError, opening::deferred::Deferred, sqlite::SqliteJournal, thread::Threaded,
        unusable::Unusable,
    },
    lang::{Lang, system},
    logging, sim,
};

/// The desk, and what tells of a changed configuration.
struct Behind {
    desk: Desk,
    watching: Option<Watching>,
}

impl Backstage for Behind {
    fn ask_to_leave(&self) {
        self.desk.ask_to_leave();
        if let Some(watching) = &self.watching {
            watching.end();
        }
    }

    fn has_left(self) -> bool {
        let is_whole = self.desk.has_left();
        // Orders that nobody looks at any more are not freed one by one.
        std::mem::forget(self);
        is_whole
    }
}

/// The console on the environment of the configuration.
pub(super) fn on_environment(flags: &Flags) -> Result<Exit, Failure> {
    let lang = flags.lang.unwrap_or_default();
    let (configured, settings) =
        Configured::read(flags).map_err(|error| exit::configuration(lang, &error))?;
    if !settings.file_exists && settings.environment.client_id.is_none() {
        return first_run(&settings, flags);
    }
    // Who keeps the secret may have a question, which nobody could answer on our screen.
    let credentials = session::credentials(&settings)?;
    needs_terminal()?;
    // What cannot be written is said on the screen; looking goes on.
    let log = start_log(&settings);
    let options = session::options(&settings, *settings.read_only || log.is_err());
    let mut setup = setup(&settings, &options, configured.looks.clone(), configured.keymap.clone());
    setup.queues.clone_from(&configured.queues);
    let (speaker, asides) = asides();
    let mut keeper = Keeper::start(&settings.data_dir, speaker.clone());
    // What was looked at last is shown at once, as memory.
    let mut page = Vec::new();
    let begun = session::begin_journal(&settings);
    if let Ok(begun) = &begun {
        setup.author = begun.author();
        let rows = keeper.before.as_ref().map(|before| before.rows.as_slice()).unwrap_or_default();
        let since = Timestamp::now() - options.lookback;
        page = begun.at_once(|begun| desk::first_page(rows, since, |order| begun.entries_of(order)));
    }
    if flags.lang.is_some() {
        keeper.before = keeper.before.map(Workspace::without_language);
    }
    let (desk, mailbox) = desk::waiting(page, &options);
    // All that the first picture does not need.
    let start = move || {
        let client = session::client_as(&settings, credentials)?;
        let desk = match begun {
            // It is looked through and read on its own thread.
            Ok(begun) => {
                let (lang, folder) = (*settings.lang, settings.journal_dir());
                let say = move |error: &JournalError| session::no_journal(lang, &folder, error).message;
                let journal = Threaded::start(Deferred::new(begun, say))?;
                desk.start(client, journal, SystemClock, options)?
            }
            // Nothing can be paid, and the screen says why; looking goes on.
            Err(failure) => desk.start(client, Unusable(failure.message), SystemClock, options)?,
        };
        if let Err(failure) = log {
            speaker.say(Aside::NoLog(failure.message));
        }
        if let Err(reason) = super::webhook::listen(&settings, desk.handle()) {
            speaker.say(Aside::NotListening(reason));
        }
        let watching = reload::watch(configured, flags, speaker.clone());
        let watching = watching.map_err(|reason| speaker.say(Aside::NotWatching(reason))).ok();
        Ok(Behind { desk, watching })
    };
    run(setup, mailbox, asides, keeper, start)
}

/// The console on an embedded simulator: loopback only, its journal in a folder of its own that is named first.
pub(super) fn demo(sim: &SimArgs, flags: &Flags) -> Result<Exit, Failure> {
    let lang = flags.lang.unwrap_or_default();
    let refused = |error| exit::configuration(lang, &error);
    refuse_demo_near_live(variable).map_err(refused)?;
    needs_terminal()?;
    let folder = demo_folder(flags)?;
    let (narrator, narration) = mpsc::channel();
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let world = sim::Options { narrator: Some(narrator), ..sim.options(loopback) };
    let simulator = sim::spawn(world).map_err(|error| failed(error.to_string()))?;
    let base_url =
        Url::parse(&format!("http://{}", simulator.addr)).map_err(|error| failed(error.to_string()))?;
    let mut settings = Settings::demo(flags, base_url, variable).map_err(refused)?;
    logging::start(*settings.log_level, None)?;
    let journal = match &folder {
        Some(folder) => {
            folder.write(&settings.environment.base_url)?;
            folder.path().clone_into(&mut settings.data_dir.value);
            session::journal(&settings)?
        }
        None => SqliteJournal::in_memory().map_err(|error| failed(error.to_string()))?,
    };
    let endpoint = Endpoint {
        base_url: settings.environment.base_url.to_string(),
        client_id: "demo".into(),
        client_secret: SecretString::from("demo"),
        pay_timeout: Endpoint::PAY_TIMEOUT,
        proxy: None,
        authorities: Vec::new(),
    };
    let client = Client::new(&endpoint).map_err(|error| failed(error.to_string()))?;
    let options = session::options(&settings, *settings.read_only);
    let looks = Looks::new(&settings.theme, *settings.signs, &Surroundings::of(variable))
        .map_err(|error| exit::configuration(lang, &error))?;
    let keymap = Keymap::new(&settings.keys).map_err(|error| exit::configuration(lang, &error))?;
    let author = BlockingJournal::author(&journal);
    let setup = Setup { author, ..setup(&settings, &options, looks, keymap) };
    let (desk, mailbox) = desk::spawn(client, Threaded::start(journal)?, SystemClock, options)?;
    let (speaker, asides) = asides();
    if let Some(folder) = &folder {
        let place = folder.path().display();
        eprintln!("{}", settings.lang.fill("demo_folder.named", &[("folder", &place)]));
        speaker.say(Aside::DemoFolder(place.to_string()));
    }
    // It ends with the simulator, which holds the other end.
    thread::spawn(move || narration.into_iter().for_each(|presented| speaker.say(aside(presented))));
    // A demo begins the same way each time.
    let exit = run(setup, mailbox, asides, Keeper::default(), || Ok(Behind { desk, watching: None }));
    simulator.stop();
    exit
}

/// The folder that was given must do; without one the journal of a machine without a place for it is in memory.
fn demo_folder(flags: &Flags) -> Result<Option<DemoFolder>, Failure> {
    match (DemoFolder::open(flags.data_dir.as_deref()), &flags.data_dir) {
        (Ok(folder), _) => Ok(Some(folder)),
        (Err(_), None) => Ok(None),
        (Err(cause), Some(folder)) => {
            let lang = flags.lang.unwrap_or_default();
            let cause = system::cause(lang, &cause.to_string());
            let message =
                lang.fill("demo_folder.not_usable", &[("folder", &folder.display()), ("cause", &cause)]);
            Err(Failure::new(Exit::Usage, "data_dir", message, lang.text("demo_folder.mend")))
        }
    }
}

/// What the presenter says or does, as the console takes it in.
fn aside(presented: sim::Presented) -> Aside {
    match presented {
        sim::Presented::Line(line) => {
            Aside::Narrated(Narration { en: Text::new(&line.en), zh: Text::new(&line.zh) })
        }
        sim::Presented::Turn(turn) => Aside::Story(match turn {
            sim::Turn::Paused => StoryTurn::Paused,
            sim::Turn::Resumed => StoryTurn::Resumed,
            sim::Turn::Stepped | sim::Turn::Paced => StoryTurn::Moved,
            sim::Turn::Reset => StoryTurn::Reset,
        }),
    }
}

fn failed(error: String) -> Failure {
    Failure::new(Exit::Usage, "simulator", error, "")
}

fn run(
    setup: Setup,
    mailbox: Subscription,
    asides: Asides,
    keeper: Keeper,
    start: impl FnOnce() -> Result<Behind, Failure>,
) -> Result<Exit, Failure> {
    let lang = setup.lang;
    match console::run(setup, mailbox, asides, keeper, start)? {
        End::Quit => Ok(Exit::Done),
        End::Stopped | End::HungUp => Ok(Exit::Stopped),
        End::Broken(in_flight) => {
            let (exit, charged) =
                if in_flight == 0 { (Exit::Refused, Charged::No) } else { (Exit::Unknown, Charged::Unknown) };
            let failure =
                Failure::new(exit, "broken", lang.text("quit.broken"), lang.text("quit.broken_mend"));
            Err(Failure { charged, ..failure })
        }
    }
}

/// The console judges a payment by the very rules of its desk.
fn setup(settings: &Settings, options: &desk::Options, looks: Looks, keymap: Keymap) -> Setup {
    let environment = &settings.environment;
    let host = environment.base_url.host_str().unwrap_or("?");
    Setup {
        stage: environment.stage,
        host: environment.base_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        lang: *settings.lang,
        theme: looks.theme,
        by_background: looks.by_background,
        signs: looks.signs,
        zone: settings.time_zone.time_zone(),
        queues: Vec::new(),
        author: Arc::default(),
        read_only: options.read_only,
        billing: Arc::clone(&options.billing),
        lenient_luhn: options.lenient_luhn,
        limits: options.limits.clone(),
        alerts: (&settings.alerts).into(),
        exports: Some(settings.data_dir.join("exports")),
        keymap,
        mouse: *settings.mouse,
    }
}

/// A console without a terminal would only spoil a file.
fn needs_terminal() -> Result<(), Failure> {
    if io::stdout().is_terminal() && io::stdin().is_terminal() {
        return Ok(());
    }
    let advice = "use `paydesk orders`, `show` and `pay` where there is none";
    Err(Failure::new(Exit::Usage, "no_terminal", "the console needs a terminal", advice))
}

/// Nothing is configured: say so, and offer the demo or an annotated example. A secret is never asked for.
fn first_run(settings: &Settings, flags: &Flags) -> Result<Exit, Failure> {
    let lang = *settings.lang;
    let path = settings.file.display();
    let nothing = || {
        let message = lang.fill("first_run.nothing", &[("path", &path)]);
        Failure::new(Exit::Usage, "not_configured", message, lang.text("first_run.mend"))
    };
    if needs_terminal().is_err() {
        return Err(nothing());
    }
    eprintln!("{}", lang.fill("first_run.nothing", &[("path", &path)]));
    loop {
        eprint!("{}", lang.text("first_run.choices"));
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        match fold_text(line.trim()).as_str() {
            "" => return Ok(Exit::Done),
            "d" | "D" => return demo(&SimArgs::usual().map_err(|error| failed(error.to_string()))?, flags),
            "w" | "W" => return write_example(settings, lang),
            _ => {}
        }
    }
}

fn write_example(settings: &Settings, lang: Lang) -> Result<Exit, Failure> {
    if let Some(folder) = settings.file.parent() {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // Never over a file that came to be in the meantime.
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&settings.file)?;
    file.write_all(EXAMPLE.as_bytes())?;
    eprintln!("{}", lang.fill("first_run.written", &[("path", &settings.file.display())]));
    eprintln!("{}", lang.text("first_run.webhooks"));
    Ok(Exit::Done)
}
