//! `yett who-saw`: who saw a person, from the log of disclosures. The node records the question itself.

use super::person::Person;
use super::target::{Target, when};
use crate::client::Answered;
use crate::terminal;
use anyhow::Result;
use proto::disclosure::v1;
use proto::disclosure::v1::disclosure_service_client::DisclosureServiceClient;
use settings::Settings;

/// About whom, and when.
#[derive(Debug, clap::Args)]
pub(crate) struct WhoSaw {
    #[command(flatten)]
    person: Person,
    /// From when on.
    #[arg(long)]
    from: Option<jiff::Timestamp>,
    /// Before when.
    #[arg(long)]
    to: Option<jiff::Timestamp>,
    #[command(flatten)]
    target: Target,
}

impl WhoSaw {
    /// Asks and prints.
    pub(crate) async fn run(self, settings: &Settings) -> Result<()> {
        let mut client = DisclosureServiceClient::new(self.target.channel(settings)?);
        let mut found = Vec::new();
        let mut page_token = String::new();
        loop {
            let request = v1::ListDisclosuresRequest {
                person: Some(self.person.identifier()?),
                from: self.from.map(proto::timestamp),
                to: self.to.map(proto::timestamp),
                page_size: 0,
                page_token,
            };
            let page = client.list_disclosures(request).await.answer()?;
            found.extend(page.disclosures);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        if self.target.json {
            return terminal::json(&found.iter().map(as_json).collect::<Vec<_>>());
        }
        let heading = ["WHEN", "WHO", "ORGANISATION", "EXIT", "", "KINDS", "ITEMS", "REASONS", "BECAUSE"];
        terminal::table(&heading, &found.iter().map(cells).collect::<Vec<_>>())
    }
}

fn cells(one: &v1::Disclosure) -> Vec<String> {
    let who = if one.display_name.is_empty() { one.user.clone() } else { one.display_name.clone() };
    let outcome = if one.disclosed { "shown" } else { "refused" };
    vec![
        when(one.at.as_ref()),
        who,
        one.organisation.clone(),
        one.exit.clone(),
        outcome.to_owned(),
        one.kinds.join(" "),
        one.item_count.to_string(),
        one.reasons.join(" "),
        one_line(&one.stated_reason),
    ]
}

/// An operator's words on one line of a table, and unable to turn it around.
fn one_line(words: &str) -> String {
    let reorders = |c: &char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    words.chars().filter(|c| !reorders(c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn as_json(one: &v1::Disclosure) -> serde_json::Value {
    serde_json::json!({
        "id": one.id,
        "at": when(one.at.as_ref()),
        "exit": one.exit,
        "disclosed": one.disclosed,
        "user": one.user,
        "position": one.position,
        "organisation": one.organisation,
        "host_organisation": one.host_organisation,
        "purpose": one.purpose,
        "kinds": one.kinds,
        "item_count": one.item_count,
        "flows": one.flows,
        "reasons": one.reasons,
        "override_id": one.override_id,
        "reference": one.reference,
        "leaf_index": one.leaf_index,
        "stated_reason": one.stated_reason,
    })
}
