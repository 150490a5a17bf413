//! The journal: one line for each case, on disk before the next.
