//! [`Choice`]: what the command line says of profiles.

use std::path::Path;

use crate::client::Profile;
use crate::source::Diagnostics;

/// Whether a profile is named by its file.
pub fn is_file(name: &str) -> bool {
    let ending = Path::new(name).extension();
    ending.is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// What the command line says of profiles.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Those that it names; they go before what a suite names.
    pub named: Option<Vec<Profile>>,
    /// Whether those that take seconds are left out.
    pub fast: bool,
    /// Whether the capacity is measured: in place of all profiles that it does not name.
    pub capacity: bool,
}

impl Choice {
    /// The profiles of a run: those that are named, each once, with the baseline first; or all that
    /// ship.
    ///
    /// # Errors
    /// None while the shipped files are sound.
    pub fn profiles(&self, of_suite: Vec<Profile>) -> Result<Vec<Profile>, Diagnostics> {
        let mut all = Profile::shipped()?;
        let named = self.named.clone().unwrap_or(of_suite);
        if self.capacity && self.named.is_none() {
            all.truncate(1);
        } else if !named.is_empty() {
            all.truncate(1);
            for profile in named {
                if !all.iter().any(|known| known.name == profile.name) {
                    all.push(profile);
                }
            }
        }
        all.retain(|profile| !(self.fast && profile.waits));
        Ok(all)
    }
}
