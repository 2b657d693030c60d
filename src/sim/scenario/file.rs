//! The format of a scenario file, and the checks that need more than one line of it.

use std::{collections::BTreeMap, ops::Range};

use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use toml::Spanned;

use super::{
    cue::{Act, Cue, When},
    named::Named,
    switches::Switches,
};
use crate::{
    domain::money::Currency,
    sim::{order::Part, size::check_orders, story::Said, words::wait},
};

/// A story as its file gives it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sim) struct Script {
    pub title: Said,
    pub about: Said,
    #[serde(default)]
    pub cast: Cast,
    #[serde(default)]
    order: Vec<Spanned<Named>>,
    pub arrivals: Option<Arrivals>,
    pub reissues: Option<Reissues>,
    #[serde(default)]
    pub webhooks: Hooks,
    #[serde(default)]
    pub switches: Switches,
    /// Deposit balances that differ from the usual ones.
    #[serde(default)]
    deposits: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    timeline: Vec<Spanned<Cue>>,
}

/// The orders that are there at the start, besides those with a name.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::sim) struct Cast {
    /// In all, unless `--orders` says otherwise.
    #[serde(deserialize_with = "number_of_orders")]
    pub orders: usize,
    /// The parts of the first ones.
    pub lead: Vec<Part>,
    /// The parts of the others, by weight.
    mix: BTreeMap<String, Spanned<u32>>,
    #[serde(skip)]
    pub parts: Vec<(Part, u32)>,
}

/// Orders that come in by themselves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sim) struct Arrivals {
    /// From one to the next: at least and at most.
    #[serde(deserialize_with = "wait::range")]
    pub every: [SignedDuration; 2],
    /// The parts that they play, each as likely; any method when there are none.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// Per cent of those that take a card which another desk pays with one.
    #[serde(default, deserialize_with = "percentage")]
    pub elsewhere: u8,
}

/// Tickets that airlines issue anew, under another locator.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sim) struct Reissues {
    /// From one to the next: at least and at most.
    #[serde(deserialize_with = "wait::range")]
    pub every: [SignedDuration; 2],
}

fn number_of_orders<'de, D: Deserializer<'de>>(from: D) -> Result<usize, D::Error> {
    check_orders(usize::deserialize(from)?).map_err(D::Error::custom)
}

/// From 0 to 100.
fn percentage<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    let share = u8::deserialize(from)?;
    if share <= 100 { Ok(share) } else { Err(D::Error::custom(format!("{share} is more than 100 per cent"))) }
}

/// How webhooks arrive. Percentages.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::sim) struct Hooks {
    /// From what happened to its webhook: at least and at most.
    #[serde(deserialize_with = "wait::range", serialize_with = "wait::write_range")]
    pub delay: [SignedDuration; 2],
    #[serde(deserialize_with = "percentage")]
    pub lost: u8,
    #[serde(deserialize_with = "percentage")]
    pub doubled: u8,
    /// So late that others overtake them.
    #[serde(deserialize_with = "percentage")]
    pub shuffled: u8,
}

impl Default for Hooks {
    /// Soon, once and in order.
    fn default() -> Self {
        let delay = [SignedDuration::from_millis(200), SignedDuration::from_millis(1_500)];
        Self { delay, lost: 0, doubled: 0, shuffled: 0 }
    }
}

/// What is wrong with a file, and where: line and column from 1.
#[derive(Debug)]
pub(super) struct Wrong {
    pub line: usize,
    pub column: usize,
    pub message: String,
}

impl Script {
    /// Reads a file and checks what no single line can tell.
    pub(super) fn read(text: &str) -> Result<Self, Wrong> {
        let wrong = |span: Range<usize>, message: String| {
            let before = text.get(..span.start).unwrap_or(text);
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
            Wrong { line: before.matches('\n').count() + 1, column, message }
        };
        let mut script: Self = toml::from_str(text)
            .map_err(|error| wrong(error.span().unwrap_or_default(), error.message().to_owned()))?;
        for (part, weight) in std::mem::take(&mut script.cast.mix) {
            let part =
                part.parse().map_err(|error| wrong(weight.span(), format!("before this weight: {error}")))?;
            script.cast.parts.push((part, weight.into_inner()));
        }
        script.check().map_err(|(span, message)| wrong(span, message))?;
        Ok(script)
    }

    /// The orders with a name that are there at the start.
    pub(in crate::sim) fn named(&self) -> impl Iterator<Item = &Named> {
        self.order.iter().map(Spanned::get_ref)
    }

    /// What happens, as it is written down.
    pub(in crate::sim) fn timeline(&self) -> impl Iterator<Item = &Cue> {
        self.timeline.iter().map(Spanned::get_ref)
    }

    /// A line of what happens, by its place.
    pub(in crate::sim) fn cue(&self, place: usize) -> Option<&Cue> {
        self.timeline.get(place).map(Spanned::get_ref)
    }

    /// The deposit balances that it sets.
    pub(in crate::sim) fn deposits(&self) -> impl Iterator<Item = (Currency, Decimal)> {
        self.deposits
            .iter()
            .filter_map(|(code, amount)| Some((Currency::parse(code)?, amount.get_ref().parse().ok()?)))
    }

    fn check(&self) -> Result<(), (Range<usize>, String)> {
        let mut names: Vec<&str> = Vec::new();
        let check_name = |named: &Named, span: Range<usize>| {
            let name: &str = &named.name;
            if name.is_empty()
                || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            {
                return Err((
                    span,
                    format!("`{name}` is no name; expected small letters, digits and dashes"),
                ));
            }
            Ok(())
        };
        let arriving = self.timeline.iter().filter_map(|cue| match &cue.get_ref().act {
            Some(Act::Arrive(named)) => Some((&**named, cue.span())),
            _ => None,
        });
        for (named, span) in self.order.iter().map(|order| (order.get_ref(), order.span())).chain(arriving) {
            check_name(named, span.clone())?;
            if names.contains(&&*named.name) {
                return Err((span, format!("there are two orders called `{}`", named.name)));
            }
            names.push(&named.name);
        }
        for cue in &self.timeline {
            for order in cue.get_ref().orders() {
                let root = order.split('/').next().unwrap_or_default();
                if !names.contains(&root) {
                    let known = if names.is_empty() { "there is none".to_owned() } else { names.join(", ") };
                    return Err((cue.span(), format!("no order is called `{order}`; expected {known}")));
                }
            }
        }
        for (code, amount) in &self.deposits {
            if Currency::parse(code).is_none() {
                return Err((amount.span(), format!("`{code}` is no currency; expected a code such as USD")));
            }
            if amount.get_ref().parse::<Decimal>().is_err() {
                return Err((amount.span(), "expected an amount such as \"41.40\"".to_owned()));
            }
        }
        Ok(())
    }
}

impl Cue {
    /// The orders that it names.
    fn orders(&self) -> impl Iterator<Item = &str> {
        let awaited = match &self.when {
            When::After { order, .. } => Some(&**order),
            When::At(_) => None,
        };
        let touched = match &self.act {
            Some(Act::Pay(pay)) => Some(&*pay.order),
            Some(Act::Stop(order)) => Some(&**order),
            Some(Act::Notify(notification)) => notification.order.as_deref(),
            Some(Act::Break(fault)) => fault.order.as_deref(),
            Some(Act::Arrive(_) | Act::Mend | Act::Switch(_)) | None => None,
        };
        awaited.into_iter().chain(touched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "title = { en = 't', zh-CN = 't' }\nabout = { en = 'a', zh-CN = 'a' }\n";

    #[test]
    fn each_fault_of_a_file_is_told_with_its_line() {
        let check = |text: &str, line: usize, word: &str| {
            let wrong = Script::read(&format!("{HEAD}{text}")).unwrap_err();
            assert_eq!(wrong.line, line, "{text}: {}", wrong.message);
            assert!(wrong.message.contains(word), "{}", wrong.message);
        };
        check("colour = 'red'", 3, "unknown field `colour`");
        check("[cast]\norders = 3\nlead = ['open', 'opne']", 5, "`opne` is no part");
        check("[cast]\norders = 1000000000000", 4, "at most 200000 orders");
        check("[cast.mix]\nticketed = 3\nlate-ish = 1", 5, "`late-ish` is no part");
        check("[[order]]\nname = 'Hero'\npart = 'open'", 3, "`Hero` is no name");
        check("[[order]]\nname = 'a'\npart = 'open'\nairline = 'XX'", 6, "`XX` is no airline");
        check("[[order]]\nname = 'a'\npart = 'open'\nleft = 'soon'", 6, "`soon` is no duration");
        check("[[order]]\nname = 'a'\npart = 'open'\ndeclines = 1", 6, "1 is no code");
        check("[[order]]\nname = 'a'\npart = 'open'\n[[order]]\nname = 'a'\npart = 'open'", 6, "two orders");
        check("[[timeline]]\nat = '3s'\nstop = 'b'", 3, "no order is called `b`; expected there is none");
        check("[[timeline]]\nstop = 'b'", 3, "either `at` or `after`");
        check("[[timeline]]\nat = '1s'", 3, "says or does something");
        check("[[timeline]]\nat = '1s'\nmend = true\nstop = 'b'", 3, "one thing");
        check("[arrivals]\nevery = ['9s', '3s']", 4, "the shorter one");
        check("[reissues]\nevery = ['9s', '3s']", 4, "the shorter one");
        check("[switches]\nreject = 'never'", 4, "unknown variant `never`, expected one of `later`");
        check("[deposits]\nUSD = '3,5'", 4, "amount such as");
        check("[webhooks]\nlost = 300", 4, "invalid value: integer `300`");
        check("[webhooks]\ndoubled = 101", 4, "101 is more than 100 per cent");
    }

    #[test]
    fn a_story_may_arrive_at_an_order_that_it_names_before() {
        let text = "[[timeline]]\nat = '3s'\narrive = { name = 'late', part = 'open vcc' }\n\
                    [[timeline]]\nafter = { order = 'late', event = 'cancelled', wait = '2s' }\n\
                    say = { en = 'x', zh-CN = 'x' }";
        assert_eq!(Script::read(&format!("{HEAD}{text}")).unwrap().timeline().count(), 2);
    }
}
