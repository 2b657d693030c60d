//! When the console does something without being asked: the picture changes by itself, the desk is to be told what is
//! on screen, or keys that were held back are known for what they are.
//!
//! Nothing ticks. Ages go by whole minutes, all at once. Only a countdown that is on screen, or data that has become
//! stale, counts seconds; the clock is shown while one of them runs, so that a desk at rest is a still picture.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{
    layer::pay::{HOLDS_FOR, IDLE_WIPE, PayForm, Phase},
    model::Model,
    picture::Picture,
    ui::Remark,
    view::{doubt, layout, table::columns_in},
};
use crate::domain::{
    case::Case,
    committable::Progress,
    deadline::REGENERABLE_FOR,
    stoppable::is_being_stopped,
    time_limit::time_limits,
    triage::{Group, triage},
    work::RENEW_BELOW,
};

/// The next moment at which the picture changes by itself; none if it never does.
pub fn next_wake(picture: Picture<'_>) -> Option<Timestamp> {
    let Picture { model, ui } = picture;
    let ticking = counts_seconds(picture).then(|| next_second(model.now(), model.health.clock_offset));
    let regroup = ui.list.next_change().filter(|_| !ui.holds_rows()).map(|at| at - model.health.clock_offset);
    // By all clocks, as the detail asks; the table knows nothing of steps.
    let step = picture.selected_case().filter(|_| !model.standstill.is_on()).and_then(|case| {
        let shown = model.shown_clocks(case);
        triage(case, shown).until.map(|at| model.now() + at.duration_since(shown.at))
    });
    let remark = ui.remark.as_ref().and_then(Remark::ends_at);
    let form = ui.layers.form().and_then(|form| form_changes_at(form, model.now()));
    let watch = &ui.alerts.watch;
    let by_vendor = watch.next_change().map(|at| at - model.health.clock_offset);
    let alert = by_vendor.into_iter().chain(watch.looks_around_at()).min();
    let recovers = model.troubles.next_change(model.now());
    let leased = picture.leased().filter(|lease| ui.renewed != Some(*lease));
    let renewal = leased.map(|(_, until)| until - RENEW_BELOW);
    let moments = [
        next_age(picture),
        limit_changes_at(picture),
        ticking,
        Some(staleness_changes_at(model)),
        regroup,
        step,
        recovers,
        alert,
        ui.alerts.gathered.until,
        renewal,
        remark,
        form,
        ui.watch_at,
        ui.changed.next_seen(),
        ui.resting.map(|resting| resting.until),
        ui.keep_at,
    ];
    moments.into_iter().flatten().min()
}

/// True while something on the screen counts seconds: a form, or a visible unpaid order with its deadline ahead.
pub fn counts_seconds(picture: Picture<'_>) -> bool {
    let Picture { model, ui } = picture;
    // A loss on baggage that nobody has decided about has a time to run, too.
    let decides = |case: &Case| {
        let ends = case.baggage().and_then(|trouble| trouble.ends_at());
        ends.is_some_and(|ends| ends > model.shown_wall(case))
    };
    let is_over = |case: &Case| case.is_replaced() || case.is_gone();
    // A dead order counts seconds in the last hour in which it may be regenerated.
    let is_dying = |case: &Case| {
        let left = case.order.regenerable_until().map(|until| until.duration_since(model.shown_now(case)));
        left.is_some_and(|left| left.is_positive() && left < AN_HOUR)
            && Group::of(case, model.shown_now(case)) == Group::Recoverable
    };
    let has_time = |case: &Case| {
        let is_paid_for = case.order.has_time_left(model.shown_now(case)) && !is_over(case);
        !model.standstill.is_on() && (is_paid_for || decides(case) || is_dying(case))
    };
    let counts = |at: usize| picture.row(at).is_some_and(|(case, _)| has_time(case));
    let in_detail = |case: &Case| {
        has_time(case)
            || counts_limit(model, case)
            || model.successor(case).is_some_and(|made| has_time(made))
            || case.attempt_state().is_some_and(doubt::is_counted)
    };
    let selected = || picture.selected_case().is_some_and(|case| in_detail(case));
    let on_page = ui.layers.recover().map(|form| form.order).or(ui.layers.commit().map(|form| form.order));
    let on_page = on_page.or(ui.layers.alerted());
    let planned = || on_page.and_then(|order| model.case(order));
    let areas = layout::areas(picture);
    // A frozen picture says how old it is.
    ui.frozen_since.is_some()
        || ui.layers.form().is_some()
        || ui.layers.baggage().is_some()
        || counts_link(picture)
        || counts_stop(picture)
        || planned().is_some_and(|case| in_detail(case))
        || (areas.detail.is_some() && selected())
        || (ui.top..ui.top + areas.page()).any(counts)
}

/// Below this, a time is shown in seconds.
const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What is left of each time that runs for `case`, as its detail shows it; of none while a story stands still.
fn left_of_limits(model: &Model, case: &Case) -> impl Iterator<Item = SignedDuration> {
    let now = model.shown_clocks(case);
    let limits = if model.standstill.is_on() { Vec::new() } else { time_limits(case, now) };
    limits.into_iter().filter_map(move |limit| limit.left(now.at))
}

/// A time that runs for `case` is shown in seconds.
fn counts_limit(model: &Model, case: &Case) -> bool {
    left_of_limits(model, case).any(|left| left < AN_HOUR)
}

/// When a time of the order in the detail that is not counted in seconds is shown as another one: by minutes below ten
/// hours, then by hours.
fn limit_changes_at(picture: Picture<'_>) -> Option<Timestamp> {
    let model = picture.model;
    let case = match picture.ui.layers.alerted() {
        Some(order) => model.case(order)?,
        None => layout::areas(picture).detail.and(picture.selected_case())?,
    };
    let step = |left: SignedDuration| if left < AN_HOUR * 10 { 60 } else { 3_600 };
    let long = left_of_limits(model, case).filter(|left| *left >= AN_HOUR);
    let changes = long.map(|left| {
        let over = SignedDuration::from_secs(left.as_secs() % step(left));
        model.now() + over + SignedDuration::from_nanos(i64::from(left.subsec_nanos()) + 1)
    });
    changes.min()
}

/// The layer of a traveller's confirmation shows how long its link holds.
fn counts_link(Picture { model, ui }: Picture<'_>) -> bool {
    let view = ui.layers.commit().and_then(|form| form.view(model));
    matches!(view, Some((_, Progress::Waiting(_) | Progress::Confirmed(_))))
}

/// The plan shows how long the vendor may be at stopping issuance.
fn counts_stop(Picture { model, ui }: Picture<'_>) -> bool {
    let case = ui.layers.recover().and_then(|form| model.case(form.order));
    case.is_some_and(|case| {
        !model.standstill.is_on() && is_being_stopped(&case.order, &case.lineage, model.shown_now(case))
    })
}

/// When the clock that is `offset` ahead of ours shows another second.
fn next_second(now: Timestamp, offset: SignedDuration) -> Timestamp {
    let whole = Timestamp::from_second((now + offset).as_second() + 1).unwrap_or(Timestamp::MAX);
    whole - offset
}

/// When the data becomes stale; once it is, its age is on the screen in seconds.
fn staleness_changes_at(model: &Model) -> Timestamp {
    match model.stale_for() {
        Some(_) => next_second(model.now(), SignedDuration::ZERO),
        None => model.goes_stale_at(),
    }
}

/// When something on the form happens by itself: the card is wiped, the confirmation takes keys, or it ends.
fn form_changes_at(form: &PayForm, now: Timestamp) -> Option<Timestamp> {
    match &form.phase {
        Phase::Confirming(confirmation) => {
            let takes_keys = confirmation.takes_keys_from().filter(|from| *from > now);
            takes_keys.or(confirmation.drawn_at.map(|at| at + HOLDS_FOR))
        }
        Phase::Filling | Phase::DryRun(_) if form.holds_card() => Some(form.touched_at + IDLE_WIPE),
        Phase::Filling | Phase::DryRun(_) | Phase::Following(_) | Phase::NotBegun(_) => None,
    }
}

/// When an age or a clock of minutes on the table changes next; none if all of them count hours or nothing.
fn next_age(picture: Picture<'_>) -> Option<Timestamp> {
    let Picture { model, ui } = picture;
    let areas = layout::areas(picture);
    let ages = columns_in(picture, areas.table.width).shows_age();
    let minute = model.now().as_second() / 60;
    let next = |(case, group): (&Arc<Case>, Group)| {
        if group == Group::TicketingLate || case.work().owner_at(model.now()).is_some() {
            return Some(minute + 1);
        }
        if group == Group::Recoverable {
            // Its countdown goes by hours while there are ten of them.
            let left = (case.order.created? + REGENERABLE_FOR).as_second() / 60 - minute;
            return Some(if left > 600 { minute + left % 60 + 1 } else { minute + 1 });
        }
        let created = case.order.created.filter(|_| ages)?.as_second();
        // Minutes up to a hundred of them, then hours.
        let age = (minute * 60 - created) / 60;
        Some(if age < 100 { minute + 1 } else { minute + 60 - age % 60 })
    };
    let rows = (ui.top..ui.top + areas.page()).filter_map(|at| picture.row(at));
    let is_owned = |case: &&Arc<Case>| case.work().owner_at(model.now()).is_some();
    let owned = picture.selected_case().filter(is_owned).map(|_| minute + 1);
    let whole = owned.or(model.memory().map(|_| minute + 1));
    Timestamp::from_second(rows.filter_map(next).chain(whole).min()? * 60).ok()
}
