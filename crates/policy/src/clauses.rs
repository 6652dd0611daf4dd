//! The words of an explanation: what each row and each reason means to a practitioner. Never names a person.

use crate::decision::Dimension;
use domain::ReasonCode;

/// What a row is called on a page.
pub(crate) fn title(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::System => "System",
        Dimension::Requester => "You",
        Dimension::Organisation => "Your organisation",
        Dimension::Agreement => "Agreement",
        Dimension::FlowLevel => "Level of this flow",
        Dimension::Purpose => "Purpose",
        Dimension::Role => "Your role",
        Dimension::Age => "Age",
        Dimension::Link => "Link",
        Dimension::Relationship => "Involvement",
        Dimension::Dissent => "Dissent",
        Dimension::HardDirective => "Limits on this record",
    }
}

/// What a row says when it allows everything.
pub(crate) fn passed(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::System => "The rules are checked and fresh.",
        Dimension::Requester => "You hold an active position, and your training is in date.",
        Dimension::Organisation => "Both organisations take part, and their assurance was reviewed.",
        Dimension::Agreement => "Signed by every party and in force.",
        Dimension::FlowLevel => "The flow shares every level.",
        Dimension::Purpose => "The flow names your purpose, and its legal basis is complete.",
        Dimension::Role => "Your role may see every level.",
        Dimension::Age => "The person's age is in scope.",
        Dimension::Link => "The record is confirmed as this person's.",
        Dimension::Relationship => "Your organisation is involved with the person.",
        Dimension::Dissent => "No dissent is recorded.",
        Dimension::HardDirective => "No directive stops this view.",
    }
}

/// What a reason means.
pub(crate) fn reason(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::SysAudit => "The record of disclosures cannot be written, so nothing is shown.",
        ReasonCode::SysPolicy => "The sharing rules could not be checked just now.",
        ReasonCode::SysClock => "The clock of the service cannot be trusted just now.",
        ReasonCode::ActInactive => "You hold no active position in your organisation.",
        ReasonCode::ActTraining => "Your information governance training is out of date or not recorded.",
        ReasonCode::ActLaunch => "This page was not opened by you for this person.",
        ReasonCode::OrgInactive => "An organisation does not take part in sharing at present.",
        ReasonCode::OrgAssurance => "An organisation's assurance is missing, expired or limited.",
        ReasonCode::OrgSponsor => "Your organisation may receive information from its sponsor only.",
        ReasonCode::AgrNone => "No agreement shares this with your organisation.",
        ReasonCode::AgrWindow => "The agreement is not in force at this time.",
        ReasonCode::AgrUnsigned => "Not every party has signed the agreement as it stands.",
        ReasonCode::AgrSuspended => "The agreement is suspended or withdrawn.",
        ReasonCode::AgrReview => "The agreement's review is overdue.",
        ReasonCode::AgrDpia => "The agreement has no impact assessment or risk rating.",
        ReasonCode::LvlFlow => "The agreement shares up to this level.",
        ReasonCode::PurNotCovered => "The agreement does not cover your purpose.",
        ReasonCode::LegBasis => "The agreement's legal basis is not complete.",
        ReasonCode::RoleLevel => "The agreement grants your role up to this level.",
        ReasonCode::AgeScope => "The person's age is outside the flow, or not known.",
        ReasonCode::LinkUnconfirmed => "No record is confirmed as this person's.",
        ReasonCode::LinkDisputed => "The link of the record is disputed.",
        ReasonCode::RelNone => "No involvement of your organisation with the person is known.",
        ReasonCode::DirDissent => "The person does not want this shared.",
        ReasonCode::DirSealed => "The record is sealed.",
        ReasonCode::DirRestricted => "Processing is restricted, or a legal hold stands.",
        ReasonCode::LblSpecialCategory => "Special category information is outside the flow or your role.",
        ReasonCode::LblThirdParty => "What names another person is outside the flow or your role.",
        ReasonCode::LblSeriousHarm => "What may cause serious harm is outside the flow or your role.",
        ReasonCode::LblCriminal => "Criminal offence information is outside the flow or your role.",
        ReasonCode::LblChildProtection => "Child protection is outside the flow or your role.",
        ReasonCode::LblProtectedAddress => "A protected address is outside the flow or your role.",
        ReasonCode::Never => "This kind is never shared.",
    }
}

/// What a panel says in place of everything that depends on the person. Always the same.
pub(crate) const PERSON: &str = "Limits on a person's record are checked too. They are not listed here, and this \
                                 line is the same whether or not there are any.";

/// What a panel says of labels. Always the same for a flow and a reader.
pub(crate) const LABELS: &str =
    "Single entries can be kept back, to protect someone. The page looks the same when that happens.";
