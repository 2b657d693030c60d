//! Everything that must be seen when Enter can charge is on the smallest screen, whichever the method.

use paydesk::{
    config::Stage,
    console::theme::Signs,
    domain::method::PaymentMethod,
    lang::{Lang, words},
};

use crate::{
    fields::inside,
    rig::{Rig, case, sample::CARD},
    scenes::{LANGS, SECOND, fill, trouble, urgent},
};

/// The confirmation of a payment by `method` on the smallest screen, with nothing typed yet.
fn confirming(method: PaymentMethod, stage: Stage, lang: Lang, prepare: impl Fn(&mut Rig)) -> Rig {
    let mut rig = Rig::staged((80, 24), stage);
    rig.console.ui.lang = lang;
    rig.console.model.setup.signs = Signs::Unicode;
    prepare(&mut rig);
    rig.sketch(&urgent());
    rig.press("$");
    rig.pass(SECOND);
    rig.sketch(&urgent());
    rig.press(&method.number().to_string());
    if method.needs_card() {
        for (field, text) in CARD {
            fill(&mut rig, field, text);
        }
    }
    rig.press("Enter");
    rig.draw();
    rig.pass(SECOND * 8);
    rig
}

/// As a text that was wrapped is read, in either language.
fn flat(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn everything_that_decides_is_on_the_confirmation_at_80_columns() {
    use PaymentMethod::{Byoa, Deposit, Mor, Vcc};
    // What leaves, from where, the fee and where that comes from, what the deposit holds then.
    let money = [
        (Deposit, "USD 119.55", "confirm.leaves_deposit", "USD 2.00", "USD 18,223.12"),
        (Vcc, "PHP 6,860.00", "Visa **** 0366", "USD 2.00", "USD 18,340.67"),
        (Byoa, "PHP 6,860.00", "confirm.leaves_account", "USD 2.00", "USD 18,340.67"),
        (Mor, "USD 121.08", "Visa **** 0366", "USD 2.00", "USD 18,340.67"),
    ];
    for (method, amount, source, fee, after) in money {
        for (stage, word) in [(Stage::Live, "LIVE"), (Stage::Demo, "DEMO")] {
            for lang in LANGS {
                let mut rig = confirming(method, stage, lang, |_| {});
                let lines = inside(&mut rig);
                // From its frame on: nothing that lies behind it is taken for a part of it.
                let title = lang.text("confirm.title");
                let from = lines.iter().position(|line| line.contains(title)).unwrap();
                let screen = lines[from..].join("\n");
                assert!(lines[from].contains(&format!(" {word} ")), "{screen}");
                let text = |key| lang.find(key).unwrap_or(key).to_owned();
                let then = if method == Vcc { "confirm.then_vcc" } else { "confirm.then_text" };
                let is_within = method == Deposit;
                let fee_source = if is_within { "confirm.fee_within" } else { "confirm.fee_leaves" };
                let fee_source = text(fee_source).replace("{fee}", fee).replace("{ticket}", "USD 117.55");
                let left = format!("{} 02:51", lang.text("due.due"));
                let deadline =
                    lang.fill("confirm.deadline_text", &[("left", &left), ("age", &8), ("attempts", &0)]);
                let mut wanted = vec![
                    ("order", "TESTA20261103140000001".to_owned()),
                    ("route", "MNL-SIN".to_owned()),
                    ("flight", "5J813".to_owned()),
                    ("date", words::date(lang, jiff::civil::date(2026, 12, 18))),
                    ("passengers", "SANTOS/RAFAEL LUIS, SANTOS/ANA".to_owned()),
                    ("amount", amount.to_owned()),
                    ("source", text(source)),
                    ("fee", fee.to_owned()),
                    ("source of the fee", fee_source),
                    ("deadline, age of the query, attempts", deadline),
                    (
                        "balance before and after",
                        lang.fill("confirm.after", &[("before", &"18,342.67"), ("after", &after)]),
                    ),
                    ("accepted is not charged", text(then)),
                    ("no answer", text("confirm.doubt_text")),
                    ("cancel", format!("Esc {}", text("key.cancel"))),
                    ("how long it holds", lang.fill("confirm.valid", &[("left", &52)])),
                ];
                if method == Vcc {
                    wanted.push(("ceiling", format!("{} PHP 7066", text("confirm.ceiling"))));
                    wanted.push(("single use", text("form.single_use")));
                }
                for (what, said) in wanted {
                    let is_there = flat(&screen).contains(&flat(&said));
                    assert!(is_there, "{method} in {}: no {what}, {said:?}:\n{screen}", lang.tag());
                }
            }
        }
    }
}

#[test]
fn the_longest_confirmation_keeps_its_field_and_its_keys() {
    for lang in LANGS {
        let mut rig = confirming(PaymentMethod::Vcc, Stage::Live, lang, trouble);
        let mut long = case(&urgent());
        long.order.passengers = (0..9).map(|n| format!("PASSENGER{n}/GIVEN NAMES").as_str().into()).collect();
        let details = long.order.details.as_mut().unwrap();
        let leg = details.segments[0].clone();
        details.segments.extend([leg.clone(), leg.clone(), leg]);
        rig.publish(vec![long]);
        rig.press("6860");
        let screen = rig.screen();
        for said in ["confirm.type_amount", "confirm.matches", "key.cancel", "key.confirm"] {
            assert!(screen.contains(lang.text(said)), "{said}:\n{screen}");
        }
        assert!(screen.contains('~'), "of nine names some are left out, and that is seen:\n{screen}");
    }
}
