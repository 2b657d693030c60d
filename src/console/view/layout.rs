//! Where everything stands, by the size of the terminal. Pure, and used by the view and by paging alike.

use ratatui::layout::Rect;

use super::{canvas::wrap, pane::FRAME_LINES, table::preferred_width};
use crate::console::{action::Context, picture::Picture};

/// The smallest size that everything fits in.
pub const SMALLEST: (u16, u16) = (80, 24);

/// From so many columns on the detail stands beside the table.
const BESIDE_FROM: u16 = 110;

/// Lines of the strip below the table, with both its frames, and on a high screen its share of all.
const STRIP: u16 = 10;
const STRIP_SHARE: u16 = 3;

/// From so many columns and rows on the newest alerts have a line.
const ALERTS_FROM: (u16, u16) = (120, 40);

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
    /// What is filtered by; without height when nothing is.
    pub status: Rect,
    /// The pane of column heads and rows.
    pub table: Rect,
    /// The pane of the selected order: beside, or below, where it begins with the line that the other one ends with.
    pub detail: Option<Rect>,
    /// The detail stands beside the table.
    pub beside: bool,
    /// The newest alerts; without height where none waits or there is little room.
    pub alerts: Rect,
    /// What a demo's presenter says; without height when nothing is said.
    pub narration: Rect,
    /// Hints, and a remark.
    pub foot: Rect,
}

impl Areas {
    /// Rows of the table.
    pub fn page(&self) -> usize {
        usize::from(self.table.height.saturating_sub(1 + FRAME_LINES))
    }
}

/// False when the terminal is too small for anything but saying so.
pub fn fits((columns, rows): (u16, u16)) -> bool {
    columns >= SMALLEST.0 && rows >= SMALLEST.1
}

/// Columns of the pane of a page about one order: as many as the table has beside the detail, which stays where it is; all
/// of them where there is no room for both.
pub fn page_width(columns: u16) -> u16 {
    if columns >= BESIDE_FROM { preferred_width(columns) } else { columns }
}

/// The parts for the size and the panes of `picture`.
pub fn areas(picture: Picture<'_>) -> Areas {
    let (columns, rows) = picture.ui.size;
    let line = |y: u16, height: u16| Rect::new(0, y.min(rows), columns, height.min(rows.saturating_sub(y)));
    let foot = line(rows.saturating_sub(1), 1);
    let said =
        picture.narration().map_or(0, |text| wrap(text, columns.saturating_sub(NARRATION_MARGIN)).len());
    let said = u16::try_from(said).unwrap_or(u16::MAX).min(NARRATION);
    let narration = line(rows.saturating_sub(1 + said), said);
    let has_alerts = columns >= ALERTS_FROM.0 && rows >= ALERTS_FROM.1 && picture.ui.alerts.waiting.0 > 0;
    let alerts = line(rows.saturating_sub(2 + said), u16::from(has_alerts));
    let has_filter = picture.ui.list.is_filtered() || picture.ui.layers.context() == Context::Filter;
    let status = line(2, u16::from(has_filter));
    let body = line(status.bottom(), rows.saturating_sub(status.bottom() + alerts.height + said + 1));
    let beside = columns >= BESIDE_FROM;
    let (table, detail) = if picture.ui.layers.show_detail() {
        (Rect { height: 0, ..body }, Some(body))
    } else if !picture.ui.pane {
        (body, None)
    } else if beside {
        let width = preferred_width(columns);
        let right = Rect { x: width, width: columns - width, ..body };
        (Rect { width, ..body }, Some(right))
    } else {
        // Both stand in one frame.
        let strip = STRIP.min(body.height / 2).max(body.height / STRIP_SHARE);
        let table = Rect { height: body.height - strip + 1, ..body };
        (table, Some(Rect { y: table.bottom() - 1, height: strip, ..body }))
    };
    Areas { header: line(0, 1), queues: line(1, 1), status, table, detail, beside, alerts, narration, foot }
}
