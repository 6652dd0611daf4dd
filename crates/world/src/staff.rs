//! Invented staff of the two organisations: the posts that `config/seed/positions.toml` registers.

use crate::{COUNCIL, HEALTH_BOARD};

/// The team of the cast's social workers.
pub const ADULTS_NORTH: &str = "Adults North";

/// A member of staff and their post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Organisation.
    pub organisation: &'static str,
    /// User name.
    pub user: &'static str,
    /// Code of the post.
    pub position: &'static str,
    /// Plain name.
    pub name: &'static str,
    /// Name and title as pages show it.
    pub display_name: &'static str,
    /// The organisation's own name for the role.
    pub local_role: &'static str,
    /// Class that the role maps to.
    pub role_class: &'static str,
    /// What the person's work with the other side's information is for.
    pub purpose: &'static str,
}

macro_rules! members {
    ($($(#[$doc:meta])* $id:ident: $organisation:ident, $user:literal, $position:literal, $name:literal, $display:literal,
       $role:literal, $class:literal, $purpose:literal;)*) => {
        $($(#[$doc])*
        pub const $id: Member = Member {
            organisation: $organisation,
            user: $user,
            position: $position,
            name: $name,
            display_name: $display,
            local_role: $role,
            role_class: $class,
            purpose: $purpose,
        };)*
        /// Everyone.
        pub const ALL: &[Member] = &[$($id),*];
    };
}

members! {
    /// The story's nurse: level 3, may declare emergency access.
    AILEEN_STRACHAN_BELL: HEALTH_BOARD, "aileen.strachan-bell", "board-ward-6-charge-nurse", "Aileen Strachan-Bell",
        "Charge Nurse Aileen Strachan-Bell, Ward 6", "Charge nurse", "R8001", "direct-care";
    /// A doctor: level 3, may declare emergency access.
    HAMISH_ODUYA: HEALTH_BOARD, "hamish.oduya", "board-older-people-consultant", "Hamish Oduya",
        "Dr Hamish Oduya, consultant physician", "Consultant", "R8000", "direct-care";
    /// A ward clerk: level 1.
    LEWIS_GARROW: HEALTH_BOARD, "lewis.garrow", "board-ward-6-clerk", "Lewis Garrow", "Lewis Garrow, ward clerk",
        "Ward clerk", "R8008", "direct-care";
    /// A receptionist: a role without any grant.
    SENGA_TARRAS: HEALTH_BOARD, "senga.tarras", "board-reception", "Senga Tarras", "Senga Tarras, reception",
        "Receptionist", "R8009", "direct-care";
    /// A nurse whose training is out of date: nothing is shown.
    EWAN_CORSOCK: HEALTH_BOARD, "ewan.corsock", "board-ward-4-nurse", "Ewan Corsock", "Staff Nurse Ewan Corsock, Ward 4",
        "Staff nurse", "R8001", "direct-care";
    /// The board's privacy officer: is told of emergency access, sees nobody's information.
    ISHBEL_QUOTHQUAN: HEALTH_BOARD, "ishbel.quothquan", "board-privacy-officer", "Ishbel Quothquan",
        "Ishbel Quothquan, privacy officer", "Privacy officer", "R0001", "audit";
    /// The story's social worker: level 3.
    CATRIONA_FENWICK: COUNCIL, "catriona.fenwick", "council-adults-north-2", "Catriona Fenwick",
        "Catriona Fenwick, social worker", "Social worker", "R8014", "care-planning";
    /// A social worker: level 3.
    ANGUS_PETTIGREW: COUNCIL, "angus.pettigrew", "council-adults-north-3", "Angus Pettigrew",
        "Angus Pettigrew, social worker", "Social worker", "R8014", "care-planning";
    /// The emergency-duty social worker: level 3, may declare emergency access.
    DOUGAL_INVERARITY: COUNCIL, "dougal.inverarity", "council-standby-1", "Dougal Inverarity",
        "Dougal Inverarity, emergency duty", "Emergency duty social worker", "R9605", "emergency-care";
    /// Business support: level 1.
    NADIA_YARROW: COUNCIL, "nadia.yarrow", "council-business-support-1", "Nadia Yarrow",
        "Nadia Yarrow, business support", "Business support", "R8006", "care-planning";
    /// A receptionist: a role without any grant.
    BRODIE_MOUSWALD: COUNCIL, "brodie.mouswald", "council-reception", "Brodie Mouswald", "Brodie Mouswald, reception",
        "Receptionist", "R8009", "care-planning";
    /// The council's information-governance lead and privacy officer.
    GILLIAN_WANLOCK: COUNCIL, "gillian.wanlock", "council-privacy-officer", "Gillian Wanlock",
        "Gillian Wanlock, information governance", "Information governance lead", "R0001", "audit";
}

/// The staff of one organisation.
pub fn of(organisation: &str) -> impl Iterator<Item = &'static Member> {
    ALL.iter().filter(move |member| member.organisation == organisation)
}
