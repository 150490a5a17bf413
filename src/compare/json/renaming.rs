//! Which names the members of an old object have on the new side, where rules rename some of them.

use std::collections::HashSet;

/// What becomes of the name of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// It stays: no rule has a say, or the new side has the old name still and not the new one.
    Own,
    /// The rule gives it another.
    Given,
    /// The rule's name is that of another member of the old side, so it stays.
    Taken,
}

/// Decides for each member of an old object (its own name, and the one that a rule gives it) which of them
/// it is looked for by. `fresh` are the names of the new object.
pub(super) fn decide(members: &[(&[u8], Option<&[u8]>)], fresh: &HashSet<&[u8]>) -> Vec<Name> {
    let kept = members.iter().filter(|(_, given)| given.is_none());
    let mut taken: HashSet<&[u8]> = kept.map(|(own, _)| *own).collect();
    let mut decided = Vec::with_capacity(members.len());
    for (own, given) in members {
        let name = match given {
            None => Name::Own,
            Some(given) if given == own => Name::Own,
            Some(given) if taken.contains(given) => Name::Taken,
            Some(given) if !fresh.contains(given) && fresh.contains(own) => Name::Own,
            Some(given) => {
                taken.insert(given);
                Name::Given
            }
        };
        decided.push(name);
    }
    decided
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(members: &[(&str, Option<&str>)], fresh: &[&str]) -> Vec<Name> {
        let members: Vec<_> = members
            .iter()
            .map(|(own, given)| (own.as_bytes(), given.map(str::as_bytes)))
            .collect();
        decide(
            &members,
            &fresh.iter().map(|name| name.as_bytes()).collect(),
        )
    }

    #[test]
    fn a_name_is_given_where_it_is_free_and_not_where_the_old_one_still_stands() {
        let one = [("no", Some("number")), ("x", None)];
        assert_eq!(decided(&one, &["number", "x"]), [Name::Given, Name::Own]);
        assert_eq!(decided(&one, &["no", "x"]), [Name::Own, Name::Own]);
        assert_eq!(decided(&one, &["x"]), [Name::Given, Name::Own]);
        // Both stand on the new side: the new name is the rule's, the old one is an added member.
        assert_eq!(decided(&one, &["no", "number"]), [Name::Given, Name::Own]);
    }

    #[test]
    fn a_name_that_another_member_has_is_taken() {
        let two = [("a", Some("b")), ("b", None)];
        assert_eq!(decided(&two, &["b"]), [Name::Taken, Name::Own]);
        let both = [("a", Some("c")), ("b", Some("c"))];
        assert_eq!(decided(&both, &["c"]), [Name::Given, Name::Taken]);
    }

    #[test]
    fn two_names_may_change_places() {
        let swapped = [("a", Some("b")), ("b", Some("a"))];
        assert_eq!(decided(&swapped, &["a", "b"]), [Name::Given, Name::Given]);
    }
}
