//! The queues with their counts, with as much of their names as there is room for.

use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use crate::{
    console::{picture::Picture, theme::Role},
    domain::triage::Queue,
    lang::{Lang, words},
};

/// Draws a tab for each queue; the one that is looked at stands in brackets.
pub(super) fn draw(picture: Picture<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let list = &picture.ui.list;
    let mut x = area.x + 1;
    let room = area.width.saturating_sub(1);
    for (queue, tab) in fitting(picture.lang(), list.queue(), |queue| list.count(queue), room) {
        let role = if queue == list.queue() { Role::Accent } else { Role::Text };
        x = canvas.put(x, area.y, room, role, &tab) + 1;
    }
}

/// The tabs that have room in `room` columns: all of them, in short if need be. Where even that is too much, those
/// around the open one that are whole: a count without its last digit would be another count.
fn fitting(lang: Lang, open: Queue, count: impl Fn(Queue) -> usize, room: u16) -> Vec<(Queue, String)> {
    let tabs = |name: fn(Lang, Queue) -> &'static str| -> Vec<(Queue, String)> {
        let tab = |(n, queue)| {
            let text = format!("{} {} {}", n, name(lang, queue), count(queue));
            (queue, if queue == open { format!("[{text}]") } else { text })
        };
        (1..).zip(Queue::ALL).map(tab).collect()
    };
    let whole = tabs(words::queue);
    if width(&whole) <= room {
        return whole;
    }
    let mut short = tabs(words::queue_short);
    while width(&short) > room && short.last().is_some_and(|(queue, _)| *queue != open) {
        short.pop();
    }
    while width(&short) > room && short.len() > 1 {
        short.remove(0);
    }
    short
}

fn width(tabs: &[(Queue, String)]) -> u16 {
    let gaps = tabs.len().saturating_sub(1);
    tabs.iter().map(|(_, tab)| columns(tab)).sum::<u16>() + u16::try_from(gaps).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Lang; 2] = [Lang::En, Lang::ZhCn];

    /// The tabs of a line in the smallest screen, with so many orders in every queue.
    fn line(lang: Lang, open: Queue, count: usize) -> Vec<(Queue, String)> {
        let tabs = fitting(lang, open, |_| count, 79);
        assert!(width(&tabs) <= 79, "{tabs:?}");
        let end = |queue: Queue| if queue == open { format!(" {count}]") } else { format!(" {count}") };
        for (queue, tab) in &tabs {
            assert!(tab.ends_with(&end(*queue)), "{tab:?} of {tabs:?}");
            assert_eq!(tab.starts_with('['), *queue == open, "{tab:?} of {tabs:?}");
        }
        assert!(tabs.iter().any(|(queue, _)| *queue == open), "{open:?} is not in {tabs:?}");
        tabs
    }

    #[test]
    fn every_queue_has_its_name_while_there_is_room_and_all_stand_there_up_to_three_digits() {
        for lang in BOTH {
            for open in Queue::ALL {
                for (queue, tab) in line(lang, open, 7) {
                    assert!(tab.contains(words::queue(lang, queue)), "{tab:?}");
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
