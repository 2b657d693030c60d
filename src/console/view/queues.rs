//! The queues with their counts, with as much of their names as there is room for.

use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use crate::{
    console::{
        picture::Picture,
        theme::{Role, Signs},
    },
    domain::triage::Queue,
    lang::{Lang, words},
};

/// A tab: its number, its name, how many orders.
#[derive(Debug)]
struct Tab {
    queue: Queue,
    number: usize,
    name: &'static str,
    count: usize,
}

impl Tab {
    /// Columns that it takes, with the blank behind it.
    fn width(&self) -> u16 {
        columns(self.name) + columns(&decimal(self.number)) + columns(&decimal(self.count)) + 3
    }
}

/// The tabs of the line, each with the column that it begins in and its width.
fn placed(picture: Picture<'_>, area: Rect) -> impl Iterator<Item = (u16, Tab)> {
    let list = &picture.ui.list;
    let tabs = fitting(picture.lang(), list.queue(), |queue| list.count(queue), area.width);
    // Where there is room, they stand apart.
    let spare = area.width.saturating_sub(width(&tabs));
    let gap = (spare / u16::try_from(tabs.len().max(1)).unwrap_or(1)).min(2);
    tabs.into_iter().scan(area.x, move |x, tab| {
        let at = *x;
        *x += tab.width() + gap;
        Some((at, tab))
    })
}

/// The queue whose tab stands in that column.
pub fn at(picture: Picture<'_>, area: Rect, x: u16) -> Option<Queue> {
    placed(picture, area)
        .find(|(from, tab)| (*from..from + tab.width()).contains(&x))
        .map(|(_, tab)| tab.queue)
}

/// Draws a tab for each queue; the one that is looked at stands on a ground, which the blanks around it are part of.
pub(super) fn draw(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let (list, y) = (&picture.ui.list, area.y);
    for (x, Tab { queue, number, name, count }) in placed(picture, area) {
        let is_open = queue == list.queue();
        let ink = |ink| if is_open { Role::Stage } else { ink };
        // Where signs are few, the ground alone may not be seen.
        let [left, right] = if canvas.signs == Signs::Ascii { ["[", "]"] } else { [" ", " "] };
        if is_open {
            canvas.put(x, y, 1, Role::Stage, left);
        }
        let x = canvas.put(x + 1, y, area.width, ink(Role::Muted), &decimal(number));
        let x = canvas.put(x, y, 1, ink(Role::Text), " ");
        let x = canvas.put(x, y, area.width, ink(Role::Text), name);
        let x = canvas.put(x, y, 1, ink(Role::Text), " ");
        let x = canvas.put(x, y, area.width, ink(count_ink(queue, count)), &decimal(count));
        if is_open {
            canvas.put(x, y, 1, Role::Stage, right);
        }
    }
}

fn decimal(number: usize) -> String {
    number.to_string()
}

/// What so many orders in a queue mean. None of them means nothing.
fn count_ink(queue: Queue, count: usize) -> Role {
    match queue {
        _ if count == 0 => Role::Muted,
        Queue::Action => Role::Urgent,
        Queue::Unpaid | Queue::All => Role::Strong,
        Queue::Ticketing => Role::Going,
        Queue::Recover => Role::Soon,
        Queue::InDoubt => Role::Doubt,
        Queue::Done => Role::Good,
    }
}

/// The tabs that have room in `room` columns: all of them, in short if need be. Where even that is too much, those
/// around the open one that are whole: a count without its last digit would be another count.
fn fitting(lang: Lang, open: Queue, count: impl Fn(Queue) -> usize, room: u16) -> Vec<Tab> {
    let tabs = |name: fn(Lang, Queue) -> &'static str| -> Vec<Tab> {
        let tab = |(number, queue)| Tab { queue, number, name: name(lang, queue), count: count(queue) };
        (1..).zip(Queue::ALL).map(tab).collect()
    };
    let whole = tabs(words::queue);
    if width(&whole) <= room {
        return whole;
    }
    let mut short = tabs(words::queue_short);
    while width(&short) > room && short.last().is_some_and(|tab| tab.queue != open) {
        short.pop();
    }
    while width(&short) > room && short.len() > 1 {
        short.remove(0);
    }
    short
}

/// Columns that all of them take, with a blank before the first.
fn width(tabs: &[Tab]) -> u16 {
    1 + tabs.iter().map(Tab::width).sum::<u16>()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Lang; 2] = [Lang::En, Lang::ZhCn];

    /// The tabs of a line in the smallest screen, with so many orders in every queue.
    fn line(lang: Lang, open: Queue, count: usize) -> Vec<Tab> {
        let tabs = fitting(lang, open, |_| count, 80);
        assert!(width(&tabs) <= 80, "{tabs:?}");
        assert!(tabs.iter().any(|tab| tab.queue == open), "{open:?} is not in {tabs:?}");
        tabs
    }

    #[test]
    fn every_queue_has_its_name_while_there_is_room_and_all_stand_there_up_to_three_digits() {
        for lang in BOTH {
            for open in Queue::ALL {
                for tab in line(lang, open, 7) {
                    assert_eq!(tab.name, words::queue(lang, tab.queue));
                }
                for count in [10, 99, 100, 999] {
                    assert_eq!(line(lang, open, count).len(), Queue::ALL.len(), "{lang:?} {open:?} {count}");
                }
            }
        }
    }

    #[test]
    fn the_open_queue_is_whole_whatever_the_counts() {
        for lang in BOTH {
            for open in Queue::ALL {
                for count in [1_000, 10_000, 1_000_000, usize::MAX] {
                    let tabs = line(lang, open, count);
                    assert!(count > 1_000_000 || tabs.len() > 3, "{tabs:?}");
                }
            }
        }
    }
}
