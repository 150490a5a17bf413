//! Doubles: stand-in gateways and token servers, driven by files.
