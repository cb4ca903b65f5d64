//! Holds the layout: imports go only downwards and not in circles, `lib.rs` has the map of the code, `commands` leaves
//! the store alone, passwords are shown in few places, and only `output` prints.
//!
//! The lists of what is so and should not be are exact: what has been mended is to be taken off them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree, Visibility};

/// A module may use those of lower layers, and its own; `lib.rs` anything.
const LAYERS: &[&[&str]] = &[
    &["domain"],
    &["wire", "credentials", "notify", "config", "locks"],
    &["store", "server", "delivery"],
    &["run"],
    &["password"],
    &["operations"],
    &["output"],
    &["commands"],
];

/// Files that use each other, all round.
const CIRCLES: &[&[&str]] = &[];

/// Never used by these, though it is in a lower layer.
const NEVER: (&str, &str) = ("commands", "store");
const USES_THE_STORE: &[&str] = &[];

/// Where a `Secret` may be turned into text.
const MAY_EXPOSE: &[&str] = &[
    "credentials",
    "wire",
    "server",
    "delivery",
    // A channel's own secrets: its token, and a URL that is one.
    "notify",
    // Where a secret is defined, hashed, sealed, written into a .pgpass, and printed for those who asked for it.
    "domain/password",
];
const EXPOSES: &[&str] = &[];

const PRINTING_MACROS: &[&str] = &["print", "println", "eprint", "eprintln"];

#[test]
fn imports_go_only_downwards() {
    let violations: Vec<String> = source_files()
        .iter()
        .flat_map(SourceFile::forbidden_imports)
        .collect();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

#[test]
fn files_of_a_module_do_not_use_each_other_in_circles() {
    let found = circles(source_files());
    let known: BTreeSet<_> = CIRCLES.iter().map(|files| files.join(", ")).collect();
    assert_as_known(&found, &known, "use each other in a circle", "CIRCLES");
}

#[test]
fn commands_never_use_the_store() {
    let (module, never) = NEVER;
    let found = source_files().iter().filter(|source| {
        source.module() == Some(module) && source.imports().any(|(_, used)| used == never)
    });
    let found = found.map(SourceFile::name).collect();
    assert_as_known(
        &found,
        &set_of(USES_THE_STORE),
        "uses the store",
        "USES_THE_STORE",
    );
}

#[test]
fn secrets_are_turned_into_text_in_few_places() {
    let found = source_files()
        .iter()
        .filter(|source| !source.exposing.is_empty())
        .filter(|source| {
            !MAY_EXPOSE
                .iter()
                .any(|place| source.path.starts_with(place))
        });
    let found = found.map(SourceFile::name).collect();
    assert_as_known(&found, &set_of(EXPOSES), "calls expose()", "EXPOSES");
}

#[test]
fn the_map_in_lib_names_every_module() {
    let map = fs::read_to_string(source_folder().join("lib.rs")).expect("src/lib.rs is there");
    let map: Vec<&str> = map.lines().filter(|line| line.starts_with("//!")).collect();
    let map = map.join("\n");
    let missing: Vec<String> = entries(&source_folder())
        .iter()
        .map(|path| name_in_map(path))
        .filter(|name| !["main.rs", "lib.rs"].contains(&name.as_str()) && !names(&map, name))
        .map(|name| format!("src/lib.rs:1: the map of the code does not name \"{name}\""))
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
        let others = source.imports().filter(|(_, used)| *used != "domain");
        others.map(|(_, used)| used.to_owned()).collect()
    };
    let none: [&str; 0] = [];
    assert_eq!(found("use crate::store::Registry;"), ["store"]);
    assert_eq!(
        found("use crate::{domain::{role, target}, server, output::Ui as Screen};"),
        ["server", "output"]
    );
    assert_eq!(found("fn f() { crate :: store\n:: open() }"), ["store"]);
    assert_eq!(
        found("pub(crate) fn f(_: &super::super::output::Ui) {}"),
        ["output"]
    );
    assert_eq!(
        found("fn f() { super::super::commands::g(super::role::h()) }"),
        ["commands"]
    );
    assert_eq!(
        found("mod tests { use super::*; use super::super::super::store; }"),
        ["store"]
    );
    assert_eq!(
        found("fn f() { println!(\"{}\", [crate::store::x(), super::super::server::y()]) }"),
        ["store", "server"]
    );
    assert_eq!(
        found("pub(in crate::domain) use super::profile; use self::x; use std::fs;"),
        none
    );
    assert_eq!(
        found(
            "// crate::a\n/* crate::b */ const A: &str = \"crate::c\"; /// [`crate::d`]\nfn f() {}"
        ),
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
            "src/server/catalog.rs:3: \"server\" (layer 2) uses \"output\" (layer 6); imports go only downwards",
            "src/server/catalog.rs:4: \"server\" uses \"store\"; siblings of layer 2 do not import each other",
            "src/server/catalog.rs:5: \"server\" uses \"extra\", which has no layer in tests/layers.rs",
        ]
    );
}

#[test]
fn circles_are_seen_through_reexports_and_macros_and_not_in_tests() {
    let circles = |files: &[(&str, &str)]| {
        let files = files.iter();
        let files: Vec<_> = files
            .map(|(path, code)| SourceFile::new(PathBuf::from(path), code))
            .collect();
        circles(&files).into_iter().collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    let parent = ("domain/mod.rs", "mod a; mod b; pub use a::A; pub use b::B;");
    assert_eq!(
        circles(&[
            parent,
            ("domain/a.rs", "use super::B; pub struct A;"),
            (
                "domain/b.rs",
                "pub struct B; fn f() { drop(vec![crate::domain::a::A]) }"
            ),
        ]),
        ["domain/a, domain/b"]
    );
    assert_eq!(
        circles(&[
            parent,
            ("domain/a.rs", "pub struct A;"),
            ("domain/b.rs", "use super::A; pub struct B(A);"),
        ]),
        none
    );
    assert_eq!(
        circles(&[
            ("domain/mod.rs", "mod a; pub struct C; fn f() { a::g() }"),
            ("domain/a/mod.rs", "use crate::domain::C; pub fn g(_: C) {}"),
            ("domain/a/inner.rs", "use crate::domain::b;"),
            ("domain/b.rs", "use super::a::inner;"),
        ]),
        ["domain/a/inner, domain/b"]
    );
    assert_eq!(
        circles(&[
            ("domain/a.rs", "use super::b::B;"),
            (
                "domain/b.rs",
                "pub struct B; #[cfg(test)] mod tests { use crate::domain::a::A; }"
            ),
        ]),
        none
    );
}

#[test]
fn every_way_to_expose_is_seen() {
    let lines = |code: &str| SourceFile::new(PathBuf::from("domain/role.rs"), code).exposing;
    assert_eq!(
        lines("fn f(s: &Secret) {\n s.expose();\n drop(format!(\"{}\", s.expose())) }"),
        [2, 3]
    );
    assert_eq!(
        lines("fn f(s: Option<&Secret>) { s.map(Secret::expose) }"),
        [1]
    );
    let none: [usize; 0] = [];
    assert_eq!(lines("impl Secret { fn expose(&self) {} }"), none);
    assert_eq!(
        lines("#[cfg(test)] mod tests { fn f() { s.expose() } }"),
        none
    );
}

fn set_of(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[track_caller]
fn assert_as_known(found: &BTreeSet<String>, known: &BTreeSet<String>, what: &str, list: &str) {
    let new = found.difference(known);
    let mended = known.difference(found);
    let lines: Vec<String> = new
        .map(|name| format!("{name}: {what}"))
        .chain(mended.map(|name| format!("{name}: no longer so; take it off {list}")))
        .collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

/// A path as it is written from the crate's top: `["domain", "role", "RoleName"]`.
type CratePath = Vec<String>;

/// What a file below `src` says of others.
struct SourceFile {
    /// Below `src`.
    path: PathBuf,
    module: CratePath,
    uses: Vec<Use>,
    /// What the file's own `use` items make of names.
    names: BTreeMap<String, CratePath>,
    /// Modules in files of their own that are compiled for tests only.
    test_children: BTreeSet<CratePath>,
    /// Lines that call `Secret::expose`, outside of tests.
    exposing: Vec<usize>,
    printing: Vec<(usize, String)>,
}

struct Use {
    line: usize,
    path: CratePath,
    kind: UseKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UseKind {
    Own,
    /// Handed on by `pub use`.
    Reexport,
    Test,
}

impl SourceFile {
    fn new(path: PathBuf, text: &str) -> Self {
        let file =
            syn::parse_file(text).unwrap_or_else(|error| panic!("src/{}: {error}", path.display()));
        let mut module: CratePath = path
            .with_extension("")
            .iter()
            .map(|part| part.display().to_string())
            .collect();
        module.pop_if(|last| ["mod", "main", "lib"].contains(&last.as_str()));
        let mut reader = Reader {
            children: BTreeSet::new(),
            inside: module.clone(),
            in_tests: false,
            source: Self {
                path,
                module,
                uses: Vec::new(),
                names: BTreeMap::new(),
                test_children: BTreeSet::new(),
                exposing: Vec::new(),
                printing: Vec::new(),
            },
        };
        reader.read_names(&file);
        reader.visit_file(&file);
        reader.source.uses.sort_by_key(|used| used.line);
        reader.source
    }

    fn name(&self) -> String {
        format!("src/{}", self.path.display())
    }

    /// The folder or file directly below `src` that this belongs to; none for `main.rs` and `lib.rs`.
    fn module(&self) -> Option<&str> {
        self.module.first().map(String::as_str)
    }

    fn forbidden_imports(&self) -> Vec<String> {
        let Some(module) = self.module() else {
            return Vec::new();
        };
        self.imports()
            .filter_map(|(line, used)| Some((line, broken_rule(module, used)?)))
            .map(|(line, rule)| format!("{}:{line}: {rule}", self.name()))
            .collect()
    }

    /// Lists the modules of the crate that the file uses, with their lines.
    fn imports(&self) -> impl Iterator<Item = (usize, &str)> {
        self.uses
            .iter()
            .filter_map(|used| Some((used.line, used.path.first()?.as_str())))
    }

    fn printing_lines(&self) -> Vec<String> {
        let lines = self.printing.iter();
        lines
            .map(|(line, used)| {
                format!(
                    "{}:{line}: uses {used}!; only src/output prints",
                    self.name()
                )
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

/// Collects what one file says.
struct Reader {
    source: SourceFile,
    /// The modules that the file declares to be in files of their own.
    children: BTreeSet<String>,
    /// The module that is being read: the file's, or one inside it.
    inside: CratePath,
    in_tests: bool,
}

impl Reader {
    /// Reads what names mean in the file before the rest of it: a name may be used above the `use` that brings it.
    fn read_names(&mut self, file: &syn::File) {
        for item in &file.items {
            if let Item::Mod(item) = item
                && item.content.is_none()
            {
                let name = item.ident.to_string();
                if item.attrs.iter().any(is_for_tests) {
                    let child = [self.inside.clone(), vec![name.clone()]].concat();
                    self.source.test_children.insert(child);
                }
                self.children.insert(name);
            }
        }
        for item in &file.items {
            if let Item::Use(item) = item {
                let brought = leaves_of(&item.tree).into_iter();
                let brought =
                    brought.filter_map(|(path, name)| Some((name, self.absolute(&path)?)));
                let brought: Vec<_> = brought.collect();
                self.source.names.extend(brought);
            }
        }
    }

    fn read_path(&mut self, span: Span, path: &[String]) {
        let outside_of_crate_names = self.absolute(path);
        let by_name = || {
            let known = self.source.names.get(path.first()?)?;
            Some(known.iter().chain(&path[1..]).cloned().collect())
        };
        if let Some(path) = outside_of_crate_names.or_else(by_name) {
            self.add(span, path, UseKind::Own);
        }
    }

    fn add(&mut self, span: Span, path: CratePath, kind: UseKind) {
        let line = span.start().line;
        let kind = if self.in_tests { UseKind::Test } else { kind };
        self.source.uses.push(Use { line, path, kind });
    }

    /// Returns the path from the crate's top, of one that leads there: by `crate`, `self`, `super` or a module of the file.
    fn absolute(&self, path: &[String]) -> Option<CratePath> {
        let (first, rest) = path.split_first()?;
        let mut inside = self.inside.clone();
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([inside, rest.to_vec()].concat()),
            "super" => {
                let supers = path.iter().take_while(|name| *name == "super").count();
                inside.truncate(inside.len().checked_sub(supers)?);
                Some([inside, path[supers..].to_vec()].concat())
            }
            child if self.children.contains(child) && inside == self.source.module => {
                Some([inside, path.to_vec()].concat())
            }
            _ => None,
        }
    }

    /// What a macro is given may be anything: paths, calls and macros are found by their signs.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut flat = Vec::new();
        flatten(tokens, &mut flat);
        let mut at = 0;
        while let Some((span, word)) = flat.get(at) {
            let next = |ahead: usize| flat.get(at + ahead).map(|(_, text)| text.as_str());
            if word == "expose" && next(1) == Some("(") && !self.in_tests {
                self.source.exposing.push(span.start().line);
            }
            if next(1) == Some("!") && PRINTING_MACROS.contains(&word.as_str()) {
                self.source.printing.push((span.start().line, word.clone()));
            }
            let mut path = vec![word.clone()];
            while next(2 * path.len() - 1) == Some("::") {
                match next(2 * path.len()) {
                    Some(name) => path.push(name.to_owned()),
                    None => break,
                }
            }
            if path.len() > 1 {
                self.read_path(*span, &path);
            }
            at += 2 * path.len() - 1;
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let outside = self.in_tests;
        self.in_tests |= attributes_of(item).iter().any(is_for_tests);
        visit::visit_item(self, item);
        self.in_tests = outside;
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inside.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.inside.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let kind = match item.vis {
            Visibility::Inherited => UseKind::Own,
            _ => UseKind::Reexport,
        };
        for (path, _) in leaves_of(&item.tree) {
            if let Some(path) = self.absolute(&path) {
                self.add(item.span(), path, kind);
            }
        }
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<String> = path
            .segments
            .iter()
            .map(|part| part.ident.to_string())
            .collect();
        self.read_path(path.span(), &words);
        if words.len() > 1 && words.last().is_some_and(|last| last == "expose") && !self.in_tests {
            self.source.exposing.push(path.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "expose" && !self.in_tests {
            self.source.exposing.push(call.method.span().start().line);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let name = called.path.segments.last().expect("a path has a part");
        let name = name.ident.to_string();
        if PRINTING_MACROS.contains(&name.as_str()) {
            let line = called.span().start().line;
            self.source.printing.push((line, name));
        }
        self.read_tokens(called.tokens.clone());
        visit::visit_macro(self, called);
    }
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// `#[cfg(test)]`.
fn is_for_tests(attribute: &Attribute) -> bool {
    let condition = attribute.parse_args::<syn::Path>();
    attribute.path().is_ident("cfg") && condition.is_ok_and(|condition| condition.is_ident("test"))
}

/// Lists the paths of a `use`, each with the name that it brings; `*` is left out.
fn leaves_of(tree: &UseTree) -> Vec<(Vec<String>, String)> {
    match tree {
        UseTree::Path(path) => {
            let mut leaves = leaves_of(&path.tree);
            for (path_below, _) in &mut leaves {
                path_below.insert(0, path.ident.to_string());
            }
            leaves
        }
        UseTree::Name(name) if name.ident == "self" => vec![(Vec::new(), "self".to_owned())],
        UseTree::Name(name) => vec![(vec![name.ident.to_string()], name.ident.to_string())],
        UseTree::Rename(name) => vec![(vec![name.ident.to_string()], name.rename.to_string())],
        UseTree::Glob(_) => vec![(Vec::new(), "*".to_owned())],
        UseTree::Group(group) => group.items.iter().flat_map(leaves_of).collect(),
    }
}

/// Lists words and signs without the grouping, `::` as one sign.
fn flatten(tokens: TokenStream, flat: &mut Vec<(Span, String)>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                flat.push((group.span_open(), "(".to_owned()));
                flatten(group.stream(), flat);
            }
            TokenTree::Punct(colon) if colon.as_char() == ':' => match flat.last_mut() {
                Some((_, last)) if last == ":" => last.push(':'),
                _ => flat.push((colon.span(), ":".to_owned())),
            },
            TokenTree::Literal(literal) => flat.push((literal.span(), "\"".to_owned())),
            other => flat.push((other.span(), other.to_string())),
        }
    }
}

/// Finds what stands side by side in a folder, files and folders, and uses each other, all round. What a folder's `mod.rs`
/// and the files below it have to do with each other is theirs, and tests do not count.
fn circles(files: &[SourceFile]) -> BTreeSet<String> {
    let by_module: BTreeMap<&[String], &SourceFile> = files
        .iter()
        .map(|file| (file.module.as_slice(), file))
        .collect();
    let mut neighbours: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    for file in files {
        for used in file.uses.iter().filter(|used| used.kind == UseKind::Own) {
            let found = file_of(&used.path, &by_module, 0);
            if let Some((one, other)) = found.and_then(|other| side_by_side(file, other)) {
                neighbours.entry(one).or_default().insert(other);
            }
        }
    }
    let reached: BTreeMap<_, _> = neighbours
        .keys()
        .map(|from| (*from, reached(from, &neighbours)))
        .collect();
    let is_back = |from: &[String], other: &[String]| {
        reached
            .get(other)
            .is_some_and(|reached| reached.contains(from))
    };
    let circles = reached.iter().filter_map(|(from, reached)| {
        let around = reached.iter().filter(|other| is_back(from, other));
        let names: Vec<String> = around.map(|module| module.join("/")).collect();
        (!names.is_empty()).then(|| names.join(", "))
    });
    circles.collect()
}

/// Returns both, if they are two files of one layer, and neither is the `mod.rs` above the other.
fn side_by_side<'a>(
    one: &'a SourceFile,
    other: &'a SourceFile,
) -> Option<(&'a [String], &'a [String])> {
    let (one, other) = (one.module.as_slice(), other.module.as_slice());
    let is_in_a_layer = !one.is_empty() && one.first() == other.first();
    let is_family = one.starts_with(other) || other.starts_with(one);
    (is_in_a_layer && !is_family).then_some((one, other))
}

fn reached<'a>(
    from: &'a [String],
    neighbours: &BTreeMap<&'a [String], BTreeSet<&'a [String]>>,
) -> BTreeSet<&'a [String]> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        let next = neighbours.get(module).into_iter().flatten();
        open.extend(next.filter(|other| reached.insert(**other)));
    }
    reached
}

/// Finds the file where a path ends, behind what other files hand on under names of their own.
fn file_of<'a>(
    path: &[String],
    by_module: &BTreeMap<&[String], &'a SourceFile>,
    depth: usize,
) -> Option<&'a SourceFile> {
    let mut lengths = (1..=path.len()).rev();
    let (length, file) =
        lengths.find_map(|length| Some((length, *by_module.get(&path[..length])?)))?;
    let handed_on = path.get(length).and_then(|name| file.names.get(name));
    match handed_on {
        // No path of ours is longer; a name may lead to itself.
        Some(target) if depth < 8 => {
            let path = [target, &path[length + 1..]].concat();
            file_of(&path, by_module, depth + 1)
        }
        _ => Some(file),
    }
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

fn source_files() -> &'static [SourceFile] {
    static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(read_source_files);
    &FILES
}

fn read_source_files() -> Vec<SourceFile> {
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
    let of_tests: BTreeSet<CratePath> = files
        .iter()
        .flat_map(|file| file.test_children.iter().cloned())
        .collect();
    for file in files
        .iter_mut()
        .filter(|file| of_tests.contains(&file.module))
    {
        file.exposing.clear();
        for used in &mut file.uses {
            used.kind = UseKind::Test;
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
