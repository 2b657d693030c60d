//! The floor: the barest table of orders that ratatui can show. What the console takes is given as so many times this.
//!
//! `floor 10000` shows so many rows. Arrows and pages move, `s` sorts by the next column, `/` filters, `q` leaves. It draws
//! after an event and never else, draws the rows in sight alone, and keeps a row in twelve bytes.

use std::{
    fmt::Write as _,
    io::{self, BufWriter, stdout},
};

use ratatui::{
    Frame, Terminal,
    backend::CrosstermBackend,
    buffer::Buffer,
    crossterm::{
        cursor,
        event::{self, Event, KeyCode},
        execute,
        terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
    },
    layout::Rect,
    style::{Color, Style},
};

const AIRLINES: [&str; 8] = ["QG", "5J", "TR", "AK", "FR", "U2", "W6", "VY"];
const AIRPORTS: [&str; 8] = ["CGK", "SUB", "MNL", "SIN", "KUL", "STN", "BUD", "BCN"];
const STATES: [&str; 4] = ["unpaid", "ticketing", "ticketed", "cancelled"];

/// Where each column begins, and its head.
const COLUMNS: [(u16, &str); 7] = [
    (1, "order"),
    (24, "airline"),
    (33, "route"),
    (43, "price"),
    (55, "state"),
    (67, "minutes"),
    (77, "traveller"),
];

/// One order, packed.
#[derive(Clone, Copy)]
struct Row {
    cents: u32,
    traveller: u32,
    minutes: u16,
    route: u8,
    airline: u8,
}

impl Row {
    /// The `n`th of a series that looks like chance and is always the same.
    fn nth(n: u32) -> Self {
        let mixed = (u64::from(n) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let part = |shift: u32, most: u64| (mixed >> shift) % most;
        let small = |shift, most| u8::try_from(part(shift, most)).unwrap_or_default();
        Self {
            cents: u32::try_from(part(4, 90_000)).unwrap_or_default(),
            traveller: u32::try_from(part(20, 1_000_000)).unwrap_or_default(),
            minutes: u16::try_from(part(11, 3_000)).unwrap_or_default(),
            route: small(50, 64),
            airline: small(57, 32),
        }
    }

    fn airline(self) -> &'static str {
        AIRLINES[usize::from(self.airline) % 8]
    }

    fn state(self) -> &'static str {
        STATES[usize::from(self.airline) / 8]
    }

    fn route(self) -> [&'static str; 2] {
        [AIRPORTS[usize::from(self.route) % 8], AIRPORTS[usize::from(self.route) / 8]]
    }

    /// What a filter looks at, in lower case.
    fn words(self, n: u32, text: &mut String) {
        text.clear();
        let [from, to] = self.route();
        let _fits =
            write!(text, "f{n:09} {} {from}-{to} {} name{:06}", self.airline(), self.state(), self.traveller);
        text.make_ascii_lowercase();
    }
}

/// The table: rows, which of them are shown in which order, and where the eye is.
struct Table {
    rows: Vec<Row>,
    shown: Vec<u32>,
    selected: usize,
    first: usize,
    sorted_by: usize,
    filter: Option<String>,
    text: String,
}

impl Table {
    fn new(orders: u32) -> Self {
        Self {
            rows: (0..orders).map(Row::nth).collect(),
            shown: (0..orders).collect(),
            selected: 0,
            first: 0,
            sorted_by: 0,
            filter: None,
            text: String::new(),
        }
    }

    fn row(&self, n: u32) -> Row {
        self.rows[n as usize]
    }

    /// Filters and sorts anew.
    fn arrange(&mut self) {
        let Self { rows, shown, filter, text, .. } = self;
        shown.clear();
        let wanted = filter.as_deref().unwrap_or_default();
        let fits = |n: &u32| {
            wanted.is_empty() || {
                rows[*n as usize].words(*n, text);
                text.contains(wanted)
            }
        };
        shown.extend((0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).filter(fits));
        match self.sorted_by {
            1 => shown.sort_unstable_by_key(|n| rows[*n as usize].cents),
            2 => shown.sort_by_key(|n| rows[*n as usize].airline()),
            _ => {}
        }
        self.selected = self.selected.min(shown.len().saturating_sub(1));
    }

    fn step(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    /// A key; false when it leaves.
    fn on_key(&mut self, key: KeyCode) -> bool {
        if let Some(filter) = &mut self.filter {
            match key {
                KeyCode::Esc => self.filter = None,
                KeyCode::Backspace => drop(filter.pop()),
                KeyCode::Char(letter) => filter.push(letter),
                _ => return true,
            }
            self.arrange();
            return true;
        }
        match key {
            KeyCode::Char('q') => return false,
            KeyCode::Char('s') => {
                self.sorted_by = (self.sorted_by + 1) % 3;
                self.arrange();
            }
            KeyCode::Char('/') => self.filter = Some(String::new()),
            KeyCode::Down => self.step(1),
            KeyCode::Up => self.step(-1),
            KeyCode::PageDown => self.step(36),
            KeyCode::PageUp => self.step(-36),
            _ => {}
        }
        true
    }

    fn draw(&mut self, frame: &mut Frame<'_>) {
        let (area, mut text) = (frame.area(), std::mem::take(&mut self.text));
        let page = usize::from(area.height).saturating_sub(3).max(1);
        self.first = self.first.clamp((self.selected + 1).saturating_sub(page), self.selected);
        let buffer = frame.buffer_mut();
        let heads = |buffer: &mut Buffer, text: &mut String| {
            for (x, head) in COLUMNS {
                put(buffer, text, (x, 1), Style::new(), format_args!("{head}"));
            }
        };
        put(
            buffer,
            &mut text,
            (1, 0),
            Style::new(),
            format_args!("{} of {}", self.shown.len(), self.rows.len()),
        );
        heads(buffer, &mut text);
        for (y, place) in (2..).zip(self.first..(self.first + page).min(self.shown.len())) {
            let n = self.shown[place];
            let row = self.row(n);
            let [from, to] = row.route();
            let style = if place == self.selected {
                Style::new().fg(Color::White).bg(Color::Blue)
            } else {
                Style::new().fg(Color::Green)
            };
            if place == self.selected {
                buffer.set_style(Rect::new(0, y, area.width, 1).intersection(area), style);
            }
            let mut cell = |column: usize, what: std::fmt::Arguments<'_>| {
                put(buffer, &mut text, (COLUMNS[column].0, y), style, what);
            };
            cell(0, format_args!("FLOOR{n:017}"));
            cell(1, format_args!("{}", row.airline()));
            cell(2, format_args!("{from}-{to}"));
            cell(3, format_args!("{:>6}.{:02}", row.cents / 100, row.cents % 100));
            cell(4, format_args!("{}", row.state()));
            cell(5, format_args!("{:>5}", row.minutes));
            cell(6, format_args!("NAME/{:06}", row.traveller));
        }
        let foot = (1, area.height.saturating_sub(1));
        if let Some(filter) = &self.filter {
            put(buffer, &mut text, foot, Style::new(), format_args!("/{filter}_"));
        } else {
            let (place, of) = (self.selected + 1, self.shown.len());
            put(buffer, &mut text, foot, Style::new(), format_args!("row {place} of {of}"));
        }
        self.text = text;
    }
}

/// Writes into the buffer, by way of a text that is kept.
fn put(
    buffer: &mut Buffer,
    text: &mut String,
    (x, y): (u16, u16),
    style: Style,
    what: std::fmt::Arguments<'_>,
) {
    if x < buffer.area.width && y < buffer.area.height {
        text.clear();
        let _fits = text.write_fmt(what);
        buffer.set_stringn(x, y, text.as_str(), usize::from(buffer.area.width - x), style);
    }
}

fn main() -> io::Result<()> {
    let orders = std::env::args().nth(1).and_then(|orders| orders.parse().ok()).unwrap_or(1_000);
    let mut table = Table::new(orders);
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, cursor::Hide)?;
    let mut terminal = Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(1 << 16, stdout())))?;
    terminal.draw(|frame| table.draw(frame))?;
    loop {
        match event::read()? {
            Event::Key(key) if !table.on_key(key.code) => break,
            Event::Key(_) | Event::Resize(..) => {}
            _ => continue,
        }
        terminal.draw(|frame| table.draw(frame))?;
    }
    execute!(stdout(), LeaveAlternateScreen, cursor::Show)?;
    disable_raw_mode()?;
    // The system frees the rows faster than we would.
    std::process::exit(0)
}
