//! The table of orders: only the visible rows are built, cell by cell.

use std::borrow::Cow;

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::{
    canvas::{Canvas, columns as text_width},
    head,
    pane::{FRAME, inside},
};
use crate::{
    console::{
        column::{self, Column, Fitted, MARGIN, Row, Set, Spans},
        layer::find,
        list::queue,
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{case::Case, order::OrderNo, triage::Group},
};

/// Stands before an order that the vendor showed when it was looked for.
const FOUND: &str = "@";

/// The detail is not read well in a pane of fewer columns than this,
const ROOM_FOR_DETAIL: u16 = 40;

/// and on a screen of so many columns it has as many as its lines need to stand whole, before the table has more columns.
const WIDE_FROM: u16 = 180;
const WIDE_DETAIL: u16 = 60;

/// Columns of a frame that neither its title nor what stands at its right end takes.
const BESIDE_TITLE: u16 = 9;

/// Columns of the screen that the pane of the table takes when the detail stands beside it.
pub fn preferred_width(screen: u16) -> u16 {
    let detail = if screen >= WIDE_FROM { WIDE_DETAIL } else { ROOM_FOR_DETAIL };
    Set::fitting(screen.saturating_sub(detail + FRAME)).room() + FRAME
}

/// The columns of a table in a pane of `width` columns of the screen, where short numbers tell the orders apart.
pub fn columns_in(picture: Picture<'_>, width: u16) -> Fitted {
    Fitted::in_table(picture.ui.columns.as_ref(), room(width), true)
}

/// Columns of the screen inside a pane of so many.
pub const fn room(width: u16) -> u16 {
    width.saturating_sub(FRAME)
}

/// Draws the pane with heads and visible rows; returns where rows would stand.
pub(super) fn draw(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) -> Rect {
    let title = title(picture);
    let (ink, end) = count(picture, area.width.saturating_sub(text_width(&title) + BESIDE_TITLE));
    let inner = canvas.pane_with(area, &title, (ink, &end), Role::Faint);
    let visible = inner.height.saturating_sub(1);
    let (columns, tail) = shown_numbers(picture, inner.width, visible);
    heads(picture, &columns, inner, canvas);
    let model = picture.model;
    let selected = picture.selected();
    let stale = model.stale_for().is_some();
    let (lang, now) = (picture.lang(), model.now());
    let minute = column::whole_minute(now);
    let mut spans = Spans::new(canvas.signs);
    let has_marks = !picture.ui.marks.is_empty();
    for (line, y) in (inner.y + 1..inner.bottom()).enumerate() {
        let Some((case, group)) = picture.row(picture.ui.top + line) else { break };
        let order = case.order.no;
        let is_remembered = model.remembered_from(order).is_some();
        let is_in_trouble = !model.troubles.of_all(&case.order.airlines, now).is_empty();
        let server_now = model.shown_now(case);
        let shown = picture.model.shown_wall(case);
        let row = Row {
            case,
            group,
            is_remembered,
            is_in_trouble,
            tail,
            lang,
            now: shown,
            minute,
            wall: now,
            zone: &model.setup.zone,
            server_now,
        };
        let is_dim = stale || is_remembered;
        let plain = if is_dim { Role::Muted } else { column::row_role(group) };
        let (changed, is_held) = (picture.ui.changed.of(order), picture.is_held(order));
        let put_away = put_away(case, group, now);
        let is_found = picture.ui.found.contains(&order);
        let has_mark = is_held || is_found || changed.is_new || put_away.is_some();
        let mut put = |canvas: &mut Canvas<'_>, x: u16, column: &Column, width: u16| {
            spans.begin(width);
            (column.cell)(&row, &mut spans);
            let start = if column.is_right { x + width.saturating_sub(spans.taken()) } else { x };
            let end = x + width;
            // In the blank before it, but where the whole row has a mark in that place.
            if changed.holds(column) && !(has_mark && start == inner.x + MARGIN) {
                canvas.sign(start - 1, y, Role::Accent, canvas.signs.mark(Mark::Changed));
            }
            spans.iter().fold(start, |x, (ink, span)| {
                let ink = ink.filter(|_| !is_dim).unwrap_or(plain);
                canvas.put_cut(x, y, end.saturating_sub(x), ink, span)
            });
            end + 1
        };
        put(canvas, inner.x + 1, &column::URGENCY, 1);
        if is_held {
            canvas.put(inner.x + 2, y, 1, if is_dim { plain } else { Role::Soon }, "+");
        } else if is_found {
            canvas.put(inner.x + 2, y, 1, Role::Muted, FOUND);
        } else if changed.is_new {
            canvas.sign(inner.x + 2, y, Role::Accent, canvas.signs.mark(Mark::New));
        } else if let Some(mark) = put_away {
            canvas.sign(inner.x + 2, y, Role::Soon, canvas.signs.mark(mark));
        }
        // The ground is tinted as far as the number of the order: what is tinted is written again when the selection moves,
        // and on a slow line it is to move at once.
        let mut ends = inner.x + MARGIN;
        columns.iter().fold(inner.x + MARGIN, |x, (column, width)| {
            let next = put(canvas, x, column, width);
            if column.is_sorted_by(&column::ORDER) {
                ends = next;
            }
            next
        });
        let is_selected = selected == Some(order);
        let is_marked = has_marks && picture.is_marked(order);
        if is_selected || is_marked {
            canvas.sign(inner.x, y, Role::Accent, canvas.signs.edge(is_selected, is_marked));
        }
        if is_selected {
            canvas.tint(Rect { x: inner.x, y, width: ends - inner.x, height: 1 }, Role::Selection);
        }
    }
    Rect { y: inner.y + 1, height: visible, ..inner }
}

/// The queue that is looked at, or what was found.
fn title(picture: Picture<'_>) -> Cow<'_, str> {
    let (lang, list) = (picture.lang(), &picture.ui.list);
    match list.hits() {
        Some(hits) => lang.fill("find.view", &[("what", &find::words(lang, &hits.find))]).into(),
        None => queue::name(list.tab(), list.own(), lang, false).into(),
    }
}

fn heads(picture: Picture<'_>, columns: &Fitted, inner: Rect, canvas: &mut Canvas<'_>) {
    let (sorted, reversed) = picture.ui.list.sorted_by();
    let mut text = String::new();
    let mut x = inner.x + MARGIN;
    for (column, width) in columns.iter() {
        text.clear();
        text.push_str(picture.lang().text(column.head));
        let is_sorted = column.is_sorted_by(sorted);
        if is_sorted {
            text.push(if reversed { '^' } else { '+' });
        }
        let ink = if is_sorted { Role::Accent } else { Role::Muted };
        if column.is_right {
            canvas.put_right(x, inner.y, width, ink, &text);
        } else {
            canvas.put(x, inner.y, width, ink, &text);
        }
        x += width + 1;
    }
}

/// The columns that are shown in a pane of this size, with the numbers that its rows have.
pub fn columns_on_screen(picture: Picture<'_>, area: Rect) -> Vec<&'static Column> {
    let inner = inside(area);
    let (columns, _) = shown_numbers(picture, inner.width, inner.height.saturating_sub(1));
    columns.iter().map(|(column, _)| column).collect()
}

/// The columns to be shown, and how many digits tell each order on the screen from the others: four, or six. Where six do
/// not, the numbers are not shown in short.
fn shown_numbers(picture: Picture<'_>, width: u16, visible: u16) -> (Fitted, usize) {
    let columns = |is_short| Fitted::in_table(picture.ui.columns.as_ref(), width, is_short);
    let numbers = |at: u16| Some(picture.row(picture.ui.top + usize::from(at))?.0.order.no);
    let numbers: Vec<OrderNo> = (0..visible).map_while(numbers).collect();
    let is_unique = |tail: usize| {
        let end = |no: &OrderNo| no.as_str().bytes().rev().take(tail).fold(0_u64, digits);
        let mut ends: Vec<u64> = numbers.iter().map(end).collect();
        ends.sort_unstable();
        ends.windows(2).all(|pair| pair[0] != pair[1])
    };
    match [4, 6].into_iter().find(|tail| is_unique(*tail)) {
        Some(tail) => (columns(true), tail),
        None => (columns(false), 6),
    }
}

/// What the end of a number is compared by.
fn digits(before: u64, digit: u8) -> u64 {
    before << 8 | u64::from(digit)
}

/// The mark of an order that is put away, or is back.
fn put_away(case: &Case, group: Group, now: Timestamp) -> Option<Mark> {
    case.work.as_ref()?;
    let back = case.is_back(group, now).then_some(Mark::Back);
    case.away(group, now).map(|_| Mark::Away).or(back)
}

/// What stands at the right end of the table's frame, as much of it as there is room for: that rows do not move, while
/// they do not; how many are marked, and how far they are asked for; how many rows of how many, by what they are sorted.
fn count(picture: Picture<'_>, room: u16) -> (Role, String) {
    let (lang, list) = (picture.lang(), &picture.ui.list);
    let unusual = frozen(picture, room).or_else(|| memory(picture));
    let marked = (picture.marked_count().count > 0).then(|| picture.marked_words());
    let asked = picture.ui.bulk.as_ref().map(|bulk| {
        let (asked, total) = bulk.asked();
        lang.fill("status.asked", &[("asked", &asked), ("total", &total)])
    });
    let ink = match (&unusual, &marked, &asked) {
        (Some(_), ..) => Role::Soon,
        (None, None, None) => Role::Muted,
        (None, ..) => Role::Accent,
    };
    let is_usual = unusual.is_none();
    let count =
        is_usual.then(|| lang.fill("status.count", &[("shown", &picture.shown()), ("all", &list.len())]));
    let snoozed =
        (is_usual && list.snoozed() > 0).then(|| lang.fill("status.snoozed", &[("count", &list.snoozed())]));
    let sorted = is_usual.then(|| sorted_words(picture));
    let pieces = [unusual, marked, asked, count, snoozed, sorted];
    let joined = pieces.into_iter().flatten().reduce(|text, piece| {
        let longer = format!("{text}{}{piece}", lang.pick(", ", "，"));
        if text_width(&longer) <= room { longer } else { text }
    });
    (ink, joined.unwrap_or_default())
}

/// By what the rows are sorted.
pub fn sorted_words(picture: Picture<'_>) -> String {
    let lang = picture.lang();
    let (sort, reversed) = picture.ui.list.sorted_by();
    let by = if *sort == column::URGENCY { "status.urgency" } else { sort.head };
    let order = lang.fill("status.by", &[("column", &lang.text(by).to_lowercase())]);
    order + if reversed { "^" } else { "" }
}

/// For how long no row has moved, and in how many of them there is news; where there is no room for all of it, the first.
pub(super) fn frozen(picture: Picture<'_>, room: u16) -> Option<String> {
    let since = picture.ui.frozen_since?;
    let at = since.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
    let (lang, age, held) = (picture.lang(), head::seconds(picture, since), picture.ui.held.len());
    let whole = lang.fill("status.frozen", &[("age", &age), ("at", &at), ("held", &held)]);
    if text_width(&whole) <= room {
        return Some(whole);
    }
    Some(lang.fill("status.frozen_short", &[("age", &age), ("held", &held)]))
}

/// How many orders are shown as the journal remembers them, and how old that is.
fn memory(picture: Picture<'_>) -> Option<String> {
    let (count, written) = picture.model.memory()?;
    Some(picture.lang().fill("status.memory", &[("count", &count), ("age", &head::age(picture, written))]))
}
