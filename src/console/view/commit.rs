//! The layer that gets a traveller's confirmation: the link whole, how long it holds, and what is still to be done.

use jiff::Timestamp;
use ratatui::layout::Rect;

use super::{
    canvas::{Canvas, columns, wrap},
    head::{self, pressing, step_looks},
    one_order,
    page::Page,
};
use crate::{
    console::{
        action::Context,
        column::countdown,
        layer::commit::{CommitForm, link_of},
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{commit::LINK_HOLDS, committable::Progress, recovery::StepState},
    lang::recovery::{not_committed, step_state},
};

/// Draws the layer over the whole screen. Nothing is typed into it.
pub(super) fn draw(picture: Picture<'_>, form: &CommitForm, canvas: &mut Canvas<'_>) {
    let lang = picture.lang();
    let Some((case, progress)) = form.view(picture.model) else {
        one_order::open(picture, form.order, "commit.title", lang.text("recover.asking"), canvas);
        return;
    };
    let asked = picture.model.asked_at(case.order.no).filter(|asked| *asked >= form.opened_at);
    let asked = head::asked(picture, asked);
    let link = link(picture, form, progress);
    // A third of the screen at most: what is longer is copied by its key.
    let lines = link.map(|link| wrap(link, canvas.buffer.area.width)).unwrap_or_default();
    let lines = lines.get(..lines.len().min(usize::from(canvas.buffer.area.height / 3))).unwrap_or_default();
    let height = u16::try_from(lines.len()).unwrap_or(0);
    let screen = canvas.buffer.area;
    let mut page = one_order::open_above(height, picture, form.order, "commit.title", &asked, canvas);
    let from = screen.bottom().saturating_sub(1 + height);
    for (line, y) in lines.iter().zip(from..) {
        page.canvas.put(screen.x, y, screen.width, Role::Accent, line);
    }
    if form.is_asking {
        page.keys(picture, &[Context::Question]);
        page.ask(Role::Soon, &lang.fill("commit.ask_confirmed", &[("order", &form.order)]));
    } else {
        page.keys(picture, &[Context::Commit]);
    }
    page.say(Role::Text, lang.text("commit.about"));
    page.gap(10);
    standing(picture, form, progress, &mut page);
    page.gap(6);
    steps(picture, form, progress, &mut page);
    page.gap(2);
    page.say(Role::Muted, lang.text("commit.never_told"));
    page.story(picture, case);
}

/// The link, if there is one to show. It stands below the page, from the first column of the screen, so that it can be marked
/// with a mouse.
fn link<'a>(picture: Picture<'a>, form: &CommitForm, progress: Progress) -> Option<&'a str> {
    let holds = matches!(progress, Progress::Waiting(_) | Progress::Confirmed(_)) && !form.is_awaiting;
    let link = link_of(form.order, picture.model, &picture.ui.links).filter(|_| holds)?;
    Some(link)
}

/// How long the link holds; or why there is none.
fn standing(picture: Picture<'_>, form: &CommitForm, progress: Progress, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    let signs = page.canvas.signs;
    if let Some(reason) = &form.trouble {
        page.say(Role::Urgent, &format!("{} {}", signs.mark(Mark::Failed), not_committed(lang, reason)));
    }
    if form.is_awaiting {
        return page.say(Role::Going, &format!("{} {}", signs.mark(Mark::Going), lang.text("commit.asking")));
    }
    let now = picture.model.server_now();
    let clock = |at: Timestamp| {
        let at = at - picture.model.health.clock_offset;
        at.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string()
    };
    match progress {
        Progress::NoLink => page.say(Role::Soon, lang.text("commit.none")),
        Progress::Expired(until) => {
            let text = lang.fill("commit.expired", &[("until", &clock(until))]);
            page.say(Role::Urgent, &format!("{} {text}", signs.mark(Mark::Failed)));
        }
        Progress::Waiting(until) | Progress::Confirmed(until) => {
            let left = until.duration_since(now);
            let (at, shown) = (clock(until), countdown(left));
            let text = lang.fill("commit.link", &[("until", &at), ("left", &shown)]);
            page.clock(None, pressing(left), (left.as_secs(), LINK_HOLDS.as_secs()), &text);
            if link(picture, form, progress).is_none() {
                page.say(Role::Muted, lang.text("commit.not_kept"));
            }
        }
    }
}

/// What is done, and what waits for whom, with its state beside it.
fn steps(picture: Picture<'_>, form: &CommitForm, progress: Progress, page: &mut Page<'_, '_>) {
    use StepState::{Done, Later, Running, Yours};
    let lang = picture.lang();
    let states = match progress {
        _ if form.is_awaiting => [Running, Later, Later, Later],
        Progress::NoLink | Progress::Expired(_) => [Yours, Later, Later, Later],
        Progress::Waiting(_) => [Done, Running, Yours, Later],
        Progress::Confirmed(_) => [Done, Done, Done, Yours],
    };
    let texts = ["commit.step_link", "commit.step_traveller", "commit.step_state", "commit.step_pay"];
    let texts = texts.map(|key| lang.text(key));
    let widest = texts.iter().map(|text| columns(text)).max().unwrap_or(0);
    for ((n, text), state) in (1..).zip(texts).zip(states) {
        if !page.has_room() {
            return;
        }
        let Rect { x, width, .. } = page.area;
        let (mark, role) = step_looks(page.canvas.signs, state);
        page.canvas.put(x, page.y, 1, Role::Muted, &format!("{n}"));
        page.canvas.sign(x + 2, page.y, role, mark);
        let said = if state == Later { Role::Muted } else { Role::Text };
        page.canvas.put(x + 4, page.y, width, said, text);
        if state == Later {
            page.y += 1;
            continue;
        }
        page.canvas.put(
            x + widest + 6,
            page.y,
            width.saturating_sub(widest + 6),
            role,
            step_state(lang, state),
        );
        page.y += 1;
    }
}
