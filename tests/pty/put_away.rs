//! An order that is snoozed at one of two consoles, found in the palette by its name: it leaves its queue in both, and is
//! back in both at its second, marked.

use std::time::Duration;

use paydesk::lang::Lang;

use crate::{
    get, program_of,
    session::{Session, selected_row},
    simulator,
    walks::says,
};

/// What another program wrote is on the screen so soon.
const SOON: Duration = Duration::from_secs(2);

#[test]
fn snoozed_by_the_palette_it_leaves_its_queue_and_is_back_at_its_second_marked_in_both_consoles() {
    for (lang, action) in [(Lang::En, "snooze"), (Lang::ZhCn, "稍后处理")] {
        let simulator = simulator(3, 1.0);
        let folder = tempfile::tempdir().unwrap();
        let orders = get(&simulator, "/_sim/orders");
        let order = orders["orders"][0]["orderNo"].as_str().unwrap().to_owned();
        let sits = |name| {
            let mut console = program_of(name, simulator.addr, folder.path(), &["--lang", lang.tag()]);
            console.until_text(lang.text("header.live"));
            // Among those that wait, which is where it leaves.
            console.type_keys("2");
            console.select(&order);
            console
        };
        let (mut li, mut mei) = (sits("li"), sits("mei"));
        li.type_keys(":");
        li.type_text(action);
        li.until("the action by its name", |screen| says(lang, "key.snooze", screen));
        li.type_keys("\r");
        li.until("the question", |screen| says(lang, "prompt.snooze", screen));
        li.type_text("8s 回电");
        li.until_text("8s 回电");
        li.type_keys("\r");
        let is_away = |screen: &str| says(lang, "table.nothing_here", screen);
        li.until("it to leave", is_away);
        mei.until_for("it to leave there too", SOON, is_away);
        let is_back =
            |screen: &str| selected_row(screen).is_some_and(|row| row.contains(lang.text("is.back")));
        for console in [&li, &mei] {
            console.until("it to be back with its mark", is_back);
        }
        for console in [&mut li, &mut mei] {
            leave(console);
        }
    }
}

fn leave(console: &mut Session) {
    console.type_keys("q");
    assert_eq!(console.ended(), 0);
}
