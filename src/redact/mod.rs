//! Secrets never leave.
