//! What is looked at before a payment may leave, each with its verdict: the obstacles that the form itself goes by, sorted
//! by what they are about.

use super::{
    canvas::{Canvas, columns, wrap_to},
    head::{self, time_left},
    page::Page,
};
use crate::{
    console::{
        layer::pay::PayForm,
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{
        checks::{self, About, Verdict},
        context::PaymentContext,
        obstacle::Obstacle,
        work::Owner,
    },
    lang::checks::{self as words, Sayings},
};

/// One of them with its verdict, as it is drawn.
pub(super) struct Check {
    about: About,
    mark: Mark,
    role: Role,
    name: &'static str,
    says: String,
}

impl Check {
    /// All that apply to the order and the method of the form.
    pub(super) fn all(
        picture: Picture<'_>,
        form: &PayForm,
        context: &PaymentContext<'_>,
        obstacles: &[Obstacle],
    ) -> Vec<Self> {
        let (lang, model) = (picture.lang(), picture.model);
        let case = model.case(context.order.no);
        let left = |_| case.map_or_else(String::new, |case| time_left(picture, case));
        let owned = |owner: &Owner| head::owner(picture, owner);
        let sayings = Sayings { zone: &model.setup.zone, left: &left, owner: &owned };
        let owner = case.and_then(|case| case.work().owner_at(model.now()));
        let is_asked = form.is_checked(context);
        let drawn = |check: checks::Check<'_>| {
            let (mark, role) = match check.verdict {
                Verdict::Passed(_) => (Mark::Done, Role::Good),
                Verdict::Asking => (Mark::Going, Role::Going),
                Verdict::Unknown(_) => (Mark::Doubt, Role::Doubt),
                Verdict::Warned(_) => (Mark::Warning, Role::Soon),
                Verdict::Failed(_) => (Mark::Failed, Role::Urgent),
            };
            let says = words::verdict(lang, &check.verdict, sayings);
            Self { about: check.about, mark, role, name: words::name(lang, check.about), says }
        };
        let found = checks::checks(form.draft.method, context, obstacles, is_asked, owner);
        found.into_iter().map(drawn).collect()
    }

    /// True for an obstacle that a check tells.
    pub(super) fn tells(obstacle: &Obstacle) -> bool {
        About::of(obstacle).is_some()
    }

    fn put(&self, x: u16, y: u16, width: u16, canvas: &mut Canvas<'_>) -> u16 {
        let x = canvas.put(x, y, width, self.role, canvas.signs.mark(self.mark)) + 1;
        let role = if self.mark == Mark::Done { Role::Text } else { self.role };
        canvas.put(x, y, width, role, self.name)
    }
}

/// Columns of the name of a check with its mark.
const NAME: u16 = 14;

/// Writes them one below the other, each with what it rests on or what is against it.
pub(super) fn list(checks: &[Check], page: &mut Page<'_, '_>) {
    let room = page.area.width.saturating_sub(NAME);
    for check in checks {
        let lines = wrap_to(&check.says, room, page.left().min(2));
        if lines.is_empty() {
            return;
        }
        check.put(page.area.x, page.y, NAME, page.canvas);
        let role = if check.mark == Mark::Done { Role::Muted } else { check.role };
        for line in lines {
            page.canvas.put(page.area.x + NAME, page.y, room, role, &line);
            page.y += 1;
        }
    }
}

/// Writes them in one line or two, by mark and name alone. The method stands in the table above with its own.
pub(super) fn in_line(checks: &[Check], page: &mut Page<'_, '_>) {
    let (mut x, right) = (page.area.x, page.area.x + page.area.width);
    let shown: Vec<&Check> = checks.iter().filter(|check| check.about != About::Method).collect();
    let used: u16 = shown.iter().map(|check| columns(check.name) + 2).sum();
    let gaps = u16::try_from(shown.len()).unwrap_or(u16::MAX).saturating_sub(1);
    let gap = (page.area.width.saturating_sub(used) / gaps.max(1)).clamp(1, 3);
    for check in shown {
        if x > page.area.x && x + columns(check.name) + 2 > right {
            (x, page.y) = (page.area.x, page.y + 1);
        }
        x = check.put(x, page.y, right - x, page.canvas) + gap;
    }
    page.y += 1;
}
