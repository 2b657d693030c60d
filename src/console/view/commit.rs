//! The layer that gets a traveller's confirmation: the link whole, how long it holds, and what is still to be done.

use jiff::Timestamp;
use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns, wrap},
    head::{self, time_left, title, trip},
    hints,
    page::Page,
};
use crate::{
    console::{
        action::Context,
        column::countdown,
        commit::{CommitForm, link_of},
        picture::Picture,
        theme::Role,
    },
    domain::{case::Case, committable::Progress, recovery::StepState},
    lang::recovery::{not_committed, step_state},
};

/// Draws the layer over the whole screen. Nothing is typed into it.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &CommitForm,
    area: Rect,
    canvas: &mut Canvas<'_>,
) -> Option<Position> {
    canvas.clear(area);
    let lang = picture.lang();
    let x = title(picture, "commit.title", form.order, area, canvas);
    let Some((case, progress)) = form.view(picture.model) else {
        canvas.put(area.x + 1, area.y + 2, area.width - 2, Role::Busy, lang.text("recover.asking"));
        return None;
    };
    // A link holds no longer than the order can be paid.
    let left = time_left(picture, case);
    let right = columns(&left);
    trip(&case.order, x, area, right + 2, canvas);
    canvas.put_right(area.right().saturating_sub(right + 1), area.y, right, Role::Due, &left);
    canvas.rule(area.x, area.y + 1, area.width);
    let mut page = Page { area, y: area.y + 2, canvas };
    page.say(Role::Plain, lang.text("commit.about"));
    page.skip(1);
    link(picture, form, progress, &mut page);
    page.skip(1);
    steps(picture, form, progress, &mut page);
    foot(picture, form, case, area, canvas);
    None
}

/// The link, from the first column so that it can be marked with a mouse; or why there is none.
fn link(picture: Picture<'_>, form: &CommitForm, progress: Progress, page: &mut Page<'_, '_>) {
    let lang = picture.lang();
    if let Some(reason) = &form.trouble {
        page.say(Role::Bad, &not_committed(lang, reason));
    }
    if form.is_awaiting {
        return page.say(Role::Busy, lang.text("commit.asking"));
    }
    let (now, link) = (picture.model.server_now(), link_of(form.order, picture.model, &picture.ui.links));
    let clock = |at: Timestamp| {
        let at = at - picture.model.health.clock_offset;
        at.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string()
    };
    match progress {
        Progress::NoLink => return page.say(Role::Due, lang.text("commit.none")),
        Progress::Expired(until) => {
            return page.say(Role::Bad, &lang.fill("commit.expired", &[("until", &clock(until))]));
        }
        Progress::Waiting(until) | Progress::Confirmed(until) => {
            let left = countdown(until.duration_since(now));
            page.say(Role::Title, &lang.fill("commit.link", &[("until", &clock(until)), ("left", &left)]));
        }
    }
    match link {
        None => page.say(Role::Dim, lang.text("commit.not_kept")),
        Some(link) => {
            for line in wrap(link, page.area.width) {
                if page.has_room() {
                    page.canvas.put(page.area.x, page.y, page.area.width, Role::Key, &line);
                    page.y += 1;
                }
            }
        }
    }
}

/// What is done, and what waits for whom.
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
    for (n, (key, state)) in texts.into_iter().zip(states).enumerate() {
        let (x, width) = (page.area.x, page.area.width);
        let role = match state {
            Yours => Role::Due,
            Running => Role::Busy,
            Done => Role::Good,
            Later | StepState::Stuck => Role::Dim,
        };
        page.canvas.put(x + 1, page.y, width - 19, Role::Plain, &format!("{}  {}", n + 1, lang.text(key)));
        page.canvas.put(x + width - 17, page.y, 16, role, step_state(lang, state));
        page.y += 1;
    }
    page.skip(1);
    page.say(Role::Dim, lang.text("commit.never_told"));
}

/// What is asked, or when the order was asked for last; and the keys.
fn foot(picture: Picture<'_>, form: &CommitForm, case: &Case, area: Rect, canvas: &mut Canvas<'_>) {
    let lang = picture.lang();
    let (x, width, y) = (area.x + 1, area.width - 2, area.bottom() - 2);
    canvas.rule(area.x, y - 1, area.width);
    if form.is_asking {
        let lines = wrap(&lang.fill("commit.ask_confirmed", &[("order", &form.order)]), width);
        for (line, y) in lines.iter().zip(y..area.bottom()) {
            canvas.put(x, y, width, Role::Due, line);
        }
        return;
    }
    let asked = picture.model.asked_at(case.order.no).filter(|asked| *asked >= form.opened_at);
    canvas.put(x, y, width, Role::Dim, &head::asked(picture, asked));
    hints::draw(lang, &[Context::Commit], Rect { y: y + 1, height: 1, ..area }, canvas);
}
