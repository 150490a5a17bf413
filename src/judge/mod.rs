//! Expectations, acceptances, severity and the verdict: pure functions.
