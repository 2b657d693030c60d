//! What the operator is doing: what is open, selected, typed, scrolled and hidden, and what was said to them.
//! Messages change it, by [`super::update()`] alone.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tui_input::Input;

use super::{
    alerts::Alerting,
    aside::Narration,
    column::Chosen,
    filter,
    input::{mouse::Mouse, typing::Typing},
    layer::{Layers, palette::History},
    list::{List, bulk::BulkRefresh, changed::Changed, marks::Marks, queue::OwnQueue, views::Views},
    undo::Undo,
    workspace::Workspace,
};
use crate::{
    domain::{find::Find, order::OrderNo, text::Text},
    lang::Lang,
};

/// How many lines the log keeps.
const LOG_LINES: usize = 500;

/// A remark at the foot of the screen goes after so long; an error stays until it is dismissed.
pub const REMARK_LASTS: SignedDuration = SignedDuration::from_secs(6);

/// A line at the foot of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// What it says.
    pub text: String,
    /// An error stays until Esc.
    pub is_error: bool,
    /// Since when.
    pub since: Timestamp,
}

impl Remark {
    /// When it goes by itself; `None` if it stays.
    pub fn ends_at(&self) -> Option<Timestamp> {
        (!self.is_error).then(|| self.since + REMARK_LASTS)
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
    /// Something went wrong.
    pub is_error: bool,
}

/// Whose choice the selected order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectedBy {
    /// No key has moved or used the selection yet: the first row is selected, whichever it is.
    Nobody,
    /// The operator's: it stays with its order.
    Operator,
}

/// The selection moves on faster than anybody reads: all but the table stays what it was, the detail too, which names the order
/// that it is of, until no key has moved it for a moment. So a held key costs no more than the rows that it passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resting {
    /// The order that the pane shows meanwhile.
    pub order: OrderNo,
    /// Until then.
    pub until: Timestamp,
}

/// What the operator waits for, to see it as soon as it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// An order that is in no list.
    Order(OrderNo),
    /// What was looked for at the vendor.
    Finds {
        /// What was.
        find: Find,
        /// A single one is opened.
        opens: bool,
    },
}

/// What the operator is doing.
#[expect(clippy::struct_excessive_bools, reason = "independent facts of one moment, not a state")]
pub struct Ui {
    /// The language in use.
    pub lang: Lang,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The orders as they are looked at. It is whole on this side, with the cases that its rows show: while rows are
    /// held these are older than the model's, and queue, filter, sort and selection are the operator's.
    pub list: List,
    /// Whose choice the selected order is.
    pub selected_by: SelectedBy,
    /// The order that a key is meant for: what the last frame showed as selected, or what a key selected since.
    pub meant: Option<OrderNo>,
    /// What is looked at, and what was before.
    pub views: Views,
    /// Orders that the vendor showed when they were looked for.
    pub found: BTreeSet<OrderNo>,
    /// What was asked for last, until it comes.
    pub awaited: Option<Awaited>,
    /// First visible row of the table.
    pub top: usize,
    /// Orders that have changed, or are new, since rows may not move.
    pub held: BTreeSet<OrderNo>,
    /// What has changed in rows since they were seen.
    pub changed: Changed,
    /// The orders that are marked.
    pub marks: Marks,
    /// Marked orders that are being asked for.
    pub bulk: Option<BulkRefresh>,
    /// No row moves since then.
    pub frozen_since: Option<Timestamp>,
    /// Queues of the user's own and the zone of the desk that were saved while rows may not move.
    pub saved: Option<(Vec<OwnQueue>, TimeZone)>,
    /// The detail pane or strip is shown.
    pub pane: bool,
    /// The pane of the detail waits for the selection to come to rest.
    pub resting: Option<Resting>,
    /// When a key moved the selection last, counted as [`super::model::When::up`].
    pub moved_at: Option<Duration>,
    /// The columns of the table, if they were chosen.
    pub columns: Option<Chosen>,
    /// How far the detail is scrolled.
    pub scroll: usize,
    /// What is typed as a filter; it stays when its layer closes.
    pub filter: filter::Line,
    /// What can be taken back.
    pub undo: Undo,
    /// Notes that the journal did not take: the next one on the order begins with it.
    pub unrecorded: BTreeMap<OrderNo, Text>,
    /// What the help or the log is searched for.
    pub search: Input,
    /// What was run from the palette.
    pub history: History,
    /// Whose the mouse is.
    pub mouse: Mouse,
    /// What lies over the table.
    pub layers: Layers,
    /// The links that this console was given for travellers, with when they were asked for. They are not kept anywhere.
    pub links: BTreeMap<OrderNo, (Timestamp, Text)>,
    /// The lease of an order, by its end, that was asked to be made longer.
    pub renewed: Option<(OrderNo, Timestamp)>,
    /// The line at the foot.
    pub remark: Option<Remark>,
    /// What a demo's presenter said last.
    pub narration: Option<Narration>,
    /// The presenter's line is hidden.
    pub narration_hidden: bool,
    /// What was said to the operator, by the desk or in answer to a key, in the language of that moment.
    pub log: VecDeque<LogLine>,
    /// How far the log or the help is scrolled.
    pub overlay_scroll: usize,
    /// Orders on screen that the desk was told of last.
    pub watched: Vec<OrderNo>,
    /// When the desk is to be told that others are.
    pub watch_at: Option<Timestamp>,
    /// What was kept last for the next start; none if nothing is kept.
    pub kept: Option<Workspace>,
    /// When it is to be kept again.
    pub keep_at: Option<Timestamp>,
    /// What is watched for alerts, and how they are told.
    pub alerts: Alerting,
    /// The next frame will differ,
    pub dirty: bool,
    /// but from the last one by no more than that keys have moved the selection.
    pub only_moved: bool,
    /// How keys arrive.
    pub typing: Typing,
    /// Asked to quit by C-c at that time, counted as [`super::model::When::up`].
    pub quit_asked: Option<Duration>,
    /// Asked to stop by C-z at that time.
    pub suspend_asked: Option<Duration>,
}

impl Ui {
    /// Nothing is open, and nothing was said.
    pub fn new(lang: Lang, size: (u16, u16)) -> Self {
        Self {
            lang,
            size,
            list: List::default(),
            selected_by: SelectedBy::Nobody,
            meant: None,
            views: Views::default(),
            found: BTreeSet::new(),
            awaited: None,
            top: 0,
            held: BTreeSet::new(),
            changed: Changed::default(),
            marks: Marks::default(),
            bulk: None,
            frozen_since: None,
            saved: None,
            pane: true,
            resting: None,
            moved_at: None,
            columns: None,
            scroll: 0,
            filter: filter::Line::default(),
            undo: Undo::default(),
            unrecorded: BTreeMap::new(),
            search: Input::default(),
            history: History::default(),
            mouse: Mouse::default(),
            layers: Layers::default(),
            links: BTreeMap::new(),
            renewed: None,
            remark: None,
            narration: None,
            narration_hidden: false,
            log: VecDeque::new(),
            overlay_scroll: 0,
            watched: Vec::new(),
            watch_at: None,
            kept: None,
            keep_at: None,
            alerts: Alerting::default(),
            dirty: true,
            only_moved: false,
            typing: Typing::default(),
            quit_asked: None,
            suspend_asked: None,
        }
    }

    /// True while rows must stay where they are: something is open over them, or they are frozen.
    pub fn holds_rows(&self) -> bool {
        self.frozen_since.is_some() || self.layers.hold_rows()
    }

    /// The next frame will differ in more than the selection.
    pub fn redraw(&mut self) {
        self.dirty = true;
        self.only_moved = false;
    }

    /// Says something about a key, which is of no interest later.
    pub fn hint(&mut self, text: String, now: Timestamp) {
        self.remark = Some(Remark { text, is_error: false, since: now });
    }

    /// Says something at the foot of the screen, and in the log.
    pub fn say(&mut self, text: String, is_error: bool, now: Timestamp) {
        self.log(text.clone(), is_error, now);
        self.remark = Some(Remark { text, is_error, since: now });
    }

    /// Writes a line into the log.
    pub fn log(&mut self, text: String, is_error: bool, now: Timestamp) {
        if self.log.len() == LOG_LINES {
            self.log.pop_front();
        }
        self.log.push_back(LogLine { at: now, text, is_error });
    }
}
