//! The fields of a request, and what is wrong with one.

use jiff::{Timestamp, civil};
use serde_json::{Map, Value};

use crate::sim::{order::SINGAPORE, refusal::Refusal};

/// An object of a request, and the name by which messages call its fields.
pub(super) struct Fields<'a> {
    pub map: &'a Map<String, Value>,
    pub within: &'static str,
}

impl<'a> Fields<'a> {
    pub(super) fn of(body: &'a Value) -> Result<Self, Refusal> {
        let map = body.as_object().ok_or_else(|| Refusal::new(400, "the body must be a JSON object"))?;
        Ok(Self { map, within: "" })
    }

    pub(super) fn ill_typed(&self, name: &str, want: &str) -> Refusal {
        Refusal::new(400, format!("{}{name} must be {want}", self.within))
    }

    /// A field that is given; null counts as left out.
    pub(super) fn given(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        self.given(name)
            .map(|value| value.as_str().map(str::to_owned).ok_or_else(|| self.ill_typed(name, "a string")))
            .transpose()
    }

    /// A filter: an empty text means none.
    pub(super) fn filter(&self, name: &str) -> Result<Option<String>, Refusal> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()))
    }

    pub(super) fn required(&self, name: &str, status: i64) -> Result<String, Refusal> {
        self.filter(name)?.ok_or_else(|| Refusal::new(status, format!("{}{name} is required", self.within)))
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Refusal> {
        self.list(name, "a list of strings", |item| item.as_str().map(str::to_owned))
    }

    pub(super) fn list<T>(
        &self,
        name: &str,
        want: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Vec<T>, Refusal> {
        let Some(value) = self.given(name) else { return Ok(Vec::new()) };
        let items = value.as_array().map(|items| items.iter().map(read).collect::<Option<Vec<T>>>());
        items.flatten().ok_or_else(|| self.ill_typed(name, want))
    }

    /// The schema calls page numbers strings, the samples show integers.
    pub(super) fn page(&self, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
        let Some(value) = self.given(name) else { return Ok(default) };
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        number
            .and_then(|number| usize::try_from(number).ok())
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| self.ill_typed(name, &format!("an integer from 1 to {most}")))
    }

    /// Numbers of people: integers, though some clients write them as texts.
    pub(super) fn count(&self, name: &str, default: Option<u8>, status: i64) -> Result<u8, Refusal> {
        let Some(value) = self.given(name) else {
            return default.ok_or_else(|| Refusal::new(status, format!("{}{name} is required", self.within)));
        };
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
        number
            .and_then(|number| u8::try_from(number).ok())
            .ok_or_else(|| Refusal::new(status, format!("{}{name} must be a small integer", self.within)))
    }

    /// `yyyyMMdd`. An empty text means none.
    pub(super) fn day(&self, name: &str, status: i64) -> Result<Option<civil::Date>, Refusal> {
        let wrong = || Refusal::new(status, format!("{}{name} must be a date such as 20260131", self.within));
        let read = |text: &str| civil::Date::strptime("%Y%m%d", text).map_err(|_| wrong());
        match self.given(name).map(|value| value.as_str().ok_or_else(wrong)).transpose()? {
            None | Some("") => Ok(None),
            Some(text) => read(text).map(Some),
        }
    }

    /// `yyyy-MM-dd HH:mm:ss`.
    pub(super) fn local_time(&self, name: &str) -> Result<Option<civil::DateTime>, Refusal> {
        let read = |text: String| {
            civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", &text)
                .map_err(|_| self.ill_typed(name, "a time such as 2026-01-31 08:00:00"))
        };
        self.filter(name)?.map(read).transpose()
    }

    pub(super) fn singapore_time(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        let local = self.local_time(name)?;
        local
            .map(|local| SINGAPORE.to_timestamp(local).map_err(|_| self.ill_typed(name, "a time of our age")))
            .transpose()
    }

    pub(super) fn object(&self, name: &str, within: &'static str) -> Result<Option<Fields<'a>>, Refusal> {
        match self.given(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Fields { map, within })),
            Some(_) => Err(self.ill_typed(name, "an object")),
        }
    }

    pub(super) fn time(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        self.filter(name)?
            .map(|text| {
                text.parse().map_err(|_| self.ill_typed(name, "a UTC time such as 2026-01-31T08:00:00Z"))
            })
            .transpose()
    }
}
