//! The notifications of the vendor, as a story or the control API asks for one.

use serde::{Deserialize, Serialize};

use super::words::Carrier;

/// The type of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Type {
    #[serde(rename = "order.ticketed")]
    Ticketed,
    #[serde(rename = "order.cancelled")]
    Cancelled,
    #[serde(rename = "order.void")]
    Void,
    #[serde(rename = "order.schedulechange")]
    ScheduleChange,
    #[serde(rename = "email.schedulechange")]
    ScheduleMail,
    #[serde(rename = "abnormal.cancelled")]
    Abnormal,
    #[serde(rename = "airline.status")]
    AirlineStatus,
    #[serde(rename = "email.all")]
    Mail,
    #[serde(rename = "order.addonComplete")]
    AddonComplete,
    #[serde(rename = "order.refundComplete")]
    RefundComplete,
    /// That it comes is documented, its type and form are not.
    #[serde(rename = "order.baggage")]
    Baggage,
}

impl Type {
    /// As the vendor writes it today.
    pub(super) fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// True for those that the incident list shows as well.
    pub(super) fn is_incident(self) -> bool {
        matches!(self, Self::ScheduleChange | Self::ScheduleMail | Self::Abnormal)
    }
}

/// A notification that somebody asks for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "NotificationTable")]
pub(super) struct Notification {
    pub kind: Type,
    /// The number of the order, or its name in the story.
    pub order: Option<Box<str>>,
    /// `airline.status`: whose.
    pub airlines: Vec<Carrier>,
    pub state: State,
}

/// What differs between notifications of one type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    #[default]
    #[serde(rename = "changed")]
    Changed,
    /// `order.schedulechange`: the flight is gone.
    #[serde(rename = "cancelled")]
    Cancelled,
    Active,
    Maintenance,
    Inactive,
    /// `order.void`: ten automatic attempts have failed.
    #[serde(rename = "failed")]
    Failed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotificationTable {
    #[serde(rename = "type")]
    kind: Type,
    order: Option<Box<str>>,
    #[serde(default)]
    airlines: Vec<Carrier>,
    state: Option<State>,
}

impl TryFrom<NotificationTable> for Notification {
    type Error = String;

    fn try_from(table: NotificationTable) -> Result<Self, String> {
        let NotificationTable { kind, order, airlines, state } = table;
        let of_airlines = kind == Type::AirlineStatus;
        if of_airlines == airlines.is_empty() {
            return Err("`airlines` belong to airline.status, and to nothing else".to_owned());
        }
        if of_airlines == order.is_some() {
            return Err("every notice but airline.status names an `order`".to_owned());
        }
        let usual = if of_airlines { State::Active } else { State::Changed };
        let state = state.unwrap_or(usual);
        let fits = match kind {
            Type::AirlineStatus => matches!(state, State::Active | State::Maintenance | State::Inactive),
            Type::ScheduleChange => matches!(state, State::Changed | State::Cancelled),
            Type::Void => matches!(state, State::Changed | State::Failed),
            _ => state == State::Changed,
        };
        if !fits {
            return Err(format!("`state` does not fit {}", kind.name()));
        }
        Ok(Self { kind, order, airlines, state })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_notice_is_read_with_what_its_type_needs() {
        let read = |value| serde_json::from_value::<Notification>(value).map_err(|error| error.to_string());
        let notification =
            read(json!({ "type": "order.schedulechange", "order": "hero", "state": "cancelled" })).unwrap();
        assert_eq!((notification.kind, notification.state), (Type::ScheduleChange, State::Cancelled));
        assert_eq!(
            read(json!({ "type": "airline.status", "airlines": ["VY"] })).unwrap().state,
            State::Active
        );
        let check = |value, word: &str| {
            let error = read(value).unwrap_err();
            assert!(error.contains(word), "{error}");
        };
        check(json!({ "type": "order.sold" }), "unknown variant");
        check(json!({ "type": "order.void" }), "names an `order`");
        check(json!({ "type": "airline.status" }), "`airlines` belong");
        check(json!({ "type": "email.all", "order": "a", "state": "cancelled" }), "does not fit email.all");
    }
}
