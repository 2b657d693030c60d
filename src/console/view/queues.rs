//! The queues with their counts, with as much of their names as there is room for.

use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use crate::{
    console::{
        list::queue::{self, OwnQueue, Tab},
        picture::Picture,
        theme::{Role, Signs},
    },
    domain::triage::Queue,
    lang::Lang,
};

/// Columns that a user's own name takes where all are in short.
const SHORT_NAME: u16 = 10;

/// A queue as it stands in the line: its digit, its name, how many orders.
#[derive(Debug)]
struct Label<'a> {
    tab: Tab,
    digit: String,
    name: &'a str,
    count: String,
    /// Columns of the name, which is cut there.
    width: u16,
}

impl Label<'_> {
    /// Columns that it takes, with the blank behind it.
    fn width(&self) -> u16 {
        let digit = if self.digit.is_empty() { 0 } else { columns(&self.digit) + 1 };
        digit + self.width + columns(&self.count) + 2
    }
}

/// The queues that have room in the line, and how many stand before and after them.
#[derive(Debug)]
struct Line<'a> {
    labels: Vec<Label<'a>>,
    before: usize,
    after: usize,
}

/// The queues that have room, and the labels of them, each with the column that it begins in.
fn placed(picture: Picture<'_>, area: Rect) -> (Line<'_>, Vec<u16>) {
    let list = &picture.ui.list;
    let tabs: Vec<Tab> = list.tabs().collect();
    let line = fitting(picture.lang(), &tabs, list.own(), list.tab(), |tab| list.count(tab), area.width);
    // Where there is room, they stand apart.
    let spare = area.width.saturating_sub(line.width());
    let gap = (spare / u16::try_from(line.labels.len().max(1)).unwrap_or(1)).min(2);
    let first = if line.before > 0 { area.x + columns(&before(line.before)) } else { area.x };
    let begins = line.labels.iter().scan(first, |x, label| {
        let at = *x;
        *x += label.width() + gap;
        Some(at)
    });
    let begins = begins.collect();
    (line, begins)
}

/// The queue whose tab stands in that column.
pub fn at(picture: Picture<'_>, area: Rect, x: u16) -> Option<Tab> {
    let (line, begins) = placed(picture, area);
    let mut labels = line.labels.iter().zip(begins);
    labels.find(|(label, from)| (*from..from + label.width()).contains(&x)).map(|(label, _)| label.tab)
}

/// Draws a tab for each queue; the one that is looked at stands on a ground, which the blanks around it are part of.
pub(super) fn draw(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let (list, y) = (&picture.ui.list, area.y);
    let (line, begins) = placed(picture, area);
    if line.before > 0 {
        canvas.put(area.x, y, area.width, Role::Muted, &before(line.before));
    }
    for (Label { tab, digit, name, count, width }, begin) in line.labels.iter().zip(begins) {
        let mut x = begin;
        let is_open = *tab == list.tab();
        let ink = |ink| if is_open { Role::Stage } else { ink };
        // Where signs are few, the ground alone may not be seen.
        let [left, right] = if canvas.signs == Signs::Ascii { ["[", "]"] } else { [" ", " "] };
        if is_open {
            canvas.put(x, y, 1, Role::Stage, left);
        }
        x += 1;
        if !digit.is_empty() {
            x = canvas.put(x, y, area.width, ink(Role::Muted), digit);
            x = canvas.put(x, y, 1, ink(Role::Text), " ");
        }
        let end = x + width;
        canvas.put(x, y, *width, ink(Role::Text), &" ".repeat((*width).into()));
        canvas.put_cut(x, y, *width, ink(Role::Text), name);
        x = canvas.put(end, y, 1, ink(Role::Text), " ");
        x = canvas.put(x, y, area.width, ink(count_ink(*tab, count)), count);
        if is_open {
            canvas.put(x, y, 1, Role::Stage, right);
        }
    }
    if line.after > 0 {
        let text = after(line.after);
        canvas.put(area.right() - columns(&text), y, area.width, Role::Muted, &text);
    }
}

/// What stands before the first tab: how many there are besides.
fn before(count: usize) -> String {
    format!(" <{count}")
}

fn after(count: usize) -> String {
    format!("{count}> ")
}

/// What so many orders in a queue mean. None of them means nothing.
fn count_ink(tab: Tab, count: &str) -> Role {
    match tab {
        _ if count == "0" => Role::Muted,
        Tab::BuiltIn(Queue::Action) => Role::Urgent,
        Tab::BuiltIn(Queue::Unpaid | Queue::All) | Tab::Own(_) => Role::Strong,
        Tab::BuiltIn(Queue::Ticketing) => Role::Going,
        Tab::BuiltIn(Queue::Recover) => Role::Soon,
        Tab::BuiltIn(Queue::InDoubt) => Role::Doubt,
        Tab::BuiltIn(Queue::Done) => Role::Good,
    }
}

/// The tabs that have room in `room` columns: all of them, in short if need be. Where even that is too much, those around
/// the open one that are whole: a count without its last digit would be another count.
fn fitting<'a>(
    lang: Lang,
    tabs: &[Tab],
    own: &'a [OwnQueue],
    open: Tab,
    count: impl Fn(Tab) -> usize,
    room: u16,
) -> Line<'a> {
    let labels = |in_short: bool| -> Vec<Label<'a>> {
        let label = |tab: &Tab| {
            let name = queue::name(*tab, own, lang, in_short);
            let most = if in_short && *tab != open { SHORT_NAME } else { u16::MAX };
            let digit = tab.digit().map_or_else(String::new, |digit| digit.to_string());
            Label { tab: *tab, digit, name, count: count(*tab).to_string(), width: columns(name).min(most) }
        };
        tabs.iter().map(label).collect()
    };
    let mut line = Line { labels: labels(false), before: 0, after: 0 };
    if line.width() <= room {
        return line;
    }
    line.labels = labels(true);
    while line.width() > room && line.labels.last().is_some_and(|label| label.tab != open) {
        line.labels.pop();
        line.after += 1;
    }
    while line.width() > room && line.labels.len() > 1 {
        line.labels.remove(0);
        line.before += 1;
    }
    line
}

impl Line<'_> {
    /// Columns that all of it takes, with a blank before the first.
    fn width(&self) -> u16 {
        let before = if self.before > 0 { columns(&before(self.before)) } else { 0 };
        let after = if self.after > 0 { columns(&after(self.after)) } else { 0 };
        before + after + 1 + self.labels.iter().map(Label::width).sum::<u16>()
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, tz::TimeZone};

    use super::*;
    use crate::console::filter::Reading;

    const BOTH: [Lang; 2] = [Lang::En, Lang::ZhCn];

    fn own(count: usize) -> Vec<OwnQueue> {
        let reading = Reading { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC };
        let name = |n| if n % 2 == 0 { format!("queue number {n}") } else { format!("虎航待支付 {n}") };
        (0..count).map(|n| OwnQueue::read(&name(n), "airline:TR", &reading).unwrap()).collect()
    }

    fn tabs(own: &[OwnQueue]) -> Vec<Tab> {
        (0..Queue::ALL.len() + own.len()).map(Tab::at).collect()
    }

    /// The tabs of a line in the smallest screen, with so many orders in every queue.
    fn line(lang: Lang, own: &[OwnQueue], open: Tab, count: usize) -> Line<'_> {
        let tabs = tabs(own);
        let line = fitting(lang, &tabs, own, open, |_| count, 80);
        assert!(line.width() <= 80, "{line:?}");
        let found = line.labels.iter().find(|label| label.tab == open);
        let label = found.unwrap_or_else(|| unreachable!("{open:?} is not in {line:?}"));
        assert_eq!(label.width, columns(label.name), "the open one is whole");
        assert_eq!(line.before + line.labels.len() + line.after, tabs.len(), "{line:?}");
        line
    }

    #[test]
    fn every_queue_has_its_name_while_there_is_room_and_all_stand_there_up_to_three_digits() {
        for lang in BOTH {
            for open in tabs(&[]) {
                for label in line(lang, &[], open, 7).labels {
                    assert_eq!(label.name, queue::name(label.tab, &[], lang, false));
                }
                for count in [10, 99, 100, 999] {
                    let line = line(lang, &[], open, count);
                    assert_eq!(line.labels.len(), Queue::ALL.len(), "{lang:?} {open:?} {count}");
                }
            }
        }
    }

    #[test]
    fn the_open_queue_is_whole_whatever_the_counts_and_however_many_there_are() {
        for lang in BOTH {
            for own in [own(0), own(1), own(2), own(9), own(32)] {
                for open in tabs(&own) {
                    for count in [0, 1_000, 10_000, 1_000_000, usize::MAX] {
                        let line = line(lang, &own, open, count);
                        assert!(count > 10_000 || line.labels.len() > 2, "{line:?}");
                    }
                }
            }
        }
    }
}
