//! A dry run of the pay form: the request that would leave, masked, and every verdict on it. Nothing is sent.

use super::{canvas::columns, checks, checks::Check, page::Page};
use crate::{
    console::{
        action::Context,
        layer::pay::PayForm,
        picture::Picture,
        theme::{Mark, Role},
    },
    domain::{context::PaymentContext, obstacle::Obstacle},
    lang::reason::Reason,
};

/// Draws it in place of the form; `request` is none while something is against the payment.
pub(super) fn draw(
    picture: Picture<'_>,
    form: &PayForm,
    request: Option<&str>,
    context: &PaymentContext<'_>,
    page: &mut Page<'_, '_>,
) {
    let lang = picture.lang();
    let obstacles = form.obstacles(context);
    page.keys(picture, &[Context::DryRun]);
    page.part(lang.text("form.dry_run"), "", 0);
    match request {
        Some(request) => {
            page.say(Role::Strong, lang.text("form.dry_run_title"));
            page.say(Role::Muted, "POST pay.do");
            for line in broken(request, page.area.width) {
                page.say(Role::Text, &line);
            }
        }
        None => page.say(Role::Soon, lang.text("form.dry_run_refused")),
    }
    let found = Check::all(picture, form, context, &obstacles);
    let is_listed = usize::from(page.left()) > found.len() + 1;
    page.part(lang.text("form.checks"), "", 0);
    if is_listed {
        checks::list(&found, page);
    } else {
        checks::in_line(&found, page);
    }
    // The checks tell of the order; what is entered has its own faults.
    let signs = picture.model.setup.signs;
    let untold = |obstacle: &&Obstacle| !(is_listed && Check::tells(obstacle));
    for obstacle in obstacles.iter().filter(untold) {
        let (mark, role) =
            if obstacle.is_warning() { (Mark::Warning, Role::Soon) } else { (Mark::Failed, Role::Urgent) };
        page.say(role, &format!("{} {}", signs.mark(mark), Reason::of(lang, obstacle).named()));
    }
}

/// The request in lines that break behind its commas.
fn broken(request: &str, width: u16) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in request.split_inclusive(',') {
        let is_full = lines.last().is_some_and(|line| columns(line) + columns(part) > width);
        if is_full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(part);
        }
    }
    lines
}
