//! Keeps what an operator expects to find again, and finds it again.

use std::borrow::Cow;

use jiff::SignedDuration;

use crate::{
    console::{
        action::Context,
        column::{Chosen, Column, Pick},
        filter::{Filter, Reading},
        list::queue::Tab,
        model::Model,
        picture::Picture,
        ui::Ui,
        view::layout,
        workspace::{KeptColumn, Switched, VERSION, Workspace},
    },
    domain::{mask::mask, order::OrderNo, text::Text, triage::Queue},
    lang::{Lang, words::queue_key},
};

/// Changes are kept together, so long after the first of them.
const KEPT_AFTER: SignedDuration = SignedDuration::from_secs(1);

/// What is to be kept now, if anything has changed since something last was; nothing while it is still being chosen, but by
/// whoever leaves.
pub(super) fn due(ui: &mut Ui, model: &Model) -> Option<Workspace> {
    let kept = ui.kept.as_ref()?;
    if is_still(kept, ui, model) {
        ui.keep_at = None;
        return None;
    }
    let at = *ui.keep_at.get_or_insert(model.now() + KEPT_AFTER);
    let is_at_rest = !matches!(ui.layers.context(), Context::Filter | Context::Columns);
    if at > model.now() {
        return None;
    }
    if !is_at_rest {
        // Its layer is left by a key.
        ui.keep_at = Some(model.now() + KEPT_AFTER);
        return None;
    }
    Some(keep(ui, model))
}

/// What nobody has kept yet, as the console is left.
pub fn left(ui: &mut Ui, model: &Model) -> Option<Workspace> {
    let kept = ui.kept.as_ref()?;
    let is_kept = is_still(kept, ui, model) && kept.rows == rows(ui, model);
    (!is_kept).then(|| keep(ui, model))
}

fn keep(ui: &mut Ui, model: &Model) -> Workspace {
    ui.keep_at = None;
    let now = of(ui, model);
    ui.kept = Some(now.clone());
    now
}

/// The workspace is kept from now on, and begins as it was left, if that is known. What is not understood any more is passed
/// over; false if anything was.
pub fn restore(ui: &mut Ui, model: &Model, before: Option<&Workspace>) -> bool {
    let is_whole = before.is_none_or(|before| begin(ui, model, before));
    ui.kept = Some(of(ui, model));
    is_whole
}

fn begin(ui: &mut Ui, model: &Model, before: &Workspace) -> bool {
    ui.pane = before.pane;
    let lang = before.lang.as_ref().filter(|switched| switched.from == model.setup.lang.tag());
    ui.lang = lang.and_then(|switched| Lang::parse(&switched.to)).unwrap_or(ui.lang);
    let picks = before.columns.iter().filter_map(|kept| {
        let column = Column::named(&kept.id)?;
        Some(Pick { column, is_shown: kept.shown, width: kept.width })
    });
    ui.columns = (before.columns.iter().any(|kept| kept.shown)).then(|| Chosen::of(picks));
    let sort = Column::named(&before.sort).filter(|column| column.letter().is_some());
    if let Some(sort) = sort {
        ui.list.sort_by(sort, before.reversed);
    }
    let queue = ui.list.tabs().find(|tab| is_called(*tab, ui, &before.queue));
    if let Some(queue) = queue {
        ui.list.look_at(queue);
    }
    let now = model.server_now();
    let reading = Reading { now, zone: model.setup.zone.clone() };
    let filter = Filter::read(&before.filter, &reading);
    let is_whole = sort.is_some() && queue.is_some() && filter.is_ok();
    if let Ok(filter) = filter {
        ui.filter.set(&before.filter);
        ui.list.filter(filter, now, &model.standstill);
    }
    is_whole
}

/// As it is now. A text in it holds no card number and moves no cursor, whatever was typed.
fn of(ui: &Ui, model: &Model) -> Workspace {
    let (queue, filter) = looked_at(ui);
    let (sort, reversed) = ui.list.sorted_by();
    let is_switched = ui.lang != model.setup.lang;
    let lang = Switched { from: model.setup.lang.tag().into(), to: ui.lang.tag().into() };
    let column =
        |pick: &Pick| KeptColumn { id: pick.column.id.into(), shown: pick.is_shown, width: pick.width };
    Workspace {
        version: VERSION,
        queue: called(queue, ui),
        filter: safe(&filter),
        sort: sort.id.into(),
        reversed,
        pane: ui.pane,
        lang: is_switched.then_some(lang),
        rows: rows(ui, model),
        columns: picks(ui).iter().map(column).collect(),
    }
}

/// The orders on the screen. What was found is not looked at the next time, but what was before it.
fn rows(ui: &Ui, model: &Model) -> Vec<OrderNo> {
    if ui.list.hits().is_some() {
        return ui.kept.as_ref().map(|kept| kept.rows.clone()).unwrap_or_default();
    }
    let page = layout::areas(Picture { model, ui }).page();
    (ui.top..ui.top + page).filter_map(|at| Some(ui.list.row(at)?.0.order.no)).collect()
}

/// True when it is as it was then.
fn is_still(kept: &Workspace, ui: &Ui, model: &Model) -> bool {
    let (queue, filter) = looked_at(ui);
    let (sort, reversed) = ui.list.sorted_by();
    let is_lang = match &kept.lang {
        Some(switched) => switched.to == ui.lang.tag(),
        None => ui.lang == model.setup.lang,
    };
    let picks = picks(ui);
    let is_column = |(pick, kept): (&Pick, &KeptColumn)| {
        pick.column.id == kept.id && pick.is_shown == kept.shown && pick.width == kept.width
    };
    is_lang
        && is_called(queue, ui, &kept.queue)
        && (kept.filter == filter || kept.filter == safe(&filter))
        && (kept.sort == sort.id && kept.reversed == reversed)
        && kept.pane == ui.pane
        && kept.columns.len() == picks.len()
        && picks.iter().zip(&kept.columns).all(is_column)
}

fn safe(filter: &str) -> String {
    Text::new(&mask(filter)).as_str().to_owned()
}

fn picks(ui: &Ui) -> &[Pick] {
    ui.columns.as_ref().map_or(&[], Chosen::picks)
}

/// The queue and the filter in force. What was found is not kept: what was looked at before it is.
fn looked_at(ui: &Ui) -> (Tab, Cow<'_, str>) {
    match ui.views.last().filter(|_| ui.list.hits().is_some()) {
        Some((view, _)) => (view.queue, view.filter.as_str().into()),
        None if ui.filter.mistake.is_some() => {
            (ui.list.tab(), ui.list.filtered_by().query().to_string().into())
        }
        None => (ui.list.tab(), ui.filter.value().into()),
    }
}

/// Stands before the name of a queue of the user's own.
const OWN: &str = "own ";

/// What a queue is called in the file: by its word, one of the user's own by its name.
fn called(tab: Tab, ui: &Ui) -> String {
    match tab {
        Tab::BuiltIn(queue) => word(queue).to_owned(),
        Tab::Own(own) => OWN.to_owned() + ui.list.own().get(own).map_or("", |queue| queue.name()),
    }
}

/// True if it is called so.
fn is_called(tab: Tab, ui: &Ui, text: &str) -> bool {
    match tab {
        Tab::BuiltIn(queue) => text == word(queue),
        Tab::Own(own) => text.strip_prefix(OWN) == ui.list.own().get(own).map(|queue| queue.name()),
    }
}

fn word(queue: Queue) -> &'static str {
    queue_key(queue).trim_start_matches("queue.")
}
