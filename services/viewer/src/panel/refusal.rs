//! What a refusal says that depends on the reader, an organisation or the agreement: it names its reason, because
//! it says nothing of the person.

use domain::ReasonCode;

/// A reason in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reason {
    /// After `You cannot open this: `.
    pub(super) title: &'static str,
    /// After `What to do: `.
    pub(super) what_to_do: &'static str,
}

const fn reason(title: &'static str, what_to_do: &'static str) -> Reason {
    Reason { title, what_to_do }
}

/// The words of the first reason that may be named; the one that names no row where none may.
pub(super) fn of(reasons: &[ReasonCode]) -> Reason {
    reasons.iter().copied().find_map(words).unwrap_or(NOT_OPEN)
}

const NOT_OPEN: Reason = reason("sharing is not open to you here", "ask your information governance lead.");
const CHANGE_OF_AGREEMENT: &str =
    "your information governance lead can see what is missing. You cannot change it yourself.";

/// `None` for whatever depends on the person, on the system or on a label: those have screens of their own.
fn words(code: ReasonCode) -> Option<Reason> {
    Some(match code {
        ReasonCode::ActInactive => {
            reason("you hold no active position", "ask your manager to have your position registered.")
        }
        ReasonCode::ActTraining => {
            reason("your training record has run out", "renew it, or ask your manager.")
        }
        ReasonCode::ActLaunch => reason(
            "it was opened in a way that does not fit you",
            "close it and open it again from your own system.",
        ),
        ReasonCode::OrgInactive => reason(
            "one of the organisations does not take part at present",
            "ask your information governance lead.",
        ),
        ReasonCode::OrgAssurance => reason(
            "your organisation’s assurance is missing or has run out",
            "ask your information governance lead to renew it.",
        ),
        ReasonCode::OrgSponsor => reason(
            "your organisation may see only what its sponsor shares",
            "ask your information governance lead.",
        ),
        ReasonCode::AgrNone => reason("no agreement covers it", CHANGE_OF_AGREEMENT),
        ReasonCode::AgrWindow => reason("the agreement is not in force today", CHANGE_OF_AGREEMENT),
        ReasonCode::AgrUnsigned => reason("the agreement is not signed by everyone yet", CHANGE_OF_AGREEMENT),
        ReasonCode::AgrSuspended => reason("the agreement is suspended or withdrawn", CHANGE_OF_AGREEMENT),
        ReasonCode::AgrReview => reason("the review of the agreement is overdue", CHANGE_OF_AGREEMENT),
        ReasonCode::AgrDpia => reason("the risk assessment of the agreement is missing", CHANGE_OF_AGREEMENT),
        ReasonCode::PurNotCovered => reason(
            "the agreement does not cover this purpose",
            "open it again for another purpose, if another one is true.",
        ),
        ReasonCode::LegBasis => {
            reason("the legal basis of the agreement is not complete", CHANGE_OF_AGREEMENT)
        }
        ReasonCode::RoleLevel => reason(
            "your role has no access under the agreement",
            "ask your manager if your role is registered as it should be.",
        ),
        ReasonCode::LvlFlow => reason("the agreement shares nothing in this direction", CHANGE_OF_AGREEMENT),
        ReasonCode::SysAudit
        | ReasonCode::SysPolicy
        | ReasonCode::SysClock
        | ReasonCode::AgeScope
        | ReasonCode::LinkUnconfirmed
        | ReasonCode::LinkDisputed
        | ReasonCode::RelNone
        | ReasonCode::DirDissent
        | ReasonCode::DirSealed
        | ReasonCode::DirRestricted
        | ReasonCode::LblSpecialCategory
        | ReasonCode::LblThirdParty
        | ReasonCode::LblSeriousHarm
        | ReasonCode::LblCriminal
        | ReasonCode::LblChildProtection
        | ReasonCode::LblProtectedAddress
        | ReasonCode::Never => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::REASON_CODES;

    #[test]
    fn nothing_that_depends_on_the_person_is_ever_named() {
        for code in REASON_CODES.into_iter().filter(|code| code.depends_on_person()) {
            assert_eq!(of(&[code]), NOT_OPEN);
        }
    }

    #[test]
    fn every_reason_of_the_reader_has_words_of_its_own() {
        let named = REASON_CODES.into_iter().filter_map(words).map(|one| one.title);
        let mut titles: Vec<&str> = named.collect();
        let count = titles.len();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!((titles.len(), count), (16, 16));
    }
}
