//! Every status code of the API as data (`assets/codes.toml`): what it means, whether to try again, what to do next.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

/// Where a code was given; the same number can mean different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// `status` of `pay.do`.
    Pay,
    /// `status` of `regenerateOrder.do`.
    Regenerate,
    /// `status` of `queryOrderDetails.do` and `orderList.do`.
    Query,
    /// `errorCode` of a cancelled order.
    Ticketing,
    /// Any endpoint.
    General,
}

/// Whether the same may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Not with this order.
    Never,
    /// After what is wrong was mended.
    Mended,
    /// With another card or another method.
    OtherMeans,
    /// The outcome is unknown: only a query tells.
    AfterQuery,
    /// After a wait.
    Later,
    /// At once.
    Yes,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Both {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// A code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Whether to try again.
    pub retry: Retry,
    /// What it means.
    pub meaning: Both,
    /// What to do next.
    pub advice: Both,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    retry: Retry,
    en: [String; 2],
    zh: [String; 2],
}

type Tables = HashMap<Family, HashMap<String, Row>>;

static CODES: LazyLock<HashMap<(Family, i64), Code>> = LazyLock::new(|| {
    let tables: Tables = toml::from_str(include_str!("../../assets/codes.toml")).unwrap_or_default();
    let mut codes = HashMap::new();
    for (family, rows) in tables {
        for (number, row) in rows {
            let ([meaning_en, advice_en], [meaning_zh, advice_zh]) = (row.en, row.zh);
            let code = Code {
                retry: row.retry,
                meaning: Both { en: meaning_en, zh: meaning_zh },
                advice: Both { en: advice_en, zh: advice_zh },
            };
            codes.extend(number.parse().map(|number| ((family, number), code)));
        }
    }
    codes
});

/// The code `number` as `family` gives it, or as any endpoint does. `None` for a number that no document names:
/// query first, then ask a person.
pub fn look_up(family: Family, number: i64) -> Option<&'static Code> {
    CODES.get(&(family, number)).or_else(|| CODES.get(&(Family::General, number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_code_is_there_in_both_languages() {
        let documented: [(Family, &[i64]); 5] = [
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
                    601, 602, 603, 604, 605, 606, 607, 608, 609, 611, 613, 614, 615, 616, 617, 618, 619, 620,
                    621, 623, 624, 625, 626, 627, 628, 629, 630, 631, 632, 633, 634, 698, 699, 6051,
                ],
            ),
            (Family::General, &[-1, 3, 100, 107, 429, 900, 901, 902, 9999]),
        ];
        for (family, numbers) in documented {
            for number in numbers {
                let code = look_up(family, *number).unwrap_or_else(|| panic!("{family:?} {number}"));
                for text in [&code.meaning.en, &code.meaning.zh, &code.advice.en, &code.advice.zh] {
                    assert!(!text.is_empty(), "{family:?} {number}");
                }
            }
        }
    }

    #[test]
    fn a_number_that_no_document_names_is_not_known() {
        assert_eq!(look_up(Family::Pay, 777), None);
        assert_eq!(look_up(Family::Query, 604), None);
    }

    #[test]
    fn codes_that_leave_the_outcome_open_say_query_first() {
        for number in [-1, 2, 411, 9999] {
            let code = look_up(Family::Pay, number).unwrap();
            assert_eq!(code.retry, Retry::AfterQuery, "{number}");
            assert!(code.advice.en.contains("Query"), "{number}");
        }
        for number in [404, 615] {
            assert_eq!(look_up(Family::Pay, number).unwrap().retry, Retry::Never, "{number}");
        }
    }
}
