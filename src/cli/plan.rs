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
    config::{Flags, MOST_REQUESTS, SOONEST_SWEEP, Settings},
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
    payments_per_minute: f64,
    one_by_one_per_minute: f64,
    fits: bool,
    fits_from: u32,
    soonest_sweep_seconds: Option<u64>,
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
    let plan = Plan { forecast: Forecast::new(&desk), desk, lang: *settings.lang };
    if args.json {
        return print_json(&plan.document());
    }
    print(plan.text().as_bytes())
}

/// What is told of a desk.
struct Plan {
    desk: Desk,
    forecast: Forecast,
    lang: Lang,
}

impl Plan {
    fn document(&self) -> Document {
        let (desk, forecast) = (&self.desk, &self.forecast);
        Document {
            orders: desk.orders,
            hours: desk.lookback.as_hours(),
            requests_per_minute: desk.per_minute,
            sweep_seconds: tenths(desk.every.as_secs_f64()),
            payments_per_hour: desk.payments_per_hour,
            classes: forecast.classes.iter().map(ClassDocument::new).collect(),
            list_per_minute: tenths(forecast.pages),
            details_per_minute: tenths(forecast.details),
            payments_per_minute: tenths(forecast.payments),
            one_by_one_per_minute: tenths(forecast.one_by_one),
            fits: forecast.fits(),
            fits_from: forecast.fits_from,
            soonest_sweep_seconds: self.soonest_sweep(),
        }
    }

    /// With the budget of this desk everything fits with rounds as near to each other as so many seconds, if it does at all.
    fn soonest_sweep(&self) -> Option<u64> {
        let fits = |seconds: u64| {
            let desk = Desk { every: Duration::from_secs(seconds), ..self.desk };
            Forecast::new(&desk).fits()
        };
        let now = self.desk.every.as_secs();
        if !self.forecast.fits() {
            return None;
        }
        let (mut low, mut high) = (u64::from(SOONEST_SWEEP).min(now), now);
        while low < high {
            let middle = low.midpoint(high);
            if fits(middle) { high = middle } else { low = middle + 1 }
        }
        Some(high)
    }

    fn text(&self) -> String {
        let mut text = write(&self.report(), Format::Text).unwrap_or_default();
        for line in [self.spent(), self.advice()].concat() {
            text.push('\n');
            text.push_str(&line);
        }
        text.push('\n');
        text
    }

    fn fill(&self, key: &'static str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
        self.lang.fill(key, values)
    }

    fn report(&self) -> Report {
        let (desk, lang) = (&self.desk, self.lang);
        let heads = ["budget.class", "budget.orders", "budget.median", "budget.p99"];
        let mut heads: Vec<_> = heads.into_iter().map(|key| lang.text(key).to_owned()).collect();
        if !self.forecast.fits() {
            heads.push(self.fill("budget.enough", &[("budget", &self.forecast.fits_from)]));
        }
        let counts: [(&str, &dyn std::fmt::Display); 3] =
            [("orders", &desk.orders), ("hours", &desk.lookback.as_hours()), ("budget", &desk.per_minute)];
        Report {
            title: self.fill("budget.title", &counts),
            about: lang.text("budget.about").to_owned(),
            parts: vec![Part {
                heads,
                rows: self.forecast.classes.iter().map(|is| self.row(is)).collect(),
                ..Part::default()
            }],
        }
    }

    fn row(&self, is: &Staleness) -> Vec<String> {
        let lang = self.lang;
        let age = |part: fn(Age) -> Duration| {
            is.age.map_or_else(|| lang.text("budget.never").to_owned(), |age| words(part(age), lang))
        };
        let mut row = vec![
            lang.text(name(is.class)).to_owned(),
            is.orders.map_or_else(|| "–".to_owned(), |orders| orders.to_string()),
            age(|age| age.median),
            age(|age| age.p99),
        ];
        if !self.forecast.fits() {
            row.push(if is.fits() { String::new() } else { words(is.at_best.p99, lang) });
        }
        row
    }

    /// What it costs.
    fn spent(&self) -> Vec<String> {
        let rate = |number: f64| tenths(if number < 9.95 { number } else { number.round() }).to_string();
        let forecast = &self.forecast;
        let (list, details) = (rate(forecast.pages), rate(forecast.details - forecast.payments));
        let mut lines = vec![if self.desk.payments_per_hour == 0 {
            self.fill("budget.spent", &[("list", &list), ("details", &details)])
        } else {
            let payments = rate(forecast.payments);
            self.fill(
                "budget.spent_and_paid",
                &[("list", &list), ("details", &details), ("payments", &payments)],
            )
        }];
        lines.push(self.fill("budget.one_by_one", &[("requests", &rate(forecast.one_by_one))]));
        lines
    }

    /// Whether the budget is enough, what would be, and where that is written.
    fn advice(&self) -> Vec<String> {
        let (budget, enough) = (self.desk.per_minute, self.forecast.fits_from);
        let mut lines = vec![String::new()];
        if let Some(soonest) = self.soonest_sweep() {
            lines.push(self.fill("budget.all_fits", &[("budget", &budget)]));
            let seconds = self.desk.every.as_secs();
            if soonest < seconds {
                lines.push(self.fill("budget.sooner", &[("now", &seconds), ("soonest", &soonest)]));
            }
            return lines;
        }
        lines.push(self.fill("budget.not_all", &[("budget", &budget), ("enough", &enough)]));
        if self.forecast.classes.iter().any(|is| is.age.is_none()) {
            let details = format!("{:.0}", self.forecast.details);
            lines.push(self.fill("budget.behind", &[("details", &details)]));
        }
        if enough <= MOST_REQUESTS {
            lines.push(self.lang.text("budget.configure").to_owned());
            lines.push(format!("  [polling]\n  requests_per_minute = {enough}"));
        } else {
            lines.push(self.fill("budget.too_many", &[("most", &MOST_REQUESTS)]));
        }
        lines
    }
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
        Class::ListedLate => "budget.listed_late",
        Class::Closed => "budget.closed",
    }
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
