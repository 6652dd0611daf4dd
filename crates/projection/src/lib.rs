//! Folds events into changes of the read model.
