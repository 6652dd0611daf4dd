//! Single changes to a world: the ways in which each row shuts, and harmless ones at the very edge.

use super::knobs::{
    ALWAYS, BOARD, COUNCIL, DeclaredKnobs, DirectiveKnobs, FIRST_FLOW, Host, Knobs, OTHER, SECOND_FLOW, Span,
    Stopped, TRUST, Whose, every_label, grant, open_flow,
};
use crate::{Dimension, LinkState};
use domain::{AgeBand, AssuranceRank, DirectiveKind, Labels, PartialDate, Purpose, ReasonCode};

/// One change.
pub(crate) struct Twist {
    pub(crate) name: &'static str,
    pub(crate) row: Dimension,
    /// The reason that it gives when it shuts its row; `None` when it leaves something open.
    pub(crate) shuts: Option<ReasonCode>,
    pub(crate) apply: fn(&mut Knobs),
}

const fn shuts(row: Dimension, code: ReasonCode, name: &'static str, apply: fn(&mut Knobs)) -> Twist {
    Twist { name, row, shuts: Some(code), apply }
}

const fn leaves(row: Dimension, name: &'static str, apply: fn(&mut Knobs)) -> Twist {
    Twist { name, row, shuts: None, apply }
}

fn stop(knobs: &mut Knobs, appendix: bool, from: i64, resumed: Option<i64>) {
    knobs.stops.push(Stopped { appendix, by: BOARD, from, resumed, for_good: false });
}

fn withdraw(knobs: &mut Knobs, appendix: bool, from: i64) {
    knobs.stops.push(Stopped { appendix, by: COUNCIL, from, resumed: None, for_good: true });
}

fn direct(knobs: &mut Knobs, kind: DirectiveKind, span: Span, flow: Option<&'static str>) {
    knobs.directives.push(DirectiveKnobs { kind, span, flow });
}

pub(crate) const OVERRIDE_NOW: DeclaredKnobs =
    DeclaredKnobs { at: 0, authenticated: -300, ended: None, whose: Whose::TheRequesters, text: "no time" };

fn unrelated(knobs: &mut Knobs) {
    knobs.relationships = Vec::new();
    knobs.asserted = false;
    knobs.declared = None;
    knobs.flows_mut().for_each(|flow| flow.without_relationship = 0);
}

fn dissent(knobs: &mut Knobs, span: Span, flow: Option<&'static str>) {
    knobs.declared = None;
    direct(knobs, DirectiveKind::Dissent, span, flow);
}

fn born(knobs: &mut Knobs, year: i16, month: i8, day: i8) {
    knobs.born = PartialDate::from_day(year, month, day).ok();
}

fn adults_only(knobs: &mut Knobs) {
    knobs.flows_mut().for_each(|flow| flow.ages = vec![AgeBand::Adult]);
}

use Dimension as D;
use ReasonCode as R;

#[rustfmt::skip]
pub(crate) const TWISTS: &[Twist] = &[
    shuts(D::System, R::SysAudit, "the log cannot be written", |k| k.audit_writable = false),
    shuts(D::System, R::SysPolicy, "the lease is lost", |k| k.lease_valid = false),
    shuts(D::System, R::SysClock, "the clock is wrong", |k| k.clock_sane = false),
    leaves(D::System, "the lease ends in five seconds", |k| k.system_until = Some(5)),

    shuts(D::Requester, R::ActInactive, "no position", |k| k.positions = Vec::new()),
    shuts(D::Requester, R::ActInactive, "the position ends now", |k| k.positions = vec![("R1", (None, Some(0)))]),
    shuts(D::Requester, R::ActInactive, "the position begins next", |k| k.positions = vec![("R1", (Some(1), None))]),
    shuts(D::Requester, R::ActInactive, "acts in a position of another", |k| k.acts_elsewhere = true),
    shuts(D::Requester, R::ActTraining, "no training", |k| k.training = None),
    shuts(D::Requester, R::ActTraining, "the training ends now", |k| k.training = Some(0)),
    shuts(D::Requester, R::ActLaunch, "a host that may not assert", |k| k.host = Host::Foreign),
    shuts(D::Requester, R::ActLaunch, "bound to another person", |k| k.bound = false),
    leaves(D::Requester, "the position begins now", |k| k.positions = vec![("R1", (Some(0), Some(1)))]),
    leaves(D::Requester, "the training ends next", |k| k.training = Some(1)),
    leaves(D::Requester, "a host that may assert", |k| k.host = Host::MayAssert),

    shuts(D::Organisation, R::OrgInactive, "the recipient is inactive", |k| k.recipient.active = false),
    shuts(D::Organisation, R::OrgInactive, "the discloser is inactive", |k| k.discloser.active = false),
    shuts(D::Organisation, R::OrgInactive, "the host is inactive", |k| k.host_active = false),
    shuts(D::Organisation, R::OrgAssurance, "the recipient never submitted", |k| k.recipient.rank = AssuranceRank::NeverSubmitted),
    shuts(D::Organisation, R::OrgAssurance, "the discloser never submitted", |k| k.discloser.rank = AssuranceRank::NeverSubmitted),
    shuts(D::Organisation, R::OrgAssurance, "the recipient's assurance ends now", |k| k.recipient.expires = Some(0)),
    shuts(D::Organisation, R::OrgAssurance, "the discloser's assurance ends now", |k| k.discloser.expires = Some(0)),
    shuts(D::Organisation, R::OrgSponsor, "sponsored by another", |k| k.sponsor = Some(TRUST)),
    leaves(D::Organisation, "the recipient assessed itself", |k| k.recipient.rank = AssuranceRank::SelfAssessed),
    leaves(D::Organisation, "the discloser assessed itself", |k| k.discloser.rank = AssuranceRank::SelfAssessed),
    leaves(D::Organisation, "the assurance ends next", |k| k.recipient.expires = Some(1)),
    leaves(D::Organisation, "sponsored by the discloser", |k| k.sponsor = Some(COUNCIL)),

    shuts(D::Agreement, R::AgrWindow, "the base ends now", |k| k.base = (None, Some(0))),
    shuts(D::Agreement, R::AgrWindow, "the base begins next", |k| k.base = (Some(1), None)),
    shuts(D::Agreement, R::AgrWindow, "the appendix ends now", |k| k.appendix = (None, Some(0))),
    shuts(D::Agreement, R::AgrWindow, "the appendix begins next", |k| k.appendix = (Some(1), None)),
    shuts(D::Agreement, R::AgrWindow, "a later version holds", |k| k.superseded = Some(0)),
    shuts(D::Agreement, R::AgrUnsigned, "the council has not signed the base", |k| k.signed[0] = None),
    shuts(D::Agreement, R::AgrUnsigned, "the board has not signed the base", |k| k.signed[1] = None),
    shuts(D::Agreement, R::AgrUnsigned, "the council has not signed the appendix", |k| k.signed[2] = None),
    shuts(D::Agreement, R::AgrUnsigned, "the board signs the appendix next", |k| k.signed[3] = Some(1)),
    shuts(D::Agreement, R::AgrUnsigned, "changed after signing", |k| k.changed_after_signing = true),
    shuts(D::Agreement, R::AgrSuspended, "the appendix is suspended now", |k| stop(k, true, 0, None)),
    shuts(D::Agreement, R::AgrSuspended, "the base is suspended until next", |k| stop(k, false, -9, Some(1))),
    shuts(D::Agreement, R::AgrSuspended, "the appendix is withdrawn now", |k| withdraw(k, true, 0)),
    shuts(D::Agreement, R::AgrSuspended, "the base is withdrawn", |k| withdraw(k, false, -5)),
    shuts(D::Agreement, R::AgrReview, "the review is overdue from now", |k| { k.review_due = Some(0); k.overdue_cap = 0; }),
    shuts(D::Agreement, R::AgrDpia, "no impact assessment", |k| k.dpia = None),
    shuts(D::Agreement, R::AgrDpia, "a blank impact assessment", |k| k.dpia = Some("  ")),
    shuts(D::Agreement, R::AgrDpia, "no risk rating", |k| k.assessed = false),
    leaves(D::Agreement, "both begin now", |k| { k.base = (Some(0), Some(2)); k.appendix = (Some(0), Some(1)); }),
    leaves(D::Agreement, "the last signature is of now", |k| k.signed[3] = Some(0)),
    leaves(D::Agreement, "a suspension ends now", |k| stop(k, true, -9, Some(0))),
    leaves(D::Agreement, "withdrawn next", |k| withdraw(k, true, 1)),
    leaves(D::Agreement, "a later version holds from next", |k| k.superseded = Some(1)),
    leaves(D::Agreement, "the review is overdue, level 1 stays", |k| { k.review_due = Some(-1); k.overdue_cap = 1; }),
    leaves(D::Agreement, "the review is due next", |k| k.review_due = Some(1)),

    shuts(D::FlowLevel, R::LvlFlow, "level 0", |k| k.flows_mut().for_each(|flow| flow.level = 0)),
    leaves(D::FlowLevel, "level 1", |k| k.flow.level = 1),
    leaves(D::FlowLevel, "level 2", |k| k.flow.level = 2),
    leaves(D::FlowLevel, "level 3", |k| k.flow.level = 3),

    shuts(D::Purpose, R::PurNotCovered, "a purpose that is not named", |k| k.purpose = Purpose::Audit),
    shuts(D::Purpose, R::LegBasis, "no Article 6 basis", |k| k.flows_mut().for_each(|flow| flow.basis[0] = false)),
    shuts(D::Purpose, R::LegBasis, "no Article 9 condition", |k| k.flows_mut().for_each(|flow| flow.basis[1] = false)),
    shuts(D::Purpose, R::LegBasis, "no power or duty", |k| k.flows_mut().for_each(|flow| flow.basis[2] = false)),
    shuts(D::Purpose, R::LegBasis, "no basis in confidentiality", |k| k.flows_mut().for_each(|flow| flow.basis[3] = false)),
    leaves(D::Purpose, "the other purpose that is named", |k| k.purpose = Purpose::EmergencyCare),

    shuts(D::Role, R::RoleLevel, "a grant to another role only", |k| k.flows_mut().for_each(|flow| flow.grants = vec![grant(OTHER, 4, every_label(), true)])),
    shuts(D::Role, R::RoleLevel, "a grant of level 0", |k| k.flows_mut().for_each(|flow| flow.grants.iter_mut().for_each(|one| one.level = 0))),
    leaves(D::Role, "a grant of level 1", |k| k.flow.grants = vec![grant("R1", 1, every_label(), false)]),
    leaves(D::Role, "a grant of level 2, labels shut", |k| k.flow.grants = vec![grant("R1", 2, Labels::NONE, true)]),
    leaves(D::Role, "two roles, the lower one may override", |k| {
        k.positions = vec![("R1", ALWAYS), (OTHER, ALWAYS)];
        k.flow.grants = vec![grant("R1", 4, every_label(), false), grant(OTHER, 2, every_label(), true)];
    }),
    leaves(D::Role, "two roles, one reaches the level, the other opens the labels", |k| {
        k.positions = vec![("R1", ALWAYS), (OTHER, ALWAYS)];
        k.flow.grants = vec![grant("R1", 4, Labels::NONE, false), grant(OTHER, 1, every_label(), true)];
    }),

    shuts(D::Age, R::AgeScope, "a child outside the flow", |k| { born(k, 2015, 1, 1); adults_only(k); }),
    shuts(D::Age, R::AgeScope, "eighteen tomorrow", |k| { born(k, 2008, 11, 18); adults_only(k); }),
    shuts(D::Age, R::AgeScope, "an unknown age", |k| { k.born = None; adults_only(k); }),
    shuts(D::Age, R::AgeScope, "a year that may be either", |k| { k.born = PartialDate::from_year(2008).ok(); adults_only(k); }),
    leaves(D::Age, "eighteen today", |k| { born(k, 2008, 11, 17); adults_only(k); }),
    leaves(D::Age, "a child inside the flow", |k| born(k, 2015, 1, 1)),
    leaves(D::Age, "an unknown age, every band", |k| k.born = None),

    shuts(D::Link, R::LinkUnconfirmed, "a possible link", |k| k.link = LinkState::Possible),
    shuts(D::Link, R::LinkUnconfirmed, "no link", |k| k.link = LinkState::None),
    shuts(D::Link, R::LinkDisputed, "a disputed link", |k| k.link = LinkState::Disputed),

    shuts(D::Relationship, R::RelNone, "no relationship", unrelated),
    shuts(D::Relationship, R::RelNone, "the stay ends now", |k| { unrelated(k); k.relationships = vec![(None, Some(0))]; }),
    shuts(D::Relationship, R::RelNone, "the stay is of an unconfirmed record", |k| { unrelated(k); k.relationships = vec![ALWAYS]; k.own_link = LinkState::Possible; }),
    shuts(D::Relationship, R::RelNone, "asserted where the flow does not allow it", |k| { unrelated(k); k.asserted = true; k.flows_mut().for_each(|flow| flow.by_launch = false); }),
    leaves(D::Relationship, "asserted in the launch", |k| { k.relationships = Vec::new(); k.asserted = true; }),
    leaves(D::Relationship, "unrelated, the flow's cap is 1", |k| { k.relationships = Vec::new(); k.flow.without_relationship = 1; }),
    leaves(D::Relationship, "the stay begins now", |k| k.relationships = vec![(Some(0), Some(1)), (None, Some(-1))]),
    leaves(D::Relationship, "unrelated, with an override", |k| { unrelated(k); k.declared = Some(OVERRIDE_NOW); }),

    shuts(D::Dissent, R::DirDissent, "dissent", |k| dissent(k, ALWAYS, None)),
    shuts(D::Dissent, R::DirDissent, "dissent from now on this flow", |k| { k.second = None; dissent(k, (Some(0), None), Some(FIRST_FLOW)); }),
    leaves(D::Dissent, "dissent on another flow", |k| dissent(k, ALWAYS, Some(SECOND_FLOW))),
    leaves(D::Dissent, "dissent lifted now", |k| dissent(k, (None, Some(0)), None)),
    leaves(D::Dissent, "dissent, with an override", |k| { dissent(k, ALWAYS, None); k.declared = Some(OVERRIDE_NOW); }),

    shuts(D::HardDirective, R::DirSealed, "sealed", |k| direct(k, DirectiveKind::Sealed, ALWAYS, None)),
    shuts(D::HardDirective, R::DirRestricted, "restricted", |k| direct(k, DirectiveKind::Restriction, (Some(0), Some(1)), None)),
    shuts(D::HardDirective, R::DirRestricted, "a legal hold", |k| direct(k, DirectiveKind::LegalHold, ALWAYS, None)),
    leaves(D::HardDirective, "unsealed now", |k| direct(k, DirectiveKind::Sealed, (None, Some(0)), None)),
    leaves(D::HardDirective, "sealed on another flow", |k| direct(k, DirectiveKind::Sealed, ALWAYS, Some(SECOND_FLOW))),
    leaves(D::HardDirective, "a protected address, labels shut", |k| {
        direct(k, DirectiveKind::ProtectedAddress, ALWAYS, None);
        k.flow.scopes = Labels::NONE;
    }),
    leaves(D::HardDirective, "protected at the source, labels shut", |k| { k.protected = true; k.flow.scopes = Labels::NONE; }),

    leaves(D::Purpose, "a second flow for another purpose", |k| {
        let mut second = open_flow(SECOND_FLOW);
        second.purposes = vec![Purpose::Audit];
        second.level = 3;
        k.second = Some(second);
    }),
    leaves(D::Role, "a second flow for another role", |k| {
        let mut second = open_flow(SECOND_FLOW);
        second.grants = vec![grant(OTHER, 4, every_label(), true)];
        k.second = Some(second);
    }),
    leaves(D::Role, "a second flow at level 2", |k| {
        let mut second = open_flow(SECOND_FLOW);
        second.level = 2;
        second.override_cap = 2;
        k.second = Some(second);
    }),
];
