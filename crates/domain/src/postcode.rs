//! A United Kingdom postcode in its one written form. Must not be logged: it says where somebody lives.

use std::fmt;

use crate::text::Violation;

/// A postcode: upper case, one space before the last three characters.
///
/// The shape is checked, not whether such a postcode was ever issued. `ZZ99 …` stands for places without one
/// (no fixed address, abroad) and has the same shape.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Postcode(Box<str>);

impl Postcode {
    /// Reads a postcode in any case and with any white space; anything of another shape is refused.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let violation = Violation::of("must have the shape of a United Kingdom postcode");
        let compact: String =
            text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let split = compact.len().checked_sub(3).ok_or(violation)?;
        let (outward, inward) = compact.split_at_checked(split).ok_or(violation)?;
        let fits = matches!(shape(inward).as_str(), "9AA")
            && (outward == "GIR"
                || matches!(shape(outward).as_str(), "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A"));
        if fits { Ok(Self(format!("{outward} {inward}").into())) } else { Err(violation) }
    }

    /// The postcode with its space.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the space: the post town's district.
    pub fn outward(&self) -> &str {
        self.0.split_once(' ').map_or("", |(outward, _)| outward)
    }

    /// The district and the first character after the space.
    pub fn sector(&self) -> &str {
        self.0.get(..self.0.len().saturating_sub(2)).unwrap_or_default()
    }

    /// Whether it stands for "no fixed address" or the like: proves nothing about two people sharing it.
    pub fn is_placeholder(&self) -> bool {
        self.outward() == "ZZ99"
    }
}

/// Letters as `A`, digits as `9`, anything else as `?`.
fn shape(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'A'..='Z' => 'A',
            '0'..='9' => '9',
            _ => '?',
        })
        .collect()
}

impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Postcode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_written_in_one_way() {
        for (given, kept) in [
            ("st9 4qx", "ST9 4QX"),
            ("ST94QX", "ST9 4QX"),
            (" dg1  1aa ", "DG1 1AA"),
            ("dg1\u{a0}1aa", "DG1 1AA"),
            ("m11ae", "M1 1AE"),
            ("b338th", "B33 8TH"),
            ("cr26xh", "CR2 6XH"),
            ("dn551pt", "DN55 1PT"),
            ("w1a0ax", "W1A 0AX"),
            ("ec1a1bb", "EC1A 1BB"),
            ("gir0aa", "GIR 0AA"),
            ("zz993vz", "ZZ99 3VZ"),
        ] {
            assert_eq!(Postcode::parse(given).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        for bad in
            ["", "4QX", "ST9", "ST9 4Q", "ST9 QX4", "ABC1 1AA", "ST999 4QX", "ST9-4QX", "９T9 4QX", "ée1 1aa"]
        {
            assert_eq!(
                Postcode::parse(bad).unwrap_err().rule,
                "must have the shape of a United Kingdom postcode",
                "{bad:?}"
            );
        }
    }

    #[test]
    fn parts_serve_comparison() {
        let postcode = Postcode::parse("ST9 4QX").unwrap();
        assert_eq!((postcode.outward(), postcode.sector()), ("ST9", "ST9 4"));
        assert!(!postcode.is_placeholder());
        assert!(Postcode::parse("ZZ99 3VZ").unwrap().is_placeholder());
        assert_eq!(format!("{postcode:?}"), "Postcode(…)");
    }
}
