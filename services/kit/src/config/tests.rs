use serde::Deserialize;

use super::*;

const LIBRARY: &str = "
# The library.
[library]
# Where it listens.
listen = \"127.0.0.1:0\"
# How many readers.
readers = 4
open = true
classes = [\"甲\", \"乙\"]
api_token = \"\"
api_token_file = \"\"
url = \"\"
[library.late]
index = 60
[library.labels]
[[library.rules]]
name = \"a\"
days = 3
";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Library {
    listen: String,
    readers: u16,
    open: bool,
    classes: Vec<String>,
    api_token: String,
    url: String,
    late: BTreeMap<String, u64>,
    labels: BTreeMap<String, String>,
    rules: Vec<Rule>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Rule {
    name: String,
    days: u8,
}

impl Validate for Library {
    fn validate(&self) -> std::result::Result<(), String> {
        if self.readers == 0 { Err("readers: at least 1".to_owned()) } else { Ok(()) }
    }
}

fn load(
    file: Option<&str>,
    environment: &[(&str, &str)],
    set: &[(&str, &str)],
) -> Result<Settings> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("yangguang.toml");
    let path = file.map(|text| {
        fs::write(&path, text).unwrap();
        path.as_path()
    });
    let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    };
    Settings::load(&[("library", LIBRARY)], path, owned(environment), owned(set))
}

fn problems(loaded: Result<Settings>) -> Vec<String> {
    match loaded {
        Err(crate::Error::Config(Problems(problems))) => problems,
        other => panic!("{other:?}"),
    }
}

#[test]
fn later_layers_win_and_say_so() {
    let file = "[library]\nlisten = \"0.0.0.0:1\"\nreaders = 5\n[library.late]\nindex = 9\n";
    let environment = [
        ("YANGGUANG__LIBRARY__READERS", "6"),
        ("YANGGUANG__LIBRARY__CLASSES", "丙, 丁"),
        ("YANGGUANG__LIBRARY__LABELS__CITY", "明川"),
        ("HOME", "/root"),
    ];
    let settings = load(Some(file), &environment, &[("library.open", "false")]).unwrap();
    let library: Library = settings.section("library").unwrap();
    assert_eq!((library.listen.as_str(), library.readers, library.open), ("0.0.0.0:1", 6, false));
    assert_eq!(library.classes, ["丙", "丁"]);
    assert_eq!(library.late["index"], 9);
    assert_eq!(library.labels["city"], "明川");
    assert_eq!(library.rules, [Rule { name: "a".to_owned(), days: 3 }]);
    let shown = settings.show();
    assert!(shown.contains("readers = 6 # YANGGUANG__LIBRARY__READERS\n"), "{shown}");
    assert!(shown.contains("open = false # command line\n"), "{shown}");
    assert!(shown.contains("\n[library.late]\nindex = 9 # /"), "{shown}");
    assert!(parse(&shown).is_ok(), "{shown}");
}

#[test]
fn unknown_keys_are_named_with_what_was_meant() {
    let file = "[library]\nlistne = \"x\"\n[libary]\nreaders = 1\n";
    let named = problems(load(Some(file), &[("YANGGUANG__LIBRARY__LATE__PAGE", "1")], &[]));
    assert_eq!(named.len(), 3, "{named:?}");
    assert!(named.iter().any(|p| p.contains("library.listne") && p.contains("library.listen?")));
    assert!(named.iter().any(|p| p.contains("libary.readers") && p.contains("library.readers?")));
    assert!(named.iter().any(|p| p.contains("YANGGUANG__LIBRARY__LATE__PAGE")));
}

#[test]
fn wrong_types_and_values_are_named() {
    let named = problems(load(Some("[library]\nreaders = \"many\"\n"), &[], &[]));
    assert!(named[0].contains("library.readers") && named[0].contains("a whole number"));
    let named = problems(load(None, &[("YANGGUANG__LIBRARY__OPEN", "perhaps")], &[]));
    assert!(named[0].contains("true or false"), "{named:?}");
    assert!(problems(load(Some("[library\n"), &[], &[]))[0].contains("yangguang.toml"));

    let none = load(None, &[], &[("library.readers", "0")]).unwrap();
    assert!(none.check::<Library>("library").unwrap_err().to_string().contains("at least 1"));
    let many = load(None, &[], &[("library.readers", "70000")]).unwrap();
    let error = many.check::<Library>("library").unwrap_err().to_string();
    assert!(error.contains("readers"), "{error}");

    let checks = [none.check::<Library>("library"), Ok(()), many.check::<Library>("library")];
    assert_eq!(Problems::all(checks).unwrap_err().0.len(), 2, "both are told at once");
    assert_eq!(Problems::all([Ok(()), Ok(())]), Ok(()));
}

#[test]
fn secrets_come_from_files_and_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, "geheim\n").unwrap();
    let path = path.display().to_string();
    let environment = [
        ("YANGGUANG__LIBRARY__API_TOKEN_FILE", path.as_str()),
        ("YANGGUANG__LIBRARY__URL", "postgres://u:geheim@h/d"),
    ];
    let settings = load(None, &environment, &[]).unwrap();
    let library: Library = settings.section("library").unwrap();
    assert_eq!(library.api_token, "geheim");
    assert_eq!(library.url, "postgres://u:geheim@h/d");
    assert!(!settings.show().contains("geheim"), "{}", settings.show());
    assert!(settings.show().contains("postgres://u:******@h/d"));

    let both = [environment[0], ("YANGGUANG__LIBRARY__API_TOKEN", "x")];
    assert!(problems(load(None, &both, &[]))[0].contains("both given"));
    let missing = [("YANGGUANG__LIBRARY__API_TOKEN_FILE", "/nowhere/token")];
    assert!(problems(load(None, &missing, &[]))[0].contains("/nowhere/token"));
}
