//! The decider whole: its consumer, its commands and its two services over a log and a store in memory, beside the
//! projector and the gate, under the seed's agreement.

mod house;
mod people;

use event_log::Fault;
use house::House;
use people::{AILSA, ISLA, MORVEN, Person};
use proto::matching::v1::decide_review_request::Decision;
use proto::matching::v1::watch_assignments_response::Entry;
use proto::matching::v1::{
    Assignment, ConfirmAssignmentRequest, DecideReviewRequest, GetReviewRequest, ListReviewsRequest,
    UnlinkRecordRequest, UnlinkRecordResponse, WatchAssignmentsRequest, WatchAssignmentsResponse,
};
use std::time::Duration;
use tonic::{Code, Status, Streaming};

/// Longest wait for anything.
const LONG: Duration = Duration::from_secs(20);

fn request_id(number: u32) -> String {
    format!("0190a7d2-0000-7000-8000-{number:012}")
}

async fn next_assignment(stream: &mut Streaming<WatchAssignmentsResponse>) -> Assignment {
    let found = async {
        loop {
            if let Some(Entry::Assignment(assignment)) = stream.message().await.unwrap().unwrap().entry {
                return assignment;
            }
        }
    };
    tokio::time::timeout(LONG, found).await.expect("an assignment in time")
}

async fn watch(house: &House) -> Streaming<WatchAssignmentsResponse> {
    let request = house.as_case_system(WatchAssignmentsRequest { authority: String::new() });
    house.assignments().watch_assignments(request).await.unwrap().into_inner()
}

async fn confirm(house: &House, id: &str, number: u32, refused: Option<&str>) -> Result<String, Status> {
    let request = ConfirmAssignmentRequest {
        request_id: request_id(number),
        assignment_id: id.to_owned(),
        refused_because: refused.map(str::to_owned),
    };
    let answer = house.assignments().confirm_assignment(house.as_case_system(request)).await?;
    Ok(answer.into_inner().event_id)
}

/// Waits for the only open question and gives its id.
async fn question(house: &House) -> String {
    house
        .until("a question is open", async || {
            let list =
                house.reviews().list_reviews(house.as_operator(ListReviewsRequest::default())).await.ok()?;
            list.into_inner().reviews.pop().map(|review| review.review_id)
        })
        .await
}

/// Links the record of the question to its first candidate.
async fn link(house: &House, review_id: &str, number: u32) -> Result<String, Status> {
    let shown = GetReviewRequest { review_id: review_id.to_owned() };
    let shown = house.reviews().get_review(house.as_operator(shown)).await?.into_inner();
    let request = DecideReviewRequest {
        request_id: request_id(number),
        review_id: review_id.to_owned(),
        decision: Some(Decision::LinkPersonId(shown.candidates[0].person_id.clone())),
        reason: "seen the papers".to_owned(),
        judged_version: shown.judged_version,
    };
    Ok(house.reviews().decide_review(house.as_operator(request)).await?.into_inner().event_id)
}

async fn unlink(house: &House, of: &Person, number: u32) -> Result<UnlinkRecordResponse, Status> {
    let request = UnlinkRecordRequest {
        request_id: request_id(number),
        record: Some(proto::intake::wire_source_record(&of.council())),
        person_id: String::new(),
        reason: "another person".to_owned(),
        never_again: true,
    };
    Ok(house.reviews().unlink_record(house.as_operator(request)).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matched_record_is_told_its_number_and_confirms_it_once() {
    let house = House::open().await;
    let mut stream = watch(&house).await;
    house.hears(&AILSA.at_board()).await;
    house.hears(&AILSA.at_council()).await;
    let assignment = next_assignment(&mut stream).await;
    assert_eq!(assignment.record, Some(proto::intake::wire_source_record(&AILSA.council())));
    assert_eq!(assignment.chi_number, AILSA.chi());
    assert_eq!(house.leaves_through(domain::Exit::Assignment).await, 1, "recorded before it left");

    let event = confirm(&house, &assignment.id, 1, None).await.unwrap();
    assert_eq!(
        confirm(&house, &assignment.id, 1, None).await.unwrap(),
        event,
        "the same request, the same answer"
    );
    let other = confirm(&house, &assignment.id, 1, Some("holds another")).await.unwrap_err();
    assert_eq!(other.code(), Code::Aborted, "the request id was used for another answer");
    let late = confirm(&house, &assignment.id, 2, None).await.unwrap_err();
    assert_eq!(late.code(), Code::Aborted, "it is not open any more");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_number_comes_again_and_none_comes_without_a_flow() {
    let house = House::open().await;
    house.withdraw_the_agreement().await;
    let mut stream = watch(&house).await;
    house.hears(&AILSA.at_board()).await;
    house.hears(&AILSA.at_council()).await;
    house.refusals_through(domain::Exit::Assignment).await;
    let nothing = tokio::time::timeout(Duration::from_millis(700), next_assignment(&mut stream)).await;
    assert!(nothing.is_err(), "nothing leaves without a flow");
    house.close().await;

    let house = House::open().await;
    let mut stream = watch(&house).await;
    house.hears(&AILSA.at_board()).await;
    house.hears(&AILSA.at_council()).await;
    let first = next_assignment(&mut stream).await;
    assert_eq!(next_assignment(&mut stream).await.id, first.id, "until it is answered");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_is_reviewed_linked_unlinked_and_those_who_saw_are_named() {
    let house = House::open().await;
    let mut stream = watch(&house).await;
    house.hears(&AILSA.at_board()).await;
    house.hears(&MORVEN.at_council()).await;
    let review = question(&house).await;
    let shown = GetReviewRequest { review_id: review.clone() };
    let shown = house.reviews().get_review(house.as_operator(shown)).await.unwrap().into_inner();
    assert!(shown.candidates[0].could_be_twin && !shown.reference.is_empty());
    assert!(shown.record.unwrap().demographics.is_some());

    let event = link(&house, &review, 1).await.unwrap();
    let person = house.linked(&MORVEN.council()).await;
    assert_eq!(Some(person), house.person_of(&AILSA.board()).await);
    assert_eq!(next_assignment(&mut stream).await.chi_number, AILSA.chi(), "the wrong number is on its way");

    let undone = unlink(&house, &MORVEN, 2).await.unwrap();
    assert_ne!(undone.event_id, event);
    let saw: Vec<&str> = undone.shown_to.iter().map(|shown| shown.user.as_str()).collect();
    assert!(saw.contains(&"case-system"), "{saw:?}");
    let again = unlink(&house, &MORVEN, 2).await.unwrap();
    assert_eq!(again.event_id, undone.event_id);
    house.unlinked(&MORVEN.council()).await;
    assert_eq!(house.person_of(&AILSA.board()).await, Some(person), "nothing else changed");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feeds_credential_opens_no_review_and_an_operators_no_assignment() {
    let house = House::open().await;
    let list = house.reviews().list_reviews(house.as_case_system(ListReviewsRequest::default())).await;
    assert_eq!(list.unwrap_err().code(), Code::PermissionDenied);
    let request = house.as_operator(WatchAssignmentsRequest { authority: String::new() });
    let watch = house.assignments().watch_assignments(request).await;
    assert_eq!(watch.unwrap_err().code(), Code::PermissionDenied);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_the_log_refuses_is_carried_out_once_when_it_is_sent_again() {
    let house = House::open().await;
    house.hears(&AILSA.at_board()).await;
    house.hears(&AILSA.at_council()).await;
    house.linked(&AILSA.council()).await;
    house.log.fail_appends(Fault::Refuse(event_log::Error::Full), 1);
    assert_eq!(unlink(&house, &AILSA, 1).await.unwrap_err().code(), Code::Unavailable);
    unlink(&house, &AILSA, 1).await.unwrap();
    house.unlinked(&AILSA.council()).await;
    assert_eq!(house.unlinkings().await, 1);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_process_knows_what_the_old_one_decided_and_answered() {
    let house = House::open().await;
    house.hears(&AILSA.at_board()).await;
    house.hears(&AILSA.at_council()).await;
    house.hears(&MORVEN.at_council()).await;
    let review = question(&house).await;
    house.linked(&AILSA.council()).await;
    let undone = unlink(&house, &AILSA, 1).await.unwrap();
    let house = house.restart().await;
    assert_eq!(question(&house).await, review);
    assert_eq!(unlink(&house, &AILSA, 1).await.unwrap(), undone, "answered as before");
    assert_eq!(unlink(&house, &AILSA, 2).await.unwrap_err().code(), Code::Aborted, "it has no link");
    house.hears(&ISLA.at_board()).await;
    house.hears(&ISLA.at_council()).await;
    house.linked(&ISLA.council()).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_and_commands_at_once_do_not_wait_for_each_other() {
    let house = House::open().await;
    house.hears(&AILSA.at_board()).await;
    house.hears(&AILSA.at_council()).await;
    house.linked(&AILSA.council()).await;
    let feeding = async {
        for turn in 0..150 {
            house.hears(&if turn % 2 == 0 { ISLA.at_board() } else { ISLA.at_council() }).await;
        }
    };
    let commanding = async {
        for number in 0..40 {
            // Only the first finds a link: all of them go through the same doors.
            unlink(&house, &AILSA, number).await.ok();
        }
    };
    let both = async { tokio::join!(feeding, commanding) };
    tokio::time::timeout(LONG * 3, both).await.expect("no ring of waiting");
    house.linked(&ISLA.council()).await;
    assert_eq!(house.unlinkings().await, 1);
    house.close().await;
}
