//! `assets/codes.toml`, read once: as JSON, which the build makes of it (`build.rs`) and which is read in a tenth of the time.

use std::{collections::HashMap, sync::LazyLock};

use serde::{Deserialize, Deserializer, de::Error as _};

use super::row::{
    AfterPay, AfterRegenerate, Baggage, Both, CardWear, Family, Making, Mends, Outcome, Pay, Regenerate,
    Ticketing, Words,
};
use crate::domain::subject::Subject;

/// A number that no document names leaves everything open, and a person decides.
const UNKNOWN_PAY: Pay = Pay {
    outcome: Outcome::Unknown,
    card: CardWear::Untouched,
    next: AfterPay::Query,
    about: Subject::OrderNo,
    is_decline: false,
};
const UNKNOWN_REGENERATE: Regenerate = Regenerate { outcome: Making::Unknown, next: AfterRegenerate::Search };
const UNKNOWN_TICKETING: Ticketing =
    Ticketing { mends: Mends::Person, card: CardWear::Untouched, is_decline: false, baggage: None };

/// What a `status` of `pay.do` does.
pub fn pay(status: i64) -> Pay {
    CODES.pay.get(&status).copied().unwrap_or(UNKNOWN_PAY)
}

/// What a `status` of `regenerateOrder.do` does.
pub fn regenerate(status: i64) -> Regenerate {
    CODES.regenerate.get(&status).copied().unwrap_or(UNKNOWN_REGENERATE)
}

/// What the `errorCode` of a cancelled order says.
pub fn ticketing(code: &str) -> Ticketing {
    let row = code.trim().parse().ok().and_then(|code: i64| CODES.ticketing.get(&code));
    row.copied().unwrap_or(UNKNOWN_TICKETING)
}

/// The code `number` in words, as `family` gives it or as any endpoint does; `None` for a number that no document names.
pub fn words(family: Family, number: i64) -> Option<&'static Words> {
    CODES.words.get(&(family, number)).or_else(|| CODES.words.get(&(Family::General, number)))
}

/// Every number that has a row of its own in `family`.
pub fn numbers(family: Family) -> impl Iterator<Item = i64> {
    CODES.words.keys().filter(move |(of, _)| *of == family).map(|(_, number)| *number)
}

#[derive(Default)]
struct Codes {
    pay: HashMap<i64, Pay>,
    regenerate: HashMap<i64, Regenerate>,
    ticketing: HashMap<i64, Ticketing>,
    words: HashMap<(Family, i64), Words>,
}

// A file that cannot be read does not get past the tests; should it, every number is an unknown one.
static CODES: LazyLock<Codes> =
    LazyLock::new(|| serde_json::from_str(FILE).map(|file: File| Codes::from(file)).unwrap_or_default());

const FILE: &str = include_str!(concat!(env!("OUT_DIR"), "/codes.json"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pay: HashMap<Number, PayRow>,
    regenerate: HashMap<Number, RegenerateRow>,
    query: HashMap<Number, WordsRow>,
    commit: HashMap<Number, WordsRow>,
    stop: HashMap<Number, WordsRow>,
    ticketing: HashMap<Number, TicketingRow>,
    general: HashMap<Number, WordsRow>,
}

#[derive(PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
struct Number(i64);

impl TryFrom<String> for Number {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PayRow {
    outcome: Outcome,
    card: CardWear,
    next: AfterPay,
    #[serde(deserialize_with = "subject")]
    about: Subject,
    #[serde(default)]
    decline: bool,
    en: [String; 2],
    zh: [String; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegenerateRow {
    outcome: Making,
    next: AfterRegenerate,
    en: [String; 2],
    zh: [String; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketingRow {
    mends: Mends,
    card: CardWear,
    #[serde(default)]
    decline: bool,
    baggage: Option<Baggage>,
    en: [String; 2],
    zh: [String; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsRow {
    en: [String; 2],
    zh: [String; 2],
}

fn subject<'de, D: Deserializer<'de>>(from: D) -> Result<Subject, D::Error> {
    let word = String::deserialize(from)?;
    Subject::from_word(&word).ok_or_else(|| D::Error::custom(format!("{word:?} is no subject")))
}

impl From<File> for Codes {
    fn from(file: File) -> Self {
        let mut codes = Self::default();
        let mut say = |family, number, en: [String; 2], zh: [String; 2]| {
            let ([meaning_en, advice_en], [meaning_zh, advice_zh]) = (en, zh);
            let words = Words {
                meaning: Both { en: meaning_en, zh: meaning_zh },
                advice: Both { en: advice_en, zh: advice_zh },
            };
            codes.words.insert((family, number), words);
        };
        for (Number(number), row) in file.pay {
            let PayRow { outcome, card, next, about, decline, en, zh } = row;
            codes.pay.insert(number, Pay { outcome, card, next, about, is_decline: decline });
            say(Family::Pay, number, en, zh);
        }
        for (Number(number), row) in file.regenerate {
            codes.regenerate.insert(number, Regenerate { outcome: row.outcome, next: row.next });
            say(Family::Regenerate, number, row.en, row.zh);
        }
        for (Number(number), row) in file.ticketing {
            let TicketingRow { mends, card, decline, baggage, .. } = row;
            codes.ticketing.insert(number, Ticketing { mends, card, is_decline: decline, baggage });
            say(Family::Ticketing, number, row.en, row.zh);
        }
        let of_words = [
            (Family::Query, file.query),
            (Family::Commit, file.commit),
            (Family::Stop, file.stop),
            (Family::General, file.general),
        ];
        for (family, rows) in of_words {
            for (Number(number), row) in rows {
                say(family, number, row.en, row.zh);
            }
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As it is written.
    fn read(text: &str) -> Result<File, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn the_file_is_complete_and_every_documented_code_is_there_in_both_languages() {
        read(include_str!("../../../assets/codes.toml")).expect("assets/codes.toml");
        serde_json::from_str::<File>(FILE).expect("the same as the program reads it");
        let documented: [(Family, &[i64]); 7] = [
            (
                Family::Pay,
                &[
                    0, -1, 2, 100, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414,
                    415, 429, 604, 615, 616, 900, 901, 902, 9999,
                ],
            ),
            (
                Family::Regenerate,
                &[
                    0, 107, 301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318,
                    319, 320, 321, 322, 323, 324, 325, 326, 327, 328, 329, 330, 407, 408, 409, 410, 6051,
                    701, 702, 703, 704, 705, 800,
                ],
            ),
            (Family::Query, &[0, 701, 702, 703, 704, 705, 800, 429, 900, 902, 9999, -1]),
            (
                Family::Ticketing,
                &[
                    309, 3011, 601, 602, 603, 604, 605, 606, 607, 608, 609, 611, 613, 614, 615, 616, 617,
                    618, 619, 620, 621, 623, 624, 625, 626, 627, 628, 629, 630, 631, 632, 633, 634, 698, 699,
                    6051,
                ],
            ),
            (Family::Commit, &[0, 307, 316, 317, 800, 900]),
            (Family::Stop, &[0, 402, 800, 900]),
            (Family::General, &[-1, 3, 100, 107, 429, 900, 901, 902, 9999]),
        ];
        for (family, numbers) in documented {
            for number in numbers {
                let code = words(family, *number).unwrap_or_else(|| panic!("{family:?} {number}"));
                for text in [&code.meaning.en, &code.meaning.zh, &code.advice.en, &code.advice.zh] {
                    assert!(!text.is_empty(), "{family:?} {number}");
                }
            }
        }
    }

    #[test]
    fn a_row_that_lacks_something_or_has_too_much_is_not_read() {
        let file =
            |row: &str| format!("{row}\n[regenerate]\n[query]\n[commit]\n[stop]\n[ticketing]\n[general]\n");
        let words = r#"en = ["a", "b"], zh = ["a", "b"]"#;
        let good = r#"outcome = "refused", card = "spent", next = "mend", about = "cardNumber","#;
        assert!(read(&file(&format!("[pay]\n1 = {{ {good} {words} }}"))).is_ok());
        for (row, why) in [
            (format!("1 = {{ {good} en = [\"a\", \"b\"] }}"), "one language"),
            (format!("1 = {{ outcome = \"refused\", {words} }}"), "half of what it does"),
            (format!("1 = {{ {good} retry = \"yes\", {words} }}"), "an attribute that nobody reads"),
            (format!("1 = {{ {} {words} }}", good.replace("mend", "pray")), "a word that is none"),
            (format!("1 = {{ {} {words} }}", good.replace("cardNumber", "moon")), "no field"),
            (format!("one = {{ {good} {words} }}"), "no number"),
            (format!("1 = {{ {good} {words} }}\n1 = {{ {good} {words} }}"), "twice"),
        ] {
            assert!(read(&file(&format!("[pay]\n{row}"))).is_err(), "{why}");
        }
    }

    #[test]
    fn no_row_contradicts_itself() {
        use AfterPay as Next;
        for number in numbers(Family::Pay) {
            let row = pay(number);
            let fits = match row.outcome {
                Outcome::Accepted => row.next == Next::Follow,
                Outcome::Refused => !matches!(row.next, Next::Follow | Next::Query | Next::Balance),
                // It may have been tried with the card, and it may be the card that was at fault.
                Outcome::Unknown => matches!(row.next, Next::Query | Next::Balance | Next::OtherMeans),
                Outcome::PaidAlready | Outcome::BeingPaidAlready | Outcome::Paid => row.next == Next::Wait,
            };
            assert!(fits, "pay {number}: {row:?}");
            if row.card == CardWear::Spent {
                assert_eq!(row.next, Next::OtherMeans, "pay {number}: the card is spent");
            }
            if row.card == CardWear::Counted {
                assert!(
                    matches!(row.next, Next::Mend | Next::OtherMeans),
                    "pay {number}: it speaks of the card"
                );
            }
        }
        for number in numbers(Family::Regenerate) {
            let row = regenerate(number);
            let fits = match row.next {
                AfterRegenerate::Pay => row.outcome == Making::Made,
                AfterRegenerate::Search => row.outcome == Making::Unknown,
                _ => row.outcome == Making::Refused,
            };
            assert!(fits, "regenerate {number}: {row:?}");
        }
        for number in numbers(Family::Ticketing) {
            let row = ticketing(&number.to_string());
            assert!(row.card == CardWear::Untouched || row.mends == Mends::OtherMeans, "{number}: {row:?}");
        }
    }

    #[test]
    fn a_number_that_no_document_names_leaves_everything_open_to_a_person() {
        assert_eq!((words(Family::Pay, 777), words(Family::Query, 604)), (None, None));
        assert_eq!(pay(777).outcome, Outcome::Unknown);
        assert_eq!(regenerate(777).outcome, Making::Unknown);
        for code in ["777", "odd", "", "604x"] {
            assert_eq!(ticketing(code).mends, Mends::Person, "{code:?}");
        }
    }

    #[test]
    fn an_answer_that_leaves_the_outcome_open_says_query_or_follow_and_never_simply_pay() {
        let open = |outcome: Outcome| !matches!(outcome, Outcome::Accepted | Outcome::Refused);
        for number in numbers(Family::Pay).filter(|number| open(pay(*number).outcome)) {
            let advice = &words(Family::Pay, number).unwrap().advice.en;
            let asks = ["Query", "query", "ollow"].iter().any(|word| advice.contains(word));
            assert!(asks, "{number}: {advice}");
        }
    }
}
