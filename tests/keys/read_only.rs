//! A desk that only looks: no way through its keys leads to anything that changes an order.

use crossterm::event::KeyEvent;
use paydesk::{
    console::{Effect, action::ACTIONS},
    desk::hub::Command,
};

use crate::{
    rig::Rig,
    scenes::{SECOND, cancelled, loss, ryanair, stopping, table, ticketing},
};

/// What would change an order, or a belief about its money.
fn changes(rig: &Rig) -> bool {
    let is_change = |effect: &Effect| {
        matches!(
            effect,
            Effect::Send(
                Command::Pay { .. }
                    | Command::Regenerate { .. }
                    | Command::Commit(_)
                    | Command::StateConfirmed(_)
                    | Command::Stop(_)
                    | Command::Decide { .. }
                    | Command::BaggageLoss { .. }
            )
        )
    };
    rig.effects.iter().any(is_change)
}

/// The desk of `open` that only looks, after these keys.
fn after(open: fn() -> Rig, keys: &[KeyEvent]) -> Rig {
    let mut rig = open();
    rig.effects.clear();
    rig.console.model.setup.read_only = true;
    for key in keys {
        rig.strike(*key, SECOND.unsigned_abs());
    }
    rig
}

/// Every action of the table in every screen that is reached by it, three deep, each followed by what answers a question.
#[test]
fn no_action_of_a_read_only_desk_reaches_anything_that_changes_an_order() {
    let scenes: [fn() -> Rig; 6] = [table, cancelled, ticketing, stopping, ryanair, loss];
    let mut pressed = std::collections::BTreeSet::new();
    for open in scenes {
        let mut paths: Vec<Vec<KeyEvent>> = vec![Vec::new()];
        for _depth in 0..3 {
            let mut reached: Vec<(String, Vec<KeyEvent>)> = Vec::new();
            for path in &paths {
                let context = after(open, path).console.ui.layers.context();
                for row in ACTIONS {
                    let Some(chord) = row.chords(context).first() else { continue };
                    pressed.insert(row.id);
                    let keys = [&path[..], &[KeyEvent::new(chord.0, chord.1)]].concat();
                    let mut rig = after(open, &keys);
                    assert!(!changes(&rig), "{} in {context:?} after {path:?}", row.id);
                    let led_to = rig.console.ui.layers.context();
                    if led_to != context {
                        reached.push((format!("{led_to:?}"), keys));
                    }
                    rig.press("y 119 Enter 0001 Space reason Enter Enter");
                    assert!(!changes(&rig), "{} in {context:?} after {path:?}, answered", row.id);
                }
            }
            reached.sort_by(|a, b| a.0.cmp(&b.0));
            reached.dedup_by(|a, b| a.0 == b.0);
            paths = reached.into_iter().map(|(_, keys)| keys).collect();
        }
    }
    for id in ["pay", "recover", "baggage", "commit", "go_on", "decide"] {
        assert!(pressed.contains(id), "{id} was not tried");
    }
}
