//! What differs between two answers: pure functions, no I/O, no clock.
