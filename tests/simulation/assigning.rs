//! CHI numbers on their way back: the council's case system opens its stream, is offered what it is due and nothing
//! else, and confirms, refuses or ignores it.

use crate::run::{Outcome, Run, text};
use crate::seed_events::{AGREEMENT, CASE_SYSTEM};
use domain::{Entropy, LinkStatus, Purpose, SessionId, SourceRecord};
use prost::Message;
use proto::matching::v1::assignment_service_client::AssignmentServiceClient;
use proto::matching::v1::watch_assignments_response::Entry;
use proto::matching::v1::{Assignment, ConfirmAssignmentRequest, WatchAssignmentsRequest};
use std::collections::BTreeMap;
use support::cast::{CAST, Holder, Slot, person_of, record, truly};
use support::evaluator::{Asking, may_identify};
use support::node::secrets;
use support::screens::with_bearer;
use tonic::{Code, Status};
use uuid::Uuid;

impl Run {
    /// The stream is opened, each number answered as the bits say, and the stream opened again.
    pub(crate) async fn assignments(&mut self, answers: u8) -> Outcome {
        if self.cut_links || !self.truth.knows_callers() {
            return Ok(());
        }
        self.settle_quietly().await?;
        for (place, offered) in self.offered().await?.into_iter().enumerate() {
            let person = person_of(&record_of(&offered)?);
            match (answers >> (2 * (place % 4))) & 3 {
                0 | 1 => {
                    self.offers.retain(|id| *id != offered.id);
                    self.offers.push(offered.id);
                }
                2 => self.answer(&offered.id, Some("holds another"), false).await?,
                _ => {
                    self.answer(&offered.id, None, false).await?;
                    self.take_over(person, &offered.chi_number);
                }
            }
        }
        if answers.is_multiple_of(2) {
            self.settle_quietly().await?;
            self.offered().await?;
        }
        Ok(())
    }

    /// An answer to a number that was offered before, whatever has become of it since.
    pub(crate) async fn late_answer(&mut self, number: u8, confirms: bool) -> Outcome {
        if self.offers.is_empty() || self.cut_links || !self.truth.knows_callers() {
            return Ok(());
        }
        self.settle_quietly().await?;
        let place = usize::from(number) % self.offers.len();
        let id = self.offers.swap_remove(place);
        self.count("late answers");
        self.answer(&id, (!confirms).then_some("asked too late"), true).await
    }

    /// The case system writes a number into its record, where it is that person's.
    fn take_over(&mut self, person: usize, number: &str) {
        let whose = (0..CAST.len()).find(|one| truly(*one) == person && CAST[*one].chi().as_str() == number);
        if let Some(whose) = whose {
            self.taken_over.insert(person, whose);
        }
    }

    /// Opens the stream and gives what is offered before its first sign of life.
    async fn offered(&mut self) -> Outcome<Vec<Assignment>> {
        self.node.gate.lease().facts();
        self.truth.clock_read(self.node.now());
        let due = self.due();
        let mut client = AssignmentServiceClient::new(self.node.matcher.assignment_service(&self.node.doors));
        let request = with_bearer(WatchAssignmentsRequest::default(), secrets::COUNCIL_FEED);
        let mut stream = client.watch_assignments(request).await.map_err(text)?.into_inner();
        let mut offered = Vec::new();
        loop {
            let message = stream.message().await.map_err(text)?.ok_or("the stream of numbers ended")?;
            if let Some(token) = self.tokens.found_in(&message.encode_to_vec()).first() {
                return Err(format!("an assignment shows {:?}", self.tokens.meaning(token)));
            }
            match message.entry {
                Some(Entry::Assignment(assignment)) => offered.push(assignment),
                Some(Entry::AliveAt(_)) => break,
                None => return Err("an entry that says nothing".to_owned()),
            }
        }
        drop(stream);
        // The serving end hears of it before anything else happens.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        self.judge_offered(&due, &offered)?;
        Ok(offered)
    }

    fn judge_offered(&mut self, due: &BTreeMap<SourceRecord, String>, offered: &[Assignment]) -> Outcome {
        let mut found = BTreeMap::new();
        for one in offered {
            self.count("numbers offered");
            self.leaf_book.offered();
            found.insert(record_of(one)?, one.chi_number.clone());
        }
        for (record, number) in &found {
            if due.get(record) != Some(number) {
                return Err(format!("a number was offered for {} that is not due to it", record.key()));
            }
        }
        match due.keys().find(|record| !found.contains_key(record)) {
            Some(record) if !self.troubled => Err(format!("{} was not offered its number", record.key())),
            _ => Ok(()),
        }
    }

    /// The numbers that records of the council are due and may be told now.
    fn due(&self) -> BTreeMap<SourceRecord, String> {
        let known = (0..CAST.len()).filter(|person| CAST[*person].is_known_to(Holder::Council));
        let records = known.map(|person| record(Holder::Council, person));
        records.filter_map(|record| Some((record.clone(), self.due_to(record)?))).collect()
    }

    fn due_to(&self, about: SourceRecord) -> Option<String> {
        let links = &self.truth.links;
        let (person, status) = links.link_of(&about)?;
        let from = links.index_record_of(person)?;
        let theirs = links.records_of(person);
        let confirmed = |filed: &support::link_facts::Filed| {
            filed.record == from && filed.status == LinkStatus::Confirmed
        };
        let number = self.number_in(&from)?;
        let has_it = self.number_in(&about) == Some(number);
        let is_known = status == LinkStatus::Confirmed && links.person_now(person) == person;
        if has_it || !is_known || !theirs.iter().any(confirmed) || links.has_answered(&about, person) {
            return None;
        }
        let asking = Asking {
            user: CASE_SYSTEM.to_owned(),
            reader: Holder::Council,
            position: None,
            purpose: Purpose::CarePlanning,
            session: SessionId(Uuid::nil()),
            bound: Some(person),
            asserted: true,
            about,
        };
        let may = may_identify(&self.truth, &AGREEMENT, &asking, (Holder::Board, self.node.now()));
        may.then(|| CAST[number].chi().as_str().to_owned())
    }

    /// Whose number stands in a record.
    fn number_in(&self, of: &SourceRecord) -> Option<usize> {
        let facts = self.truth.record(Holder::of(of), person_of(of))?;
        let identity = facts.held().find(|(slot, _)| *slot == Slot::IDENTITY);
        identity.and_then(|(_, held)| held.number_of)
    }

    async fn answer(&mut self, id: &str, refused_because: Option<&str>, late: bool) -> Outcome {
        let request = ConfirmAssignmentRequest {
            request_id: self.node.durable.entropy.uuid().to_string(),
            assignment_id: id.to_owned(),
            refused_because: refused_because.map(str::to_owned),
        };
        for _ in 0..10 {
            match self.confirm(request.clone()).await {
                Ok(event) => {
                    self.count(if refused_because.is_some() {
                        "numbers refused"
                    } else {
                        "numbers confirmed"
                    });
                    return self.confirm_again(request, &event).await;
                }
                Err(status) if status.code() == Code::Aborted && !late => return Err(text(status)),
                Err(status) => {
                    if self.is_over(&status).await? {
                        return Ok(());
                    }
                }
            }
        }
        Err("a number could not be answered".to_owned())
    }

    /// The same answer again is answered alike, and another one under its id is not taken.
    async fn confirm_again(&mut self, request: ConfirmAssignmentRequest, event: &str) -> Outcome {
        if self.troubled {
            return Ok(());
        }
        match self.confirm(request.clone()).await {
            Ok(again) if again == event => {}
            other => return Err(format!("the same answer again was answered with {other:?}")),
        }
        let other =
            ConfirmAssignmentRequest { refused_because: Some("changed its mind".to_owned()), ..request };
        match self.confirm(other).await {
            Err(status) if status.code() == Code::Aborted => Ok(()),
            other => Err(format!("another answer under the same id was answered with {other:?}")),
        }
    }

    async fn confirm(&self, request: ConfirmAssignmentRequest) -> Result<String, Status> {
        let mut client = AssignmentServiceClient::new(self.node.matcher.assignment_service(&self.node.doors));
        let answer = client.confirm_assignment(with_bearer(request, secrets::COUNCIL_FEED)).await?;
        Ok(answer.into_inner().event_id)
    }
}

fn record_of(assignment: &Assignment) -> Outcome<SourceRecord> {
    let read = proto::intake::read_source_record(assignment.record.clone(), "record");
    read.map_err(|violation| format!("an assignment of no record: {violation:?}"))
}
