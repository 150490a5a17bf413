//! [`plural`]: a number and its noun.

/// `1 case`, `2 cases`.
pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_singular() {
        let told = [0, 1, 2].map(|count| plural(count, "case"));
        assert_eq!(told, ["0 cases", "1 case", "2 cases"]);
    }
}
