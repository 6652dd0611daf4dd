//! The people of the story. Tests and pages refer to them by these constants; their records never change with the
//! seed, only with the day.

mod dunbrae;
mod elspeth_council;
mod elspeth_health;
#[cfg(test)]
mod matching_tests;
mod others;

use crate::chi::ChiBook;
use crate::{Days, Entry, Error};

/// Who somebody is, and where their records are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CastMember {
    /// Plain name.
    pub name: &'static str,
    /// The CHI number that the person truly has.
    pub chi: &'static str,
    /// Case number with the council; empty where the council does not know the person.
    pub council: &'static str,
    /// Patient number with the board; empty where the board does not know the person.
    pub health: &'static str,
}

macro_rules! cast {
    ($($(#[$doc:meta])* $id:ident: $name:literal, $chi:literal, $council:literal, $health:literal;)*) => {
        $($(#[$doc])*
        pub const $id: CastMember = CastMember { name: $name, chi: $chi, council: $council, health: $health };)*
        /// Everyone.
        pub const ALL: &[CastMember] = &[$($id),*];
    };
}

cast! {
    /// Known to both sides, the CHI number in both, items of levels 1 to 3 on both. In hospital, going home soon.
    ELSPETH_DUNBRAE: "Elspeth Dunbrae", "1203414749", "W-20481", "S100481";
    /// Her son: both sides, the CHI number in both, little else.
    FERGUS_DUNBRAE: "Fergus Dunbrae", "3007683130", "W-20482", "S100482";
    /// Somebody else of nearly her name.
    ELSBETH_DUNBRAY: "Elsbeth Dunbray", "0801794765", "W-20483", "S100483";
    /// No CHI number in social care; name, birth date, sex and home agree: the matcher links.
    MURDO_HALCRO: "Murdo Halcro", "1904524117", "W-20512", "S100512";
    /// One of twins. The council holds "A Kinross", without a CHI number: it may be either, so a person decides.
    AILSA_KINROSS: "Ailsa Kinross", "1406904023", "W-20533", "S100533";
    /// The other twin, whom the council does not know.
    AILEEN_KINROSS: "Aileen Kinross", "1406904066", "", "S100534";
    /// A child: outside the adults' flows.
    FINLAY_TARRAS: "Finlay Tarras", "0506174719", "W-20544", "S100544";
    /// Where she lives is protected, on both sides.
    MAEVE_STRUAN: "Maeve Struan", "2509854208", "W-20555", "S100555";
    /// Dissents from sharing (directive in `config/seed/directives.toml`).
    HECTOR_BALLANTRAE: "Hector Ballantrae", "0211484172", "W-20566", "S100566";
    /// Her record is sealed (directive in `config/seed/directives.toml`).
    UNA_CORRIE: "Una Corrie", "1708634304", "W-20577", "S100577";
    /// Known to health only.
    TORQUIL_ASKEW: "Torquil Askew", "0811554414", "", "S100588";
    /// The council's record holds her sister's CHI number.
    RONA_TULLIBAR: "Rona Tullibar", "1103714503", "W-20599", "S100599";
    /// The sister whose number it is.
    BEATHAG_TULLIBAR: "Beathag Tullibar", "2404684523", "", "S100600";
    /// Registered twice with health: merge `DUPLICATE_OF_LACHLAN` into this one.
    LACHLAN_OSWIN: "Lachlan Oswin", "3010394616", "W-20611", "S100611";
}

/// The second registration of Lachlan Oswin, to be retired by a merge.
pub const DUPLICATE_OF_LACHLAN: &str = "S100612";
/// Instance of Elspeth's home care: the care package that the story ends.
pub const ELSPETH_HOME_CARE: &str = "home-care";
/// Visit number of Elspeth's stay in hospital.
pub const ELSPETH_VISIT: &str = "V-100481-3";

/// Everyone's records.
pub(crate) fn entries(days: Days, book: &mut ChiBook) -> Result<Vec<Entry>, Error> {
    for member in ALL {
        book.take(member.chi)?;
    }
    let mut entries = dunbrae::entries(days)?;
    entries.extend(others::entries(days)?);
    Ok(entries)
}
