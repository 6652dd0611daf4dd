//! Failures as gRPC statuses with `google.rpc` details.

use crate::Failure;
use std::collections::HashMap;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

const DOMAIN: &str = "yett";

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        let mut details = ErrorDetails::new();
        details.set_error_info(failure.code(), DOMAIN, HashMap::new());
        let code = match &failure {
            Failure::Invalid(violations) => {
                for violation in violations {
                    details.add_bad_request_violation(&violation.field, &violation.rule);
                }
                Code::InvalidArgument
            }
            Failure::Unauthenticated => Code::Unauthenticated,
            Failure::Forbidden { .. } => Code::PermissionDenied,
            Failure::NotFound { .. } => Code::NotFound,
            Failure::Conflict { .. } => Code::Aborted,
            Failure::Unavailable { retry_after } => {
                details.set_retry_info(Some(*retry_after));
                Code::Unavailable
            }
            Failure::Exhausted { retry_after } => {
                details.set_retry_info(Some(*retry_after));
                Code::ResourceExhausted
            }
            Failure::Internal => Code::Internal,
        };
        Self::with_error_details(code, failure.to_string(), details)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_field_reaches_the_caller_by_name() {
        let status = Status::from(Failure::field("items[0].kind", "is not a kind of the catalogue"));
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        let violation = &details.bad_request().unwrap().field_violations[0];
        assert_eq!(violation.field, "items[0].kind");
        assert_eq!(details.error_info().unwrap().reason, "INVALID");
    }
}
