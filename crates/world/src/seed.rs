//! The files of `config/seed`, as text: what a demo and tests register and sign. `config/seed/README.md` describes them.

/// The two organisations.
pub const ORGANISATIONS: &str = include_str!("../../../config/seed/organisations.toml");
/// Posts, role maps and training of their staff.
pub const POSITIONS: &str = include_str!("../../../config/seed/positions.toml");
/// Directives on records of the cast.
pub const DIRECTIVES: &str = include_str!("../../../config/seed/directives.toml");
/// The agreement, unsigned.
pub const AGREEMENT: &str = include_str!("../../../config/seed/agreement.toml");

/// Code of the agreement.
pub const AGREEMENT_ID: &str = "adult-care-isp";
/// Its version.
pub const AGREEMENT_VERSION: u32 = 1;
/// Appendices for the levels 1, 2 and 3.
pub const APPENDICES: [&str; 3] = ["A", "B", "C"];

/// Code of the flow from the council to the board at a level.
pub fn council_to_board(level: u8) -> String {
    format!("council-to-board-{level}")
}

/// Code of the flow from the board to the council at a level.
pub fn board_to_council(level: u8) -> String {
    format!("board-to-council-{level}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cast, staff};
    use domain::{Catalogue, DefaultLevel, SharingLevel, Side};

    /// The list that follows `items = [` in the flow with this id.
    fn items_of(flow: &str) -> Vec<&'static str> {
        let (_, after) = AGREEMENT.split_once(&format!("id = \"{flow}\"")).unwrap();
        let (_, after) = after.split_once("items = [").unwrap();
        let (list, _) = after.split_once(']').unwrap();
        list.split('"').skip(1).step_by(2).collect()
    }

    #[test]
    fn schedules_list_exactly_what_the_catalogue_has_at_each_level() {
        for (level, value) in
            [(SharingLevel::Basic, 1), (SharingLevel::Intermediate, 2), (SharingLevel::Detailed, 3)]
        {
            for (flow, side) in
                [(council_to_board(value), Side::SocialWork), (board_to_council(value), Side::Health)]
            {
                let rows = Catalogue::standard().iter().filter(|row| row.level == DefaultLevel::At(level));
                let expected: Vec<&str> =
                    rows.filter(|row| row.side == side || row.side == Side::Any).map(|row| row.id).collect();
                assert_eq!(items_of(&flow), expected, "{flow}");
            }
        }
    }

    #[test]
    fn every_member_of_staff_has_a_post_a_mapped_role_and_training() {
        for member in staff::ALL {
            for text in [
                format!("id = \"{}\"", member.position),
                format!("user = \"{}\"", member.user),
                format!("display_name = \"{}\"", member.display_name),
                format!("local_role = \"{}\"\nrole = \"{}\"", member.local_role, member.role_class),
            ] {
                assert!(POSITIONS.contains(&text), "{text}");
            }
        }
        // The council's case system holds a position as well.
        assert_eq!(POSITIONS.matches("[[training]]").count(), staff::ALL.len() + 1);
    }

    #[test]
    fn directives_stand_on_records_of_the_cast() {
        for member in [cast::HECTOR_BALLANTRAE, cast::UNA_CORRIE, cast::MAEVE_STRUAN] {
            assert!(DIRECTIVES.contains(member.council), "{}", member.council);
        }
    }
}
