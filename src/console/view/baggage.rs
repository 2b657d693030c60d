//! The time that a loss on baggage leaves to decide about it.

use jiff::{SignedDuration, Timestamp};

use crate::{
    console::{column::countdown, picture::Picture, theme::Role},
    domain::{baggage::trouble::Trouble, case::Case, codes::Baggage},
};

/// How long there is, and from when that is counted.
pub(super) fn clock(picture: Picture<'_>, case: &Case, trouble: &Trouble) -> Vec<(Role, String)> {
    let lang = picture.lang();
    if trouble.what == Baggage::CannotBeBought {
        return vec![(Role::Soon, lang.text("baggage.no_clock").to_owned())];
    }
    let time = |at: Timestamp| at.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
    let (Some(since), Some(ends)) = (trouble.since, trouble.ends_at()) else {
        return vec![(Role::Soon, lang.text("baggage.no_start").to_owned())];
    };
    let left = ends.duration_since(picture.model.shown_wall(case));
    let at = time(picture.model.now() + left);
    let first = if left > SignedDuration::ZERO {
        let role = if left.as_mins() < 10 { Role::Urgent } else { Role::Soon };
        (role, lang.fill("baggage.left", &[("left", &countdown(left)), ("at", &at)]))
    } else {
        (Role::Urgent, lang.fill("baggage.over", &[("at", &at)]))
    };
    let from = if since.notified { "baggage.notified" } else { "baggage.seen" };
    vec![first, (Role::Muted, lang.fill(from, &[("at", &time(since.at))]))]
}
