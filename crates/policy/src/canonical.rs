//! The bytes that are signed: a length-prefixed encoding of everything that an agreement part enforces.
//!
//! For ever: a change of this encoding makes every signature void. A new field goes to the end under a new format
//! tag. The golden hash in the tests holds it.

use domain::{
    Agreement, Appendix, AppendixId, Ceiling, DataFlow, LegalBasis, OrganisationId, RiskRating, RoleGrant,
    Window,
};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};

const BASE: &str = "yett agreement base 1";
const APPENDIX: &str = "yett agreement appendix 1";

/// The canonical bytes of the base, or of one appendix; `None` when the agreement has no such appendix.
///
/// An appendix's bytes hold the hash of its base, so it cannot be moved to another one.
pub fn canonical_bytes(agreement: &Agreement, appendix: Option<&AppendixId>) -> Option<Vec<u8>> {
    match appendix {
        None => Some(base_bytes(agreement)),
        Some(id) => {
            let found = agreement.appendices.iter().find(|one| one.id == *id)?;
            Some(appendix_bytes(agreement, found))
        }
    }
}

/// SHA-256 of the canonical bytes.
pub fn content_hash(agreement: &Agreement, appendix: Option<&AppendixId>) -> Option<[u8; 32]> {
    canonical_bytes(agreement, appendix).map(|bytes| sha256(&bytes))
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref()); // INVARIANT: SHA-256 gives 32 bytes.
    hash
}

fn base_bytes(agreement: &Agreement) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.text(BASE);
    writer.text(agreement.id.as_str());
    writer.number(u64::from(agreement.version));
    writer.text(&agreement.title);
    let mut parties: Vec<&OrganisationId> = agreement.parties.iter().collect();
    parties.sort();
    parties.dedup();
    writer.list(&parties, |writer, party| writer.text(party.as_str()));
    writer.window(agreement.window);
    writer.instant(agreement.review_due);
    writer.ceiling(agreement.overdue_cap);
    writer.optional(agreement.dpia_reference.as_deref());
    writer.number(match agreement.risk {
        RiskRating::NotAssessed => 0,
        RiskRating::Low => 1,
        RiskRating::Medium => 2,
        RiskRating::High => 3,
    });
    writer.list(&agreement.flows, Writer::flow);
    writer.0
}

fn appendix_bytes(agreement: &Agreement, appendix: &Appendix) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.text(APPENDIX);
    writer.bytes(&sha256(&base_bytes(agreement)));
    writer.text(appendix.id.as_str());
    writer.text(&appendix.title);
    writer.window(appendix.window);
    writer.list(&appendix.flows, Writer::flow);
    writer.0
}

/// Writes values one after the other, each with its length, so that no two contents share their bytes.
#[derive(Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_be_bytes());
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.number(u64::from(flag));
    }

    pub(crate) fn optional(&mut self, text: Option<&str>) {
        self.flag(text.is_some());
        self.text(text.unwrap_or_default());
    }

    pub(crate) fn instant(&mut self, instant: Option<Timestamp>) {
        self.flag(instant.is_some());
        let nanoseconds = instant.map_or(0, Timestamp::as_nanosecond);
        self.0.extend_from_slice(&nanoseconds.to_be_bytes());
    }

    pub(crate) fn window(&mut self, window: Window) {
        self.instant(window.from);
        self.instant(window.to);
    }

    pub(crate) fn ceiling(&mut self, ceiling: Ceiling) {
        self.number(u64::from(ceiling.value()));
    }

    pub(crate) fn list<T>(&mut self, values: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(u64::try_from(values.len()).unwrap_or(u64::MAX));
        for value in values {
            write(self, value);
        }
    }

    fn flow(&mut self, flow: &DataFlow) {
        self.text(flow.id.as_str());
        self.text(flow.discloser.as_str());
        self.text(flow.recipient.as_str());
        self.ceiling(flow.level);
        self.list(&flow.schedule, |writer, entry| {
            writer.text(entry.kind.id());
            writer.number(u64::from(entry.level.value()));
        });
        self.list(&flow.purposes, |writer, purpose| writer.text(purpose.as_str()));
        self.legal_basis(&flow.legal_basis);
        self.list(&flow.grants, Self::grant);
        self.number(u64::from(flow.scopes.bits()));
        self.list(&flow.ages, |writer, band| writer.text(band.as_str()));
        self.ceiling(flow.without_relationship);
        self.ceiling(flow.override_cap);
        self.flag(flow.relationship_by_launch);
        self.text(&flow.transfer);
        self.text(&flow.storage);
    }

    fn legal_basis(&mut self, basis: &LegalBasis) {
        for part in [&basis.article_6, &basis.article_9, &basis.statutory_gateway, &basis.confidentiality] {
            self.text(part);
        }
    }

    fn grant(&mut self, grant: &RoleGrant) {
        self.text(grant.role.as_str());
        self.ceiling(grant.level);
        self.number(u64::from(grant.scopes.bits()));
        self.flag(grant.may_override);
    }
}
