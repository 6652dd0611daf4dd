//! What a comparison weighs, in bits: log2 of how much likelier the agreement is for one person than for two.
//!
//! Weights are rounded to hundredths of a bit before they are added, so that what a reviewer sees adds up exactly
//! and a decision can be computed again to the last digit. Must not decide: `decide` does.

use std::collections::BTreeMap;

use domain::{FieldEvidence, LinkEvidence};

use crate::compare::{Comparison, ComparisonLevel, Field, FieldComparison};
use crate::frequency::{Term, TermCounts, as_float};

/// How often a level of agreement is seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probabilities {
    /// Among two records of one person.
    pub m: f64,
    /// Among records of two people.
    pub u: f64,
}

/// Where one zone ends and the next begins, in bits of total weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// From here on a link is made without asking.
    pub link: f64,
    /// Below here an automatic link that was made is put in question again; under `link`, so that links do not flap.
    pub fracture: f64,
    /// From here on a person is asked.
    pub review: f64,
    /// By how much the best candidate must lead the next one to be linked without asking.
    pub margin: f64,
}

/// Everything that a decision depends on beside the two records and the index. Versioned: every link names it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameters {
    /// Name of this set, such as `shipped-1`.
    pub version: String,
    /// Weights of every field and level; what is not listed weighs nothing.
    pub levels: BTreeMap<(Field, ComparisonLevel), Probabilities>,
    /// The zones.
    pub thresholds: Thresholds,
    /// An index of fewer records is judged as if it had so many: a pilot's index leaves people out, and whoever is
    /// left out looks most like a member of their family.
    pub smallest_population: u64,
    /// Number of records by which counted frequencies are drawn towards the usual ones.
    pub frequency_pseudo_records: f64,
}

impl Parameters {
    /// Prior weight in bits: that a candidate drawn by chance from an index of this size is right.
    pub fn prior(&self, index_size: u64) -> f64 {
        from_hundredths(hundredths(-as_float(index_size.max(self.smallest_population).max(1)).log2()))
    }

    /// Weight of one field in bits.
    pub fn weight(&self, line: &FieldComparison, counts: &TermCounts) -> f64 {
        from_hundredths(self.weight_in_hundredths(line, counts))
    }

    /// The evidence of a comparison; prior and weights add up to the total.
    pub fn evidence(&self, comparison: &Comparison, counts: &TermCounts) -> LinkEvidence {
        let prior = hundredths(self.prior(counts.records()));
        let mut total = prior;
        let mut fields = Vec::with_capacity(comparison.fields.len());
        for line in &comparison.fields {
            let weight = self.weight_in_hundredths(line, counts);
            total += weight;
            fields.push(FieldEvidence {
                field: line.field.title().to_owned(),
                level: line.level.title().to_owned(),
                weight: from_hundredths(weight),
            });
        }
        LinkEvidence {
            fields,
            prior: from_hundredths(prior),
            total: from_hundredths(total),
            runner_up: None,
            index_size: counts.records(),
            rules: Vec::new(),
        }
    }

    fn weight_in_hundredths(&self, line: &FieldComparison, counts: &TermCounts) -> i64 {
        let Some(Probabilities { m, u }) = self.levels.get(&(line.field, line.level)).copied() else {
            return 0;
        };
        let u = match (counted(line.field), line.term) {
            (Some(term), Some(hash)) => counts.share(term, hash, u, self.frequency_pseudo_records),
            (None, _) | (_, None) => u,
        };
        hundredths((m / u).log2())
    }
}

/// The terms whose frequency adjusts the weight of exact agreement.
fn counted(field: Field) -> Option<Term> {
    match field {
        Field::Forename => Some(Term::Forename),
        Field::Surname => Some(Term::Surname),
        Field::Postcode => Some(Term::Postcode),
        Field::Contact => Some(Term::Contact),
        Field::MiddleName
        | Field::BirthDate
        | Field::Sex
        | Field::Property
        | Field::Chi
        | Field::NhsNumber => None,
    }
}

/// Chance that two records are of one person, from a total weight in bits; for showing, not for deciding.
pub fn probability(total: f64) -> f64 {
    1.0 / (1.0 + (-total).exp2())
}

#[allow(clippy::cast_possible_truncation, reason = "weights are clamped to a thousand bits")]
fn hundredths(bits: f64) -> i64 {
    if bits.is_nan() { 0 } else { (bits.clamp(-1_000.0, 1_000.0) * 100.0).round() as i64 }
}

#[allow(clippy::cast_precision_loss, reason = "sums of a dozen weights stay far below 2^53")]
fn from_hundredths(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::plain;

    #[test]
    fn a_larger_index_asks_for_more_evidence() {
        let parameters = Parameters::shipped();
        assert!(parameters.prior(5_500_000) < parameters.prior(100_000));
        assert!((parameters.prior(10) - parameters.prior(parameters.smallest_population)).abs() < 1e-12);
    }

    #[test]
    fn a_rare_surname_weighs_more_than_a_common_one() {
        let mut counts = TermCounts::default();
        for number in 0..2_000 {
            counts.add(&[(Term::Surname, if number % 20 == 0 { 1 } else { 2 + number })]);
        }
        let parameters = Parameters::shipped();
        let line =
            |term| FieldComparison { field: Field::Surname, level: ComparisonLevel::Exact, term: Some(term) };
        assert!(parameters.weight(&line(1), &counts) + 2.0 < parameters.weight(&line(3), &counts));
    }

    #[test]
    fn what_is_unknown_or_protected_weighs_nothing() {
        let parameters = Parameters::shipped();
        for level in [ComparisonLevel::Missing, ComparisonLevel::Protected, ComparisonLevel::SharedByMany] {
            assert!(parameters.weight(&plain(Field::Property, level), &TermCounts::default()).abs() < 1e-12);
        }
    }

    #[test]
    fn a_weight_of_zero_is_an_even_chance() {
        assert!((probability(0.0) - 0.5).abs() < 1e-12);
        assert!(probability(20.0) > 0.999_999);
    }
}
