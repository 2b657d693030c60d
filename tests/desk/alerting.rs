//! Alerts in the journal: each is raised once whoever raises it, stays over a restart until somebody acknowledges it, and
//! says who and when.

use std::collections::BTreeMap;

use paydesk::{
    clock::TokioClock,
    desk::hub::{Command, Reply},
    domain::{
        alert::{Alert, AlertDid, Cause, Key},
        attempt::AttemptId,
        order::Airline,
    },
    journal::{BlockingJournal, Fact, sqlite::SqliteJournal},
};
use proptest::prelude::*;

use crate::server::{Fake, Pays, Rig, no, options, start};

fn deadline(step: u32) -> Key {
    Key { cause: Cause::Deadline(no()), step }
}

fn open(folder: &tempfile::TempDir, who: &str) -> SqliteJournal {
    SqliteJournal::open(folder.path(), who).unwrap()
}

fn desk(folder: &tempfile::TempDir, who: &str) -> Rig {
    Rig::on(&Fake::new(Pays::Accepts), open(folder, who), TokioClock::starting_at(start()), options())
}

async fn does(rig: &mut Rig, command: Command) -> Reply {
    let asked = rig.mailbox.ask(command);
    rig.until(|update| update.replies.iter().find(|(id, _)| *id == asked).map(|(_, reply)| reply.clone()))
        .await
}

/// What a desk has said of alerts so far.
fn said(rig: &Rig) -> BTreeMap<Key, Alert> {
    let alerts = rig.seen.iter().flat_map(|update| &update.alerts);
    alerts.map(|alert| (alert.key, alert.clone())).collect()
}

/// What the journal holds of alerts, and by whom.
fn written(folder: &tempfile::TempDir) -> Vec<(Key, AlertDid, String)> {
    let entries = open(folder, "reader").entries_after(0).unwrap().entries;
    let alert = |entry: paydesk::journal::Entry| match entry.fact {
        Fact::Alert(key, did) => Some((key, did, entry.author.name().to_owned())),
        _ => None,
    };
    entries.into_iter().filter_map(alert).collect()
}

#[tokio::test(start_paused = true)]
async fn an_alert_stays_over_a_restart_until_it_is_acknowledged_and_who_did_is_in_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let mut li = desk(&folder, "li@desk");
    does(&mut li, Command::Raise(vec![deadline(10)])).await;
    let first = said(&li)[&deadline(10)].clone();
    assert_eq!(first.acknowledged, None);
    does(&mut li, Command::Leave).await;
    drop(li);

    let mut mei = desk(&folder, "mei@desk");
    let again = mei.until(|update| update.alerts.first().cloned()).await;
    assert_eq!(again, first, "it waits for whoever comes next");
    does(&mut mei, Command::Raise(vec![deadline(10)])).await;
    does(&mut mei, Command::Acknowledge(vec![deadline(10)])).await;
    let (who, at) = said(&mei)[&deadline(10)].acknowledged.clone().unwrap();
    assert_eq!(who.as_str(), "mei");
    assert!(at >= first.raised_at);
    drop(mei);
    let (raised, acknowledged) = (AlertDid::Raised, AlertDid::Acknowledged);
    let want = [(deadline(10), raised, "li".to_owned()), (deadline(10), acknowledged, "mei".to_owned())];
    assert_eq!(written(&folder), want);

    let mut wei = desk(&folder, "wei@desk");
    let again = wei.until(|update| update.alerts.first().cloned()).await;
    assert_eq!(again.acknowledged, Some((who, at)), "and is known to be acknowledged");
}

#[tokio::test(start_paused = true)]
async fn what_one_console_has_acknowledged_the_other_does_not_once_more() {
    let folder = tempfile::tempdir().unwrap();
    let (mut li, mut mei) = (desk(&folder, "li@desk"), desk(&folder, "mei@desk"));
    does(&mut li, Command::Raise(vec![deadline(5)])).await;
    does(&mut mei, Command::Raise(vec![deadline(5)])).await;
    does(&mut li, Command::Acknowledge(vec![deadline(5)])).await;
    // What the system tells it of the other's entries, in a test of the desk alone.
    does(&mut mei, Command::Acknowledge(vec![deadline(5)])).await;
    let (who, _) = said(&mei)[&deadline(5)].acknowledged.clone().unwrap();
    assert_eq!(who.as_str(), "li", "the first one has");
    assert_eq!(written(&folder).len(), 2);
}

/// What happens to a journal that two consoles share.
#[derive(Clone, Debug)]
enum Step {
    Raise(usize, Vec<Key>),
    Acknowledge(usize, Vec<Key>),
    Restart(usize),
}

fn keys() -> impl Strategy<Value = Vec<Key>> {
    let attempt = AttemptId(uuid::Uuid::from_u128(7));
    let key = prop_oneof![
        prop_oneof![Just(10), Just(5), Just(1)].prop_map(deadline),
        prop_oneof![Just(2), Just(10), Just(30)]
            .prop_map(move |step| Key { cause: Cause::InDoubt(no(), attempt), step }),
        (1..3_u32).prop_map(|step| Key { cause: Cause::AirlineTrouble(Airline::RYANAIR), step }),
    ];
    proptest::collection::vec(key, 1..4)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..2_usize, keys()).prop_map(|(who, keys)| Step::Raise(who, keys)),
        2 => (0..2_usize, keys()).prop_map(|(who, keys)| Step::Acknowledge(who, keys)),
        1 => (0..2_usize).prop_map(Step::Restart),
    ];
    proptest::collection::vec(step, 1..16)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn each_alert_is_raised_and_acknowledged_at_most_once_over_any_run_of_two_consoles(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        runtime.block_on(async {
            let names = ["li@desk", "mei@desk"];
            let mut desks = names.map(|who| desk(&folder, who));
            for step in steps {
                match step {
                    // Both at once, every time.
                    Step::Raise(who, keys) => {
                        desks[1 - who].mailbox.ask(Command::Raise(keys.clone()));
                        does(&mut desks[who], Command::Raise(keys)).await;
                    }
                    Step::Acknowledge(who, keys) => {
                        desks[1 - who].mailbox.ask(Command::Acknowledge(keys.clone()));
                        does(&mut desks[who], Command::Acknowledge(keys)).await;
                    }
                    Step::Restart(who) => {
                        does(&mut desks[who], Command::Leave).await;
                        desks[who] = desk(&folder, names[who]);
                    }
                }
            }
        });
        drop(runtime);
        let mut done: Vec<(Key, &str)> =
            written(&folder).iter().map(|(key, did, _)| (*key, did.word())).collect();
        let all = done.len();
        done.sort_unstable();
        done.dedup();
        prop_assert_eq!(done.len(), all, "something was written twice");
        for (key, did) in &done {
            prop_assert!(*did == "raised" || done.contains(&(*key, "raised")), "{key:?} was never raised");
        }
    }
}
