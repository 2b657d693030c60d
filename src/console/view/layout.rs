//! Where everything stands, by the size of the terminal. Pure, and used by the view and by paging alike.

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::{canvas::wrap, detail, table};
use crate::{
    console::state::{Layer, State},
    domain::{case::Case, deadline::REGENERABLE_FOR, triage::Group},
};

/// The smallest size that everything fits in.
pub const SMALLEST: (u16, u16) = (80, 24);

/// From so many columns on the detail stands beside the table.
const BESIDE_FROM: u16 = 110;

/// Lines of the strip below the table.
const STRIP: u16 = 9;

/// Lines at most of what a presenter says.
const NARRATION: u16 = 3;

/// Columns beside it.
pub const NARRATION_MARGIN: u16 = 4;

/// The parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Areas {
    /// Stage, balances, health, clock.
    pub header: Rect,
    /// The queues with their counts.
    pub queues: Rect,
    /// How many rows of how many, filter, sort.
    pub status: Rect,
    /// Column heads and rows.
    pub table: Rect,
    /// The selected order: a pane beside, or a strip below.
    pub detail: Option<Rect>,
    /// The detail stands beside the table.
    pub beside: bool,
    /// What a demo's presenter says; without height when nothing is said.
    pub narration: Rect,
    /// The line for remarks.
    pub remark: Rect,
    /// Hints.
    pub hints: Rect,
}

impl Areas {
    /// Rows of the table.
    pub fn page(&self) -> usize {
        usize::from(self.table.height.saturating_sub(1))
    }
}

/// False when the terminal is too small for anything but saying so.
pub fn fits((columns, rows): (u16, u16)) -> bool {
    columns >= SMALLEST.0 && rows >= SMALLEST.1
}

/// The parts for the size and the panes of `state`.
pub fn areas(state: &State) -> Areas {
    let (columns, rows) = state.size;
    let line = |y: u16, height: u16| Rect::new(0, y.min(rows), columns, height.min(rows.saturating_sub(y)));
    let hints = line(rows.saturating_sub(1), 1);
    let remark = line(rows.saturating_sub(2), 1);
    let said = state.narration().map_or(0, |text| wrap(text, columns.saturating_sub(NARRATION_MARGIN)).len());
    let said = u16::try_from(said).unwrap_or(u16::MAX).min(NARRATION);
    let narration = line(rows.saturating_sub(2 + said), said);
    let body = line(3, rows.saturating_sub(5 + said));
    let full = matches!(state.layers.first(), Some(Layer::Detail));
    let beside = columns >= BESIDE_FROM;
    let (table, detail) = if full {
        (Rect { height: 0, ..body }, Some(body))
    } else if !state.pane {
        (body, None)
    } else if beside {
        let width = table::preferred_width(columns);
        let right = Rect { x: width + 1, width: columns - width - 1, ..body };
        (Rect { width, ..body }, Some(right))
    } else {
        let strip = STRIP.min(body.height / 2);
        let table = Rect { height: body.height - strip, ..body };
        (table, Some(Rect { y: table.bottom(), height: strip, ..body }))
    };
    Areas {
        header: line(0, 1),
        queues: line(1, 1),
        status: line(2, 1),
        table,
        detail,
        beside,
        narration,
        remark,
        hints,
    }
}

/// Lines of the detail that do not fit.
pub fn detail_overflow(state: &State) -> usize {
    let areas = areas(state);
    let Some(area) = areas.detail else { return 0 };
    let lines = state.selected_case().map_or(0, |case| detail::lines(state, case, area.width).len());
    lines.saturating_sub(usize::from(area.height.saturating_sub(1)))
}

/// True when something on the main screen counts seconds: a visible unpaid order with its deadline ahead.
pub fn shows_countdown(state: &State) -> bool {
    let now = state.server_now();
    let counts = |at: usize| state.list.row(at).is_some_and(|(case, _)| case.order.has_time_left(now));
    let selected = || state.selected_case().is_some_and(|case| case.order.has_time_left(now));
    let areas = areas(state);
    (areas.detail.is_some() && selected()) || (state.top..state.top + areas.page()).any(counts)
}

/// When an age or a clock of minutes on the table changes next; none if all of them count hours or nothing.
pub fn next_age(state: &State) -> Option<Timestamp> {
    let areas = areas(state);
    let ages = table::shows_age(areas.table.width);
    let minute = state.now.as_second() / 60;
    let next = |(case, group): (&Arc<Case>, Group)| {
        if group == Group::TicketingLate {
            return Some(minute + 1);
        }
        if group == Group::Recoverable {
            // Its countdown goes by hours while there are ten of them.
            let left = (case.order.created? + REGENERABLE_FOR).as_second() / 60 - minute;
            return Some(if left > 600 { minute + left % 60 + 1 } else { minute + 1 });
        }
        let created = case.order.created.filter(|_| ages)?.as_second();
        // Minutes up to a hundred of them, then hours.
        let age = (minute * 60 - created) / 60;
        Some(if age < 100 { minute + 1 } else { minute + 60 - age % 60 })
    };
    let rows = (state.top..state.top + areas.page()).filter_map(|at| state.list.row(at));
    Timestamp::from_second(rows.filter_map(next).min()? * 60).ok()
}
