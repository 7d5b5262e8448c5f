//! The `use` declarations of a file, read without a compiler: tests and bodies of macros are passed over.

/// A name that a `use` declaration brings into a module.
pub(super) struct Import {
    /// Modules around the declaration that are written within the file.
    pub(super) within: Vec<String>,
    /// Whether it is in a function or another block, where other modules do not see the name.
    pub(super) is_local: bool,
    pub(super) path: Vec<String>,
    /// The name in the module; `*` for all that is in the path.
    pub(super) name: String,
    pub(super) line: usize,
}

/// Everything in a file that names are resolved by.
#[derive(Default)]
pub(super) struct Outline {
    pub(super) imports: Vec<Import>,
    /// Modules that are written within the file.
    pub(super) modules: Vec<Vec<String>>,
    pub(super) macros: Vec<String>,
}

impl Outline {
    pub(super) fn of(source: &str) -> Self {
        let mut scan = Scan { tokens: tokens(source), at: 0, scopes: Vec::new(), outline: Self::default() };
        while scan.at < scan.tokens.len() {
            scan.step();
        }
        scan.outline
    }
}

struct Scan<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    /// The open braces: the name when they are a module's.
    scopes: Vec<Option<&'a str>>,
    outline: Outline,
}

impl<'a> Scan<'a> {
    /// Passes over one token, or over an item that it begins.
    fn step(&mut self) {
        if self.is_next(&["#", "[", "cfg", "(", "test", ")", "]"]) {
            self.at += 7;
            self.skip_item();
        } else if self.is_next(&["macro_rules", "!"]) {
            self.outline.macros.push(self.text(2).to_owned());
            self.skip_item();
        } else if self.text(0) == "mod" && self.text(2) == "{" {
            self.scopes.push(Some(self.text(1)));
            self.outline.modules.push(self.within());
            self.at += 3;
        } else if self.text(0) == "use" && self.text(1) != "<" {
            let line = self.tokens[self.at].line;
            self.at += 1;
            self.tree(Vec::new(), line);
        } else {
            match self.text(0) {
                "{" => self.scopes.push(None),
                "}" => {
                    self.scopes.pop();
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Reads a tree of a `use` declaration: a path, and what is taken from it.
    fn tree(&mut self, mut path: Vec<&'a str>, line: usize) {
        while self.at < self.tokens.len() {
            match self.text(0) {
                "{" => return self.branches(&path, line),
                "," | "}" | ";" => break,
                "as" => {
                    let name = self.text(1);
                    self.at += 2;
                    return self.import(&path, name, line);
                }
                "*" => {
                    self.at += 1;
                    return self.import(&path, "*", line);
                }
                // A path into another package may begin with `::`.
                "::" | "self" if !path.is_empty() => {}
                segment => path.push(segment),
            }
            self.at += 1;
        }
        if let Some(name) = path.last().copied() {
            self.import(&path, name, line);
        }
    }

    fn branches(&mut self, path: &[&'a str], line: usize) {
        while matches!(self.text(0), "{" | ",") {
            self.at += 1;
            if self.text(0) != "}" {
                self.tree(path.to_vec(), line);
            }
        }
        self.at += 1;
    }

    fn import(&mut self, path: &[&str], name: &str, line: usize) {
        self.outline.imports.push(Import {
            within: self.within(),
            is_local: self.scopes.contains(&None),
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            name: name.to_owned(),
            line,
        });
    }

    /// Passes over an item: to its semicolon, or over its braces.
    fn skip_item(&mut self) {
        let mut depth = 0;
        while self.at < self.tokens.len() {
            let text = self.text(0);
            self.at += 1;
            match text {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(text, ";" | "}") {
                break;
            }
        }
    }

    fn within(&self) -> Vec<String> {
        self.scopes.iter().copied().flatten().map(str::to_owned).collect()
    }

    fn is_next(&self, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(ahead, text)| self.text(ahead) == *text)
    }

    /// The text of a token ahead; empty behind the end.
    fn text(&self, ahead: usize) -> &'a str {
        self.tokens.get(self.at + ahead).map_or("", |token| token.text)
    }
}

struct Token<'a> {
    text: &'a str,
    line: usize,
}

/// Words, literals and signs of a source, without its blanks and comments.
fn tokens(source: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut rest, mut line) = (Vec::new(), source, 1);
    while !rest.is_empty() {
        let (text, after) = rest.split_at(length(rest));
        let is_blank = text.starts_with(|c: char| c.is_ascii_whitespace());
        if !(is_blank || text.starts_with("//") || text.starts_with("/*")) {
            tokens.push(Token { text, line });
        }
        if !text.starts_with(is_of_word) || text.contains('"') {
            line += text.matches('\n').count();
        }
        rest = after;
    }
    tokens
}

/// Length of the token, blank or comment at the beginning of a text.
fn length(rest: &str) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if let Some(comment) = rest.strip_prefix("/*") {
        return comment.find("*/").map_or(rest.len(), |end| end + 4);
    }
    if let Some(length) = raw_string(rest) {
        return length;
    }
    match rest.chars().next() {
        Some('"') => quoted(rest, '"'),
        Some('\'') if is_character(rest) => quoted(rest, '\''),
        Some(c) if is_of_word(c) => rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()),
        Some(c) if c.is_ascii_whitespace() => {
            rest.find(|c: char| !c.is_ascii_whitespace()).unwrap_or(rest.len())
        }
        Some(':') if rest.starts_with("::") => 2,
        first => first.map_or(0, char::len_utf8),
    }
}

/// Length of a string without escapes, as `r#"…"#`.
fn raw_string(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('b').unwrap_or(rest).strip_prefix('r')?;
    let quote = inner.find(|c| c != '#')?;
    let text = inner[quote..].strip_prefix('"')?;
    let end = format!("\"{}", &inner[..quote]);
    let after = text.find(&end).map_or("", |at| &text[at + end.len()..]);
    Some(rest.len() - after.len())
}

/// Length of a literal in which a backslash hides the next character.
fn quoted(rest: &str, quote: char) -> usize {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            return at + 1;
        }
    }
    rest.len()
}

/// Whether a quote begins a character, and not a lifetime.
fn is_character(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    chars.next() == Some('\\') || chars.next() == Some('\'')
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && c.is_alphanumeric())
}
