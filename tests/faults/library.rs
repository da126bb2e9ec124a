//! What must be there after an import, computed from the files and the rules alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};

/// Categories that must be interpreted, as the default rules name them.
const INTERPRETED: [&str; 7] = [
    "政府规章",
    "部门规章",
    "规范性文件",
    "行政规范性文件",
    "市政府行政规范性文件",
    "市政府部门行政规范性文件",
    "厅规范性文件",
];
/// First day of issue from which one is due.
const INTERPRETED_SINCE: &str = "2018-01-01";

/// A record of a source.
#[derive(Debug, Clone)]
pub struct Record {
    /// The source's own id.
    pub id: String,
    /// Empty where the source has none.
    pub title: String,
    /// 发文字号, where the source has one.
    pub number: Option<String>,
    /// 文件类别.
    pub category: String,
    /// Whether it must be interpreted.
    pub due: bool,
    /// Whether it would expose somebody, or says that it is not for the public.
    kept_back: bool,
    line: String,
}

impl Record {
    fn read(line: &str) -> Self {
        let value: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| value[key].as_str().unwrap_or_default().trim().to_owned();
        // Dates of this form are in order as text.
        let due = INTERPRETED.contains(&text("category").as_str())
            && text("issued_on").as_str() >= INTERPRETED_SINCE;
        Self {
            id: text("id"),
            title: text("title"),
            category: text("category"),
            number: Some(text("doc_number")).filter(|number| !number.is_empty()),
            due,
            kept_back: ["title", "issuing_body", "text"]
                .iter()
                .any(|key| privacy::find(&text(key)).iter().any(|finding| finding.personal))
                || is_marked(&text("title"), &text("text")),
            line: line.to_owned(),
        }
    }
}

/// Whether a document says itself that it is not for the public.
fn is_marked(title: &str, text: &str) -> bool {
    let mark = gongwen::analyze(Some(title), text).fields.disclosure;
    mark.is_some_and(|mark| mark.value != gongwen::Disclosure::Public)
}

/// Records of several sources.
#[derive(Debug, Default, Clone)]
pub struct Library {
    /// Those with a title, which must be published; what exposes somebody or bears the mark of what
    /// is not for the public is kept back.
    pub taken: Vec<Record>,
    /// Ids of those without one, which must be refused.
    pub refused: Vec<String>,
    /// Ids of those that are taken from the public again.
    pub withdrawn: BTreeSet<String>,
    /// Ids of those that become public in a second revision.
    pub corrected: BTreeSet<String>,
}

impl Library {
    /// What gzipped files hold.
    pub fn read(files: &[PathBuf]) -> Self {
        let mut library = Self::default();
        for file in files {
            let lines = BufReader::new(MultiGzDecoder::new(File::open(file).unwrap())).lines();
            lines.map(Result::unwrap).for_each(|line| library.add(&line));
        }
        library
    }

    /// What clerks of no city write; every second is due.
    pub fn written(count: usize) -> Self {
        const KINDS: [&str; 2] = ["市政府行政规范性文件", "市政府其他文件"];
        let mut library = Self::default();
        for place in 0..count {
            let title = format!("晴川市公共服务办法（第{place}次修订）");
            let record = json!({ "id": title, "title": title, "issued_on": "2024-05-06",
                "doc_number": format!("晴府函〔2024〕{}号", place + 1),
                "category": KINDS[place % KINDS.len()] });
            library.add(&record.to_string());
        }
        library
    }

    /// Documents of no city, numbered from `first`; every third is due.
    pub fn generated(first: usize, count: usize) -> Self {
        const KINDS: [&str; 3] = ["市政府行政规范性文件", "市政府其他文件", "地方性法规"];
        const FIELDS: [&str; 5] = ["停车管理", "公园绿地", "住房补贴", "河道保洁", "创业扶持"];
        let mut library = Self::default();
        for place in first..first + count {
            let field = FIELDS[place % FIELDS.len()];
            let record = json!({
                "id": format!("generated-{place:05}"),
                "title": format!("晴川市{field}办法（第{place}号）"),
                "doc_number": format!("晴府办〔2024〕{}号", place + 1),
                "category": KINDS[place % KINDS.len()],
                "issued_on": format!("2024-{:02}-{:02}", place % 12 + 1, place % 28 + 1),
                "text": format!("第一条 为了规范{field}，制定本办法。\n第二条 编号为{place}。"),
            });
            library.add(&record.to_string());
        }
        library
    }

    fn add(&mut self, line: &str) {
        let record = Record::read(line);
        if record.title.is_empty() {
            self.refused.push(record.id);
        } else if !record.kept_back {
            self.taken.push(record);
        }
    }

    /// Every so many of those that are taken.
    pub fn every(&self, step: usize) -> Self {
        let taken = self.taken.iter().step_by(step).cloned().collect();
        Self { taken, ..Self::default() }
    }

    /// Both together.
    pub fn with(mut self, other: Self) -> Self {
        self.taken.extend(other.taken);
        self.refused.extend(other.refused);
        self.withdrawn.extend(other.withdrawn);
        self.corrected.extend(other.corrected);
        self
    }

    /// Those that stay public, or those that are withdrawn.
    pub fn that(&self, withdrawn: bool) -> Self {
        let wanted = |record: &&Record| self.withdrawn.contains(&record.id) == withdrawn;
        let taken = self.taken.iter().filter(wanted).cloned().collect();
        Self { taken, ..Self::default() }
    }

    /// How often a record becomes public, is corrected or is withdrawn.
    pub fn changes(&self, id: &str) -> usize {
        1 + usize::from(self.corrected.contains(id)) + usize::from(self.withdrawn.contains(id))
    }

    /// The same of all records.
    pub fn all_changes(&self) -> usize {
        self.taken.iter().map(|record| self.changes(&record.id)).sum()
    }

    /// Writes what is to be taken into files of at most `size` records.
    pub fn write(&self, folder: &Path, name: &str, size: usize) -> Vec<PathBuf> {
        let parts = self.taken.chunks(size).enumerate().map(|(place, part)| {
            let path = folder.join(format!("{name}-{place:03}.jsonl"));
            let mut file = File::create(&path).unwrap();
            for record in part {
                writeln!(file, "{}", record.line).unwrap();
            }
            path
        });
        parts.collect()
    }

    /// Records by id.
    pub fn by_id(&self) -> BTreeMap<&str, &Record> {
        let map: BTreeMap<_, _> = self.taken.iter().map(|r| (r.id.as_str(), r)).collect();
        assert_eq!(map.len(), self.taken.len(), "ids are unique");
        map
    }
}

/// Where the corpora lie, if they do.
pub fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("YANGGUANG_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: YANGGUANG_CORPUS names no folder with the corpora");
    }
    folder
}
