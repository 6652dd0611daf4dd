//! How a verb names a person: by CHI number, NHS number, or a record. Read from a prompt or arguments, never logged.

use anyhow::{Result, bail};
use proto::intake::v1::SourceRecord;
use proto::viewing::v1::PersonIdentifier;
use proto::viewing::v1::person_identifier::Identifier;

/// One identifier of a person.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Person {
    /// CHI number.
    #[arg(long)]
    chi: Option<String>,
    /// NHS number.
    #[arg(long)]
    nhs_number: Option<String>,
    /// Record, as AUTHORITY/NUMBER.
    #[arg(long)]
    record: Option<String>,
}

impl Person {
    /// As the wire names it.
    pub(crate) fn identifier(&self) -> Result<PersonIdentifier> {
        let record = self.record.as_deref().map(|text| match text.split_once('/') {
            Some((authority, local_id)) => {
                Ok(SourceRecord { authority: authority.to_owned(), local_id: local_id.to_owned() })
            }
            None => bail!("--record must be AUTHORITY/NUMBER"),
        });
        let identifier = match (&self.chi, &self.nhs_number, record.transpose()?) {
            (Some(chi), None, None) => Identifier::ChiNumber(chi.clone()),
            (None, Some(number), None) => Identifier::NhsNumber(number.clone()),
            (None, None, Some(record)) => Identifier::Record(record),
            _ => bail!("name the person by one of --chi, --nhs-number and --record"),
        };
        Ok(PersonIdentifier { identifier: Some(identifier) })
    }
}
