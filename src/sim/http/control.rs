//! The control API under `/_sim/`, described by `assets/simulator.openapi.json`.

use hyper::{Method, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    answer::{Answer, failure, raw, respond},
    asked::Asked,
    server::Server,
};
use crate::sim::{
    body::{self, Encoder},
    fault::Fault,
    notification::Notification,
    scenario::{Hooks, Switches},
    size::check_orders,
    story::Turn,
    time::Speed,
    world::{Setup, World},
};

const OPENAPI: &str = include_str!("../../../assets/simulator.openapi.json");

/// What is wrong with a request, for whoever wrote it.
type Wrong = (StatusCode, String);

/// `POST /_sim/speed`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeedBody {
    speed: f64,
}

/// `POST /_sim/reset`: what is not given stays as it was.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ResetBody {
    scenario: Option<String>,
    seed: Option<u64>,
    speed: Option<f64>,
    orders: Option<usize>,
}

/// Answers a request to the control API.
pub(super) fn answer(server: &Server, asked: &Asked) -> Answer {
    let path = asked.path.strip_prefix("/_sim/").unwrap_or_default();
    if path == "openapi.json" && asked.method == Method::GET {
        return raw(StatusCode::OK, "application/json", OPENAPI);
    }
    let world = &mut *server.world.borrow_mut();
    let done = match (&asked.method, path) {
        (&Method::GET, "scenario") => Ok(body::scenario(world)),
        (&Method::GET, "orders") => Ok(body::orders(world)),
        (&Method::GET, _) if path.starts_with("orders/") => order(world, path),
        (&Method::GET, "events") => events(world, asked),
        (&Method::GET, "ledger") => Ok(body::ledger(&Encoder::of(world), world.ledger())),
        (&Method::GET, "requests") => Ok(json!({ "requests": *server.requests.borrow() })),
        (&Method::GET, "faults") => Ok(body::faults(world)),
        (&Method::GET, "webhooks") => Ok(body::webhooks(world)),
        (&Method::POST, "faults") => arm(world, asked),
        (&Method::POST, "webhooks") => notify(world, asked),
        (&Method::PUT, "webhooks") => read::<Hooks>(asked).map(|settings| {
            world.delivery = settings;
            body::webhooks(world)
        }),
        (&Method::PUT, "switches") => read::<Switches>(asked).map(|switches| {
            world.switches = switches;
            body::scenario(world)
        }),
        (&Method::POST, "pause") => Ok(turn(server, world, Turn::Paused, |world| world.clock_mut().pause())),
        (&Method::POST, "resume") => {
            Ok(turn(server, world, Turn::Resumed, |world| world.clock_mut().resume()))
        }
        (&Method::POST, "step") => Ok(turn(server, world, Turn::Stepped, |world| {
            world.step(Timestamp::now());
        })),
        (&Method::POST, "speed") => read::<SpeedBody>(asked).and_then(|body| {
            let speed = Speed::new(body.speed).map_err(unprocessable)?;
            Ok(turn(server, world, Turn::Paced, |world| world.clock_mut().set_speed(speed)))
        }),
        (&Method::POST, "reset") => reset(server, world, asked),
        (&Method::DELETE, "faults") => {
            world.faults.mend_all();
            Ok(body::faults(world))
        }
        (&Method::DELETE, _) if path.starts_with("faults/") => mend(world, path),
        _ => return failure(StatusCode::NOT_FOUND, &asked.path),
    };
    match done {
        Ok(value) => respond(StatusCode::OK, &value, false),
        Err((status, error)) => respond(status, &json!({ "error": error }), false),
    }
}

/// Changes the pace, lets whoever watches know, and shows where the story is then.
fn turn(server: &Server, world: &mut World, turn: Turn, change: impl FnOnce(&mut World)) -> Value {
    change(world);
    server.present(turn);
    body::scenario(world)
}

fn order(world: &World, path: &str) -> Result<Value, Wrong> {
    let name = path.strip_prefix("orders/").unwrap_or_default();
    match world.find_either(name) {
        Some(order) => Ok(body::order(&Encoder::of(world), order)),
        None => Err(no_such_order()),
    }
}

fn no_such_order() -> Wrong {
    (StatusCode::NOT_FOUND, "no order has that number or name".to_owned())
}

fn events(world: &World, asked: &Asked) -> Result<Value, Wrong> {
    let after = match asked.query.strip_prefix("after=") {
        Some(number) => number.parse().map_err(|_| unprocessable("`after` is the number of an event"))?,
        None if asked.query.is_empty() => 0,
        None => return Err(unprocessable("the only parameter is `after`")),
    };
    Ok(json!({ "events": world.story.to_json(after) }))
}

fn arm(world: &mut World, asked: &Asked) -> Result<Value, Wrong> {
    let fault = read::<Fault>(asked)?;
    let now = world.moment();
    let number = world.faults.arm(fault.clone(), now);
    Ok(json!({ "number": number, "met": 0, "fault": fault }))
}

fn mend(world: &mut World, path: &str) -> Result<Value, Wrong> {
    let number = path.strip_prefix("faults/").and_then(|number| number.parse().ok());
    match number.filter(|number| world.faults.mend(*number)) {
        Some(_) => Ok(body::faults(world)),
        None => Err((StatusCode::NOT_FOUND, "no fault of that number is armed".to_owned())),
    }
}

fn notify(world: &mut World, asked: &Asked) -> Result<Value, Wrong> {
    let notification = read::<Notification>(asked)?;
    if world.notify(&notification) { Ok(body::webhooks(world)) } else { Err(no_such_order()) }
}

/// Plays the story again from its start, or another one.
fn reset(server: &Server, world: &mut World, asked: &Asked) -> Result<Value, Wrong> {
    let body = if asked.content.is_empty() { ResetBody::default() } else { read::<ResetBody>(asked)? };
    let old = world.setup();
    let scenario = match body.scenario {
        Some(name) if name.contains(['/', '.']) => {
            return Err(unprocessable("a scenario from a file is given when the simulator is started"));
        }
        Some(name) => name.parse().map_err(unprocessable)?,
        None => old.scenario.clone(),
    };
    let speed = match body.speed {
        Some(factor) => Speed::new(factor).map_err(unprocessable)?,
        None => world.clock().speed(),
    };
    let setup = Setup {
        scenario,
        speed,
        seed: body.seed.unwrap_or(old.seed),
        orders: body.orders.map(check_orders).transpose().map_err(unprocessable)?.or(old.orders),
        webhook: None,
    };
    let account = world.webhook().map(|url| (url.to_owned(), world.client().to_owned()));
    *world = World::new(setup, Timestamp::now());
    if let Some((url, client)) = account {
        world.register(&url, &client);
    }
    server.requests.borrow_mut().clear();
    server.present(Turn::Reset);
    Ok(body::scenario(world))
}

fn read<T: DeserializeOwned>(asked: &Asked) -> Result<T, Wrong> {
    serde_json::from_slice(&asked.content).map_err(unprocessable)
}

fn unprocessable(error: impl std::fmt::Display) -> Wrong {
    (StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
}
