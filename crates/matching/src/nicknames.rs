//! Forenames that are used for one another: short forms, spellings, Gaelic and English pairs. A modest table, to grow.
//!
//! Must not hold surnames, and must not be used as proof: `Jack` may be nobody's short form.

use std::collections::HashMap;
use std::sync::OnceLock;

/// One group a line. A name may stand in several; sharing any group is enough.
const GROUPS: &[&str] = &[
    "william will willie bill billy wullie uilleam liam",
    "robert rob robbie bob bobby rab rabbie raibeart bert",
    "james jim jimmy jamie seumas hamish jas",
    "john jack johnny jon ian iain jock",
    "ian iain eoin",
    "jonathan jon jonny johnathan",
    "thomas tom tommy tam tomas",
    "alexander alex sandy alec alasdair alick eck sandie lex xander",
    "alistair alasdair alastair allister alister ally",
    "andrew andy drew andra",
    "david dave davie davy daibhidh",
    "michael mike mick micky mikey mikhail michal",
    "stephen steven steve stevie stefan",
    "christopher chris kit christy",
    "matthew matt mat mathew",
    "daniel dan danny",
    "joseph joe joey josef jozef",
    "edward ed ted eddie ned teddy",
    "charles charlie chas chic chuck tearlach",
    "patrick pat paddy padraig",
    "peter pete piotr",
    "george geordie dod georgie jerzy",
    "richard rick dick richie ricky",
    "anthony tony antony",
    "kenneth ken kenny coinneach",
    "donald don donnie domhnall",
    "ronald ron ronnie",
    "samuel sam sammy",
    "benjamin ben benny",
    "nicholas nick nicky nicolas",
    "francis frank frankie fran",
    "frederick fred freddie",
    "gerard gerry ged",
    "gregory greg gregor",
    "hugh hughie shug uisdean",
    "henry harry hal",
    "lawrence laurence larry lawrie",
    "philip phil phillip",
    "raymond ray",
    "stuart stewart stu",
    "graeme graham grahame",
    "euan ewan ewen eoghan",
    "neil niall neill",
    "callum calum malcolm",
    "sean shaun shawn",
    "jakub jacob kuba jakob",
    "mohammed mohammad muhammad mohamed muhammed md mohd",
    "ahmed ahmad",
    "hussain hussein husain",
    "yusuf yousef yousuf",
    "zachary zach zak",
    "joshua josh",
    "timothy tim",
    "douglas doug dougie",
    "archibald archie",
    "walter wattie wat",
    "margaret maggie peggy meg greta rita maisie marge madge mairead magaidh",
    "elizabeth liz betty beth lizzie elspeth eliza lisa betsy libby isobel ealasaid",
    "catherine cathy kate katie cath katherine kathryn catriona kathleen kay kitty katarzyna",
    "mary may molly mari mairi maria polly",
    "agnes nan nessie senga aggie",
    "helen nell nellie ellen ella eileen elena",
    "anne ann anna annie nan nancy anya",
    "isabella bella isobel isabel ella isabelle",
    "janet jan jessie jenny jean seonaid",
    "jean jeanie sine sheena",
    "susan sue susie suzanne susanna zuzanna zuza",
    "patricia pat trish tricia patsy",
    "christina chris christine tina chrissie kirsty cairistiona",
    "jacqueline jackie jacqui jaqueline",
    "rebecca becky becca rebekah",
    "jennifer jen jenny",
    "deborah debbie debra deb",
    "jessica jess jessie",
    "nicola nicky nikki nicole",
    "amanda mandy",
    "alison ali allison alisoun",
    "claire clare clair",
    "lynn lynne lyn",
    "tracy tracey",
    "lesley leslie les",
    "michelle shell mich chelle",
    "victoria vicky vicki tori",
    "samantha sam sammy",
    "barbara barb babs",
    "dorothy dot dottie",
    "eleanor ellie nora elinor",
    "emily em emma millie",
    "frances fran francesca",
    "gillian gill jill jillian",
    "josephine jo josie",
    "joanne jo joanna joan",
    "caroline carol carrie carolyn",
    "linda lynda",
    "lorraine lorna",
    "marion marian mhairi",
    "pamela pam",
    "sandra sandie alexandra",
    "sarah sara sally",
    "teresa theresa terry tess",
    "eilidh ailie aily ayleigh",
    "niamh neve neave",
    "sophie sophia sofia zofia",
    "hannah hanna",
    "fiona fi ffion",
    "wilhelmina mina wilma williamina ina",
    "euphemia effie phemie",
    "georgina georgie ina",
    "aisha ayesha aysha",
    "fatima fatimah",
];

/// Whether two forenames, in lower-case letters, are used for one another. Symmetric.
pub(crate) fn are_used_for_one_another(a: &str, b: &str) -> bool {
    let table = table();
    match (table.get(a), table.get(b)) {
        (Some(a), Some(b)) => a.iter().any(|group| b.contains(group)),
        (None, _) | (_, None) => false,
    }
}

/// The first names of the groups that a forename stands in: what it may be looked up as.
pub(crate) fn heads(name: &str) -> impl Iterator<Item = &'static str> {
    let groups = table().get(name).map(Vec::as_slice).unwrap_or_default();
    groups.iter().filter_map(|group| GROUPS.get(*group)?.split(' ').next())
}

fn table() -> &'static HashMap<&'static str, Vec<usize>> {
    static TABLE: OnceLock<HashMap<&'static str, Vec<usize>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (number, group) in GROUPS.iter().enumerate() {
            for name in group.split(' ') {
                table.entry(name).or_default().push(number);
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_and_gaelic_forms_meet() {
        for (a, b) in
            [("margaret", "peggy"), ("hamish", "james"), ("mairi", "mary"), ("muhammad", "mohammed")]
        {
            assert!(are_used_for_one_another(a, b) && are_used_for_one_another(b, a), "{a} {b}");
        }
        assert!(!are_used_for_one_another("margaret", "fiona"));
        assert!(!are_used_for_one_another("li", "li"));
    }

    #[test]
    fn a_name_in_several_groups_has_several_heads() {
        assert_eq!(heads("pat").collect::<Vec<_>>(), ["patrick", "patricia"]);
        assert_eq!(heads("suhartini").count(), 0);
    }
}
