//! People for tests: known to both sides, so that what one side says is seen by the other.

use crate::feed::{Council, home, name, submission};
use crate::mllp::Mllp;
use domain::{CheckScheme, ChiNumber, Clock, SystemClock};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use proto::intake::v1;

/// Somebody of an invented family, by number.
#[derive(Debug, Clone)]
pub struct Known {
    pub family: String,
    pub given: &'static str,
    pub born: Date,
    pub chi: String,
    /// Number with the council.
    pub case: String,
    /// Number with the board.
    pub patient: String,
}

/// The person with this number.
pub fn known(number: u32) -> Known {
    let born = date(1931, 1, 1).checked_add(i64::from(number).days()).unwrap();
    // A family name of letters only, and unlike its neighbours'.
    let family: String = (0..5)
        .map(|place| char::from(b'a' + u8::try_from(number * 7 / 5_u32.pow(place) % 23).unwrap()))
        .collect();
    Known {
        family: format!("Quill{family}"),
        given: "Morwenna",
        born,
        chi: chi(born),
        case: format!("T-{number}"),
        patient: format!("P-{number}"),
    }
}

/// The first valid number of a woman who was born that day.
fn chi(born: Date) -> String {
    let day = format!("{:02}{:02}{:02}", born.day(), born.month(), born.year() % 100);
    let digits = (400..500).step_by(2).flat_map(|serial| (0..10).map(move |check| (serial, check)));
    let mut numbers = digits.map(|(serial, check)| format!("{day}{serial}{check}"));
    let valid =
        |number: &String| ChiNumber::parse(number).is_ok_and(|(_, scheme)| scheme != CheckScheme::Modulus10);
    numbers.find(valid).expect("some number of the day passes the check")
}

impl Known {
    /// What the council says of who the person is.
    pub fn demographics(&self) -> v1::DemographicsPatch {
        v1::DemographicsPatch {
            names: Some(v1::PersonNames { names: vec![name(&self.family, self.given)] }),
            birth_date: Some(self.born.to_string()),
            sex: Some(v1::Sex::Female.into()),
            chi: Some(v1::HeldChi { number: self.chi.clone(), padded: false }),
            addresses: Some(v1::Addresses { addresses: vec![home(&["1 Quay Brae", "Kilmorran"])] }),
            ..v1::DemographicsPatch::default()
        }
    }

    /// A submission about the council's record, with who the person is.
    pub fn submission(&self, message_id: &str) -> v1::RecordSubmission {
        v1::RecordSubmission { demographics: Some(self.demographics()), ..submission(message_id, &self.case) }
    }

    /// An A28 of the board's record, with these parts of the name and the address as they are to stand in the fields.
    pub fn message(&self, control_id: &str, suffix: &str, line: &str) -> String {
        let born = self.born.strftime("%Y%m%d");
        let now = stamp(SystemClock.now());
        format!(
            "MSH|^~\\&|PAS|KILMORRAN|YETT|YETT|{now}||ADT^A28^ADT_A05|{control_id}|P|2.5.1||||||UNICODE UTF-8\r\
             EVN||{now}\r\
             PID|1||{}^^^nhs-strathorr^MR~{}^^^CHI^NH||{}^{}^^{suffix}^^^L||{born}|F|||{line}^^Kilmorran\r\
             PV1|1|N\r",
            self.patient, self.chi, self.family, self.given
        )
    }

    /// Both sides know the person from now on.
    pub async fn introduce(&self, council: &Council, mllp: &mut Mllp) {
        let message = self.message(&format!("hello-{}", self.patient), "", "1 Quay Brae");
        let ack = mllp.send(message.as_bytes()).await.expect("an answer");
        assert_eq!(ack.code, "AA", "{:?}", ack.errors);
        council.submit(self.submission(&format!("hello-{}", self.case))).await.unwrap();
    }
}

/// An instant as HL7 writes it.
pub fn stamp(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y%m%d%H%M%S+0000").to_string()
}
