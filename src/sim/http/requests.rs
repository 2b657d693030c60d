//! The requests of clients, as `/_sim/requests` and the log show them.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::server::Server;

/// So many are remembered.
const REMEMBERED: usize = 10_000;

impl Server {
    /// Remembers names of fields, never a value but the order number, and says where.
    pub(super) fn remember(&self, endpoint: &str, question: &Value) -> usize {
        let names = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
        let note = json!({
            "at": Timestamp::now().to_string(),
            "endpoint": endpoint,
            "orderNo": order_no(question),
            "fields": names(question),
            "creditCardFields": question.get("creditCard").and_then(names),
        });
        let mut requests = self.requests.borrow_mut();
        if requests.len() == REMEMBERED {
            requests.pop_front();
        }
        requests.push_back(note);
        requests.len() - 1
    }

    /// Adds how a request ended.
    pub(super) fn note(&self, number: usize, status: &Value, fault: Value) {
        if let Some(note) = self.requests.borrow_mut().get_mut(number) {
            note["status"] = status.clone();
            note["fault"] = fault;
        }
    }

    /// Prints how a request ended, and what was special about it.
    pub(super) fn print(&self, endpoint: &str, question: &Value, status: &Value, special: Option<&str>) {
        if !self.log {
            return;
        }
        let order = order_no(question).unwrap_or("-");
        let special = special.map_or_else(String::new, |special| format!(" ({special})"));
        // Whoever reads along may go away.
        let _ = writeln!(io::stderr(), "{:.3} {endpoint} {order} {status}{special}", Timestamp::now());
    }
}

/// The order that a request is about.
pub(super) fn order_no(question: &Value) -> Option<&str> {
    let no = question.get("orderNo").or_else(|| question.get("originalOrderNo"))?.as_str()?;
    let is_number = no.len() <= 40 && no.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_number.then_some(no)
}
