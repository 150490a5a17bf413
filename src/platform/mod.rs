//! What is particular to a gateway product, as data.
