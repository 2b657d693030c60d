//! Answers that are complete and wrong.

use std::io::Write;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use hyper::{
    StatusCode,
    header::{self, HeaderValue},
};
use serde_json::{Value, json};

use super::answer::{Answer, raw};
use crate::sim::fault::Wire;

/// Spoils an answer in one of four ways. `msg` stays, and so does a `status` of 0.
pub(super) fn distort(value: &mut Value, how: Wire) {
    if how == Wire::Unknown {
        unheard_of(value);
    }
    let Some(map) = value.as_object_mut() else { return };
    let business = map.iter_mut().filter(|(key, _)| !matches!(key.as_str(), "status" | "msg"));
    match how {
        Wire::Nulls => business.for_each(|(_, field)| *field = Value::Null),
        Wire::Types => business.for_each(|(_, field)| mistype(field)),
        Wire::Unknown if map["status"] != 0 => {
            map.insert("status".to_owned(), 7_777.into());
        }
        Wire::Extra => {
            map.insert(
                "zzUnlisted".to_owned(),
                json!({ "depth": [1, { "two": null }], "text": "\u{1b}[31mred" }),
            );
            map.insert("tags".to_owned(), json!(["a", "b"]));
        }
        _ => {}
    }
}

fn mistype(field: &mut Value) {
    *field = match field.take() {
        Value::Null => json!(false),
        Value::Bool(truth) => json!(truth.to_string()),
        Value::Number(number) => json!(number.to_string()),
        Value::String(text) => json!([text]),
        Value::Array(items) => json!({ "items": items }),
        Value::Object(map) => json!(map.into_iter().map(|(_, value)| value).collect::<Vec<_>>()),
    };
}

/// Gives every state, method and code a value that no document names, however deep it is.
fn unheard_of(field: &mut Value) {
    match field {
        Value::Array(items) => items.iter_mut().for_each(unheard_of),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), &*value) {
                    ("orderStatus", Value::String(_)) => *value = json!("7"),
                    ("orderStatus" | "ticketStatus" | "paymentMethod", Value::Number(_)) => *value = json!(7),
                    ("errorCode", Value::String(_)) => *value = json!("6999"),
                    ("deductFrom" | "cardType", Value::String(_)) => *value = json!("BARTER"),
                    _ => unheard_of(value),
                }
            }
        }
        _ => {}
    }
}

/// A small answer that is large when it is unpacked.
pub(super) fn bomb(mebibytes: usize) -> Answer {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let blank = vec![b' '; 1 << 20];
    let filled = (0..mebibytes).try_for_each(|_| encoder.write_all(&blank));
    let packed = filled.and_then(|()| encoder.finish()).unwrap_or_default();
    let mut answer = raw(StatusCode::OK, "application/json;charset=UTF-8", Bytes::from(packed));
    answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    answer
}
