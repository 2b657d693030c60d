//! A loss on baggage by keys in a real terminal, in both languages: the one accepted and ticketed, the other refused.

use serde_json::json;

use crate::{console, get, ledger, story};

fn order(simulator: &paydesk::sim::Running, name: &str) -> serde_json::Value {
    get(simulator, &format!("/_sim/orders/{name}"))
}

#[test]
fn a_loss_is_accepted_and_another_refused_by_keys() {
    let simulator = story("baggage-loss", None, 20.0);
    let folder = tempfile::tempdir().unwrap();
    let mut session = console(&simulator, folder.path());
    let number = |name: &str| order(&simulator, name)["orderNo"].as_str().unwrap().to_owned();
    let (loss, other) = (number("loss"), number("other"));
    session.select(&loss);
    session.until_text("3011  the airline's baggage price");
    session.type_keys("b");
    session.until_text("charged to you at the end of the");
    session.type_keys("j\r");
    session.until_text("Accept the loss? Type the last four characters");
    session.type_keys(&loss[loss.len() - 4..]);
    session.type_keys("\r");
    session.until("the loss to be gone", |screen| screen.contains("no baggage problem any more"));
    session.type_keys("\x1b");
    session.until_text("ticketed");
    // The other one, in Chinese: Esc takes the filter away first.
    session.type_keys("\x1bL");
    session.select(&other);
    session.until_text("行李亏损");
    session.type_keys("b");
    session.until_text("不发送任何请求");
    session.type_keys("jj\r");
    session.until_text("不承担？输入");
    session.type_keys(&other[other.len() - 4..]);
    session.type_keys("\r");
    session.until_text("不承担：不发送");
    assert_eq!(order(&simulator, "other")["orderStatus"], 1, "nothing was sent");
    assert_eq!(ledger(&simulator)["doubleCharges"], json!({}));
    session.type_keys("\x1bq");
    assert_eq!(session.ended(), 0);
}
