//! The control API: that it is what its description says, and what it does to the story.

use std::time::Instant;

use paydesk::sim::{Options, Presented, Turn};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Client, PATIENCE, options},
    sample::story,
};

/// Every way in which a value is not what a schema says, by the path to it.
fn faults_of(value: &Value, schema: &Value, root: &Value, path: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let schema = root.pointer(name.strip_prefix('#').unwrap()).unwrap();
        return faults_of(value, schema, root, path);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fits = |choice: &&Value| faults_of(value, choice, root, path).is_empty();
        return if choices.iter().filter(fits).count() == 1 {
            vec![]
        } else {
            vec![format!("{path}: {value} fits none, or two")]
        };
    }
    let is_right = match schema["type"].as_str().unwrap() {
        "null" => value.is_null(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => unreachable!("{other}"),
    };
    if !is_right {
        return vec![format!("{path}: {value} is no {}", schema["type"])];
    }
    let mut faults = Vec::new();
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        faults.push(format!("{path}: {value} is not listed"));
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        faults.extend(faults_of(item, &schema["items"], root, &format!("{path}/{at}")));
    }
    let none = serde_json::Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&none);
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            faults.push(format!("{path}: {name} is missing"));
        }
    }
    for (name, field) in value.as_object().into_iter().flatten() {
        let path = format!("{path}/{name}");
        match properties.get(name).unwrap_or(&schema["additionalProperties"]) {
            Value::Bool(false) => faults.push(format!("{path} is not described")),
            Value::Null => {}
            schema => faults.extend(faults_of(field, schema, root, &path)),
        }
    }
    faults
}

#[tokio::test]
async fn every_answer_is_as_it_is_described() {
    let client = Client::new(options(1.0));
    let description = client.get("/_sim/openapi.json").await;
    // There is something of everything to look at.
    client.arm(json!({ "fault": "slow", "bytes": 9, "endpoint": "search.do" })).await;
    client
        .arm(json!({ "fault": "ticketing", "code": 604, "order": "order-1", "share": 50, "lasts": "10m" }))
        .await;
    let order = client.ready(1).await;
    client.ask("pay.do", crate::client::pay(&order, 1)).await;
    client
        .control(Method::POST, "webhooks", &json!({ "type": "order.void", "order": order["orderNo"] }))
        .await;
    for _ in 0..30 {
        client.control(Method::POST, "step", &Value::Null).await;
    }
    let mut seen = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let mut path = path.strip_prefix("/_sim/").unwrap().to_owned();
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let (name, example) = (parameter["name"].as_str().unwrap(), parameter["example"].to_string());
                // The faults of before may have been mended by now.
                let armed = match name {
                    "number" => {
                        client.arm(json!({ "fault": "http", "endpoint": "stopTicket.do" })).await["number"]
                            .to_string()
                    }
                    _ => example,
                };
                let example = armed.trim_matches('"');
                match parameter["in"].as_str().unwrap() {
                    "path" => path = path.replace(&format!("{{{name}}}"), example),
                    _ => path = format!("{path}?{name}={example}"),
                }
            }
            let content = &operation["requestBody"]["content"]["application/json"];
            let example = &content["example"];
            if !example.is_null() {
                assert_eq!(faults_of(example, &content["schema"], &description, &path), [""; 0]);
            }
            let verb: Method = method.to_uppercase().parse().unwrap();
            let (status, answer) = client.control(verb, &path, example).await;
            let described =
                &operation["responses"][status.to_string()]["content"]["application/json"]["schema"];
            assert!(!described.is_null() && status == 200, "{method} {path}: {status} {answer}");
            assert_eq!(faults_of(&answer, described, &description, &path), [""; 0], "{method} {path}");
            seen += 1;
        }
    }
    assert_eq!(seen, 20, "nothing was left out");
}

#[tokio::test]
async fn what_is_not_described_is_not_there_and_what_is_wrong_is_explained() {
    let client = Client::new(options(1.0));
    for (method, path) in [
        (Method::GET, "pause"),
        (Method::POST, "ledger"),
        (Method::DELETE, "requests"),
        (Method::GET, "nothing"),
        (Method::GET, "orders/nobody"),
        (Method::DELETE, "faults/77"),
        (Method::DELETE, "faults/x"),
    ] {
        let (status, answer) = client.control(method.clone(), path, &Value::Null).await;
        assert_eq!(status, 404, "{method} {path}");
        assert!(answer["error"].is_string());
    }
    for (method, path, body, word) in [
        (Method::POST, "speed", json!({ "speed": 0.01 }), "from 0.1 to 1000"),
        (Method::POST, "reset", json!({ "scenario": "stormy" }), "no scenario is called `stormy`"),
        (Method::POST, "reset", json!({ "scenario": "/etc/story.toml" }), "when the simulator is started"),
        (Method::POST, "reset", json!({ "seeds": 1 }), "unknown field `seeds`"),
        (Method::POST, "reset", json!({ "orders": 1_000_000_000_000_000_u64 }), "at most 200000 orders"),
        (Method::PUT, "switches", json!({ "reject": "never" }), "unknown variant `never`"),
        (Method::POST, "webhooks", json!({ "type": "order.sold" }), "unknown variant `order.sold`"),
        (Method::GET, "events?before=3", Value::Null, "only parameter is `after`"),
    ] {
        let (status, answer) = client.control(method, path, &body).await;
        assert_eq!(status, 422, "{path}");
        assert!(answer["error"].as_str().unwrap().contains(word), "{answer}");
    }
}

#[tokio::test]
async fn the_story_is_paused_stepped_and_restarted() {
    let client = Client::new(options(100.0));
    let post = |path: &'static str| client.control(Method::POST, path, &Value::Null);
    let (_, paused) = post("pause").await;
    assert_eq!(paused["paused"], true);
    let (_, still) = client.control(Method::GET, "scenario", &Value::Null).await;
    assert_eq!(still["storyTime"], paused["storyTime"]);
    let events = client.get("/_sim/events").await["events"].as_array().unwrap().len();
    let mut stepped = Vec::new();
    for _ in 0..5 {
        stepped.push(post("step").await.1["storyTime"].as_str().unwrap().to_owned());
    }
    assert!(stepped.is_sorted() && stepped[0].as_str() >= paused["storyTime"].as_str().unwrap());
    let all = client.get("/_sim/events").await["events"].as_array().unwrap().clone();
    assert!(all.len() > events);
    let later = client.get(&format!("/_sim/events?after={events}")).await;
    assert_eq!(later["events"].as_array().unwrap().len(), all.len() - events);
    assert_eq!(later["events"][0]["number"], events + 1);

    let began = Instant::now();
    let (_, again) = post("reset").await;
    assert!(began.elapsed().as_millis() < 1_000);
    assert_eq!(
        (&again["seed"], &again["speed"], &again["paused"]),
        (&json!(7), &json!(100.0), &json!(false))
    );
    let until = Instant::now() + PATIENCE;
    let events = loop {
        let events = client.get("/_sim/events").await["events"].as_array().unwrap().clone();
        if events.len() >= all.len() {
            break events;
        }
        assert!(Instant::now() < until);
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    assert_eq!(events[..all.len()], all[..], "the same story to the byte");

    let (_, other) =
        client.control(Method::POST, "reset", &json!({ "scenario": "quiet", "orders": 3, "speed": 2 })).await;
    assert_eq!(
        (&other["scenario"], &other["orders"], &other["speed"]),
        (&json!("quiet"), &json!(3), &json!(2.0))
    );
    assert_eq!(client.get("/_sim/requests").await["requests"], json!([]));
}

#[tokio::test]
async fn the_presenter_of_a_demo_says_when_the_story_pauses_goes_on_and_begins_again() {
    let (narrator, said) = std::sync::mpsc::channel();
    let client = Client::new(Options { narrator: Some(narrator), ..story("quiet", Some(1), 1.0) });
    let mut lines = Vec::new();
    for (path, turn) in [("pause", Turn::Paused), ("resume", Turn::Resumed), ("reset", Turn::Reset)] {
        client.control(Method::POST, path, &Value::Null).await;
        assert_eq!(said.recv_timeout(PATIENCE).unwrap(), Presented::Turn(turn));
        let Presented::Line(line) = said.recv_timeout(PATIENCE).unwrap() else { unreachable!("{path}") };
        assert!(!line.en.is_empty() && !line.zh.is_empty() && line.en != line.zh, "{path}: {line:?}");
        lines.push(line);
    }
    // These go without a word, but whoever counts down gets to know.
    client.control(Method::POST, "speed", &json!({ "speed": 2 })).await;
    assert_eq!(said.recv_timeout(PATIENCE).unwrap(), Presented::Turn(Turn::Paced));
    client.control(Method::POST, "step", &Value::Null).await;
    assert_eq!(said.recv_timeout(PATIENCE).unwrap(), Presented::Turn(Turn::Stepped));
    assert!(lines[0].en.starts_with("Paused") && lines[2].en.contains("new orders"), "{lines:?}");
    let (_, scenario) = client.control(Method::GET, "scenario", &Value::Null).await;
    assert_eq!(scenario["narration"], json!([]), "the story itself is the same with any pauses");
}

#[tokio::test]
async fn a_faster_story_brings_the_deadline_nearer() {
    let client = Client::new(options(1.0));
    client.control(Method::POST, "pause", &Value::Null).await;
    let order = client.ready(1).await;
    client.control(Method::POST, "speed", &json!({ "speed": 500 })).await;
    client.control(Method::POST, "resume", &Value::Null).await;
    let sooner = client.query(order["orderNo"].as_str().unwrap()).await;
    let (before, after) = (order["tktLimitTime"].as_str().unwrap(), sooner["tktLimitTime"].as_str().unwrap());
    assert!(after < before, "{before} then {after}");
    assert_eq!(sooner["createdTime"], order["createdTime"], "the past stays");
}

#[tokio::test]
async fn every_switch_can_be_set_and_the_guide_lists_it_with_its_values() {
    let client = Client::new(story("quiet", Some(1), 1.0));
    let description = client.get("/_sim/openapi.json").await;
    let schemas = &description["components"]["schemas"];
    let described = schemas["Switches"]["properties"].as_object().unwrap();
    assert_eq!(schemas["Switches"]["properties"], schemas["SwitchesToSet"]["properties"]);
    let usual = client.get("/_sim/scenario").await["switches"].clone();
    assert_eq!(usual.as_object().unwrap().len(), described.len());
    let guide = std::fs::read_to_string("docs/simulator.md").unwrap();
    for (switch, schema) in described {
        let values: Vec<&str> =
            schema["enum"].as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect();
        assert_eq!(usual[switch], values[0], "{switch}: the usual one stands first");
        for value in &values {
            let (status, answer) = client.control(Method::PUT, "switches", &json!({ switch: value })).await;
            assert_eq!((status, &answer["switches"][switch]), (200, &json!(value)), "{switch}");
        }
        let (status, _) = client.control(Method::PUT, "switches", &json!({ switch: "no such value" })).await;
        assert_eq!(status, 422, "{switch}");
        let row = guide.lines().find(|line| line.starts_with(&format!("| `{switch}` | ")));
        let row = row.unwrap_or_else(|| unreachable!("the guide has no row for {switch}"));
        let quoted: Vec<&str> = row.split('`').skip(3).step_by(2).collect();
        let listed = values.iter().map(|value| quoted.iter().position(|word| word == value));
        let places: Vec<usize> =
            listed.map(|place| place.unwrap_or_else(|| unreachable!("{values:?} of: {row}"))).collect();
        assert_eq!(places.iter().min(), places.first(), "the usual one stands first: {row}");
    }
}
