//! What the council holds of people who are not of the cast: plain care, by age.

use crate::draft::{Draft, build_all};
use crate::people::Person;
use crate::random::Random;
use crate::staff;
use crate::{Days, Error};
use domain::{DataItem, ItemKind};
use jiff::Timestamp;
use jiff::civil::Date;

/// Makes items.
pub(crate) struct CouncilFile<'a> {
    pub(crate) random: &'a Random,
    pub(crate) days: Days,
}

impl CouncilFile<'_> {
    /// Items of an open case; a care home where the person lives in one.
    pub(crate) fn items(&self, person: &Person, care_home: Option<&str>) -> Result<Vec<DataItem>, Error> {
        let opened = self.days.ago(30 + i32::try_from(self.random.below(900)).unwrap_or_default())?;
        let seen = self.days.ago(1 + i32::try_from(self.random.below(29)).unwrap_or_default())?;
        let (opened_at, seen_at) = (crate::days::start_of(opened)?, crate::days::start_of(seen)?);
        let mut drafts = case(opened, opened_at);
        match care_home {
            Some(name) => drafts.push(
                Draft::new(ItemKind::PLACEMENT, "placement-1", opened_at)
                    .code("type", "Care home")
                    .text("place", name)
                    .code("status", "Active")
                    .period(opened, None),
            ),
            None if person.age(self.days.today()) >= 18 => drafts.push(self.care_at_home(opened, seen_at)),
            None => {}
        }
        if person.age(self.days.today()) >= 65 {
            drafts.extend(self.later_life(opened, seen_at)?);
        }
        build_all(drafts)
    }

    fn care_at_home(&self, opened: Date, seen_at: Timestamp) -> Draft {
        let service = self.random.one(&["Home care", "Day centre", "Meals at home", "Short breaks"]);
        let often = self.random.one(&["1 visit a day", "2 visits a day", "3 visits a week", "Tuesdays"]);
        Draft::new(ItemKind::CARE_PACKAGE, "package-1", seen_at)
            .code("service", service)
            .text(
                "provider",
                self.random.one(&["Larchwood Homecare", "Kilmorran Day Centre", "Sorrel Support"]),
            )
            .text("frequency", often)
            .code("status", "Active")
            .period(opened, None)
    }

    fn later_life(&self, opened: Date, seen_at: Timestamp) -> Result<Vec<Draft>, Error> {
        let due = self.days.ago(-30 - i32::try_from(self.random.below(200)).unwrap_or_default())?;
        let mut drafts = vec![
            Draft::new(ItemKind::REVIEW_DUE, "review-1", seen_at)
                .code("type", "Yearly review")
                .date("due", due),
            Draft::new(ItemKind::SUPPORT_REASON, "reason-1", seen_at)
                .code(
                    "reason",
                    self.random.one(&["Physical, personal care", "Memory", "Sight", "Support of a carer"]),
                )
                .flag("active", true)
                .period(opened, None),
        ];
        if self.random.percent(20) {
            drafts.push(Draft::new(ItemKind::ALERT_EXISTS, "alert", seen_at).flag("held", true));
            drafts.push(
                Draft::new(ItemKind::RISK_OR_HAZARD, "risk-1", seen_at)
                    .code("risk_to", "Person")
                    .text(
                        "risk",
                        self.random.one(&[
                            "Falls on the stairs",
                            "Leaves the cooker on",
                            "Lets strangers in",
                        ]),
                    )
                    .period(opened, None),
            );
        }
        Ok(drafts)
    }
}

fn case(opened: Date, opened_at: Timestamp) -> Vec<Draft> {
    let worker = &staff::ANGUS_PETTIGREW;
    vec![
        Draft::new(ItemKind::KNOWN_TO_SOCIAL_WORK, "case", opened_at)
            .code("status", "Open")
            .date("since", opened),
        Draft::new(ItemKind::ALLOCATED_WORKER, "worker-1", opened_at)
            .staff("worker", [worker.name, "Social worker", staff::ADULTS_NORTH, "01632 960 144"])
            .flag("lead", true)
            .period(opened, None),
        team(opened_at, opened),
    ]
}

/// The team that everyone in this world belongs to.
pub(crate) fn team(as_of: Timestamp, since: Date) -> Draft {
    Draft::new(ItemKind::RESPONSIBLE_TEAM, "team", as_of)
        .text("team", staff::ADULTS_NORTH)
        .text("telephone", "01632 960 118")
        .text("hours", "Mon to Fri, 08:45 to 17:00")
        .text("out_of_hours", "Social Work Standby")
        .text("out_of_hours_telephone", "01632 960 199")
        .text("out_of_hours_hours", "nights, weekends, holidays")
        .period(since, None)
}
