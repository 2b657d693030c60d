//! Answers over HTTP: JSON or raw, compressed for those who accept it.

use std::io::Write;

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http_body_util::Full;
use hyper::{
    Response, StatusCode,
    header::{self, HeaderValue},
};
use serde_json::{Value, json};

/// Larger answers are compressed for those who accept it.
const WORTH_COMPRESSING: usize = 1024;

pub(super) type Answer = Response<Full<Bytes>>;

/// What is said of a request that is not for the vendor at all.
pub(super) fn failure(status: StatusCode, path: &str) -> Answer {
    let error = status.canonical_reason().unwrap_or_default();
    respond(status, &json!({ "error": error, "path": path }), false)
}

pub(super) fn respond(status: StatusCode, value: &Value, gzip: bool) -> Answer {
    let plain = Bytes::from(value.to_string());
    let compressed = (gzip && plain.len() > WORTH_COMPRESSING).then(|| compress(&plain)).flatten();
    let coding = compressed.is_some().then_some(HeaderValue::from_static("gzip"));
    let mut answer = raw(status, "application/json;charset=UTF-8", compressed.unwrap_or(plain));
    if let Some(coding) = coding {
        answer.headers_mut().insert(header::CONTENT_ENCODING, coding);
    }
    answer
}

pub(super) fn raw(status: StatusCode, content_type: &'static str, content: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(content.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

fn compress(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), Compression::fast());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}
