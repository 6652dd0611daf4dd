//! What reviewers do: answer questions, undo links.

use crate::run::{Outcome, Run, text};
use domain::{Entropy, PersonId, SourceRecord};
use prost::Message;
use proto::matching::v1::decide_review_request::Decision;
use proto::matching::v1::review_service_client::ReviewServiceClient;
use proto::matching::v1::{
    DecideReviewRequest, GetReviewRequest, GetReviewResponse, LinkNever, ListReviewsRequest,
    UnlinkRecordRequest,
};
use support::cast::{Holder, person_of};
use support::node::secrets;
use support::screens::with_bearer;
use tonic::{Code, Request, Status};

impl Run {
    /// A reviewer answers one of the open questions, if there is any.
    pub(crate) async fn review(&mut self, number: u8, links: bool) -> Outcome {
        if self.cut_links || !self.truth.knows_callers() {
            return Ok(());
        }
        self.settle_quietly().await?;
        let Some(shown) = self.question(number).await? else { return Ok(()) };
        self.judge_review(&shown)?;
        let decision = match shown.candidates.first() {
            Some(candidate) if links => Decision::LinkPersonId(candidate.person_id.clone()),
            Some(_) | None => Decision::Never(LinkNever { person_ids: Vec::new() }),
        };
        let request = DecideReviewRequest {
            request_id: self.node.durable.entropy.uuid().to_string(),
            review_id: shown.review_id,
            decision: Some(decision),
            reason: "seen the papers".to_owned(),
            judged_version: shown.judged_version,
        };
        for _ in 0..10 {
            let mut reviews = ReviewServiceClient::new(self.node.matcher.review_service(&self.node.doors));
            match reviews.decide_review(as_operator(request.clone())).await {
                Ok(_) => {
                    self.count("reviews decided");
                    return Ok(());
                }
                Err(status) => {
                    if self.is_over(&status).await? {
                        return Ok(());
                    }
                }
            }
        }
        Err("a review could not be decided".to_owned())
    }

    async fn question(&mut self, number: u8) -> Outcome<Option<GetReviewResponse>> {
        let mut reviews = ReviewServiceClient::new(self.node.matcher.review_service(&self.node.doors));
        let list = match reviews.list_reviews(as_operator(ListReviewsRequest::default())).await {
            Ok(list) => list.into_inner().reviews,
            Err(status) => return self.is_over(&status).await.map(|_| None),
        };
        let Some(one) = list.get(usize::from(number) % list.len().max(1)) else { return Ok(None) };
        let request = GetReviewRequest { review_id: one.review_id.clone() };
        match reviews.get_review(as_operator(request)).await {
            Ok(shown) => Ok(Some(shown.into_inner())),
            Err(status) => self.is_over(&status).await.map(|_| None),
        }
    }

    /// The worklist shows who people are, of the records in question, and nothing else of anybody.
    fn judge_review(&self, shown: &GetReviewResponse) -> Outcome {
        let records = shown.candidates.iter().filter_map(|one| one.record.as_ref()).chain(&shown.record);
        let keys: Vec<String> =
            records.filter_map(|one| Some(one.record.as_ref()?.local_id.clone())).collect();
        for token in self.tokens.found_in(&shown.encode_to_vec()) {
            let meaning = self.tokens.meaning(&token);
            let about = support::cast::record(meaning.holder, meaning.person).local_id.as_str().to_owned();
            if !meaning.slot.is_demographic() || !keys.contains(&about) {
                return Err(format!("the worklist shows {meaning:?}"));
            }
        }
        Ok(())
    }

    /// A reviewer undoes one of the links that are no index records, if there is any.
    pub(crate) async fn unlink(&mut self, number: u8, never_again: bool) -> Outcome {
        if self.cut_links || !self.truth.knows_callers() {
            return Ok(());
        }
        self.settle_quietly().await?;
        let linked: Vec<SourceRecord> = self
            .truth
            .links
            .own_links()
            .filter(|(record, person)| !self.stands_for(record, *person))
            .map(|(record, _)| record.clone())
            .collect();
        let Some(record) = linked.get(usize::from(number) % linked.len().max(1)) else { return Ok(()) };
        let request = UnlinkRecordRequest {
            request_id: self.node.durable.entropy.uuid().to_string(),
            record: Some(proto::intake::wire_source_record(record)),
            person_id: String::new(),
            reason: "another person".to_owned(),
            never_again,
        };
        for _ in 0..10 {
            let mut reviews = ReviewServiceClient::new(self.node.matcher.review_service(&self.node.doors));
            match reviews.unlink_record(as_operator(request.clone())).await {
                Ok(answer) => {
                    self.count("unlinked");
                    let bytes = answer.into_inner().encode_to_vec();
                    return self.secrets.check("an answer to unlinking", &bytes, &self.tokens);
                }
                Err(status) => {
                    if self.is_over(&status).await? {
                        self.count("unlinked, not told");
                        return Ok(());
                    }
                }
            }
        }
        Err("a link could not be undone".to_owned())
    }

    /// Whether a record is the index record of a person.
    fn stands_for(&self, record: &SourceRecord, person: PersonId) -> bool {
        Holder::of(record) == Holder::Board && self.index.get(&person) == Some(&person_of(record))
    }

    /// Whether a refusal ends the matter. Trouble of the log does not: the same request is sent again.
    pub(crate) async fn is_over(&mut self, status: &Status) -> Outcome<bool> {
        self.secrets.check("an answer to a reviewer", format!("{status:?}").as_bytes(), &self.tokens)?;
        let cannot_decide = !self.truth.may_decide(self.node.now());
        match status.code() {
            Code::Unavailable if cannot_decide => Ok(true),
            Code::Unavailable if self.troubled => {
                self.settle_quietly().await?;
                Ok(false)
            }
            Code::Aborted => Ok(true),
            _ => Err(text(status)),
        }
    }

    /// What the operator's own services need before they answer: the decider's memory, the leaves.
    pub(crate) async fn settle_quietly(&mut self) -> Outcome {
        for _ in 0..10 {
            match self.settle().await {
                Err(_) if self.troubled => {}
                other => return other,
            }
        }
        Err("the node does not settle".to_owned())
    }
}

fn as_operator<T>(message: T) -> Request<T> {
    with_bearer(message, secrets::OPERATOR)
}
