//! HL7 v2 messages with something wrong in them, over MLLP: answered as the standard says, kept whole in quarantine,
//! nothing of them applied, and the connection goes on.

use crate::feed::{ledger, settle};
use crate::mllp::{Ack, Mllp};
use crate::node::Node;
use crate::people::known;

/// A message with one thing changed, the answer, and words of the ERR segment.
struct Wrong {
    what: &'static str,
    message: String,
    code: &'static str,
    error: &'static str,
}

fn wrong(what: &'static str, (code, error): (&'static str, &'static str), from: &str, to: &str) -> Wrong {
    let id = what.replace(' ', "-");
    let message = known(2).message(&id, "", "1 Quay Brae");
    let changed = message.replacen(from, to, 1);
    assert_ne!(changed, message, "{what}");
    Wrong { what, message: changed, code, error }
}

fn all_wrong() -> Vec<Wrong> {
    let long = format!("^^{}^^^L||", "x".repeat(201));
    vec![
        wrong("time of the event that cannot be", ("AE", "EVN^1^2"), "EVN||20", "EVN||20XX"),
        wrong("time of the event that has not come", ("AE", "occurred_at: must not"), "EVN||20", "EVN||99"),
        wrong("another event", ("AR", "MSH^1^9"), "ADT^A28^ADT_A05", "ADT^A45^ADT_A45"),
        wrong("another type", ("AR", "MSH^1^9"), "ADT^A28^ADT_A05", "ORU^R01^ORU_R01"),
        wrong("no patient", ("AE", "PID"), "\rPID|", "\rZID|"),
        wrong("number of another system", ("AE", "PID^1^3"), "^^^nhs-strathorr^MR", "^^^elsewhere^MR"),
        wrong("another character set", ("AR", "MSH^1^18"), "UNICODE UTF-8", "ISO IR87"),
        wrong("over long name", ("AE", "PID^1^5"), "^^^^^L||", &long),
        wrong("control character", ("AE", "PID^1^5"), "^Morwenna", "^Mor\u{7}wenna"),
        wrong("date of birth that cannot be", ("AE", "PID^1^7"), "||19310103|", "||19310231|"),
    ]
}

fn is_answered_right(ack: &Ack, wrong: &Wrong) -> bool {
    let id = wrong.what.replace(' ', "-");
    ack.code == wrong.code
        && ack.control_id == id
        && ack.errors.iter().any(|error| error.contains(wrong.error))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_taken_is_refused_with_its_place_and_kept_whole() {
    let node = Node::seeded().await;
    let mut mllp = Mllp::open(node.mllp).await;
    let (mut unlike, mut sent) = (Vec::new(), Vec::new());
    for wrong in all_wrong() {
        let ack = mllp.send(wrong.message.as_bytes()).await.expect(wrong.what);
        if !is_answered_right(&ack, &wrong) {
            unlike.push(format!("{}: {} {:?}", wrong.what, ack.code, ack.errors));
        }
        sent.push(wrong.message);
    }
    assert!(unlike.is_empty(), "{unlike:#?}");
    let good = mllp.send(known(2).message("good", "", "1 Quay Brae").as_bytes()).await.unwrap();
    assert_eq!(good.code, "AA", "the connection goes on: {:?}", good.errors);
    settle(&node).await;
    let feed = ledger(&node, world::HEALTH_AUTHORITY).await;
    assert_eq!((feed.parked_count, feed.applied_count), (u64::try_from(sent.len()).unwrap(), 1));
    let listed: Vec<Vec<String>> = serde_json::from_str(&node.must(&["parked", "list", "--json"])).unwrap();
    assert_eq!(listed.len(), sent.len());
    let first = node.must(&["parked", "show", &listed[0][0], "--reason", "the port is tried"]);
    assert!(sent.contains(&first), "it is kept whole: {first:?}");
    assert!(listed.iter().all(|row| !row.concat().contains(&known(2).family)), "a list names nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_used_again_for_other_content_is_refused_and_both_are_kept() {
    let node = Node::seeded().await;
    let mut mllp = Mllp::open(node.mllp).await;
    let first = known(2).message("same-id", "", "1 Quay Brae");
    let taken = mllp.send(first.as_bytes()).await.unwrap();
    let other = first.replace("1 Quay Brae", "2 Quay Brae");
    let refused = mllp.send(other.as_bytes()).await.unwrap();
    assert_eq!((taken.code.as_str(), refused.code.as_str()), ("AA", "AR"));
    assert!(refused.errors.iter().any(|error| error.contains("MSH^1^10")), "{:?}", refused.errors);
    assert_eq!(mllp.send(first.as_bytes()).await.unwrap(), taken, "the first is still a repeat of itself");
    assert_eq!(mllp.send(other.as_bytes()).await.unwrap(), refused, "and so is the second");
    settle(&node).await;
    let feed = ledger(&node, world::HEALTH_AUTHORITY).await;
    assert_eq!((feed.applied_count, feed.parked_count), (1, 1));
    let listed: Vec<Vec<String>> = serde_json::from_str(&node.must(&["parked", "list", "--json"])).unwrap();
    let kept = node.must(&["parked", "show", &listed[0][0], "--reason", "which of the two is right"]);
    assert_eq!(kept, other, "byte for byte");
}
