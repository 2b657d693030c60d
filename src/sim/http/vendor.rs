//! The vendor's endpoints: JSON, faults, and the question put to the world.

use std::{cell::Cell, time::Duration};

use hyper::{
    HeaderMap, StatusCode,
    header::{self, HeaderValue},
};
use serde_json::{Value, json};

use super::{
    answer::{Answer, raw, respond},
    asked::Asked,
    distort, gateway,
    limits::too_many,
    page,
    requests::order_no,
    server::Server,
    valve::Flow,
};
use crate::domain::method::PaymentMethod;
use crate::sim::{
    body::{self, Encoder},
    endpoint::Endpoint,
    fault::{Effect, Fault, Wire},
    refusal::Refusal,
    scenario::{Limits as Limiting, Unknown},
    wire,
    world::World,
};

/// Answers a request to the vendor, as well or as badly as the faults have it.
pub(super) async fn answer(server: &Server, flow: &Cell<Flow>, endpoint: Endpoint, asked: &Asked) -> Answer {
    let gzip = accepts_gzip(&asked.headers);
    if endpoint == Endpoint::Cancel && !server.world.borrow().may_cancel() {
        return gateway::closed(server, endpoint.name(), "switched off", asked);
    }
    if let Some(refused) = gateway::unauthorised(server, asked) {
        return refused;
    }
    let Ok(question) = serde_json::from_slice::<Value>(&asked.content) else {
        let refused = Refusal::new(901, "The request is not valid JSON");
        return respond(StatusCode::OK, &body::failure(endpoint, refused), gzip);
    };
    let number = server.remember(endpoint.name(), &question);
    let fault = server.meet(endpoint, &question);
    let applied = fault.as_ref().is_none_or(|fault| fault.applied);
    let value = applied.then(|| server.ask(endpoint, &question, asked));
    let status = match fault.as_ref().map(|fault| fault.effect) {
        Some(Effect::Status { status }) => json!(status),
        Some(Effect::Wire(wire)) if wire.replaces_the_answer() => Value::Null,
        _ => value.as_ref().map_or(Value::Null, |value| value["status"].clone()),
    };
    let met = fault.as_ref().map_or(Value::Null, |fault| json!(fault.effect)["fault"].clone());
    server.print(endpoint.name(), &question, &status, met.as_str());
    server.note(number, &status, met);
    let value = value.unwrap_or(Value::Null);
    match fault.map(|fault| fault.effect) {
        None | Some(Effect::Ticketing { .. } | Effect::Price { .. }) => plain(&value, gzip),
        Some(Effect::Status { status }) => {
            let refused = Refusal::new(status, format!("Simulated status {status}"));
            respond(StatusCode::OK, &body::failure(endpoint, refused), gzip)
        }
        Some(Effect::Wire(wire)) => badly(flow, wire, value, applied, gzip).await,
    }
}

/// The answer of a world where nothing is broken.
fn plain(value: &Value, gzip: bool) -> Answer {
    match value.get("code").and_then(Value::as_i64) {
        Some(429) => limited(value),
        _ => respond(StatusCode::OK, value, gzip),
    }
}

fn limited(value: &Value) -> Answer {
    let mut answer = respond(StatusCode::TOO_MANY_REQUESTS, value, false);
    if let Ok(seconds) = HeaderValue::from_str(&value["retryAfter"].to_string()) {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    answer
}

/// Does to an answer what a fault wants.
async fn badly(flow: &Cell<Flow>, wire: Wire, value: Value, applied: bool, gzip: bool) -> Answer {
    let http = |status: u16| StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    match wire {
        Wire::Refuse { .. } => return plain(&value, gzip),
        Wire::Reset { .. } => flow.set(Flow::Reset),
        Wire::Cut { bytes } => flow.set(Flow::Cut(bytes)),
        Wire::Slow { bytes } => flow.set(Flow::Slow(bytes)),
        Wire::Hang { seconds } => {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            if !applied {
                flow.set(Flow::Cut(0));
            }
        }
        Wire::Html { status } => return raw(http(status), "text/html;charset=UTF-8", page::gateway(status)),
        Wire::Http { status } => return raw(http(status), "text/plain", ""),
        Wire::Limit { seconds } => {
            return limited(&too_many("SEARCH_QPS", 10, seconds));
        }
        Wire::GzipBomb { mebibytes } => return distort::bomb(mebibytes),
        Wire::Types | Wire::Nulls | Wire::Unknown | Wire::Extra => {
            let mut value = value;
            distort::distort(&mut value, wire);
            return plain(&value, gzip);
        }
    }
    plain(&value, gzip)
}

impl Server {
    /// The fault that this request meets.
    fn meet(&self, endpoint: Endpoint, question: &Value) -> Option<Fault> {
        let method = question["paymentMethod"].as_i64().and_then(PaymentMethod::from_number);
        let method = method.filter(|_| endpoint == Endpoint::Pay);
        self.world.borrow_mut().meet(endpoint, order_no(question), method)
    }

    fn ask(&self, endpoint: Endpoint, question: &Value, asked: &Asked) -> Value {
        let world = &mut *self.world.borrow_mut();
        match self.put(world, endpoint, question, asked) {
            Ok(value) => value,
            Err(refusal) if endpoint == Endpoint::Query && refusal.status == 703 => {
                match world.switches.unknown {
                    Unknown::NotFound => body::failure(endpoint, refusal),
                    Unknown::NoSuchOrder => {
                        body::failure(endpoint, Refusal::new(800, "Order does not exist"))
                    }
                    Unknown::Nulls => body::nothing(endpoint),
                }
            }
            Err(refusal) => {
                let mut answer = body::failure(endpoint, refusal);
                if endpoint == Endpoint::Order {
                    // The one thing that a booking is told again.
                    answer["sessionId"] = question["sessionId"].clone();
                }
                answer
            }
        }
    }

    /// Puts the question to the world.
    fn put(
        &self,
        world: &mut World,
        endpoint: Endpoint,
        question: &Value,
        asked: &Asked,
    ) -> Result<Value, Refusal> {
        Ok(match endpoint {
            Endpoint::Search => {
                let search = wire::search(question)?;
                match self.limit(world, endpoint) {
                    Some(limit) => limit,
                    None => body::search(&world.search(&search)?, &question["requestId"]),
                }
            }
            Endpoint::Verify => {
                let identifier = wire::verify(question)?;
                match self.limit(world, endpoint) {
                    Some(limit) => limit,
                    None => body::verify(&world.verify(&identifier)?),
                }
            }
            Endpoint::Order => {
                let book = wire::order(question)?;
                let made: Vec<_> = world.book(&book)?.into_iter().map(|order| order.no).collect();
                let orders: Vec<_> = made.iter().filter_map(|no| world.find(no.as_str())).collect();
                body::new_order(&Encoder::of(world), &orders, Some(&book.session))
            }
            Endpoint::Commit => {
                let (order_no, redirect) = wire::commit(question)?;
                let order = world.commit(&order_no, redirect)?;
                let host = asked.headers.get(header::HOST).and_then(|host| host.to_str().ok());
                let host = host.map_or_else(|| self.addr.to_string(), str::to_owned);
                body::commit(&format!("http://{host}{}{}", page::PATH, order.no))
            }
            Endpoint::Pay => body::pay(world.pay(&wire::pay(question)?)?),
            Endpoint::Query => body::query(&Encoder::of(world), world.query(&wire::query(question)?)?),
            Endpoint::List => {
                let filter = wire::list(question)?;
                body::list(&Encoder::of(world), &world.list(&filter), &filter)
            }
            Endpoint::Regenerate => {
                let no = world.regenerate(&wire::regenerate(question)?)?.no;
                let orders: Vec<_> = world.find(no.as_str()).into_iter().collect();
                body::new_order(&Encoder::of(world), &orders, None)
            }
            Endpoint::Stop => {
                world.stop(&wire::stop(question)?)?;
                body::stop()
            }
            Endpoint::ConfirmLoss => {
                world.confirm_loss(&wire::confirm_loss(question)?)?;
                body::loss_confirmed()
            }
            Endpoint::Cancel => {
                world.cancel(&wire::cancel(question)?)?;
                body::cancelled()
            }
            Endpoint::Balance => body::balance(world.balance(wire::balance(question)?)),
            Endpoint::UpdateWebhook => {
                let client = asked.headers.get("x-atlas-client-id").and_then(|id| id.to_str().ok());
                world.register(&wire::webhook(question)?, client.unwrap_or_default());
                body::registered()
            }
            Endpoint::Incidents => {
                let filter = wire::incidents(question)?;
                body::incidents(
                    &Encoder::of(world),
                    &world.incidents(&filter),
                    (filter.page, filter.page_size),
                )
            }
        })
    }

    /// The answer to too many searches or verifications.
    fn limit(&self, world: &World, endpoint: Endpoint) -> Option<Value> {
        if world.switches.limits == Limiting::Ignored {
            return None;
        }
        self.limits.borrow_mut().count(endpoint, world.clock().now())
    }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.split(';').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("gzip")))
}
