//! What was handled comes back at the next answer that shows its cause still there.

use paydesk::{
    desk::hub::{Command, Reply},
    domain::{case::Case, group::Group, order::OrderNo, work::Handled},
};

use crate::server::{Fake, Pays, Rig, memory, no, options, start};

async fn does(rig: &mut Rig, command: Command) {
    let asked = rig.mailbox.ask(command);
    let reply = rig
        .until(|update| update.replies.iter().find(|(id, _)| *id == asked).map(|(_, reply)| reply.clone()));
    assert!(matches!(reply.await, Reply::Done | Reply::Answered(_)));
}

/// The newest that the desk has said of the order.
fn newest(rig: &Rig) -> &Case {
    let cases = rig.seen.iter().rev().flat_map(|update| &update.cases);
    cases.into_iter().find(|case| case.order.no == no()).unwrap()
}

fn handled(rig: &Rig) -> Option<&Handled> {
    newest(rig).work().handled.as_ref()
}

async fn desk() -> (Fake, Rig, Group) {
    let server = Fake::new(Pays::Accepts);
    let mut rig = Rig::start(&server, memory(), options());
    rig.until_details().await;
    let group = Group::of(newest(&rig), start());
    assert!(matches!(group, Group::Due | Group::Unpaid));
    (server, rig, group)
}

fn handle(order: OrderNo, group: Group) -> Command {
    Command::Handle { order, group }
}

#[tokio::test(start_paused = true)]
async fn an_unpaid_order_marked_handled_is_back_at_the_next_check_while_the_deadline_still_runs() {
    let (_server, mut rig, group) = desk().await;
    does(&mut rig, handle(no(), group)).await;
    assert!(!handled(&rig).unwrap().is_checked);
    assert!(newest(&rig).away(group, start()).is_some());
    rig.pass(1).await;
    does(&mut rig, Command::Inspect(no())).await;
    rig.pass(5).await;
    assert!(handled(&rig).unwrap().is_checked);
    assert!(newest(&rig).away(group, start()).is_none() && newest(&rig).is_back(group, start()));
    // Handled once more it is away once more.
    does(&mut rig, handle(no(), group)).await;
    assert!(!handled(&rig).unwrap().is_checked);
}

#[tokio::test(start_paused = true)]
async fn without_a_key_too_it_is_back_at_the_check_that_its_turn_brings() {
    let (_server, mut rig, group) = desk().await;
    does(&mut rig, handle(no(), group)).await;
    let back = rig.until(|update| {
        let case = update.cases.iter().find(|case| case.order.no == no())?;
        case.is_back(group, start()).then_some(())
    });
    back.await;
}
