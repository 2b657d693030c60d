//! What is looked for at the vendor: one field of its list, and the value that it is asked for. What a person writes or
//! pastes is told by its form, `ZHANG/SAN` from `SIN-BKK`; where that does not decide, they say which field is meant.

use std::fmt;

use jiff::civil::Date;

use super::{fold::fold_text, mask::holds_card_number, order::Order, text::Text};

/// A field of the vendor's list by which orders are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A passenger, `LAST/FIRST`.
    Passenger,
    /// An airline's locator.
    Pnr,
    /// The customer's e-mail address.
    Email,
    /// From city to city.
    Route,
    /// The day of departure.
    Departure,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Passenger, Self::Pnr, Self::Email, Self::Route, Self::Departure];

    /// Its word outside the languages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passenger => "passenger",
            Self::Pnr => "pnr",
            Self::Email => "email",
            Self::Route => "route",
            Self::Departure => "departure",
        }
    }
}

/// What is looked for: exactly one field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Find {
    /// A passenger, as the vendor writes names: `ZHANG/SAN`.
    Passenger(Text),
    /// An airline's locator.
    Pnr(Text),
    /// The customer's e-mail address.
    Email(Text),
    /// From city to city: codes of cities, not of airports.
    Route(Text, Text),
    /// The day of departure, by the calendar of the place that is left. It has no zone.
    Departure(Date),
}

impl Find {
    /// Told by its form alone; none if it has the form of no field.
    pub fn by_form(text: &str) -> Option<Self> {
        let text = clean(text);
        let is_name = || text.contains('/') || text.chars().any(is_ideograph);
        let kinds = [Kind::Email, Kind::Departure, Kind::Route, Kind::Pnr];
        let found = kinds.into_iter().find_map(|kind| Self::of(kind, &text));
        match found {
            // By itself a locator has the length of almost all of them.
            Some(Self::Pnr(pnr)) if pnr.len() != PNR => None,
            None if is_name() => Self::of(Kind::Passenger, &text),
            found => found,
        }
    }

    /// The same where the field is known.
    pub fn of(kind: Kind, text: &str) -> Option<Self> {
        let text = clean(text);
        if text.is_empty() || holds_card_number(&text) {
            return None;
        }
        match kind {
            Kind::Passenger => passenger(&text).map(Self::Passenger),
            Kind::Pnr => pnr(&text).map(Self::Pnr),
            Kind::Email => email(&text).map(Self::Email),
            Kind::Route => route(&text).map(|(from, to)| Self::Route(from, to)),
            Kind::Departure => day(&text).map(Self::Departure),
        }
    }

    /// False for an order that says that it is not what is looked for. What an order does not say is left to the vendor, and so
    /// is how names are compared.
    pub fn is_met_by(&self, order: &Order) -> bool {
        let is_or_unsaid = |said: &Option<Text>, wanted: &Text| {
            said.as_ref().is_none_or(|said| said.eq_ignore_ascii_case(wanted))
        };
        match self {
            Self::Passenger(_) | Self::Email(_) => true,
            Self::Pnr(pnr) => {
                let said = order.airline_pnrs.iter().flat_map(|said| said.split('|'));
                let mut said = said.chain(order.pnr_code.as_deref());
                order.airline_pnrs.is_empty() || said.any(|said| said.trim().eq_ignore_ascii_case(pnr))
            }
            Self::Route(from, to) => is_or_unsaid(&order.from, from) && is_or_unsaid(&order.to, to),
            Self::Departure(day) => order.departs.is_none_or(|departs| departs == *day),
        }
    }

    /// The field.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Passenger(_) => Kind::Passenger,
            Self::Pnr(_) => Kind::Pnr,
            Self::Email(_) => Kind::Email,
            Self::Route(..) => Kind::Route,
            Self::Departure(_) => Kind::Departure,
        }
    }
}

/// The value that is asked for, as people write it.
impl fmt::Display for Find {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passenger(text) | Self::Pnr(text) | Self::Email(text) => f.write_str(text),
            Self::Route(from, to) => write!(f, "{}-{}", from.as_str(), to.as_str()),
            Self::Departure(day) => write!(f, "{day}"),
        }
    }
}

/// Characters of a locator, of almost every airline.
const PNR: usize = 6;

/// Characters of a locator where it is said to be one.
const PNRS: std::ops::RangeInclusive<usize> = 5..=8;

/// An e-mail address is no longer than this.
const LONGEST: usize = 254;

/// A text as it was meant: half-width, in one line, without what a paste has around it.
pub fn clean(text: &str) -> String {
    let folded = fold_text(text);
    let words: Vec<&str> = folded.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.trim_matches(is_around).to_owned()
}

/// What stands around a pasted word.
fn is_around(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\'' | '`' | ',' | ';' | '.' | '(' | ')' | '[' | ']' | '<' | '>' | '{' | '}' | '#' | '|'
        )
        || matches!(c, '「' | '」' | '『' | '』' | '«' | '»' | '\u{feff}' | '\u{200b}')
}

/// True for a letter of the scripts that write names without blanks.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// `ZHANG/SAN`, however it was typed: the first blank parts the names where no slash does.
fn passenger(text: &str) -> Option<Text> {
    let (last, first) = match text.split_once('/') {
        Some((last, first)) => (last.trim(), Some(first.trim())),
        None => text.split_once(' ').map_or((text, None), |(last, first)| (last, Some(first))),
    };
    let is_name = |part: &str| {
        part.chars().any(char::is_alphabetic)
            && part.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.'))
    };
    let name = first.map_or_else(|| last.to_owned(), |first| [last, "/", first].concat());
    [Some(last), first].into_iter().flatten().all(is_name).then(|| Text::new(&name.to_uppercase()))
}

fn pnr(text: &str) -> Option<Text> {
    let is_pnr = PNRS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    is_pnr.then(|| Text::new(&text.to_ascii_uppercase()))
}

fn email(text: &str) -> Option<Text> {
    let (name, host) = text.split_once('@')?;
    let is_one = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
    (is_one(name) && is_one(host) && text.len() <= LONGEST).then(|| Text::new(text))
}

/// `SIN-BKK`: whatever sign stands between, but for the slash of names.
fn route(text: &str) -> Option<(Text, Text)> {
    const BETWEEN: [char; 5] = ['-', '>', '–', '—', '→'];
    let (from, to) = text.split_once(BETWEEN)?;
    let city = |text: &str| {
        let text = text.trim_matches(|c: char| c.is_whitespace() || BETWEEN.contains(&c));
        let is_code = text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic());
        is_code.then(|| Text::new(&text.to_ascii_uppercase()))
    };
    city(from).zip(city(to))
}

/// `2026-12-03`, `2026/12/3`, `2026.12.3`, `20261203`, `2026年12月3日`: the year first, so that nobody guesses which number is the month.
fn day(text: &str) -> Option<Date> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit()) && !part.is_empty();
    if text.len() == 8 && digits(text) {
        return Some(Date::new(
            text.get(..4)?.parse().ok()?,
            text.get(4..6)?.parse().ok()?,
            text.get(6..)?.parse().ok()?,
        ))
        .and_then(Result::ok);
    }
    let text = text.trim_end_matches('日').trim_end();
    let mut parts = text.split(['-', '/', '.', '年', '月']).map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_date = parts.next().is_none() && year.len() == 4 && [year, month, day].into_iter().all(digits);
    let date = || Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
    is_date.then(date).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Find::by_form(text).map(|find| format!("{} {find}", find.kind().word()))
    }

    #[test]
    fn the_form_says_which_field_is_meant() {
        for (typed, meant) in [
            ("ZHANG/SAN", "passenger ZHANG/SAN"),
            ("zhang / san", "passenger ZHANG/SAN"),
            ("ＺＨＡＮＧ／ＳＡＮ", "passenger ZHANG/SAN"),
            ("LIN/MEI YU", "passenger LIN/MEI YU"),
            ("O'BRIEN/ANNE-MARIE", "passenger O'BRIEN/ANNE-MARIE"),
            ("王强", "passenger 王强"),
            ("ABC123", "pnr ABC123"),
            (" \"x7k2pq\"\n", "pnr X7K2PQ"),
            ("QWERTY", "pnr QWERTY"),
            ("a@b.c", "email a@b.c"),
            ("Desk.One@Example.com,", "email Desk.One@Example.com"),
            ("SIN-BKK", "route SIN-BKK"),
            ("sin > bkk", "route SIN-BKK"),
            ("SIN→BKK", "route SIN-BKK"),
            ("sin -> bkk", "route SIN-BKK"),
            ("2026-12-03", "departure 2026-12-03"),
            ("2026/12/3", "departure 2026-12-03"),
            ("20261203", "departure 2026-12-03"),
            ("2026年12月3日", "departure 2026-12-03"),
        ] {
            assert_eq!(read(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn what_has_no_form_is_not_guessed_at() {
        for typed in [
            "",
            " ",
            "zhang",
            "12/03/2026",
            "2026-13-03",
            "2026-02-30",
            "20261301",
            "03.12",
            "SIN-BKKK",
            "@b.c",
            "a@",
            "a b@c.d",
            "4532015112830366",
            "4532 0151 1283 0366",
            "/",
            "1/2",
            "TESTA20261103141502317",
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }

    #[test]
    fn where_the_field_is_said_a_value_needs_less_of_a_form() {
        let of = |kind, text| Find::of(kind, text).map(|find| find.to_string());
        assert_eq!(of(Kind::Passenger, "zhang").as_deref(), Some("ZHANG"));
        assert_eq!(of(Kind::Passenger, "zhang san").as_deref(), Some("ZHANG/SAN"));
        assert_eq!(of(Kind::Pnr, "abc1234").as_deref(), Some("ABC1234"));
        assert_eq!(of(Kind::Pnr, "abc-123"), None);
        assert_eq!(of(Kind::Email, "zhang"), None);
        assert_eq!(of(Kind::Departure, "tomorrow"), None);
        assert_eq!(of(Kind::Passenger, "4532015112830366"), None);
    }
}
