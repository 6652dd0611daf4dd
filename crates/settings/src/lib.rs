//! One typed, validated section per concern; unknown keys are errors.
