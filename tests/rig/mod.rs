//! A console without a terminal: its core, keys and a clock moved by hand. Shared by the tests of the console and the benches.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    cell::RefCell,
    io::{self, Write},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::{SignedDuration, Timestamp, civil::date, tz::TimeZone};
use paydesk::{
    config::Stage,
    console::{
        Console, Effect, Message, Setup, When,
        alerts::AlertWays,
        keymap::Keymap,
        theme::{Signs, Theme},
    },
    desk::{health::Health, hub::Update},
    domain::{
        attempt::AttemptId,
        billing::BillingRules,
        card::CardBrand,
        case::Case,
        freshness::Freshness,
        method::{Part, PaymentMethod, PaymentOption, TakenFrom},
        money::Currency,
        order::{
            Airline, CardFee, Details, Order, OrderNo, OrderStatus, Segment, TicketingError, Traveller,
            TravellerKind,
        },
        story::{Happening, What},
    },
    lang::Lang,
};
use ratatui::{buffer::Buffer, layout::Rect};
use unicode_width::UnicodeWidthStr;

#[path = "../sample/mod.rs"]
pub(crate) mod sample;
pub(crate) use sample::money;

/// 14:22 in Singapore.
pub(crate) fn noon() -> Timestamp {
    "2026-11-03T06:22:00Z".parse().unwrap()
}

/// An order number made at `minutes` before noon.
pub(crate) fn number(n: u32) -> OrderNo {
    format!("TESTA20261103{:09}", 140_000_000 + n).parse().unwrap()
}

pub(crate) fn setup(stage: Stage) -> Setup {
    Setup {
        stage,
        host: "127.0.0.1:7070".into(),
        lang: Lang::En,
        theme: Theme::terminal(),
        by_background: None,
        signs: Signs::Ascii,
        zone: TimeZone::UTC,
        queues: Vec::new(),
        author: Arc::new(sample::author("li")),
        read_only: false,
        billing: Arc::new(BillingRules::built_in()),
        lenient_luhn: true,
        limits: std::collections::BTreeMap::new(),
        alerts: AlertWays { bell: true, notify: true, title: true },
        exports: Some("/desk/exports".into()),
        keymap: Keymap::default(),
        mouse: false,
    }
}

/// Ids of payments, the same in each rig.
fn ids() -> impl FnMut() -> AttemptId {
    let mut given = 0;
    move || {
        given += 1;
        AttemptId(uuid::Uuid::from_u128(given))
    }
}

/// What an order is, in the words of a test.
pub(crate) struct Sketch {
    pub(crate) n: u32,
    pub(crate) airline: &'static str,
    pub(crate) route: (&'static str, &'static str),
    pub(crate) names: Vec<&'static str>,
    pub(crate) status: OrderStatus,
    pub(crate) methods: Vec<PaymentMethod>,
    pub(crate) minutes_left: i64,
    pub(crate) error: Option<&'static str>,
}

impl Default for Sketch {
    fn default() -> Self {
        Self {
            n: 1,
            airline: "QG",
            route: ("CGK", "SUB"),
            names: vec!["LIN/MEIYU"],
            status: OrderStatus::Unpaid,
            methods: vec![PaymentMethod::Deposit],
            minutes_left: 20,
            error: None,
        }
    }
}

/// The case of a sketch, with details.
pub(crate) fn case(sketch: &Sketch) -> Case {
    let airline = Airline::parse(sketch.airline).unwrap();
    let part = |money, from| Some(Part { money, from });
    let option = |method: PaymentMethod| {
        let (fare, from) = match method {
            PaymentMethod::Deposit => (money("117.55", "USD"), TakenFrom::Deposit),
            PaymentMethod::Vcc => (money("6860", "PHP"), TakenFrom::Card),
            PaymentMethod::Byoa => (money("6860", "PHP"), TakenFrom::Other),
            PaymentMethod::Mor => (money("117.55", "USD"), TakenFrom::Card),
        };
        let mor = method == PaymentMethod::Mor;
        PaymentOption {
            method,
            ticket_fare: part(fare, from),
            service_fee: part(money("2", "USD"), TakenFrom::Deposit),
            payment_fee: part(money("3.53", "USD"), TakenFrom::Card).filter(|_| mor),
            card_brand: Some(CardBrand::Visa).filter(|_| mor),
        }
    };
    let has = |method| sketch.methods.contains(&method);
    let vendor = has(PaymentMethod::Vcc) || has(PaymentMethod::Byoa);
    let details = Details {
        deadline: Some(noon() + SignedDuration::from_mins(sketch.minutes_left)),
        total: Some(money("117.55", "USD")),
        service_fee: Some(money("2", "USD")),
        vendor_total: Some(money("6860", "PHP")).filter(|_| vendor),
        has_vendor_fare: vendor,
        methods: sketch.methods.clone(),
        options: sketch.methods.iter().map(|method| option(*method)).collect(),
        segments: vec![Segment {
            flight: format!("{}813", sketch.airline).as_str().into(),
            carrier: Some(airline),
            from: sketch.route.0.into(),
            to: sketch.route.1.into(),
            departs: Some(date(2026, 12, 18).at(5, 40, 0, 0)),
            arrives: Some(date(2026, 12, 18).at(9, 25, 0, 0)),
            inbound: false,
        }],
        travellers: sketch
            .names
            .iter()
            .map(|name| Traveller {
                name: (*name).into(),
                kind: TravellerKind::Adult,
                document_tail: Some("83B".into()),
                tickets: Vec::new().into(),
            })
            .collect(),
        card_fees: [CardFee { brand: CardBrand::Visa, share: Some("0.03".parse().unwrap()), charge: None }]
            .into_iter()
            .filter(|_| has(PaymentMethod::Mor))
            .collect(),
        ..Details::default()
    };
    Case::new(Order {
        pnr_code: Some("K7QW2D".into()),
        from: Some(sketch.route.0.into()),
        to: Some(sketch.route.1.into()),
        airlines: vec![airline].into(),
        passengers: sketch.names.iter().map(|name| (*name).into()).collect(),
        departs: Some(date(2026, 12, 18)),
        created: Some(noon() - SignedDuration::from_mins(30 - sketch.minutes_left.clamp(0, 30))),
        ticketing_error: sketch.error.map(|code| TicketingError { code: code.into(), message: None }.into()),
        details: Some(Box::new(details)),
        ..sample::bare_order(number(sketch.n), sketch.status)
    })
}

/// An order in ticketing that is suspended over its baggage with this code, which a query first showed at that time.
pub(crate) fn troubled(code: &'static str, at: Timestamp) -> Case {
    let sketch = Sketch { status: OrderStatus::Ticketing, error: Some(code), ..Sketch::default() };
    let mut case = case(&sketch);
    case.order.paid_at = Some(at - SignedDuration::from_secs(30));
    let what = What::Seen { status: OrderStatus::Ticketing, error: Some(code.into()) };
    case.story.push(Arc::new(Happening::new(at, what)));
    case
}

/// Between two keys of a hand that types eight in a second.
const HAND: Duration = Duration::from_millis(125);

/// The console under test. Typing takes its own time and none on the wall, so that a picture does not depend on how
/// much was typed for it.
pub(crate) struct Rig {
    pub(crate) console: Console,
    pub(crate) now: Timestamp,
    up: Duration,
    pub(crate) effects: Vec<Effect>,
}

impl Rig {
    pub(crate) fn new(size: (u16, u16)) -> Self {
        Self::staged(size, Stage::Demo)
    }

    pub(crate) fn staged(size: (u16, u16), stage: Stage) -> Self {
        let mut rig = Self {
            console: Console::new(setup(stage), size, noon(), ids()),
            now: noon(),
            up: Duration::from_secs(1),
            effects: Vec::new(),
        };
        rig.healthy();
        rig
    }

    /// The desk says that all is well.
    pub(crate) fn healthy(&mut self) {
        let health = Health {
            last_success: Some(self.now),
            last_sweep: Some(self.now),
            stale_after: SignedDuration::from_secs(30),
            budget_per_minute: 60,
            ..Health::default()
        };
        let balances = [(Currency::parse("USD").unwrap(), money("18342.67", "USD"))];
        let update =
            Update { health: Some(health), balances: Some(Arc::new(balances.into())), ..Update::default() };
        self.news(update);
    }

    pub(crate) fn message(&mut self, message: Message) {
        let effects = self.console.on_message(message, self.when());
        self.effects.extend(effects);
    }

    /// The desk says something.
    pub(crate) fn news(&mut self, news: Update) {
        let effects = self.console.on_news(news, self.when());
        self.effects.extend(effects);
    }

    fn when(&self) -> When {
        When { wall: self.now, up: self.up }
    }

    /// The row of the selected order, without its frame.
    pub(crate) fn selected_row(&mut self) -> String {
        let row = self.rows().into_iter().find(|row| row.starts_with('>'));
        row.unwrap_or_default()
    }

    /// What stands below the heads of the table, without its frame.
    pub(crate) fn rows(&mut self) -> Vec<String> {
        let lines = self.draw().into_iter().skip_while(|line| !line.starts_with('+')).skip(2);
        let rows = lines.take_while(|line| line.starts_with('|'));
        let inside = |line: String| {
            let row = line.trim_start_matches("| ").to_owned();
            row.split(['|']).next().unwrap_or_default().to_owned()
        };
        rows.map(inside).filter(|row| !row.trim().is_empty()).collect()
    }

    /// The desk publishes orders that it has just asked for.
    pub(crate) fn publish(&mut self, cases: Vec<Case>) {
        let fresh = Freshness { asked_at: self.console.model.server_now(), up: self.up };
        let asked = cases.iter().filter(|case| case.order.details.is_some());
        let fresh = asked.map(|case| (case.order.no, fresh)).collect();
        let cases = cases.into_iter().map(Arc::new).collect();
        self.news(Update { cases, fresh, ..Update::default() });
    }

    pub(crate) fn sketch(&mut self, sketch: &Sketch) {
        self.publish(vec![case(sketch)]);
    }

    /// Keys as a hand types them, separated by blanks: `j`, `Enter`, `Tab`, `Esc`, `C-c`; anything longer is typed
    /// letter by letter.
    pub(crate) fn press(&mut self, keys: &str) {
        for key in strokes(keys) {
            self.strike(key, HAND);
        }
    }

    /// The same keys so long apart, with the same frames between.
    pub(crate) fn burst(&mut self, keys: &str, gap: Duration) {
        for key in strokes(keys) {
            self.strike(key, gap);
        }
        self.wait(HAND);
    }

    /// A key, and time until the next.
    pub(crate) fn strike(&mut self, key: KeyEvent, until_next: Duration) {
        self.message(Message::Key(key));
        self.wait(until_next);
    }

    /// Lets time pass in which no key comes, and none on the wall.
    pub(crate) fn wait(&mut self, time: Duration) {
        let end = self.up + time;
        if let Some(due) = self.console.ui.typing.due().filter(|due| *due <= end) {
            self.up = due.max(self.up);
            self.message(Message::KeysPaused);
        }
        self.up = end;
    }

    /// Lets time pass; the console is woken whenever it asked to be.
    pub(crate) fn pass(&mut self, time: SignedDuration) {
        self.wait(time.unsigned_abs());
        let end = self.now + time;
        while let Some(wake) = self.console.next_wake().filter(|wake| *wake <= end) {
            assert!(wake > self.console.model.now(), "it asked to be woken in the past: the loop would spin");
            self.now = wake;
            self.message(Message::Woke);
        }
        self.now = end;
        self.message(Message::Woke);
    }

    /// A slice of what is left to be done between two keys.
    pub(crate) fn go_on(&mut self) {
        let when = self.when();
        let effects = self.console.go_on(when);
        self.effects.extend(effects.into_iter().flatten());
    }

    /// Nothing happens until the list has looked at all rows, as the loop lets it between two keys; and writes on.
    pub(crate) fn settle(&mut self) {
        loop {
            self.go_on();
            if !self.console.ui.list.is_looking() {
                return;
            }
        }
    }

    /// Draws a frame, as the loop does, and returns its lines.
    pub(crate) fn draw(&mut self) -> Vec<String> {
        let (columns, rows) = self.console.ui.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
        self.console.draw(&mut buffer);
        self.message(Message::Drawn);
        lines(&buffer)
    }

    pub(crate) fn screen(&mut self) -> String {
        self.draw().join("\n")
    }

    pub(crate) fn selected(&self) -> OrderNo {
        self.console.ui.list.selected().expect("an order is selected")
    }

    /// Commands that would let money move.
    pub(crate) fn payments(&self) -> usize {
        let pays = |effect: &&Effect| matches!(effect, Effect::Send(paydesk::desk::hub::Command::Pay { .. }));
        self.effects.iter().filter(pays).count()
    }
}

/// Keys by their names, and letters.
pub(crate) fn strokes(keys: &str) -> Vec<KeyEvent> {
    let named = |key: &str| {
        Some(match key {
            "Enter" => KeyCode::Enter,
            "Esc" => KeyCode::Esc,
            "Tab" => KeyCode::Tab,
            "BackTab" => KeyCode::BackTab,
            "Up" => KeyCode::Up,
            "Down" => KeyCode::Down,
            "PgDn" => KeyCode::PageDown,
            "Backspace" => KeyCode::Backspace,
            "Space" => KeyCode::Char(' '),
            _ => return None,
        })
    };
    let strokes = |key: &str| match (named(key), key.strip_prefix("C-")) {
        (Some(code), _) => vec![KeyEvent::new(code, KeyModifiers::NONE)],
        (None, Some(letter)) => {
            letter.chars().map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)).collect()
        }
        (None, None) => key.chars().map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)).collect(),
    };
    keys.split_whitespace().flat_map(strokes).collect()
}

/// The text of each row; every row is exactly as wide as the screen.
pub(crate) fn lines(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    (0..area.height)
        .map(|y| {
            let mut line = String::new();
            let mut x = 0;
            while x < area.width {
                let symbol = buffer[(x, y)].symbol();
                line.push_str(symbol);
                x += u16::try_from(symbol.width()).unwrap().max(1);
            }
            assert_eq!(
                line.width(),
                usize::from(area.width),
                "row {y} is not as wide as the screen: {line:?}"
            );
            line.trim_end().to_owned()
        })
        .collect()
}

/// What a screen writes.
#[derive(Clone, Default)]
pub(crate) struct Line(pub(crate) Rc<RefCell<Vec<u8>>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
