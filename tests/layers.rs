//! Holds the layout: imports go only downwards, `main.rs` has the map of the code, and only `output` prints.

use std::fs;
use std::path::{Path, PathBuf};

/// A module may use those of lower layers, and its own; `main.rs` anything.
const LAYERS: &[&[&str]] = &[
    &["domain"],
    &[
        "store",
        "server",
        "credentials",
        "notify",
        "config",
        "locks",
    ],
    &["delivery"],
    &["operations"],
    &["output"],
    &["commands"],
];

const PRINTING_MACROS: &[&str] = &["print!", "println!", "eprint!", "eprintln!"];

#[test]
fn imports_go_only_downwards() {
    let violations: Vec<String> = source_files()
        .iter()
        .flat_map(SourceFile::forbidden_imports)
        .collect();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

#[test]
fn the_map_in_main_names_every_module() {
    let main = fs::read_to_string(source_folder().join("main.rs")).expect("src/main.rs is there");
    let map: Vec<&str> = main
        .lines()
        .filter(|line| line.starts_with("//!"))
        .collect();
    let map = map.join("\n");
    let missing: Vec<String> = entries(&source_folder())
        .iter()
        .map(|path| name_in_map(path))
        .filter(|name| name != "main.rs" && !names(&map, name))
        .map(|name| format!("src/main.rs:1: the map of the code does not name \"{name}\""))
        .collect();
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn only_output_prints() {
    let printing: Vec<String> = source_files()
        .iter()
        .filter(|source| source.module() != Some("output"))
        .flat_map(SourceFile::printing_lines)
        .collect();
    assert!(printing.is_empty(), "\n{}\n", printing.join("\n"));
}

#[test]
fn every_way_to_write_an_import_is_seen() {
    let found = |code: &str| -> Vec<String> {
        let source = SourceFile::new(PathBuf::from("domain/role.rs"), code);
        source.imports().into_iter().map(|(_, used)| used).collect()
    };
    assert_eq!(found("use crate::store::Registry;"), ["store"]);
    assert_eq!(
        found("use crate::{domain::{role, target}, server, output::Ui as Screen};"),
        ["domain", "server", "output"]
    );
    assert_eq!(found("fn f() { crate :: store\n:: open() }"), ["store"]);
    assert_eq!(
        found("pub(crate) fn f(_: &super::super::output::Ui) {}"),
        ["output"]
    );
    assert_eq!(
        found("pub(in crate::domain) use super::profile; use self::x;"),
        ["domain"]
    );
    assert_eq!(
        found("fn f<'a>(_: &'a str) { crate::store::x(b'\"', '\\'') }"),
        ["store"]
    );
    let none: [&str; 0] = [];
    assert_eq!(
        found(
            "// crate::a\n/* crate::b /* crate::c */ crate::d */ const A: &str = \"\\\" crate::e\";"
        ),
        none
    );
    assert_eq!(
        found("const A: &str = r#\"\" crate::a\"#; /// [`crate::b`]\nconst B: char = '\"';"),
        none
    );
}

#[test]
fn upward_and_sideways_imports_are_named_with_file_and_line() {
    let source = SourceFile::new(
        PathBuf::from("server/catalog.rs"),
        "use crate::domain::role::Role;\n\nuse crate::output::Ui;\nuse crate::store::Registry;\nuse crate::extra::X;\n",
    );
    assert_eq!(
        source.forbidden_imports(),
        [
            "src/server/catalog.rs:3: \"server\" (layer 1) uses \"output\" (layer 4); imports go only downwards",
            "src/server/catalog.rs:4: \"server\" uses \"store\"; siblings of layer 1 do not import each other",
            "src/server/catalog.rs:5: \"server\" uses \"extra\", which has no layer in tests/layers.rs",
        ]
    );
}

/// A file below `src`, its comments and literals blanked out.
struct SourceFile {
    /// Below `src`.
    path: PathBuf,
    code: String,
}

impl SourceFile {
    fn new(path: PathBuf, text: &str) -> Self {
        let code = without_comments_and_literals(text);
        Self { path, code }
    }

    /// The folder or file directly below `src` that this belongs to; none for `main.rs`.
    fn module(&self) -> Option<&str> {
        let first = self.path.iter().next()?.to_str()?;
        let module = first.strip_suffix(".rs").unwrap_or(first);
        (module != "main").then_some(module)
    }

    fn forbidden_imports(&self) -> Vec<String> {
        let Some(module) = self.module() else {
            return Vec::new();
        };
        let imports = self.imports();
        let forbidden = imports
            .iter()
            .filter_map(|(line, used)| Some((line, broken_rule(module, used)?)));
        forbidden
            .map(|(line, rule)| format!("src/{}:{line}: {rule}", self.path.display()))
            .collect()
    }

    /// Lists the modules of the crate that the file uses, with their lines.
    fn imports(&self) -> Vec<(usize, String)> {
        let mut imports = Vec::new();
        let tokens = tokens_of(&self.code);
        for (at, token) in tokens.iter().enumerate() {
            let preceded = at > 0 && tokens[at - 1].text == "::";
            let path = match token.text {
                "crate" => &tokens[at + 1..],
                "super" if !preceded => self.beyond_supers(&tokens[at..]),
                _ => continue,
            };
            // A `super::*` may stand in the tests of a module, and then names the module itself.
            for used in first_names(path)
                .into_iter()
                .filter(|used| used.text != "*")
            {
                imports.push((used.line, used.text.to_owned()));
            }
        }
        imports
    }

    /// Returns what follows `super::super…` where that leads out to the crate itself, else nothing.
    fn beyond_supers<'a>(&self, tokens: &'a [Token<'a>]) -> &'a [Token<'a>] {
        let is_super = |pair: &&[Token]| pair[0].text == "super";
        let supers = tokens.chunks(2).take_while(is_super).count();
        let folders = self.path.iter().count() - 1;
        let depth = folders + usize::from(!self.path.ends_with("mod.rs"));
        // After the last `super` comes its `::`, which the path below begins with.
        if supers == depth {
            &tokens[2 * supers - 1..]
        } else {
            &[]
        }
    }

    fn printing_lines(&self) -> Vec<String> {
        let lines = self.code.lines().enumerate();
        lines
            .filter_map(|(number, line)| {
                let used = PRINTING_MACROS.iter().find(|name| names(line, name))?;
                Some((number + 1, used))
            })
            .map(|(number, used)| {
                let path = self.path.display();
                format!("src/{path}:{number}: uses {used}; only src/output prints")
            })
            .collect()
    }
}

fn broken_rule(module: &str, used: &str) -> Option<String> {
    let layer_of = |wanted: &str| LAYERS.iter().position(|layer| layer.contains(&wanted));
    if used == module {
        return None;
    }
    let Some(above) = layer_of(module) else {
        return Some(format!("\"{module}\" has no layer in tests/layers.rs"));
    };
    match layer_of(used) {
        None => Some(format!(
            "\"{module}\" uses \"{used}\", which has no layer in tests/layers.rs"
        )),
        Some(below) if below < above => None,
        Some(layer) if layer == above => Some(format!(
            "\"{module}\" uses \"{used}\"; siblings of layer {layer} do not import each other"
        )),
        Some(layer) => Some(format!(
            "\"{module}\" (layer {above}) uses \"{used}\" (layer {layer}); imports go only downwards"
        )),
    }
}

#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    line: usize,
    text: &'a str,
}

/// Cuts code into words, `::` and single signs.
fn tokens_of(code: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (number, mut rest) in code.lines().enumerate() {
        while let Some(first) = rest.chars().next() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let length = if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            let (text, after) = rest.split_at(length);
            if !text.trim().is_empty() {
                let line = number + 1;
                tokens.push(Token { line, text });
            }
            rest = after;
        }
    }
    tokens
}

/// Returns the names that come next in a path that begins with `::`: one, or each of a group in braces.
fn first_names<'a>(path: &'a [Token<'a>]) -> Vec<Token<'a>> {
    match path {
        [colons, brace, group @ ..] if colons.text == "::" && brace.text == "{" => {
            first_names_of_group(group)
        }
        [colons, name, ..] if colons.text == "::" => vec![*name],
        _ => Vec::new(),
    }
}

fn first_names_of_group<'a>(tokens: &'a [Token<'a>]) -> Vec<Token<'a>> {
    let mut found = Vec::new();
    let mut depth = 1;
    let mut at_beginning = true;
    for token in tokens {
        match token.text {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => at_beginning = true,
            _ if at_beginning => {
                found.push(*token);
                at_beginning = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// Replaces comments, strings and characters by blanks, so that all else keeps its line.
fn without_comments_and_literals(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_word = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = length_of_comment_or_literal(rest, in_word);
        let (skipped, after) = rest.split_at(length.unwrap_or(first.len_utf8()));
        match length {
            Some(_) => code.extend(skipped.chars().map(|c| if c == '\n' { c } else { ' ' })),
            None => code.push(first),
        }
        rest = after;
    }
    code
}

/// Measures the comment or literal that the text begins with; `in_word` where an `r` before quotes is a name's end.
fn length_of_comment_or_literal(text: &str, in_word: bool) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(length_of_nested_comment(text));
    }
    if text.starts_with('"') {
        return Some(length_until_quote(text, '"'));
    }
    if text.starts_with('\'') {
        // A lifetime has no second quote after one character.
        let mut next = text.chars().skip(1);
        let is_character = next.next() == Some('\\') || next.next() == Some('\'');
        return is_character.then(|| length_until_quote(text, '\''));
    }
    if text.starts_with('r') && !in_word {
        let hashes = text[1..].len() - text[1..].trim_start_matches('#').len();
        let contents = text[1 + hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let length = contents.find(&end);
        return Some(length.map_or(text.len(), |length| 2 + hashes + length + end.len()));
    }
    None
}

fn length_of_nested_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn length_until_quote(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// Whether the name stands in the text with no letter before or after it.
fn names(text: &str, name: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(part_of_word) && !text[at + name.len()..].starts_with(part_of_word)
    })
}

/// Folders are named `domain/` in the map.
fn name_in_map(path: &Path) -> String {
    let name = path.file_name().expect("an entry has a name");
    let slash = if path.is_dir() { "/" } else { "" };
    format!("{}{slash}", name.display())
}

fn source_files() -> Vec<SourceFile> {
    let mut files = Vec::new();
    let mut folders = vec![source_folder()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file is UTF-8");
                let below = path.strip_prefix(source_folder());
                let below = below.expect("entries are below their folder").to_owned();
                files.push(SourceFile::new(below, &text));
            }
        }
    }
    files
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a source folder can be read");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a source folder can be read").path())
        .collect();
    paths.sort();
    paths
}
