//! What is said once on a screen, and not again beside it.

use paydesk::lang::Lang;

use crate::{
    rig::Rig,
    scenes::{card_confirmed, desk, doubt, plan, sending},
};

/// How often a text stands on the screen to which `show` leads.
fn count(size: (u16, u16), show: impl Fn(&mut Rig), text: &str) -> usize {
    let mut rig = desk(size, Lang::En);
    show(&mut rig);
    rig.screen().matches(text).count()
}

#[test]
fn a_reason_that_closes_several_ways_is_said_once_on_the_plan_and_once_in_the_detail() {
    let open = "a payment is still open";
    assert_eq!([(80, 24), (120, 40), (200, 50)].map(|size| count(size, doubt, open)), [1, 2, 2]);
    assert_eq!(count((200, 50), doubt, "spaced answers \"unpaid\""), 1, "the plan says how a doubt stands");
    assert_eq!(count((120, 40), sending, open), 1);
    assert_eq!([(80, 24), (120, 40)].map(|size| count(size, plan, "order is cancelled")), [1, 1]);
    assert_eq!(count((80, 24), plan, "as above"), 3);
}

#[test]
fn what_follows_a_payment_stands_on_its_confirmation_alone() {
    for size in [(80, 24), (120, 40), (200, 50)] {
        assert_eq!(count(size, card_confirmed, "Accepted is not charged"), 1, "at {size:?}");
    }
}

/// In the strip below a narrow table, wherever it is scrolled to.
#[test]
fn no_head_stands_without_what_it_is_the_head_of() {
    let heads = ["limits.title", "detail.options", "detail.story", "detail.itinerary", "detail.passengers"];
    for lang in crate::scenes::LANGS {
        let mut rig = desk((80, 24), lang);
        for _ in 0..20 {
            let lines = rig.draw();
            let above_frame = lines[lines.len() - 3].trim_matches(['│', ' ']).to_owned();
            assert!(heads.iter().all(|head| above_frame != lang.text(head)), "{}", rig.screen());
            rig.press("C-d");
        }
    }
}

#[test]
fn a_label_of_the_detail_stands_apart_from_its_text() {
    for size in [(120, 40), (200, 50)] {
        let mut rig = desk(size, Lang::En);
        crate::scenes::plan_compared(&mut rig);
        let screen = rig.screen();
        assert!(screen.contains("Replaced by TESTA"), "{screen}");
        assert!(!screen.contains("Replaced byTESTA"), "{screen}");
    }
}
