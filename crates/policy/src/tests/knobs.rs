//! Everything about a small world that a row of the rule reads, as plain values. All rows are open at first.
//!
//! Times are seconds from the instant of the decision.

use domain::{
    AGE_BANDS, AgeBand, AssuranceRank, DirectiveKind, ItemKind, Label, Labels, PartialDate, Purpose,
};

use crate::LinkState;

/// A half-open stretch `[from, to)`; an end that is absent is open.
pub(crate) type Span = (Option<i64>, Option<i64>);

pub(crate) const ALWAYS: Span = (None, None);
/// Parties in the order of [`Knobs::signed`].
pub(crate) const COUNCIL: &str = "council";
pub(crate) const BOARD: &str = "board";
/// A third organisation: the host of a launch, or the sponsor, when it is not one of the two.
pub(crate) const TRUST: &str = "trust";
/// The role that the requester holds, and one that they do not.
pub(crate) const HELD: &str = "R1";
pub(crate) const OTHER: &str = "R2";
pub(crate) const FIRST_FLOW: &str = "first";
pub(crate) const SECOND_FLOW: &str = "second";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    Own,
    MayAssert,
    Foreign,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assured {
    pub(crate) active: bool,
    pub(crate) rank: AssuranceRank,
    pub(crate) expires: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Granted {
    pub(crate) role: &'static str,
    pub(crate) level: u8,
    pub(crate) scopes: Labels,
    pub(crate) may_override: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlowKnobs {
    pub(crate) id: &'static str,
    pub(crate) level: u8,
    pub(crate) schedule: Vec<(ItemKind, u8)>,
    pub(crate) purposes: Vec<Purpose>,
    /// Whether each of the four parts of the legal basis is there.
    pub(crate) basis: [bool; 4],
    pub(crate) grants: Vec<Granted>,
    pub(crate) scopes: Labels,
    pub(crate) ages: Vec<AgeBand>,
    pub(crate) without_relationship: u8,
    pub(crate) override_cap: u8,
    pub(crate) by_launch: bool,
}

/// One organisation stopped one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// The appendix, else the base.
    pub(crate) appendix: bool,
    pub(crate) by: &'static str,
    pub(crate) from: i64,
    pub(crate) resumed: Option<i64>,
    pub(crate) for_good: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DirectiveKnobs {
    pub(crate) kind: DirectiveKind,
    pub(crate) span: Span,
    pub(crate) flow: Option<&'static str>,
}

/// Whose override it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    TheRequesters,
    AnotherUsers,
    AnotherOrganisations,
    AnotherSessions,
    AnotherPersons,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeclaredKnobs {
    pub(crate) at: i64,
    pub(crate) authenticated: i64,
    pub(crate) ended: Option<i64>,
    pub(crate) whose: Whose,
    pub(crate) text: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Knobs {
    // Row 0.
    pub(crate) audit_writable: bool,
    pub(crate) lease_valid: bool,
    pub(crate) clock_sane: bool,
    pub(crate) system_until: Option<i64>,
    // Row 1 and the roles of row 6.
    pub(crate) positions: Vec<(&'static str, Span)>,
    pub(crate) acts_elsewhere: bool,
    pub(crate) training: Option<i64>,
    pub(crate) host: Host,
    pub(crate) bound: bool,
    // Row 2.
    pub(crate) recipient: Assured,
    pub(crate) discloser: Assured,
    pub(crate) host_active: bool,
    pub(crate) sponsor: Option<&'static str>,
    // Row 3.
    pub(crate) base: Span,
    pub(crate) appendix: Span,
    /// Of the base by council and board, of the appendix by council and board.
    pub(crate) signed: [Option<i64>; 4],
    pub(crate) changed_after_signing: bool,
    pub(crate) stops: Vec<Stopped>,
    pub(crate) superseded: Option<i64>,
    pub(crate) review_due: Option<i64>,
    pub(crate) overdue_cap: u8,
    pub(crate) dpia: Option<&'static str>,
    pub(crate) assessed: bool,
    // Rows 4 to 7, and labels.
    pub(crate) flow: FlowKnobs,
    /// A flow of another appendix, signed and in force.
    pub(crate) second: Option<FlowKnobs>,
    pub(crate) purpose: Purpose,
    // Rows 7 to 11.
    pub(crate) born: Option<PartialDate>,
    pub(crate) link: LinkState,
    pub(crate) protected: bool,
    /// Link of the recipient's own record of the person.
    pub(crate) own_link: LinkState,
    pub(crate) relationships: Vec<Span>,
    pub(crate) asserted: bool,
    pub(crate) directives: Vec<DirectiveKnobs>,
    pub(crate) declared: Option<DeclaredKnobs>,
}

pub(crate) fn every_label() -> Labels {
    Label::ALL.into_iter().collect()
}

/// A kind for every level and label, and one that is never shared although it is scheduled.
pub(crate) fn schedule() -> Vec<(ItemKind, u8)> {
    vec![
        (ItemKind::IDENTITY, 1),
        (ItemKind::ADDRESS, 1),
        (ItemKind::SEXUAL_HEALTH, 1),
        (ItemKind::CARE_PACKAGE, 2),
        (ItemKind::CARER, 2),
        (ItemKind::CHILD_PROTECTION_REGISTRATION, 2),
        (ItemKind::SELF_DIRECTED_SUPPORT, 3),
        (ItemKind::ADULT_PROTECTION, 3),
        (ItemKind::JUSTICE_SUPERVISION, 4),
    ]
}

pub(crate) fn grant(role: &'static str, level: u8, scopes: Labels, may_override: bool) -> Granted {
    Granted { role, level, scopes, may_override }
}

pub(crate) fn open_flow(id: &'static str) -> FlowKnobs {
    FlowKnobs {
        id,
        level: 4,
        schedule: schedule(),
        purposes: vec![Purpose::DirectCare, Purpose::EmergencyCare],
        basis: [true; 4],
        grants: vec![grant(HELD, 4, every_label(), true), grant(OTHER, 4, every_label(), true)],
        scopes: every_label(),
        ages: AGE_BANDS.to_vec(),
        without_relationship: 0,
        override_cap: 3,
        by_launch: true,
    }
}

impl Default for Knobs {
    fn default() -> Self {
        let assured = Assured { active: true, rank: AssuranceRank::Reviewed, expires: None };
        Self {
            audit_writable: true,
            lease_valid: true,
            clock_sane: true,
            system_until: None,
            positions: vec![(HELD, ALWAYS)],
            acts_elsewhere: false,
            training: Some(1_000_000),
            host: Host::Own,
            bound: true,
            recipient: assured.clone(),
            discloser: assured,
            host_active: true,
            sponsor: None,
            base: ALWAYS,
            appendix: ALWAYS,
            signed: [Some(-1_000_000); 4],
            changed_after_signing: false,
            stops: Vec::new(),
            superseded: None,
            review_due: None,
            overdue_cap: 0,
            dpia: Some("DPIA-1"),
            assessed: true,
            flow: open_flow(FIRST_FLOW),
            second: None,
            purpose: Purpose::DirectCare,
            born: PartialDate::from_day(1941, 3, 2).ok(),
            link: LinkState::Confirmed,
            protected: false,
            own_link: LinkState::Confirmed,
            relationships: vec![ALWAYS],
            asserted: false,
            directives: Vec::new(),
            declared: None,
        }
    }
}

impl Knobs {
    /// The first flow, and the second where there is one.
    pub(crate) fn flows_mut(&mut self) -> impl Iterator<Item = &mut FlowKnobs> {
        std::iter::once(&mut self.flow).chain(&mut self.second)
    }
}
