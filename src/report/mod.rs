//! One file for each report format; made from results alone.
