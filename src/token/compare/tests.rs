//! Each check of a token case, alone and together.

mod bent;
mod jwts;
mod lives;
mod members;
mod refusals;
mod tokens;
mod whole;
