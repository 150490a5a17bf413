//! JSON text to a [`Tree`] (RFC 8259), without recursion, and strict: what is not JSON is said.

use super::not_json::{NotJson, text};
use super::tree::{Id, Node, Tree, Type};

/// Arrays and objects that may stand inside each other.
pub(super) const MAX_DEPTH: usize = 200;

/// Reads a body.
pub(super) fn parse(body: &[u8]) -> Result<Tree<'_>, NotJson> {
    let text = text(body)?;
    let mut parser = Parser::new(text);
    // A list that grows is copied, and every page of it taken anew. What is not used is never touched.
    let _ = parser.nodes.try_reserve_exact(most_nodes(text));
    parser.finish()?;
    Ok(Tree::new(text, parser.nodes))
}

/// Reads a body without making nodes: they are made when they are asked for.
pub(super) fn folded(body: &[u8]) -> Result<Tree<'_>, NotJson> {
    let text = text(body)?;
    let mut parser = Parser::new(text);
    parser.fold = Fold::EVERYTHING;
    parser.finish()?;
    Ok(Tree::new(text, parser.nodes))
}

/// How many nodes a text has at most, if its strings hold few commas and brackets.
fn most_nodes(text: &str) -> usize {
    let starts = |byte: &&u8| matches!(**byte, b',' | b'[' | b'{');
    let count = text.as_bytes().iter().filter(starts).count() + 1;
    count.min(text.len() / 4 + 1)
}

/// Whether a body is JSON, without a tree of it.
pub(super) fn check(body: &[u8]) -> Result<(), NotJson> {
    folded(body).map(drop)
}

/// Adds the nodes of a container that was folded, itself first, to a tree that is sound.
pub(super) fn unfold(text: &str, container: Node, nodes: &mut Vec<Node>) {
    let mut parser = Parser::new(text);
    parser.at = container.start as usize;
    parser.key = container.key;
    parser.nodes = std::mem::take(nodes);
    // It was read before, so it ends well.
    let ended = parser.run(usize::MAX);
    debug_assert!(ended.is_ok() && parser.done);
    *nodes = parser.nodes;
}

/// Which arrays and objects get no nodes for what is in them: those that end before one offset, and
/// those that start behind another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fold {
    pub(super) before: usize,
    pub(super) from: usize,
}

impl Fold {
    const NOTHING: Self = Self {
        before: 0,
        from: usize::MAX,
    };
    const EVERYTHING: Self = Self {
        before: usize::MAX,
        from: 0,
    };
}

/// Reads a text from value to value, and may stop between two of them.
#[derive(Clone)]
pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    /// Where it stands: where a value starts, or behind the last one.
    pub(super) at: usize,
    /// The key of the value that starts here.
    pub(super) key: (u32, u32),
    pub(super) nodes: Vec<Node>,
    /// Arrays and objects whose end was not read yet.
    pub(super) open: Vec<Id>,
    pub(super) fold: Fold,
    /// Whether the document has ended.
    pub(super) done: bool,
}

type Step<T> = Result<T, NotJson>;

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut parser = Self {
            bytes: text.as_bytes(),
            at: 0,
            key: (0, 0),
            nodes: Vec::new(),
            open: Vec::new(),
            fold: Fold::NOTHING,
            done: false,
        };
        parser.blank();
        parser
    }

    /// The same state over another text, which has the same bytes up to here.
    pub(super) fn over<'b>(&self, text: &'b str) -> Parser<'b> {
        Parser {
            bytes: text.as_bytes(),
            at: self.at,
            key: self.key,
            nodes: self.nodes.clone(),
            open: self.open.clone(),
            fold: self.fold,
            done: self.done,
        }
    }

    /// Reads to the end of the text.
    pub(super) fn finish(&mut self) -> Step<()> {
        if self.nodes.is_empty() && self.peek().is_none() {
            return self.fail("nothing");
        }
        self.run(usize::MAX)?;
        match self.peek() {
            None => Ok(()),
            Some(_) => self.fail("more text behind the value"),
        }
    }

    /// Reads values until one starts at an offset or behind it, or the document ends.
    pub(super) fn run(&mut self, stop: usize) -> Step<()> {
        while self.at < stop && !self.done {
            // A value stands here; a container stays open until its end is read.
            let opened = self.value()?;
            if opened && !self.first_ends()? {
                self.key_if_needed()?;
            } else {
                self.done = !self.after_value()?;
            }
        }
        Ok(())
    }

    /// Reads a scalar, or opens a container (`true`).
    fn value(&mut self) -> Step<bool> {
        let start = self.at;
        let what = match self.peek() {
            Some(b'{') => Type::Object,
            Some(b'[') => Type::Array,
            Some(b'"') => {
                self.string()?;
                Type::Text
            }
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                Type::Number
            }
            Some(b't') => self.word("true", Type::Bool)?,
            Some(b'f') => self.word("false", Type::Bool)?,
            Some(b'n') => self.word("null", Type::Null)?,
            Some(_) => return self.fail("a sign that starts no value"),
            None => return self.fail("the end in the middle of the document"),
        };
        let opens = matches!(what, Type::Object | Type::Array);
        if let Some(parent) = self.open.last()
            && let Some(parent) = self.nodes.get_mut(*parent as usize)
        {
            parent.len += 1;
        }
        if opens {
            if self.open.len() >= MAX_DEPTH {
                return self.fail("more than 200 arrays and objects inside each other");
            }
            self.open.push(number(self.nodes.len()));
            self.at += 1;
        }
        let next = number(self.nodes.len() + 1);
        let (start, end) = (number(start), number(self.at));
        self.nodes.push(Node {
            what,
            folded: false,
            start,
            end,
            key: self.key,
            next,
            len: 0,
        });
        Ok(opens)
    }

    /// Whether the container just opened ends at once; it is then still open, its end not read.
    fn first_ends(&mut self) -> Step<bool> {
        self.blank();
        match (self.peek(), self.inside()) {
            (None, _) => self.fail("the end in the middle of the document"),
            (Some(b'}'), Some(Type::Object)) | (Some(b']'), Some(Type::Array)) => Ok(true),
            _ => Ok(false),
        }
    }

    fn inside(&self) -> Option<Type> {
        let open = self.open.last()?;
        self.nodes.get(*open as usize).map(|node| node.what)
    }

    /// Reads the ends of containers and what stands before the next value; `false` at the end of the
    /// document.
    fn after_value(&mut self) -> Step<bool> {
        loop {
            self.blank();
            let Some(inside) = self.inside() else {
                return Ok(false);
            };
            match (self.peek(), inside) {
                (Some(b'}'), Type::Object) | (Some(b']'), Type::Array) => {
                    self.at += 1;
                    self.close();
                }
                (Some(b','), _) => {
                    self.at += 1;
                    self.blank();
                    self.key_if_needed()?;
                    return Ok(true);
                }
                (None, _) => return self.fail("the end in the middle of the document"),
                _ => return self.fail("a comma or an end was expected"),
            }
        }
    }

    /// Says of the innermost container that it ends here.
    fn close(&mut self) {
        let next = number(self.nodes.len());
        if let Some(open) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(open as usize)
        {
            node.next = next;
            node.end = number(self.at);
            if self.at <= self.fold.before || node.start as usize >= self.fold.from {
                node.folded = node.len > 0;
                node.next = open + 1;
                self.nodes.truncate(open as usize + 1);
            }
        }
    }

    fn key_if_needed(&mut self) -> Step<()> {
        self.key = (0, 0);
        if self.inside() != Some(Type::Object) {
            return Ok(());
        }
        match self.peek() {
            Some(b'"') => {}
            None => return self.fail("the end in the middle of the document"),
            Some(_) => return self.fail("a member name was expected"),
        }
        let start = self.at + 1;
        self.string()?;
        self.key = (number(start), number(self.at - 1));
        self.blank();
        match self.peek() {
            Some(b':') => self.at += 1,
            None => return self.fail("the end in the middle of the document"),
            Some(_) => return self.fail("a colon was expected"),
        }
        self.blank();
        Ok(())
    }

    fn string(&mut self) -> Step<()> {
        self.at += 1;
        loop {
            self.plain();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(0..=0x1F) => return self.fail("a control character in a string"),
                Some(_) => self.at += 1,
                None => return self.fail("the end in the middle of a string"),
            }
        }
    }

    /// Goes to the next sign of a string that is a quote, a backslash or a control character, eight
    /// bytes at a time; close to the end of the text it leaves the search to the caller.
    fn plain(&mut self) {
        const ONES: u64 = u64::from_le_bytes([1; 8]);
        const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
        let mut rest = self.bytes.get(self.at..).unwrap_or_default();
        while let Some((chunk, behind)) = rest.split_first_chunk() {
            let word = u64::from_le_bytes(*chunk);
            // The lowest high bit that is set is the first byte that is below `less`, or equal.
            let below =
                |word: u64, less: u8| word.wrapping_sub(ONES * u64::from(less)) & !word & HIGH;
            let equal = |sign: u8| below(word ^ (ONES * u64::from(sign)), 1);
            let found = equal(b'"') | equal(b'\\') | below(word, b' ');
            if found != 0 {
                self.at += found.trailing_zeros() as usize / 8;
                return;
            }
            self.at += chunk.len();
            rest = behind;
        }
    }

    fn escape(&mut self) -> Step<()> {
        match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                let digits = self.bytes.get(self.at + 2..self.at + 6);
                if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                    return self.fail("a \\u without four hexadecimal digits");
                }
                self.at += 6;
            }
            _ => return self.fail("an unknown escape"),
        }
        Ok(())
    }

    fn number(&mut self) -> Step<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return self.fail("a minus without digits"),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        match self.peek() {
            Some(b'0'..=b'9') => self.fail("a number with a leading zero"),
            _ => Ok(()),
        }
    }

    fn digits(&mut self) -> Step<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return self.fail("a digit was expected");
        }
        Ok(())
    }

    fn word(&mut self, word: &str, what: Type) -> Step<Type> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) != Some(word.as_bytes()) {
            return self.fail("a word that is no JSON");
        }
        self.at = end;
        Ok(what)
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn fail<T>(&self, what: &str) -> Step<T> {
        Err(NotJson {
            what: what.to_owned(),
            offset: self.at,
        })
    }
}

/// A text is at most 4 GiB, so its offsets and its nodes fit.
fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &[u8]) -> String {
        parse(text).expect_err("no JSON").to_string()
    }

    #[test]
    fn what_is_read_is_what_serde_reads() {
        for text in [
            "{}",
            "[]",
            "[1,[2,{\"a\":[]}],3]",
            " {\"a\" : {\"b\":null} , \"c\":[true,false]} \n",
            "\"\\u00e9\\n\\/\"",
            "-0.5e+3",
            "[[],{},[{}]]",
            "0",
        ] {
            let tree = parse(text.as_bytes()).expect("JSON");
            let expected: serde_json::Value = serde_json::from_str(text).expect("JSON");
            assert_eq!(tree.value(0), expected, "{text}");
            assert_eq!(tree.node(0).next as usize, tree.len(), "{text}");
            assert_eq!(tree.raw(0), text.trim(), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(why(b""), "nothing at byte 0");
        assert_eq!(why(b"\xEF\xBB\xBF{}"), "a byte order mark at byte 0");
        assert_eq!(why(b"{\"a\":\"\xff\"}"), "invalid UTF-8 at byte 6");
        assert_eq!(
            why(b"{\"a\":1"),
            "the end in the middle of the document at byte 6"
        );
        assert_eq!(why(b"{\"a\":1} x"), "more text behind the value at byte 8");
        assert_eq!(why(b"[1,]"), "a sign that starts no value at byte 3");
        assert_eq!(why(b"{\"a\" 1}"), "a colon was expected at byte 5");
        assert_eq!(why(b"{,}"), "a member name was expected at byte 1");
        assert_eq!(why(b"[01]"), "a number with a leading zero at byte 2");
        assert_eq!(why(b"[1 2]"), "a comma or an end was expected at byte 3");
        assert_eq!(why(b"\"\\x\""), "an unknown escape at byte 1");
        assert_eq!(why(b"<html>"), "a sign that starts no value at byte 0");
        assert_eq!(why(b"[1}"), "a comma or an end was expected at byte 2");
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(deep(MAX_DEPTH).as_bytes()).is_ok());
        assert!(why(deep(100_000).as_bytes()).starts_with("more than 200 arrays"));
        assert!(why("[".repeat(100_000).as_bytes()).starts_with("more than 200 arrays"));
    }

    #[test]
    fn lone_surrogates_survive_and_pairs_are_joined() {
        let tree = parse(br#"["\ud83d\ude00","\ud83d","\ud83dx"]"#).expect("JSON");
        let texts: Vec<Vec<u8>> = tree
            .children(0)
            .map(|id| tree.string(id).into_owned())
            .collect();
        assert_eq!(texts[0], "\u{1F600}".as_bytes());
        assert_eq!(texts[1], [0xED, 0xA0, 0xBD]);
        assert_eq!(texts[2], [0xED, 0xA0, 0xBD, b'x']);
    }
}
