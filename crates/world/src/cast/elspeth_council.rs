//! What the council holds of Elspeth Dunbrae, as the design's social work panel shows it at levels 2 and 3.

use super::ELSPETH_HOME_CARE;
use crate::draft::{Draft, build_all};
use crate::{Days, Error};
use domain::{DataItem, ItemKind};

pub(super) fn items(days: Days) -> Result<Vec<DataItem>, Error> {
    let mut drafts = basic(days)?;
    drafts.extend(care(days)?);
    drafts.extend(leaving_hospital(days)?);
    drafts.extend(people(days)?);
    drafts.extend(detailed(days)?);
    drafts.extend(plans(days)?);
    drafts.extend(history(days)?);
    build_all(drafts)
}

fn basic(days: Days) -> Result<Vec<Draft>, Error> {
    let opened = days.like("2026-01-09")?;
    let opened_at = days.as_of("2026-01-09")?;
    Ok(vec![
        Draft::new(ItemKind::KNOWN_TO_SOCIAL_WORK, "case", opened_at)
            .code("status", "Open")
            .date("since", opened),
        Draft::new(ItemKind::ALLOCATED_WORKER, "worker-1", opened_at)
            .staff(
                "worker",
                ["Catriona Fenwick", "Allocated social worker", crate::staff::ADULTS_NORTH, "01632 960 142"],
            )
            .flag("lead", true)
            .period(opened, None),
        crate::council::team(opened_at, opened),
        Draft::new(ItemKind::COMMUNICATION_NEEDS, "needs", days.as_of("2026-01-20")?)
            .text("language", "English and Gaelic")
            .text("interpreter", "No interpreter needed")
            .text("hearing", "Hearing aid, left ear. Face her when you speak"),
        Draft::new(ItemKind::ALERT_EXISTS, "alert", days.as_of("2026-11-02")?).flag("held", true),
    ])
}

fn care(days: Days) -> Result<Vec<Draft>, Error> {
    Ok(vec![
        Draft::new(ItemKind::CARE_PACKAGE, ELSPETH_HOME_CARE, days.as_of("2026-11-14")?)
            .code("service", "Home care")
            .text("provider", "Larchwood Homecare")
            .text("provider_telephone", "01632 960 177")
            .text("frequency", "4 visits a day, 30 minutes")
            .code("status", "On hold in hospital")
            .period(days.like("2026-01-12")?, None),
        Draft::new(ItemKind::CARE_PACKAGE, "day-centre", days.as_of("2026-03-03")?)
            .code("service", "Day centre")
            .text("provider", "Kilmorran Day Centre")
            .text("frequency", "Tuesdays")
            .code("status", "Active")
            .period(days.like("2026-03-03")?, None),
        Draft::new(ItemKind::EQUIPMENT, "alarm", days.as_of("2026-01-12")?)
            .code("item", "Community alarm")
            .text("detail", "Falls detector")
            .text("alarm_centre_telephone", "01632 960 155")
            .code("status", "In use")
            .period(days.like("2026-01-12")?, None),
        Draft::new(ItemKind::SUPPORT_REASON, "reason-1", days.as_of("2026-01-20")?)
            .code("reason", "Physical, personal care")
            .flag("active", true)
            .period(days.like("2026-01-20")?, None),
        Draft::new(ItemKind::LEGAL_STATUS, "poa", days.as_of("2026-01-20")?)
            .code("type", "Welfare power of attorney")
            .code("status", "In force")
            .period(days.like("2024-06-22")?, None),
        Draft::new(ItemKind::OPEN_REFERRAL, "ot-1", days.as_of("2026-11-16")?)
            .code("type", "Occupational therapy")
            .date("date", days.like("2026-11-16")?)
            .text("referrer", "Ward 6")
            .text("referred_to", crate::staff::ADULTS_NORTH)
            .text("reason", "Bathroom")
            .code("status", "Open"),
        Draft::new(ItemKind::ASSESSMENT, "needs-1", days.as_of("2026-01-20")?)
            .code("type", "Assessment of needs")
            .code("status", "Complete")
            .date("date", days.like("2026-01-20")?),
        Draft::new(ItemKind::REVIEW_DUE, "review-1", days.as_of("2026-01-20")?)
            .code("type", "Yearly review of support")
            .date("due", days.like("2027-01-20")?),
    ])
}

fn leaving_hospital(days: Days) -> Result<Vec<Draft>, Error> {
    let as_of = days.as_of("2026-11-16")?;
    Ok(vec![
        Draft::new(ItemKind::DISCHARGE_PLANNING, "bed", as_of)
            .text("task", "Hospital bed at home")
            .code("delay_reason", "Equipment")
            .text("ordered_by", "Ward 6")
            .code("status", "Waiting"),
        Draft::new(ItemKind::DISCHARGE_PLANNING, "restart", as_of)
            .text("task", "Home care to restart")
            .date("asked_for", days.like("2026-11-16")?)
            .date("expected", days.like("2026-11-19")?)
            .code("status", "Asked for")
            .text("note", "Provider has a place from then"),
    ])
}

fn people(days: Days) -> Result<Vec<Draft>, Error> {
    let as_of = days.as_of("2026-10-05")?;
    Ok(vec![
        Draft::new(ItemKind::CARER, "carer-1", as_of)
            .person("carer", ["Fergus Dunbrae", "Son", "01632 960 351"])
            .text("support_given", "Visits daily")
            .flag("lives_with_person", false),
        Draft::new(ItemKind::PERSONAL_CONTACT, "contact-1", as_of)
            .person("contact", ["Mairi Dunbrae", "Daughter", ""])
            .text("note", "Lives away. First to call if Fergus cannot come"),
        Draft::new(ItemKind::PROFESSIONAL_CONTACT, "professional-1", days.as_of("2026-01-12")?).staff(
            "professional",
            ["Priya Nandakumar", "Care manager", "Larchwood Homecare", "01632 960 177"],
        ),
    ])
}

fn detailed(days: Days) -> Result<Vec<Draft>, Error> {
    Ok(vec![
        Draft::new(ItemKind::ADULT_PROTECTION, "investigation-1", days.as_of("2026-11-02")?)
            .code("stage", "Investigation")
            .code("status", "Open")
            .date("since", days.like("2026-11-02")?)
            .text("advice", "Do not discuss with visitors. Phone the social worker first."),
        Draft::new(ItemKind::RISK_OR_HAZARD, "falls", days.as_of("2026-09-04")?)
            .code("risk_to", "Person")
            .text("risk", "Falls on the stairs at night")
            .text("advice", "Sleeps downstairs. Do not send home alone after dark.")
            .period(days.like("2026-09-03")?, None),
        Draft::new(ItemKind::RISK_OR_HAZARD, "dog", days.as_of("2026-03-03")?)
            .code("risk_to", "Staff")
            .text("risk", "Dog loose in the house")
            .text("advice", "Phone before you visit, so that it can be shut in.")
            .period(days.like("2026-03-03")?, None),
        Draft::new(ItemKind::ACCESS_INFORMATION, "access", days.as_of("2026-03-03")?)
            .text("key_safe", "By the back door. The alarm centre gives the code")
            .text("key_holder_telephone", "01632 960 155")
            .text("pets", "One collie, in the kitchen"),
        Draft::new(ItemKind::LEGAL_STATUS_DETAIL, "poa", days.as_of("2026-01-20")?)
            .code("type", "Welfare and financial power of attorney")
            .person("holder", ["Fergus Dunbrae", "Son", ""])
            .text("powers", "Where she lives and medical treatment, only when she cannot decide")
            .date("evidence_seen", days.like("2024-06-24")?),
    ])
}

fn plans(days: Days) -> Result<Vec<Draft>, Error> {
    Ok(vec![
        Draft::new(ItemKind::CARE_PLAN, "plan-1", days.as_of("2026-10-05")?)
            .text("goal", "Stay at home, downstairs")
            .text("actions", "Wash and dress with one carer. Cook with help at noon")
            .text(
                "contingency",
                "If Fergus cannot come: call Mairi, then the team for respite at short notice",
            ),
        Draft::new(ItemKind::SELF_DIRECTED_SUPPORT, "sds", days.as_of("2026-01-20")?)
            .code("option", "Option 3")
            .text("note", "The council arranges the services"),
        Draft::new(ItemKind::ASSESSMENT_OUTCOME, "outcome-1", days.as_of("2026-01-20")?)
            .code("type", "Adult needs assessment")
            .date("date", days.like("2026-01-20")?)
            .text("summary", "Needs help to wash, dress, eat")
            .code("eligibility", "Critical"),
    ])
}

fn history(days: Days) -> Result<Vec<Draft>, Error> {
    let event = |instance: &str, day: &str, as_of: &str, words: &str, by: &str| -> Result<Draft, Error> {
        Ok(Draft::new(ItemKind::CHRONOLOGY_EVENT, instance, days.as_of(as_of)?)
            .date("date", days.like(day)?)
            .text("event", words)
            .text("author_agency", by))
    };
    let note = |instance: &str, day: &str, words: &str| -> Result<Draft, Error> {
        Ok(Draft::new(ItemKind::CASE_NOTE_INDEX, instance, days.as_of(day)?)
            .date("date", days.like(day)?)
            .code("type", words))
    };
    Ok(vec![
        event("event-3", "2026-11-14", "2026-11-14", "Admitted after a fall", "NHS Strathorr")?,
        event("event-2", "2026-11-02", "2026-11-02", "Adult protection inquiry", "Strathorr Council")?
            .text("significance", "Led to an investigation"),
        event("event-1", "2026-09-03", "2026-09-04", "Fall on the stairs", "Strathorr Council")?
            .text("own_view", "I was carrying the washing."),
        note("note-3", "2026-11-16", "Phone call")?,
        note("note-2", "2026-11-12", "Home visit")?,
        note("note-1", "2026-11-02", "Meeting")?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Catalogue, DefaultLevel, ItemMask, SharingLevel};

    #[test]
    fn she_has_something_of_every_social_work_kind_of_levels_1_to_3_that_the_screens_show() {
        let days = Days::around(jiff::civil::date(2026, 11, 24));
        let held: ItemMask = items(days).unwrap().iter().map(|item| item.kind).collect();
        for level in [SharingLevel::Basic, SharingLevel::Intermediate, SharingLevel::Detailed] {
            let of_level = Catalogue::standard().iter().filter(|row| row.level == DefaultLevel::At(level));
            assert!(of_level.filter(|row| held.contains(row.kind)).count() >= 3, "{level:?}");
        }
        assert!(!held.contains(ItemKind::PLACEMENT), "shared, but nothing to show");
    }
}
