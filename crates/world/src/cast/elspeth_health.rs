//! What the health board holds of Elspeth Dunbrae, as the design's health panel shows it at levels 2 and 3.

use super::{ELSPETH_DUNBRAE, ELSPETH_VISIT};
use crate::draft::{Draft, build_all};
use crate::people::Person;
use crate::{Allergy, Condition, Days, Error, HealthRecord, NextOfKin, Practice, Stay};
use domain::{DataItem, ItemKind};

pub(super) fn record(person: &Person, days: Days) -> Result<HealthRecord, Error> {
    let practice = Practice {
        name: "Harbour Street Practice".to_owned(),
        gp_family: "Abercairn".to_owned(),
        gp_given: "Rhona".to_owned(),
        telephone: "01632 960 210".to_owned(),
    };
    let items = items(&practice, days)?;
    Ok(HealthRecord {
        kin: vec![NextOfKin {
            family: "Dunbrae".to_owned(),
            given: "Fergus".to_owned(),
            relationship: ("CHD", "Son"),
            telephone: "01632 960 351".to_owned(),
        }],
        allergies: vec![
            allergy(("91936005", "Penicillin"), "SV", "Anaphylaxis", "1998"),
            allergy(("294844008", "Sticking plaster"), "MI", "Rash", "20190508"),
        ],
        conditions: vec![
            condition(("S62.8", "Fractured wrist, left"), days.like("2026-11-14")?),
            condition(("G30.9", "Alzheimer's disease"), days.like("2025-04-02")?),
            condition(("I50.9", "Heart failure"), days.like("2025-08-09")?),
        ],
        stay: Some(Stay {
            visit: ELSPETH_VISIT.to_owned(),
            hospital: "Kilmorran Infirmary".to_owned(),
            ward: "Ward 6".to_owned(),
            admitted: days.like("2026-11-14")?.at(16, 20, 0, 0),
            expected: Some(days.like("2026-11-19")?),
            discharged: None,
        }),
        items,
        ..crate::health::plain(person, ELSPETH_DUNBRAE.health.to_owned(), practice)?
    })
}

fn allergy(substance: (&str, &str), severity: &'static str, reaction: &str, confirmed: &str) -> Allergy {
    Allergy {
        substance: (substance.0.to_owned(), substance.1.to_owned()),
        severity,
        reaction: reaction.to_owned(),
        confirmed: confirmed.to_owned(),
    }
}

fn condition(problem: (&'static str, &'static str), since: jiff::civil::Date) -> Condition {
    Condition { problem, since: Some(since) }
}

fn items(practice: &Practice, days: Days) -> Result<Vec<DataItem>, Error> {
    let mut drafts = vec![crate::health::practice_item(practice, days.as_of("2026-10-12")?)];
    drafts.extend(basic(days)?);
    drafts.extend(hospital(days)?);
    drafts.extend(medicines(days)?);
    drafts.extend(home(days)?);
    drafts.extend(detailed(days)?);
    drafts.extend(results(days)?);
    build_all(drafts)
}

fn basic(days: Days) -> Result<Vec<Draft>, Error> {
    Ok(vec![
        Draft::new(ItemKind::NAMED_HEALTH_CONTACT, "district-nurse", days.as_of("2026-09-09")?)
            .staff(
                "contact",
                ["Tamsin Oyelaran", "Community nurse", "District Nursing North", "01632 960 233"],
            )
            .text("team", "District Nursing North")
            .text("telephone", "01632 960 233"),
        Draft::new(ItemKind::COMMUNICATION_NEEDS, "needs", days.as_of("2026-11-14")?)
            .text("hearing", "Hearing aid, left ear")
            .text("sight", "Glasses for reading"),
        Draft::new(ItemKind::ALERT_EXISTS, "alert", days.as_of("2026-09-09")?).flag("held", true),
    ])
}

fn hospital(days: Days) -> Result<Vec<Draft>, Error> {
    let attendance = |instance: &str, day: &str, time: &str, outcome: &str| -> Result<Draft, Error> {
        Ok(Draft::new(ItemKind::EMERGENCY_ATTENDANCE, instance, days.as_of(day)?)
            .text("place", "Kilmorran Infirmary")
            .date("date", days.like(day)?)
            .text("time", time)
            .code("outcome", outcome))
    };
    let appointment = |instance: &str, as_of: &str, day: &str, clinic: [&str; 3]| -> Result<Draft, Error> {
        let [clinic, time, place] = clinic;
        Ok(Draft::new(ItemKind::APPOINTMENT, instance, days.as_of(as_of)?)
            .text("clinic", clinic)
            .date("date", days.like(day)?)
            .text("time", time)
            .text("place", place)
            .code("status", "Booked"))
    };
    Ok(vec![
        Draft::new(ItemKind::INPATIENT_STAY, ELSPETH_VISIT, days.as_of("2026-11-14")?)
            .text("hospital", "Kilmorran Infirmary")
            .text("ward", "Ward 6")
            .text("ward_telephone", "01632 960 260")
            .text("specialty", "Medicine for older people")
            .date("admitted", days.like("2026-11-14")?)
            .text("admitted_time", "16:20")
            .date("expected_discharge", days.like("2026-11-19")?)
            .code("status", "In hospital"),
        attendance("attendance-2", "2026-11-14", "11:05", "Admitted")?,
        attendance("attendance-1", "2026-09-03", "21:40", "Went home")?,
        appointment("falls", "2026-11-16", "2026-11-26", ["Falls clinic", "10:30", "Kilmorran Infirmary"])?,
        appointment(
            "ear",
            "2026-10-28",
            "2026-12-07",
            ["Audiology", "14:15", "Harbour Street Health Centre"],
        )?,
    ])
}

fn medicines(days: Days) -> Result<Vec<Draft>, Error> {
    let as_of = days.as_of("2026-11-02")?;
    let medicine = |instance: &str, name: &str, often: &str, since: &str| -> Result<Draft, Error> {
        Ok(Draft::new(ItemKind::MEDICATION, instance, as_of)
            .code("medicine", name)
            .text("how_often", often)
            .code("type", "Repeat")
            .code("status", "Active")
            .date("since", days.like(since)?))
    };
    Ok(vec![
        medicine("apixaban", "Apixaban 5 mg", "Twice a day", "2023-02-04")?,
        medicine("bisoprolol", "Bisoprolol 2.5 mg", "Once a day", "2023-02-04")?,
        medicine("furosemide", "Furosemide 40 mg", "In the morning", "2025-08-09")?,
        medicine("donepezil", "Donepezil 10 mg", "At night", "2025-04-17")?,
    ])
}

fn home(days: Days) -> Result<Vec<Draft>, Error> {
    Ok(vec![
        Draft::new(ItemKind::HOME_EQUIPMENT, "frame", days.as_of("2026-09-09")?)
            .code("item", "Walking frame")
            .code("status", "In use")
            .date("since", days.like("2026-09-09")?),
        Draft::new(ItemKind::HOME_EQUIPMENT, "bed", days.as_of("2026-11-16")?)
            .code("item", "Hospital bed")
            .code("status", "Ordered")
            .date("since", days.like("2026-11-16")?),
        Draft::new(ItemKind::KEY_INFORMATION_EXISTS, "kis", days.as_of("2026-10-12")?)
            .code("type", "Key Information Summary")
            .text("held_by", "The GP practice; out of hours, NHS 24 on 111"),
        Draft::new(ItemKind::ATTORNEY_OR_GUARDIAN, "attorney", days.as_of("2026-11-14")?)
            .person("holder", ["Fergus Dunbrae", "Son", ""])
            .code("powers", "Welfare powers")
            .date("evidence_seen", days.like("2024-06-24")?),
    ])
}

fn detailed(days: Days) -> Result<Vec<Draft>, Error> {
    let aspect = |instance: &str, as_of: &str, aspect: &str, finding: &str| -> Result<Draft, Error> {
        Ok(Draft::new(ItemKind::FUNCTIONAL_STATUS, instance, days.as_of(as_of)?)
            .code("aspect", aspect)
            .text("finding", finding))
    };
    let decided = days.like("2026-11-15")?;
    Ok(vec![
        Draft::new(ItemKind::RESUSCITATION_DECISION, "dnacpr", days.as_of("2026-11-15")?)
            .code("decision", "Do not attempt CPR")
            .date("made", decided)
            .text("made_with", "Her and her attorney")
            .text("form_at", "With her")
            .code("status", "In force"),
        Draft::new(ItemKind::STAFF_HAZARD, "dog", days.as_of("2026-09-09")?)
            .text("hazard", "Dog loose in the house")
            .text("advice", "Phone before you visit, so that it can be shut in."),
        Draft::new(ItemKind::CAPACITY_CERTIFICATE, "section-47", days.as_of("2026-11-15")?)
            .code("type", "Certificate of incapacity, section 47")
            .text("covers", "Medical treatment")
            .code("status", "In force")
            .period(decided, Some(days.like("2027-05-14")?)),
        Draft::new(ItemKind::ANTICIPATORY_CARE_PLAN, "plan", days.as_of("2026-10-12")?)
            .text("preferred_place", "Home")
            .text("what_to_do", "Hospital only for what home cannot treat")
            .date("made", days.like("2026-10-12")?),
        Draft::new(ItemKind::NURSING_PLAN, "heel", days.as_of("2026-11-16")?)
            .text("problem", "Heel pressure area")
            .text("intervention", "Dressing, from discharge")
            .text("frequency", "Twice a week")
            .text("team", "District Nursing North"),
        aspect("frailty", "2026-11-15", "Frailty", "Moderate")?
            .quantity("score", "6", "of 9")
            .text("scale", "Clinical Frailty Scale"),
        aspect("moving", "2026-11-16", "Moving", "Frame, one person. No stairs")?,
        aspect("falls", "2026-11-15", "Falls", "Two in 12 months")?,
    ])
}

fn results(days: Days) -> Result<Vec<Draft>, Error> {
    let as_of = days.as_of("2026-11-17")?;
    let day = days.like("2026-11-17")?;
    let test = |instance: &str, name: &str| {
        Draft::new(ItemKind::INVESTIGATION_RESULT, instance, as_of).code("test", name).code("status", "Final")
    };
    Ok(vec![
        test("hb", "Haemoglobin").quantity("value", "118", "g/L").date("date", day),
        test("creatinine", "Creatinine").quantity("value", "94", "µmol/L").date("date", day),
        test("wrist", "X-ray, left wrist").text("finding", "Fracture").date("date", days.like("2026-11-14")?),
    ])
}
