//! Plays two record systems; knows Yett by its public interfaces only.
