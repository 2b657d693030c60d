//! An airline that declines the cards of three orders in ten minutes, by keys alone, in Chinese: from then on it is named in
//! the header, on the rows of its orders, in an alert, and in the form before money leaves.

use crate::{day::Agent, get, program_arguments, session::selected_row, story};

/// Four orders of Wizz Air, which wants no address, whose cards are declined; and one of another airline.
fn scenario() -> String {
    let order = |n: usize, airline: &str, declines: &str| {
        format!(
            "[[order]]\nname = \"order-{n}\"\npart = \"open vcc\"\nairline = \"{airline}\"\n\
             methods = [\"deposit\", \"vcc\"]\nleft = \"25m\"\n{declines}\n"
        )
    };
    let orders: Vec<String> = (1..=4).map(|n| order(n, "W6", "declines = 604")).collect();
    let both = "{ en = \"Declines\", zh-CN = \"拒付\" }";
    format!("title = {both}\nabout = {both}\n[cast]\norders = 0\n{}{}", orders.concat(), order(5, "VY", ""))
}

#[test]
fn three_declines_in_ten_minutes_warn_of_their_airline_wherever_its_orders_are_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("declines.toml");
    std::fs::write(&path, scenario()).unwrap();
    let simulator = story(path.to_str().unwrap(), None, 3.0);
    let arguments = program_arguments(simulator.addr, folder.path());
    let number = |n: usize| {
        let order = get(&simulator, &format!("/_sim/orders/order-{n}"));
        order["orderNo"].as_str().unwrap().to_owned()
    };
    let mut wei = Agent::sits_down("wei", &arguments);
    for n in 1..=3 {
        assert!(!wei.0.screen().contains("航司异常"), "{}", wei.0.screen());
        wei.looks_at(&number(n));
        wei.types("$");
        wei.pays_by_declined_card();
        wei.row_says("state.failed");
    }
    wei.sees("航司异常 W6");
    for (n, is_hers) in [(4, true), (5, false)] {
        wei.looks_at(&number(n));
        let screen = wei.0.screen();
        let row = selected_row(&screen).unwrap();
        assert_eq!(row.contains("W6!"), is_hers, "{screen}");
        wei.types("$");
        let screen = wei.reads(&["form.checked", "form.ready"]);
        assert_eq!(screen.contains("起拒付 3 单"), is_hers, "it hinders nothing: {screen}");
        wei.types("\x1b");
    }
    wei.types("\x1b\x1ba");
    wei.sees("航司 W6 异常");
    wei.types("\x1bq");
    assert_eq!(wei.0.ended(), 0);
}
