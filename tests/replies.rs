//! What the console makes of the replies to its commands, and of what others than the desk say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use paydesk::{
    atlas::ReadError,
    console::{Message, aside::Aside},
    desk::{
        health::Notice,
        hub::{Closed, CommandId, NotBegun, Reply, Update},
    },
    domain::attempt::AttemptId,
};
use rig::{Rig, Sketch, noon, number};

fn desk() -> Rig {
    let mut rig = Rig::new((120, 40));
    rig.sketch(&Sketch::default());
    rig
}

/// What is on the screen once the desk has replied.
fn after(reply: Reply) -> String {
    let mut rig = desk();
    let replies = vec![(CommandId(7), reply)];
    rig.news(Update { replies, ..Update::default() });
    rig.screen()
}

#[test]
fn what_did_not_happen_is_said() {
    let order = number(1);
    let silent = ReadError::NoSuchOrder;
    let said = [
        (Reply::Unanswered { order, error: silent, unsettled: None }, "the order does not exist"),
        (Reply::NotDecided { order }, "Not decided"),
        (
            Reply::NotRecorded { order, note: None, reason: "the disk is full".into() },
            "not recorded. the disk is full",
        ),
        (Reply::NotTaken, "The background task has ended"),
        (Reply::Ended, "The background task has ended"),
    ];
    for (reply, words) in said {
        let screen = after(reply);
        assert!(screen.contains(words), "{words}: {screen}");
    }
}

#[test]
fn what_did_happen_shows_by_itself() {
    let before = desk().screen();
    let (id, order) = (AttemptId::generate(), number(1));
    for reply in [Reply::Done, Reply::Answered(order), Reply::Begun(id)] {
        assert_eq!(after(reply), before);
    }
}

#[test]
fn a_payment_of_another_form_that_was_not_begun_is_kept_in_the_log_alone() {
    let (id, order) = (AttemptId::generate(), number(1));
    let mut rig = desk();
    let not_begun = Reply::NotBegun { id, order, reason: NotBegun::Closed(Closed::Leaving) };
    rig.news(Update { replies: vec![(CommandId(0), not_begun)], ..Update::default() });
    assert!(!rig.screen().contains("program is quitting"), "{}", rig.screen());
    rig.press("@");
    assert!(rig.screen().contains("program is quitting"), "{}", rig.screen());
}

#[test]
fn notices_that_were_missed_are_counted_in_the_log() {
    let mut rig = desk();
    let notice = Notice::HeldBack { order: number(9), error: ReadError::NoSuchOrder, again_at: noon() };
    rig.news(Update { notices: vec![notice], missed: 41, ..Update::default() });
    rig.press("@");
    let screen = rig.screen();
    assert!(screen.contains("41 older notices were dropped"), "{screen}");
    assert!(screen.contains("next query 06:22:00"), "{screen}");
}

#[test]
fn what_could_not_be_started_beside_the_desk_is_said() {
    for (aside, words) in [
        (
            Aside::NoLog("the disk is full".into()),
            "Going on without a log, so nothing can be paid: the disk is full",
        ),
        (Aside::NotListening("in use".into()), "No webhooks: the receiver cannot start (in use)"),
    ] {
        let mut rig = desk();
        rig.message(Message::Aside(aside));
        assert!(rig.screen().contains(words), "{words}: {}", rig.screen());
    }
}
