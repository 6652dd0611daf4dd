//! `yett review …`: the clerical review worklist, and links.

use super::target::{Target, request_id, when};
use crate::client::{Answered, Credentialed};
use crate::terminal;
use anyhow::Result;
use proto::intake::v1 as intake;
use proto::matching::v1;
use proto::matching::v1::review_service_client::ReviewServiceClient;
use settings::Settings;

type Client = ReviewServiceClient<Credentialed>;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Lists open questions; names nobody.
    List {
        #[command(flatten)]
        target: Target,
    },
    /// Shows one question with its evidence. This is recorded as a disclosure.
    Show {
        /// Id of the question.
        review: String,
        #[command(flatten)]
        target: Target,
    },
    /// Decides that the record is this person's.
    Link {
        /// Id of the question.
        review: String,
        /// Id of the person.
        #[arg(long)]
        person: String,
        /// Why, in your words.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        target: Target,
    },
    /// Decides that the record is none of these people's, for good.
    Never {
        /// Id of the question.
        review: String,
        /// Ids of the people; all candidates by default.
        #[arg(long = "person")]
        people: Vec<String>,
        /// Why, in your words.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        target: Target,
    },
    /// Undoes the link of one record, and nothing else; lists who was shown the mixed record.
    Unlink {
        /// Authority of the record.
        #[arg(long)]
        authority: String,
        /// Number of the record there.
        #[arg(long)]
        local_id: String,
        /// Why, in your words.
        #[arg(long)]
        reason: String,
        /// These two are never to be linked again.
        #[arg(long)]
        never_again: bool,
        #[command(flatten)]
        target: Target,
    },
}

/// Carries out a verb.
pub(crate) async fn run(verb: Verb, settings: &Settings) -> Result<()> {
    match verb {
        Verb::List { target } => list(client(&target, settings)?, target.json).await,
        Verb::Show { review, target } => show(client(&target, settings)?, review).await,
        Verb::Link { review, person, reason, target } => {
            let decision = v1::decide_review_request::Decision::LinkPersonId(person);
            decide(client(&target, settings)?, review, decision, reason).await
        }
        Verb::Never { review, people, reason, target } => {
            let decision = v1::decide_review_request::Decision::Never(v1::LinkNever { person_ids: people });
            decide(client(&target, settings)?, review, decision, reason).await
        }
        Verb::Unlink { authority, local_id, reason, never_again, target } => {
            let request = v1::UnlinkRecordRequest {
                request_id: request_id(),
                record: Some(intake::SourceRecord { authority, local_id }),
                person_id: String::new(),
                reason,
                never_again,
            };
            unlink(client(&target, settings)?, request).await
        }
    }
}

fn client(target: &Target, settings: &Settings) -> Result<Client> {
    Ok(ReviewServiceClient::new(target.channel(settings)?))
}

async fn list(mut client: Client, json: bool) -> Result<()> {
    let mut rows = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = client.list_reviews(v1::ListReviewsRequest { page_size: 0, page_token }).await.answer()?;
        rows.extend(page.reviews.into_iter().map(|one| {
            let raised = when(one.raised_at.as_ref());
            vec![one.review_id, one.authority, one.reason, one.candidate_count.to_string(), raised]
        }));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let heading = ["REVIEW", "AUTHORITY", "REASON", "CANDIDATES", "ASKED"];
    if json { terminal::json(&rows) } else { terminal::table(&heading, &rows) }
}

async fn show(mut client: Client, review_id: String) -> Result<()> {
    let found = client.get_review(v1::GetReviewRequest { review_id }).await.answer()?;
    terminal::line(&format!("review {}: {}", found.review_id, found.reason))?;
    terminal::line(&person(found.record.as_ref()))?;
    for candidate in &found.candidates {
        terminal::line("")?;
        terminal::line(&format!("candidate {}{}", candidate.person_id, twin(candidate)))?;
        terminal::line(&person(candidate.record.as_ref()))?;
        evidence(candidate.evidence.as_ref())?;
    }
    terminal::line(&format!("\nreference {}", found.reference))
}

fn twin(candidate: &v1::ReviewCandidate) -> &'static str {
    if candidate.could_be_twin { " (could be a twin or a sibling)" } else { "" }
}

fn person(record: Option<&v1::ReviewRecord>) -> String {
    let Some(record) = record else { return String::new() };
    let key = record.record.clone().unwrap_or_default();
    let who = record.demographics.clone().unwrap_or_default();
    let names: Vec<String> =
        who.names.iter().map(|name| format!("{}, {}", name.family, name.given.join(" "))).collect();
    let homes: Vec<String> =
        who.addresses.iter().map(|home| format!("{} {}", home.lines.join(", "), home.postcode)).collect();
    let chi = who.chi.map(|chi| chi.number).unwrap_or_default();
    let born = who.birth_date.unwrap_or_default();
    format!(
        "  {} {}: {} · born {born} · CHI {chi} · {}",
        key.authority,
        key.local_id,
        names.join(" / "),
        homes.join(" / ")
    )
}

fn evidence(evidence: Option<&v1::LinkEvidence>) -> Result<()> {
    let Some(evidence) = evidence else { return Ok(()) };
    let mut rows = vec![vec!["prior".to_owned(), String::new(), format!("{:+.2}", evidence.prior)]];
    rows.extend(
        evidence
            .fields
            .iter()
            .map(|one| vec![one.field.clone(), one.level.clone(), format!("{:+.2}", one.weight)]),
    );
    rows.push(vec!["total".to_owned(), evidence.rules.join("; "), format!("{:+.2}", evidence.total)]);
    terminal::table(&["FIELD", "AGREEMENT", "BITS"], &rows)
}

async fn decide(
    mut client: Client,
    review_id: String,
    decision: v1::decide_review_request::Decision,
    reason: String,
) -> Result<()> {
    let found = client.get_review(v1::GetReviewRequest { review_id: review_id.clone() }).await.answer()?;
    let request = v1::DecideReviewRequest {
        request_id: request_id(),
        review_id,
        reason,
        judged_version: found.judged_version,
        decision: Some(decision),
    };
    let answer = client.decide_review(request).await.answer()?;
    terminal::line(&format!("decided; event {}", answer.event_id))
}

async fn unlink(mut client: Client, request: v1::UnlinkRecordRequest) -> Result<()> {
    let answer = client.unlink_record(request).await.answer()?;
    terminal::line(&format!("unlinked; event {}", answer.event_id))?;
    if answer.shown_to.is_empty() {
        return terminal::line("nobody was shown the mixed record");
    }
    let rows: Vec<Vec<String>> = answer
        .shown_to
        .into_iter()
        .map(|one| vec![when(one.at.as_ref()), one.user, one.organisation, one.disclosure_id])
        .collect();
    terminal::table(&["WHEN", "WHO", "ORGANISATION", "DISCLOSURE"], &rows)
}
