//! The health board's clinical portal: what it holds, in memory, and what its staff do with it.

pub(crate) mod edit;
pub(crate) mod page;

use crate::feed::{BoardFeed, MessageIds};
use crate::form::Fields;
use crate::shell::Query;
use crate::{Error, Settings};
use domain::{Clock, DataItem};
use edit::Message;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use world::hl7::Stamp;
use world::{HealthRecord, World, hl7};

/// The portal and the systems behind it.
pub(crate) struct Portal {
    patients: Mutex<BTreeMap<String, HealthRecord>>,
    feed: BoardFeed,
    ids: MessageIds,
    clock: Arc<dyn Clock>,
}

impl Portal {
    pub(crate) fn new(settings: &Settings, world: &World) -> Result<Self, Error> {
        let records = world.entries().iter().filter_map(|entry| entry.health.clone());
        Ok(Self {
            patients: Mutex::new(records.map(|record| (record.local_id.clone(), record)).collect()),
            feed: BoardFeed::new(settings)?,
            ids: MessageIds::new("pas", settings.clock.now()),
            clock: Arc::clone(&settings.clock),
        })
    }

    pub(crate) fn find(&self, local_id: &str) -> Option<HealthRecord> {
        self.patients().get(local_id).cloned()
    }

    /// The first patients that fit.
    pub(crate) fn search(&self, query: &Query, most: usize) -> Vec<HealthRecord> {
        let patients = self.patients();
        let fits = |patient: &&HealthRecord| {
            query.fits(&patient.demographics, &patient.local_id, patient.chi.as_deref())
        };
        patients.values().filter(fits).take(most).cloned().collect()
    }

    /// Changes a patient by a form: sends each message in turn and keeps what was accepted. Answers one line for each
    /// message, with its acknowledgement.
    pub(crate) async fn edit(&self, patient: &HealthRecord, fields: &Fields) -> Result<Vec<String>, Error> {
        let edit = edit::edited(patient, fields, self.clock.now())?;
        let mut said = Vec::new();
        for message in edit.messages {
            said.push(self.tell(&edit.patient, &message).await?);
            if let Message::Merge(retired) = &message {
                self.patients().remove(retired);
            }
        }
        if !said.is_empty() {
            self.patients().insert(edit.patient.local_id.clone(), edit.patient);
        }
        Ok(said)
    }

    pub(crate) fn feed(&self) -> &BoardFeed {
        &self.feed
    }

    async fn tell(&self, patient: &HealthRecord, message: &Message) -> Result<String, Error> {
        let stamp = Stamp { control_id: self.ids.next(), at: self.clock.now(), occurred: None };
        let (name, text) = match message {
            Message::UpdatePerson => ("A31", hl7::update_person(patient, &stamp)),
            Message::UpdateAllergies => ("A31", hl7::update_allergies(patient, &stamp)),
            Message::Admit(stay) => ("A01", hl7::admit(patient, stay, &stamp)),
            Message::Discharge(stay) => ("A03", hl7::discharge(patient, stay, &stamp)),
            Message::Merge(retired) => ("A40", hl7::merge(patient, retired, &stamp)),
            Message::Items(items) => return self.tell_items(patient, items, stamp).await,
        };
        let answer = self.feed.send(&text).await?;
        Ok(format!("ADT {name}, message {}: acknowledged {}", answer.control_id, answer.code))
    }

    async fn tell_items(
        &self,
        patient: &HealthRecord,
        items: &[DataItem],
        stamp: Stamp,
    ) -> Result<String, Error> {
        let id = stamp.control_id.clone();
        self.feed.items((stamp.control_id, stamp.at), &patient.local_id, items).await?;
        Ok(format!("Details, message {id}: accepted"))
    }

    fn patients(&self) -> MutexGuard<'_, BTreeMap<String, HealthRecord>> {
        self.patients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
