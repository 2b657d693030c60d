//! The two published request limits: searches in a second, verifications in a minute.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::sim::{endpoint::Endpoint, time::secs};

/// What was asked lately.
#[derive(Default)]
pub(super) struct Limits {
    searches: Window,
    verifications: Window,
}

/// The moments of the requests that counted.
#[derive(Default)]
struct Window(VecDeque<Timestamp>);

impl Limits {
    /// Counts a request, or gives the answer for one too many, which does not count.
    pub(super) fn count(&mut self, endpoint: Endpoint, now: Timestamp) -> Option<Value> {
        let (window, kind, limit, span) = match endpoint {
            Endpoint::Search => (&mut self.searches, "SEARCH_QPS", 10, secs(1)),
            Endpoint::Verify => (&mut self.verifications, "VERIFY_QPM", 60, secs(60)),
            _ => return None,
        };
        let wait = window.count(limit, span, now)?;
        Some(too_many(kind, limit, wait.as_secs().max(0).unsigned_abs() + 1))
    }
}

/// The documented answer to too many requests: `code`, not `status`.
pub(super) fn too_many(kind: &str, limit: usize, seconds: u64) -> Value {
    json!({
        "code": 429, "message": "Rate limit exceeded", "limitType": kind, "limit": limit, "retryAfter": seconds,
    })
}

impl Window {
    /// How long to wait, if it is full.
    fn count(&mut self, limit: usize, span: SignedDuration, now: Timestamp) -> Option<SignedDuration> {
        while self.0.front().is_some_and(|first| now.duration_since(*first) >= span) {
            self.0.pop_front();
        }
        if self.0.len() < limit {
            self.0.push_back(now);
            return None;
        }
        self.0.front().map(|first| span - now.duration_since(*first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_search_of_a_second_waits() {
        let start: Timestamp = "2026-11-03T06:00:00Z".parse().unwrap();
        let mut limits = Limits::default();
        for tenth in 0..10 {
            let now = start + SignedDuration::from_millis(tenth * 90);
            assert_eq!(limits.count(Endpoint::Search, now), None);
        }
        let refused = limits.count(Endpoint::Search, start + SignedDuration::from_millis(990)).unwrap();
        assert_eq!((&refused["code"], &refused["retryAfter"]), (&json!(429), &json!(1)));
        assert_eq!(refused.get("status"), None);
        assert_eq!(limits.count(Endpoint::Search, start + secs(1)), None, "the first one is forgotten");
        assert_eq!(limits.count(Endpoint::Query, start), None);
    }
}
