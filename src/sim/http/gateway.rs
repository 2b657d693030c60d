//! What is refused before any endpoint is asked: clients without credentials, and endpoints that an account has not
//! been given.

use hyper::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{
    answer::{Answer, respond},
    asked::Asked,
    server::Server,
};
use crate::sim::scenario::Credentials;

const UNAUTHORISED: i64 = 900;

/// The answer to a client without credentials. Any id and secret will do, as long as both are there.
pub(super) fn unauthorised(server: &Server, asked: &Asked) -> Option<Answer> {
    if is_authorised(&asked.headers) {
        return None;
    }
    let status = match server.world.borrow().switches.credentials {
        Credentials::Status => StatusCode::OK,
        Credentials::Http => StatusCode::UNAUTHORIZED,
    };
    Some(refused(status, "missing authentication"))
}

/// The answer of an endpoint that is not there for anybody. The log says which, and why.
pub(super) fn closed(server: &Server, endpoint: &str, why: &str, asked: &Asked) -> Answer {
    if let Some(answer) = unauthorised(server, asked) {
        return answer;
    }
    let question = serde_json::from_slice(&asked.content).unwrap_or(Value::Null);
    let number = server.remember(endpoint, &question);
    server.print(endpoint, &question, &json!(UNAUTHORISED), Some(why));
    server.note(number, &json!(UNAUTHORISED), Value::Null);
    refused(StatusCode::OK, "the client is not allowed to use this API")
}

fn refused(status: StatusCode, why: &str) -> Answer {
    let msg = format!("Unauthorized access: {why}");
    respond(status, &json!({ "status": UNAUTHORISED, "msg": msg }), false)
}

/// The credentials are looked at and forgotten.
fn is_authorised(headers: &HeaderMap) -> bool {
    ["x-atlas-client-id", "x-atlas-client-secret"]
        .iter()
        .all(|name| headers.get(*name).is_some_and(|value| !value.as_bytes().trim_ascii().is_empty()))
}
