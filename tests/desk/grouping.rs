//! How often the desk waits for the disk: once for all that comes in the same moment, and for each step of a payment.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use paydesk::{
    desk::hub::Command,
    domain::{
        alert::{Cause, Key},
        attempt::State,
        notification::{Kind, Notification},
        order::{Order, OrderNo},
    },
    journal::{BlockingJournal, Claimed, JournalError},
};

use crate::{
    hooked::{Hooked, Write},
    server::{Fake, Pays, Rig, memory, no, options, unpaid},
};

/// Every write so far, each of which is one transaction, in a word.
type Writes = Arc<Mutex<Vec<String>>>;

fn watched() -> (impl BlockingJournal, Writes) {
    let writes = Writes::default();
    let written = Arc::clone(&writes);
    let hook = move |write: Write<'_>| -> Result<(), JournalError> {
        let word = match write {
            Write::Claim(Claimed::Attempt(attempt)) => format!("claim {}", attempt.state.word()),
            Write::Advance(Claimed::Attempt(attempt)) => attempt.state.word().to_owned(),
            Write::Claim(_) | Write::Advance(_) => "regeneration".to_owned(),
            Write::Fact(..) => "fact".to_owned(),
            Write::Facts => "facts".to_owned(),
        };
        written.lock().unwrap().push(word);
        Ok(())
    };
    (Hooked { inner: memory(), hook }, writes)
}

fn taken(writes: &Writes) -> Vec<String> {
    std::mem::take(&mut writes.lock().unwrap())
}

fn others() -> impl Iterator<Item = OrderNo> {
    (0..99).map(|n| format!("TESTA2026110314200{n:04}").parse().unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_page_of_a_hundred_new_orders_waits_for_the_disk_once_and_so_do_a_hundred_alerts() {
    let server = Fake::new(Pays::Accepts);
    server.with(|server| {
        for other in others() {
            server.orders.insert(other, Order { no: other, ..unpaid() });
            server.silent.insert(other);
        }
        server.silent.insert(no());
    });
    let (journal, writes) = watched();
    let rig = Rig::start(&server, journal, options());
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(rig.mailbox.take().cases.len(), 100);
    assert_eq!(taken(&writes), ["facts"]);
    let keys = others().map(|order| Key { cause: Cause::Deadline(order), step: 5 }).collect();
    rig.handle.send(Command::Raise(keys));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(rig.mailbox.take().alerts.len(), 99);
    assert_eq!(taken(&writes), ["facts"]);
}

#[tokio::test(start_paused = true)]
async fn what_comes_in_the_same_moment_is_written_together_before_any_of_it_is_answered() {
    let server = Fake::new(Pays::Accepts);
    let (journal, writes) = watched();
    let mut rig = Rig::start(&server, journal, options());
    rig.until_details().await;
    taken(&writes);
    for n in 0..40 {
        let raw = format!("{{\"n\":{n}}}");
        let (order, id, error) = (Some(no()), None, None);
        let notification = Notification { kind: Kind::Ticketed, order, id, error, raw };
        rig.handle.send(Command::Notification(Box::new(notification)));
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(taken(&writes), ["facts"]);
}

#[tokio::test(start_paused = true)]
async fn every_step_of_a_payment_waits_for_the_disk_alone() {
    let server = Fake::new(Pays::Accepts);
    let (journal, writes) = watched();
    let mut rig = Rig::start(&server, journal, options());
    rig.until_details().await;
    taken(&writes);
    rig.pay("119.55");
    rig.until_attempt(|attempt| attempt.state == State::Ticketed).await;
    let steps: Vec<String> = taken(&writes).into_iter().filter(|word| word != "facts").collect();
    assert_eq!(steps, ["claim claimed", "sending", "accepted", "paid", "ticketed"]);
}
