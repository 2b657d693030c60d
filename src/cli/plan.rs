//! `paydesk plan`: what staleness a request budget buys. Nobody is asked for anything.

use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;

use super::{
    args::PlanArgs,
    exit::{self, Exit, Failure},
    output::{print, print_json},
    session::variable,
};
use crate::{
    config::{Flags, Settings},
    desk::polling::forecast::{Age, Class, Desk, Forecast, Staleness},
    export::{Format, Part, Report, write},
    lang::Lang,
};

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    orders: u32,
    hours: i64,
    requests_per_minute: u32,
    sweep_seconds: f64,
    payments_per_hour: u32,
    classes: Vec<ClassDocument>,
    list_per_minute: f64,
    details_per_minute: f64,
    one_by_one_per_minute: f64,
    fits: bool,
    fits_from: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClassDocument {
    class: &'static str,
    orders: Option<u32>,
    median_seconds: Option<f64>,
    p99_seconds: Option<f64>,
    best_p99_seconds: f64,
    fits: bool,
}

impl ClassDocument {
    fn new(is: &Staleness) -> Self {
        Self {
            class: is.class.word(),
            orders: is.orders,
            median_seconds: is.age.map(|age| tenths(age.median.as_secs_f64())),
            p99_seconds: is.age.map(|age| tenths(age.p99.as_secs_f64())),
            best_p99_seconds: tenths(is.at_best.p99.as_secs_f64()),
            fits: is.fits(),
        }
    }
}

/// More would say more than is known.
fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// Writes it to standard output.
pub(super) fn run(args: &PlanArgs, flags: &Flags) -> Result<Exit, Failure> {
    let settings = Settings::load(flags, variable)
        .map_err(|error| exit::configuration(flags.lang.unwrap_or_default(), &error))?;
    let desk = Desk {
        orders: args.orders,
        lookback: args.hours.map_or(*settings.lookback, |hours| SignedDuration::from_hours(hours.into())),
        every: settings.sweep.unsigned_abs(),
        per_minute: args.budget.unwrap_or(*settings.requests_per_minute),
        payments_per_hour: args.payments,
        is_watched: true,
    };
    let forecast = Forecast::new(&desk);
    if args.json {
        return print_json(&document(&desk, &forecast));
    }
    let mut text = write(&report(&desk, &forecast, *settings.lang), Format::Text).unwrap_or_default();
    text.push('\n');
    for line in verdict(&desk, &forecast, *settings.lang) {
        text.push_str(&line);
        text.push('\n');
    }
    print(text.as_bytes())
}

fn document(desk: &Desk, forecast: &Forecast) -> Document {
    Document {
        orders: desk.orders,
        hours: desk.lookback.as_hours(),
        requests_per_minute: desk.per_minute,
        sweep_seconds: tenths(desk.every.as_secs_f64()),
        payments_per_hour: desk.payments_per_hour,
        classes: forecast.classes.iter().map(ClassDocument::new).collect(),
        list_per_minute: tenths(forecast.pages),
        details_per_minute: tenths(forecast.details),
        one_by_one_per_minute: tenths(forecast.one_by_one),
        fits: forecast.fits(),
        fits_from: forecast.fits_from,
    }
}

fn report(desk: &Desk, forecast: &Forecast, lang: Lang) -> Report {
    let heads =
        ["budget.class", "budget.orders", "budget.median", "budget.p99", "budget.best", "budget.fits"];
    let rows = forecast.classes.iter().map(|is| row(is, lang)).collect();
    Report {
        title: lang.fill(
            "budget.title",
            &[("orders", &desk.orders), ("hours", &desk.lookback.as_hours()), ("budget", &desk.per_minute)],
        ),
        about: lang.text("budget.about").to_owned(),
        parts: vec![Part {
            heads: heads.into_iter().map(|key| lang.text(key).to_owned()).collect(),
            rows,
            ..Part::default()
        }],
    }
}

fn row(is: &Staleness, lang: Lang) -> Vec<String> {
    let age = |part: fn(Age) -> Duration| {
        is.age.map_or_else(|| lang.text("budget.never").to_owned(), |age| words(part(age), lang))
    };
    vec![
        lang.text(name(is.class)).to_owned(),
        is.orders.map_or_else(|| "–".to_owned(), |orders| orders.to_string()),
        age(|age| age.median),
        age(|age| age.p99),
        words(is.at_best.p99, lang),
        lang.text(if is.fits() { "budget.yes" } else { "budget.no" }).to_owned(),
    ]
}

fn name(class: Class) -> &'static str {
    match class {
        Class::Doubt => "budget.doubt",
        Class::Selected => "budget.selected",
        Class::Followed => "budget.followed",
        Class::FollowedLong => "budget.followed_long",
        Class::Unseen => "budget.unseen",
        Class::Unpriced => "budget.unpriced",
        Class::Fresh => "budget.fresh",
        Class::Late => "budget.late",
        Class::Slow => "budget.slow",
        Class::Closed => "budget.closed",
    }
}

/// What it costs, whether that is there, and what would be enough.
fn verdict(desk: &Desk, forecast: &Forecast, lang: Lang) -> Vec<String> {
    let rate = |number: f64| format!("{number:.0}");
    let (list, details) = (rate(forecast.pages), rate(forecast.details));
    let mut lines = vec![lang.fill("budget.spent", &[("list", &list), ("details", &details)])];
    if forecast.fits() {
        lines.push(lang.fill("budget.all_fits", &[("budget", &desk.per_minute)]));
    } else {
        lines.push(
            lang.fill("budget.not_all", &[("budget", &desk.per_minute), ("enough", &forecast.fits_from)]),
        );
    }
    if forecast.classes.iter().any(|is| is.age.is_none()) {
        lines.push(lang.fill("budget.behind", &[("details", &details)]));
    }
    lines.push(lang.fill("budget.one_by_one", &[("requests", &rate(forecast.one_by_one))]));
    lines
}

/// An age as a person says it.
fn words(age: Duration, lang: Lang) -> String {
    let seconds = age.as_secs_f64();
    let (key, count) = match seconds {
        ..99.5 => ("budget.seconds", seconds),
        ..5_970.0 => ("budget.minutes", seconds / 60.0),
        _ => ("budget.hours", seconds / 3_600.0),
    };
    let is_small = count < 9.95 && key != "budget.seconds";
    let count = if is_small { format!("{count:.1}") } else { format!("{count:.0}") };
    lang.fill(key, &[("count", &count.strip_suffix(".0").unwrap_or(&count))])
}
