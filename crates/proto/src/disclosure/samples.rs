//! Leaves of every shape that the tests write and read back.

use crate::samples::time;
use domain::{
    DirectiveId, DisclosureId, EXITS, Exit, FlowId, FlowUse, ItemKind, ItemMask, Leaf, LongText,
    OrganisationId, PURPOSES, PositionId, Purpose, REASON_CODES, ReasonCode, SessionId, UserId,
};
use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

/// A leaf in which every field says something but the one that only operators fill.
pub(crate) fn made() -> Leaf {
    Leaf {
        id: DisclosureId(Uuid::from_u128(1)),
        at: Timestamp::new(1_767_225_600, 5).unwrap(),
        exit: Exit::Panel,
        disclosed: true,
        bundle_hash: (0..32).collect(),
        user: UserId::parse("astrachan").unwrap(),
        position: Some(PositionId::parse("ward-6-charge").unwrap()),
        organisation: OrganisationId::parse("nhs-strathorr").unwrap(),
        host_organisation: OrganisationId::parse("nhs-strathorr").unwrap(),
        session: SessionId(Uuid::from_u128(2)),
        purpose: Purpose::DirectCare,
        person: (32..64).collect(),
        flows: vec![FlowUse {
            flow: FlowId::parse("council-to-board-2").unwrap(),
            agreement_version: 3,
            items: ItemMask::EMPTY.with(ItemKind::CARE_PACKAGE),
        }],
        items: ItemMask::from_bits(1 << 127 | 1 << 64 | 1 << 63 | 1),
        item_count: 4,
        reasons: vec![ReasonCode::LvlFlow, ReasonCode::LblThirdParty],
        override_id: Some(DirectiveId(Uuid::from_u128(3))),
        body_digest: (64..96).collect(),
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".to_owned(),
        stated_reason: None,
    }
}

/// What an operator was shown, with the reason that was given.
pub(crate) fn reasoned() -> Leaf {
    Leaf {
        exit: Exit::ParkedShow,
        stated_reason: LongText::parse("the sender asks\nwhich date is wrong").ok(),
        ..made()
    }
}

/// A refusal before a person was looked for.
pub(crate) fn refused() -> Leaf {
    Leaf {
        disclosed: false,
        exit: Exit::Launch,
        position: None,
        person: Vec::new(),
        flows: Vec::new(),
        items: ItemMask::EMPTY,
        item_count: 0,
        reasons: vec![ReasonCode::ActLaunch],
        override_id: None,
        body_digest: Vec::new(),
        trace_id: String::new(),
        ..made()
    }
}

/// Leaves as the domain allows them, sensible or not.
pub(crate) fn any_leaf() -> impl Strategy<Value = Leaf> {
    let codes = (
        prop::sample::select(EXITS.to_vec()),
        prop::sample::select(PURPOSES.to_vec()),
        prop::sample::subsequence(REASON_CODES.to_vec(), 0..=33),
    );
    let bytes = || prop::collection::vec(any::<u8>(), 0..40);
    let words = prop::option::of("[a-zé李 \n]{0,40}x");
    (codes, time(), any::<u128>(), (bytes(), bytes()), any::<(bool, u32)>(), words).prop_map(
        |((exit, purpose, reasons), at, bits, (person, body_digest), (disclosed, item_count), words)| Leaf {
            exit,
            purpose,
            reasons,
            at,
            items: ItemMask::from_bits(bits),
            person,
            body_digest,
            disclosed,
            item_count,
            stated_reason: words.map(|words| LongText::parse(&words).unwrap()),
            ..made()
        },
    )
}
