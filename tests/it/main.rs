//! The integration tests, in one binary: a module for each capability.
