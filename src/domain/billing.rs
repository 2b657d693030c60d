//! Which parts of a billing address an airline wants: data, since no field of the API says it (`assets/billing.toml`).

use std::collections::BTreeSet;

use serde::Deserialize;

use super::order::Airline;

/// A part of the billing address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillingField {
    /// ISO 3166-1 alpha-2.
    Country,
    /// Two letters.
    Province,
    /// City.
    City,
    /// Post code.
    PostCode,
    /// Street and number.
    Street,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Rule>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    airlines: Vec<String>,
    /// The rule holds for addresses in this country only.
    country: Option<String>,
    requires: BTreeSet<BillingField>,
}

/// Rules that cannot be read; the message names line and column.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    /// Not of the form of `assets/billing.toml`.
    #[error("billing rules: {0}")]
    Form(#[from] toml::de::Error),
    /// Not an airline's designator.
    #[error("billing rules: {0:?} is not an airline's two-character code")]
    Airline(String),
}

/// The rules of all airlines.
#[derive(Clone, Debug)]
pub struct BillingRules {
    rules: Vec<(Vec<Airline>, Option<String>, BTreeSet<BillingField>)>,
}

impl BillingRules {
    /// The rules that the program was built with.
    ///
    /// # Panics
    /// Never in a released program: a test reads them.
    pub fn built_in() -> Self {
        Self::parse(include_str!("../../assets/billing.toml")).expect("the built-in rules are tested")
    }

    /// Reads rules of the form of `assets/billing.toml`.
    pub fn parse(text: &str) -> Result<Self, BillingError> {
        let file: File = toml::from_str(text)?;
        let mut rules = Vec::with_capacity(file.rule.len());
        for rule in file.rule {
            let airlines = rule.airlines.into_iter();
            let airlines = airlines
                .map(|code| Airline::parse(&code).ok_or(BillingError::Airline(code)))
                .collect::<Result<Vec<_>, _>>()?;
            rules.push((airlines, rule.country, rule.requires));
        }
        Ok(Self { rules })
    }

    /// What the airlines of an order want between them, each field with an airline that wants it. `country` is the
    /// address's country, as far as it is known: a rule for one country counts while it may still be that country.
    pub fn required(&self, airlines: &[Airline], country: &str) -> Vec<(BillingField, Airline)> {
        let mut required: Vec<(BillingField, Airline)> = Vec::new();
        for (rule_airlines, only, fields) in &self.rules {
            let holds = only
                .as_ref()
                .is_none_or(|only| country.is_empty() || only.eq_ignore_ascii_case(country.trim()));
            let Some(airline) =
                rule_airlines.iter().find(|airline| airlines.contains(airline)).filter(|_| holds)
            else {
                continue;
            };
            for field in fields {
                if required.iter().all(|(known, _)| known != field) {
                    required.push((*field, *airline));
                }
            }
        }
        required.sort_unstable();
        required
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters of the wanted fields: c(o)untry, (p)rovince, (c)ity, post code (z), (s)treet.
    fn wants(airlines: &str, country: &str) -> String {
        let airlines: Vec<_> = airlines.split(' ').map(|code| Airline::parse(code).unwrap()).collect();
        let letter = |field| match field {
            BillingField::Country => 'o',
            BillingField::Province => 'p',
            BillingField::City => 'c',
            BillingField::PostCode => 'z',
            BillingField::Street => 's',
        };
        BillingRules::built_in()
            .required(&airlines, country)
            .into_iter()
            .map(|(field, _)| letter(field))
            .collect()
    }

    #[test]
    fn every_airline_wants_what_its_row_says() {
        let rows = [
            ("4N 5J A3 AN BV DG DM E6 EI EW FA G4 GE GQ NK OA OG P6 PB SY", "opczs"),
            ("8P 9M LJ", "opzs"),
            ("BT D8 TR VY", "oczs"),
            ("AS DY", "pczs"),
            ("JV", "opc"),
            ("KM", "ocs"),
            ("MM", "czs"),
            ("H4 H7", "o"),
            ("DE DI", "c"),
            ("MO RW", "s"),
            ("QG AK FD VJ 6E U2 FR ZZ", ""),
        ];
        let mut checked = 0;
        for (airlines, want) in rows {
            for airline in airlines.split(' ') {
                assert_eq!(wants(airline, ""), want, "{airline}");
                checked += 1;
            }
        }
        assert!(checked >= 40);
    }

    #[test]
    fn frontier_wants_an_address_only_in_the_united_states() {
        for (country, want) in [("US", "oczs"), ("us", "oczs"), ("DE", ""), ("", "oczs")] {
            assert_eq!(wants("F9", country), want, "{country:?}");
        }
    }

    #[test]
    fn several_carriers_want_the_union() {
        assert_eq!(wants("JV MM", ""), "opczs");
        assert_eq!(wants("DE MO", ""), "cs");
        assert_eq!(wants("QG H4", ""), "o");
    }

    #[test]
    fn a_mistake_in_the_rules_is_named_with_its_line() {
        let error =
            BillingRules::parse("[[rule]]\nairlines = [\"TR\"]\nrequires = [\"planet\"]\n").unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
        let error = BillingRules::parse("[[rule]]\nairlines = [\"SCOOT\"]\nrequires = []\n").unwrap_err();
        assert!(error.to_string().contains("SCOOT"), "{error}");
    }
}
