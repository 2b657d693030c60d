//! `paydesk export`: one order with its story, or the rows that a filter leaves, in a format for others.

use std::io;

use super::{
    args::ExportArgs,
    exit::{Exit, Failure},
    orders::{inspected, newest_first, orders_document, read_filter, story, swept},
    output::print,
};
use crate::{
    clock::{Clock, SystemClock},
    config::Settings,
    console::{
        column::{self, Row, Set},
        export::sheet,
    },
    domain::{order::OrderNo, triage::Group},
    export::{Format, Report, json, times::local, write},
};

/// Writes it to standard output.
pub(super) fn run(args: &ExportArgs, settings: &Settings) -> Result<Exit, Failure> {
    let format = args.format.into();
    let text = match args.order {
        Some(order) => one(order, format, settings)?,
        None => rows(args.filter.as_deref(), format, settings)?,
    };
    print(text.as_bytes())
}

fn one(order: OrderNo, format: Format, settings: &Settings) -> Result<String, Failure> {
    let (seen, case) = inspected(order, settings)?;
    let zone = settings.time_zone.time_zone();
    let story = story(&seen, &case, *settings.lang, &zone);
    if let Some(text) = write(&story.report(), format) {
        return Ok(text);
    }
    Ok(json(&story.document()).map_err(io::Error::from)?)
}

fn rows(filter: Option<&str>, format: Format, settings: &Settings) -> Result<String, Failure> {
    let lang = *settings.lang;
    // A filter that cannot be read asks nobody anything.
    read_filter(filter, SystemClock.now(), settings)?;
    let seen = swept(settings)?;
    let now = seen.clocks();
    let left = read_filter(filter, now.at, settings)?;
    let cases = newest_first(&seen, |case| left.leaves(case, Group::of(case, now.at), now.at));
    if format == Format::Json {
        return Ok(json(&orders_document(&cases, &seen)).map_err(io::Error::from)?);
    }
    let zone = settings.time_zone.time_zone();
    let rows = cases.iter().map(|&case| Row {
        case,
        group: Group::of(case, now.at),
        is_remembered: false,
        is_in_trouble: !seen.troubles.of_all(&case.order.airlines, now.wall).is_empty(),
        tail: 0,
        lang,
        now: now.wall,
        minute: column::whole_minute(now.wall),
        wall: now.wall,
        zone: &zone,
        server_now: now.at,
    });
    let part = sheet::part(lang, Set::richest().columns, rows);
    let filter = filter.filter(|filter| !filter.trim().is_empty()).map(|filter| format!("/{filter}"));
    let count = lang.fill("export.rows", &[("count", &cases.len())]);
    let at = lang.fill("export.as_of", &[("at", &local(now.wall, &zone))]);
    let about: Vec<String> = [Some(count), filter, Some(at)].into_iter().flatten().collect();
    let title = format!("{} {}", settings.environment.stage.word(), lang.text("queue.all"));
    let report = Report { title, about: about.join(lang.pick(", ", "，")), parts: vec![part] };
    Ok(write(&report, format).unwrap_or_default())
}
