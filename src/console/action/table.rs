//! The table of actions: for each its word, its name, its keys by context, the footers that show it, and when it is possible.

use crossterm::event::KeyCode;

use super::{
    Action,
    context::Context,
    possible::{
        Possible, Standing, on_baggage, on_one, on_selection, to_commit, to_copy_link, to_decide, to_hold,
        to_narrate, to_pay, to_work, to_write,
    },
};
use crate::{
    console::input::chord::{Chord, ctrl, key, named},
    domain::{method::PaymentMethod, triage::Queue},
    export::Format,
    lang::{Lang, words},
};

/// The keys of an action in some contexts, the one to show first.
type Keys = (&'static [Context], &'static [Chord]);

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// What is done.
    pub action: Action,
    /// Its word outside the languages, for the configuration.
    pub id: &'static str,
    /// Key of its name; one with `_short` behind it is the name in a footer.
    pub name: &'static str,
    keys: &'static [Keys],
    /// The footers of these show it.
    hinted: &'static [Context],
    when: Option<fn(Standing) -> Possible>,
}

const fn row(action: Action, id: &'static str, name: &'static str, keys: &'static [Keys]) -> Row {
    Row { action, id, name, keys, hinted: &[], when: None }
}

impl Row {
    const fn hinted(self) -> Self {
        self.hinted_in(&Context::ALL)
    }

    const fn hinted_in(self, hinted: &'static [Context]) -> Self {
        Self { hinted, ..self }
    }

    /// The footer of `context` shows it.
    pub fn is_hinted(&self, context: Context) -> bool {
        self.hinted.contains(&context)
    }

    const fn when(self, when: fn(Standing) -> Possible) -> Self {
        Self { when: Some(when), ..self }
    }

    /// Whether it is possible now, and if not, why.
    pub fn possible(&self, standing: Standing) -> Possible {
        self.when.map_or(Ok(()), |when| when(standing))
    }

    /// True where it can be done, by a key or by its name alone.
    pub fn is_in(&self, context: Context) -> bool {
        self.keys.iter().any(|(contexts, _)| contexts.contains(&context))
    }

    /// Which chords do it in `context`, the one to show first.
    pub fn chords(&self, context: Context) -> &'static [Chord] {
        let keys = self.keys.iter().find(|(contexts, _)| contexts.contains(&context));
        keys.map_or(&[], |(_, chords)| chords)
    }
}

impl Action {
    /// Its row.
    pub fn row(self) -> Option<&'static Row> {
        ACTIONS.iter().find(|row| row.action == self)
    }

    /// Its name where it stands alone.
    pub fn title(self, lang: Lang) -> String {
        match self {
            Self::Queue(queue) => lang.fill("key.queue_named", &[("queue", &words::queue(lang, queue))]),
            Self::OwnQueue(n) => lang.fill("key.queue_own", &[("number", &(n + 1))]),
            Self::Method(method) => {
                lang.fill("key.method_named", &[("method", &words::method(lang, method))])
            }
            _ => self.row().map_or_else(String::new, |row| lang.text(row.name).to_owned()),
        }
    }

    /// Whether it is possible now, and if not, why.
    pub fn possible(self, standing: Standing) -> Possible {
        self.row().map_or(Ok(()), |row| row.possible(standing))
    }

    /// False if it is possible at any time.
    pub fn is_conditional(self) -> bool {
        self.row().is_some_and(|row| row.when.is_some())
    }
}

const DOWN: Chord = named(KeyCode::Down);
const UP: Chord = named(KeyCode::Up);
const ENTER: Chord = named(KeyCode::Enter);
const ESC: Chord = named(KeyCode::Esc);
const TAB: Chord = named(KeyCode::Tab);
const BACK_TAB: Chord = named(KeyCode::BackTab);

/// Where the orders are looked at.
const ORDERS: &[Context] = &[Context::Table, Context::Detail];

/// Where actions are found by their names: wherever a colon is no text.
const COMMANDS: &[Context] = &[
    Context::Table,
    Context::Detail,
    Context::Methods,
    Context::Tick,
    Context::Following,
    Context::Commit,
    Context::Recover,
    Context::Baggage,
];

/// Where the orders are looked at, and what became of a payment.
const ORDERS_AND_PAYMENT: &[Context] = &[Context::Table, Context::Detail, Context::Following];

/// Where a traveller's confirmation may be missing.
const COMMITS: &[Context] = &[Context::Table, Context::Detail, Context::Following, Context::Recover];

/// Where columns are chosen.
const COLUMNS: &[Context] = &[Context::Columns];

/// Where an order is taken and released: where it is looked at, and where it is paid or recovered.
const WORKED_ON: &[Context] = &[Context::Table, Context::Detail, Context::Methods, Context::Recover];

/// Where a note is written.
const NOTED: &[Context] = &[Context::Table, Context::Detail, Context::Recover];

/// Where ways are chosen from.
const PLANS: &[Context] = &[Context::Recover, Context::Baggage];

/// Pages about one order, of which nothing is kept.
const PAGES: &[Context] = &[Context::Commit, Context::Baggage];

/// Where an order is asked for again while somebody decides about it.
const ASKING: &[Context] = &[Context::Recover, Context::Baggage, Context::Commit];

/// Where there is more to read than fits.
const SCROLLED: &[Context] = &[Context::Table, Context::Detail, Context::Overlay, Context::Alerts];

/// Where it goes line by line.
const LINES: &[Context] = &[Context::Detail, Context::Overlay, Context::Alerts];

/// Every action with its keys. No money key is a Shift or Ctrl form of a view key, and none pays by itself.
pub const ACTIONS: &[Row] = &[
    row(
        Action::Down,
        "down",
        "key.down",
        &[(&[Context::Table], &[key('j'), DOWN]), (&[Context::Filter], &[DOWN])],
    )
    .hinted(),
    row(Action::Up, "up", "key.up", &[(&[Context::Table], &[key('k'), UP]), (&[Context::Filter], &[UP])])
        .hinted(),
    row(Action::LineDown, "line_down", "key.line_down", &[(LINES, &[key('j'), DOWN])]).hinted(),
    row(Action::LineUp, "line_up", "key.line_up", &[(LINES, &[key('k'), UP])]).hinted(),
    row(Action::First, "first", "key.first", &[(ORDERS, &[key('g'), named(KeyCode::Home)])]),
    row(Action::Last, "last", "key.last", &[(ORDERS, &[key('G'), named(KeyCode::End)])]),
    row(Action::PageDown, "page_down", "key.page_down", &[(SCROLLED, &[named(KeyCode::PageDown)])]),
    row(Action::PageUp, "page_up", "key.page_up", &[(SCROLLED, &[named(KeyCode::PageUp)])]),
    row(Action::ScrollDown, "scroll_down", "key.scroll_down", &[(ORDERS, &[ctrl('d')])]),
    row(Action::ScrollUp, "scroll_up", "key.scroll_up", &[(ORDERS, &[ctrl('u')])]),
    row(Action::Open, "open", "key.open", &[(&[Context::Table], &[ENTER])]).hinted().when(on_selection),
    row(Action::Back, "back", "key.back", &[(&[Context::Table], &[ESC])]),
    row(Action::LeaveDetail, "leave_detail", "key.leave_detail", &[(&[Context::Detail], &[ESC])]).hinted(),
    row(Action::Next, "next", "key.next", &[(ORDERS, &[key('n')])]).hinted(),
    row(Action::Previous, "previous", "key.previous", &[(ORDERS, &[key('N')])]),
    row(Action::Pay, "pay", "key.pay", &[(ORDERS, &[key('$')])]).hinted().when(to_pay),
    row(Action::Recover, "recover", "key.recover", &[(ORDERS_AND_PAYMENT, &[key('t')])])
        .hinted()
        .when(on_one),
    row(Action::Baggage, "baggage", "key.baggage", &[(ORDERS, &[key('b')])]).when(on_baggage),
    row(Action::Commit, "commit", "key.commit", &[(COMMITS, &[key('w')])]).when(to_commit),
    row(Action::Take, "take", "key.take", &[(WORKED_ON, &[key('c')])]).when(to_hold),
    row(Action::Release, "release", "key.release", &[(WORKED_ON, &[key('C')])]).when(to_hold),
    row(Action::Snooze, "snooze", "key.snooze", &[(ORDERS, &[key('s')])]).when(to_hold),
    row(Action::Handle, "handle", "key.handle", &[(ORDERS, &[key('d')])]).when(to_hold),
    row(Action::Note, "note", "key.note", &[(NOTED, &[key('m')])]).hinted().when(to_work),
    row(Action::Filter, "filter", "key.filter", &[(ORDERS, &[key('/')])]).hinted(),
    row(Action::Palette, "palette", "key.palette", &[(COMMANDS, &[key(':')])]).hinted_in(ORDERS),
    row(Action::Sort, "sort", "key.sort", &[(ORDERS, &[key('S')])]).hinted(),
    row(Action::Run, "run", "key.run", &[(&[Context::Palette], &[ENTER])]).hinted(),
    row(Action::PreviousFound, "previous_found", "key.previous_found", &[(&[Context::Palette], &[UP])])
        .hinted(),
    row(Action::NextFound, "next_found", "key.next_found", &[(&[Context::Palette], &[DOWN])]).hinted(),
    row(Action::CompleteName, "complete_name", "key.complete_name", &[(&[Context::Palette], &[TAB])])
        .hinted(),
    row(Action::Columns, "columns", "key.columns", &[(ORDERS, &[key('+')])]),
    row(Action::LastView, "last_view", "key.last_view", &[(ORDERS, &[key('-')])]),
    row(Action::Find, "find", "key.find", &[(ORDERS, &[key('F')])]),
    row(Action::Queue(Queue::Action), "queue_action", "key.queue", &[(ORDERS, &[key('1')])]),
    row(Action::Queue(Queue::Unpaid), "queue_unpaid", "key.queue", &[(ORDERS, &[key('2')])]),
    row(Action::Queue(Queue::Ticketing), "queue_ticketing", "key.queue", &[(ORDERS, &[key('3')])]),
    row(Action::Queue(Queue::Recover), "queue_recover", "key.queue", &[(ORDERS, &[key('4')])]),
    row(Action::Queue(Queue::InDoubt), "queue_in_doubt", "key.queue", &[(ORDERS, &[key('5')])]),
    row(Action::Queue(Queue::Done), "queue_done", "key.queue", &[(ORDERS, &[key('6')])]),
    row(Action::Queue(Queue::All), "queue_all", "key.queue", &[(ORDERS, &[key('7')])]),
    row(Action::OwnQueue(0), "queue_own_first", "key.queue", &[(ORDERS, &[key('8')])]),
    row(Action::OwnQueue(1), "queue_own_second", "key.queue", &[(ORDERS, &[key('9')])]),
    row(Action::NextQueue, "next_queue", "key.next_queue", &[(ORDERS, &[key('0')])]),
    row(Action::Refresh, "refresh", "key.refresh", &[(ORDERS, &[key('r')])]).hinted().when(on_selection),
    row(Action::RefreshAll, "refresh_all", "key.refresh_all", &[(ORDERS, &[key('R')])]),
    row(Action::Freeze, "freeze", "key.freeze", &[(ORDERS, &[key('f')])]).hinted(),
    row(Action::Mark, "mark", "key.mark", &[(&[Context::Table], &[key(' ')])]).when(on_selection),
    row(Action::Range, "range", "key.range", &[(&[Context::Table], &[key('v')])]).when(on_selection),
    row(Action::Export, "export", "key.export", &[(ORDERS, &[key('x')])]),
    // It is for the end of a shift: found by its name, and no key to be hit by mistake.
    row(Action::Handover, "handover", "key.handover", &[(ORDERS, &[])]),
    row(Action::ExportAs(Format::Csv), "export_csv", "export.csv", &[(&[Context::Export], &[key('c')])]),
    row(Action::ExportAs(Format::Json), "export_json", "export.json", &[(&[Context::Export], &[key('j')])]),
    row(Action::ExportAs(Format::Text), "export_text", "export.text", &[(&[Context::Export], &[key('t')])]),
    row(
        Action::ExportAs(Format::Markdown),
        "export_markdown",
        "export.markdown",
        &[(&[Context::Export], &[key('m')])],
    ),
    row(Action::ExportAs(Format::Html), "export_html", "export.html", &[(&[Context::Export], &[key('h')])]),
    row(Action::TogglePane, "toggle_pane", "key.toggle_pane", &[(&[Context::Table], &[key('p')])]),
    row(Action::ToggleNarration, "toggle_narration", "key.toggle_narration", &[(ORDERS, &[key('i')])])
        .when(to_narrate),
    row(Action::Copy, "copy", "key.copy", &[(ORDERS, &[key('y')])]).hinted().when(on_selection),
    row(Action::Undo, "undo", "key.undo", &[(ORDERS, &[key('u')])]),
    row(Action::Language, "language", "key.language", &[(SCROLLED, &[key('L')])]).hinted(),
    row(Action::Alerts, "alerts", "key.alerts", &[(ORDERS, &[key('a')])]),
    row(Action::GoToOrder, "go_to_order", "key.go_to_order", &[(&[Context::Alerts], &[ENTER])]).hinted(),
    row(
        Action::Acknowledge,
        "acknowledge",
        "key.acknowledge",
        &[(&[Context::Alerts], &[key('a'), key(' ')])],
    )
    .hinted()
    .when(to_write),
    row(
        Action::AcknowledgeAll,
        "acknowledge_all",
        "key.acknowledge_all",
        &[(&[Context::Alerts], &[key('A')])],
    )
    .hinted()
    .when(to_write),
    row(Action::Mouse, "mouse", "key.mouse", &[(ORDERS, &[key('M')])]),
    row(Action::Log, "log", "key.log", &[(ORDERS, &[key('@')])]).hinted(),
    row(Action::Help, "help", "key.help", &[(ORDERS, &[key('?')])]).hinted(),
    row(Action::Redraw, "redraw", "key.redraw", &[(ORDERS, &[ctrl('l')])]),
    row(Action::Suspend, "suspend", "key.suspend", &[(&Context::ALL, &[ctrl('z')])]),
    row(Action::Quit, "quit", "key.quit", &[(ORDERS, &[key('q')])]).hinted(),
    row(Action::Interrupt, "interrupt", "key.interrupt", &[(&Context::ALL, &[ctrl('c')])]),
    row(
        Action::Close,
        "close",
        "key.close",
        &[
            (&[Context::Overlay], &[ESC, key('q'), ENTER, key('?'), key('@')]),
            (&[Context::Alerts], &[ESC, key('q')]),
            (&[Context::Sort, Context::Export, Context::Palette], &[ESC]),
        ],
    )
    .hinted(),
    row(Action::Search, "search", "key.search", &[(&[Context::Overlay], &[key('/')])]).hinted(),
    row(Action::KeepSearch, "keep_search", "key.keep_search", &[(&[Context::Search], &[ENTER])]).hinted(),
    row(Action::ClearSearch, "clear_search", "key.clear_search", &[(&[Context::Search], &[ESC])]).hinted(),
    row(Action::KeepFilter, "keep_filter", "key.keep_filter", &[(&[Context::Filter], &[ENTER])]).hinted(),
    row(Action::ClearFilter, "clear_filter", "key.clear_filter", &[(&[Context::Filter], &[ESC])]).hinted(),
    row(Action::Complete, "complete", "key.complete", &[(&[Context::Filter], &[TAB])]).hinted(),
    row(Action::CompleteBack, "complete_back", "key.complete_back", &[(&[Context::Filter], &[BACK_TAB])]),
    row(Action::Fields, "fields", "key.fields", &[(&[Context::Filter], &[key('?')])]).hinted(),
    row(Action::AskVendor, "ask_vendor", "key.ask_vendor", &[(&[Context::Find], &[ENTER])]).hinted(),
    row(Action::LeaveFind, "leave_find", "key.leave_find", &[(&[Context::Find], &[ESC])]).hinted(),
    row(Action::NextColumn, "next_column", "key.next_column", &[(COLUMNS, &[key('j'), DOWN])]).hinted(),
    row(Action::PreviousColumn, "previous_column", "key.previous_column", &[(COLUMNS, &[key('k'), UP])])
        .hinted(),
    row(Action::TickColumn, "tick_column", "key.tick_column", &[(COLUMNS, &[key(' ')])]).hinted(),
    row(Action::ColumnLater, "column_later", "key.column_later", &[(COLUMNS, &[key('J')])]).hinted(),
    row(Action::ColumnEarlier, "column_earlier", "key.column_earlier", &[(COLUMNS, &[key('K')])]).hinted(),
    row(Action::Narrower, "narrower", "key.narrower", &[(COLUMNS, &[key('<')])]).hinted(),
    row(Action::Wider, "wider", "key.wider", &[(COLUMNS, &[key('>')])]).hinted(),
    row(Action::UsualColumns, "usual_columns", "key.usual_columns", &[(COLUMNS, &[key('0')])]).hinted(),
    row(Action::KeepColumns, "keep_columns", "key.keep_columns", &[(COLUMNS, &[ENTER])]).hinted(),
    row(Action::DropColumns, "drop_columns", "key.drop_columns", &[(COLUMNS, &[ESC])]).hinted(),
    row(
        Action::NextField,
        "next_field",
        "key.next_field",
        &[(&[Context::Methods], &[TAB]), (&[Context::Field, Context::Tick], &[TAB, DOWN])],
    )
    .hinted(),
    row(
        Action::PreviousField,
        "previous_field",
        "key.previous_field",
        &[(&[Context::Methods], &[BACK_TAB]), (&[Context::Field, Context::Tick], &[BACK_TAB, UP])],
    ),
    row(Action::NextMethod, "next_method", "key.next_method", &[(&[Context::Methods], &[key('j'), DOWN])]),
    row(
        Action::PreviousMethod,
        "previous_method",
        "key.previous_method",
        &[(&[Context::Methods], &[key('k'), UP])],
    ),
    row(
        Action::Method(PaymentMethod::Deposit),
        "method_deposit",
        "key.method",
        &[(&[Context::Methods], &[key('1')])],
    )
    .hinted(),
    row(
        Action::Method(PaymentMethod::Vcc),
        "method_vcc",
        "key.method",
        &[(&[Context::Methods], &[key('3')])],
    )
    .hinted(),
    row(
        Action::Method(PaymentMethod::Byoa),
        "method_byoa",
        "key.method",
        &[(&[Context::Methods], &[key('4')])],
    )
    .hinted(),
    row(
        Action::Method(PaymentMethod::Mor),
        "method_mor",
        "key.method",
        &[(&[Context::Methods], &[key('5')])],
    )
    .hinted(),
    row(Action::Tick, "tick", "key.tick", &[(&[Context::Tick], &[key(' ')])]).hinted(),
    row(Action::Review, "review", "key.review", &[(&Context::FORM, &[ENTER])]).hinted(),
    row(Action::DryRun, "dry_run", "key.dry_run", &[(&Context::FORM, &[ctrl('o')])]).hinted(),
    row(
        Action::LeaveDryRun,
        "leave_dry_run",
        "key.leave_dry_run",
        &[(&[Context::DryRun], &[ESC, ctrl('o'), key('q')])],
    )
    .hinted(),
    row(Action::LeaveForm, "leave_form", "key.leave_form", &[(&Context::FORM, &[ESC])]).hinted(),
    row(Action::Confirm, "confirm", "key.confirm", &[(&[Context::Confirm], &[ENTER])]),
    row(Action::Cancel, "cancel", "key.cancel", &[(&[Context::Confirm], &[ESC])]),
    row(
        Action::LeavePayment,
        "leave_payment",
        "key.leave_payment",
        &[(&[Context::Following], &[ESC, ENTER, key('q')])],
    )
    .hinted(),
    row(Action::StateConfirmed, "state_confirmed", "key.state_confirmed", &[(&[Context::Commit], &[ENTER])])
        .hinted()
        .when(to_write),
    row(Action::CopyLink, "copy_link", "key.copy_link", &[(&[Context::Commit], &[key('y')])])
        .hinted()
        .when(to_copy_link),
    row(Action::OpenLink, "open_link", "key.open_link", &[(&[Context::Commit], &[key('o')])])
        .hinted()
        .when(to_copy_link),
    row(Action::NewLink, "new_link", "key.new_link", &[(&[Context::Commit], &[key('n')])])
        .hinted()
        .when(to_write),
    row(Action::PayConfirmed, "pay_confirmed", "key.pay", &[(&[Context::Commit], &[key('$')])])
        .hinted()
        .when(to_pay),
    row(Action::NextRoute, "next_route", "key.next_route", &[(PLANS, &[key('j'), DOWN])]).hinted(),
    row(Action::PreviousRoute, "previous_route", "key.previous_route", &[(PLANS, &[key('k'), UP])]).hinted(),
    row(Action::GoOn, "go_on", "key.go_on", &[(PLANS, &[ENTER])]).hinted().when(to_write),
    row(Action::Decide, "decide", "key.decide", &[(&[Context::Recover], &[key('d')])]).when(to_decide),
    row(Action::AskAgain, "ask_again", "key.ask_again", &[(ASKING, &[key('r')])]),
    row(Action::LeavePlan, "leave_plan", "key.leave_plan", &[(&[Context::Recover], &[ESC, key('q')])])
        .hinted(),
    row(Action::LeavePage, "leave_page", "key.leave_page", &[(PAGES, &[ESC, key('q')])]).hinted(),
    row(Action::SaveNote, "save_note", "key.save_note", &[(&[Context::Note], &[ENTER])]).hinted(),
    row(Action::DropNote, "drop_note", "key.drop_note", &[(&[Context::Note], &[ESC])]).hinted(),
    row(Action::Yes, "yes", "key.yes", &[(&[Context::Question, Context::Quit], &[key('y')])]).hinted(),
];
