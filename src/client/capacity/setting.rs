//! [`Setting`]: a token server that is served to measure with.

use std::fmt::Write as _;

use crate::client::profile::{CAPACITY, Profile};
use crate::source::{Diagnostics, Source};

/// What tokens are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filler {
    /// Opaque, as API Cloud's: 36 characters.
    Uuid,
    /// Hexadecimal digits, as many.
    Hex(usize),
    /// A JWT of this length, all of which begin alike for so many characters.
    Jwt {
        /// Its length.
        length: usize,
        /// Characters that are the same in each.
        alike: usize,
    },
}

/// JWTs differ as early as they can: behind the header and the name of the first claim. With some lengths
/// the header takes a few characters more.
pub(super) const EARLY: usize = 36;

/// How a program comes to hold two tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meeting {
    /// It does not: the token is served again.
    None,
    /// The first is revoked behind one call, and the program asks for another.
    AtRefusal,
    /// It runs twice in the same folders, and asks each time.
    InTwoRuns,
}

/// A token server that is served to measure with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub(super) filler: Filler,
    pub(super) meeting: Meeting,
}

impl Setting {
    /// Opaque tokens of a length.
    pub(super) const fn opaque(length: usize) -> Self {
        Self {
            filler: Filler::Hex(length),
            meeting: Meeting::None,
        }
    }

    /// JWTs of a length.
    pub(super) const fn jwt(length: usize) -> Self {
        let alike = EARLY;
        Self {
            filler: Filler::Jwt { length, alike },
            meeting: Meeting::None,
        }
    }

    /// The profile that serves it.
    pub(super) fn profile(&self) -> Result<Profile, Diagnostics> {
        let mut token = match self.filler {
            Filler::Uuid => "format: uuid".to_owned(),
            Filler::Hex(length) => format!("format: hex, length: {length}"),
            Filler::Jwt { length, alike } => {
                format!("format: jwt, alg: ES256, length: {length}, alike: {alike}")
            }
        };
        let (more, runs) = match self.meeting {
            Meeting::None => ("", 1),
            Meeting::AtRefusal => (", reissue: fresh, revoked_after: 1", 1),
            Meeting::InTwoRuns => (", reissue: fresh", 2),
        };
        let _ = write!(token, "{more}");
        let text = format!(
            "name: measure\nabout: a\nseen_in: b\nexpectation: c\nruns: {runs}\ntoken: {{ {token} }}\n"
        );
        let mut profile = Profile::read(&Source::new("capacity", text))?;
        CAPACITY.clone_into(&mut profile.name);
        Ok(profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_can_be_served() {
        for filler in [Filler::Uuid, Filler::Hex(36), Setting::jwt(250).filler] {
            for meeting in [Meeting::None, Meeting::AtRefusal, Meeting::InTwoRuns] {
                let profile = Setting { filler, meeting }.profile().expect("sound");
                assert_eq!(profile.name, "capacity");
                assert!(profile.double(None, false).is_ok());
            }
        }
    }
}
