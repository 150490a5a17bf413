//! [`Side`] and [`Pair`]: one value for each side, and no way to forget which is which.

use std::fmt;
use std::ops::{Index, IndexMut};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of the two gateways that are compared.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The gateway that consumers call today.
    Old,
    /// The gateway that consumers will call after the cutover.
    New,
}

impl Side {
    /// Both sides, old first.
    pub const BOTH: [Self; 2] = [Self::Old, Self::New];

    /// The other side.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }

    /// The word used for the side in files and reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One value for each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Pair<T> {
    /// The value of the old side.
    pub old: T,
    /// The value of the new side.
    pub new: T,
}

impl<T> Pair<T> {
    /// Pairs two values, old first.
    pub const fn new(old: T, new: T) -> Self {
        Self { old, new }
    }

    /// Makes the value of each side.
    pub fn of(mut make: impl FnMut(Side) -> T) -> Self {
        Self::new(make(Side::Old), make(Side::New))
    }

    /// The same value on both sides.
    pub fn both(value: T) -> Self
    where
        T: Clone,
    {
        Self::new(value.clone(), value)
    }

    /// Applies `f` to each side.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Pair<U> {
        Pair::new(f(self.old), f(self.new))
    }

    /// Applies `f` to each side, telling it which one it is.
    pub fn map_sides<U>(self, mut f: impl FnMut(Side, T) -> U) -> Pair<U> {
        Pair::new(f(Side::Old, self.old), f(Side::New, self.new))
    }

    /// Applies `f` to each side, old first, and stops at the first error.
    pub fn try_map<U, E>(self, mut f: impl FnMut(Side, T) -> Result<U, E>) -> Result<Pair<U>, E> {
        Ok(Pair::new(f(Side::Old, self.old)?, f(Side::New, self.new)?))
    }

    /// Pairs each side's value with the same side's value of `other`.
    pub fn zip<U>(self, other: Pair<U>) -> Pair<(T, U)> {
        Pair::new((self.old, other.old), (self.new, other.new))
    }

    /// Borrows both sides.
    pub const fn as_ref(&self) -> Pair<&T> {
        Pair::new(&self.old, &self.new)
    }

    /// Borrows both sides mutably.
    pub const fn as_mut(&mut self) -> Pair<&mut T> {
        Pair::new(&mut self.old, &mut self.new)
    }

    /// Exchanges the sides.
    #[must_use]
    pub fn swap(self) -> Self {
        Self::new(self.new, self.old)
    }

    /// The values with their sides, old first.
    pub fn iter(&self) -> impl Iterator<Item = (Side, &T)> {
        [(Side::Old, &self.old), (Side::New, &self.new)].into_iter()
    }
}

impl<T> Pair<Option<T>> {
    /// Both values, if both are there.
    pub fn transpose(self) -> Option<Pair<T>> {
        Some(Pair::new(self.old?, self.new?))
    }
}

impl<T> Index<Side> for Pair<T> {
    type Output = T;

    fn index(&self, side: Side) -> &T {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }
}

impl<T> IndexMut<Side> for Pair<T> {
    fn index_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Old => &mut self.old,
            Side::New => &mut self.new,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapping_twice_is_the_same_pair() {
        let pair = Pair::new(1, 2);
        assert_eq!(pair.swap().swap(), pair);
        assert_eq!(pair.swap()[Side::Old], 2);
    }

    #[test]
    fn each_side_keeps_its_own_value() {
        let pair = Pair::of(Side::word);
        assert_eq!(pair, Pair::new("old", "new"));
        assert_eq!(pair[Side::Old.other()], "new");
        assert_eq!(
            pair.zip(Pair::new(1, 2)).map(|(w, n)| format!("{w}{n}")),
            Pair::new("old1".into(), "new2".into())
        );
    }

    #[test]
    fn try_map_stops_at_the_old_side_first() {
        let failed: Result<Pair<()>, _> = Pair::both(()).try_map(|side, ()| Err(side));
        assert_eq!(failed, Err(Side::Old));
    }
}
