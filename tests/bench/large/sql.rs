//! The statements: copies that make a library large, and those by which the product reads it.

use sea_orm::{DbBackend, Statement, Value};

/// A statement to PostgreSQL.
pub fn statement(text: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, text, values)
}

/// How many policies are public.
pub const PUBLIC: &str =
    "SELECT count(*) AS value FROM documents.policies WHERE state = 'published' AND NOT expunged";

/// What is copied: plain texts that came in through the product, and the organs there are.
pub const ORIGINALS: &str = "\
    CREATE SCHEMA bench; \
    CREATE TABLE bench.originals AS \
      SELECT row_number() OVER (ORDER BY p.source_id, p.id) - 1 AS place, p.id, r.body \
      FROM documents.policies p \
      JOIN documents.revisions r ON r.policy_id = p.id AND r.revision = p.public_revision \
      WHERE p.state = 'published' AND NOT p.expunged AND strpos(r.body, '</') = 0; \
    CREATE UNIQUE INDEX ON bench.originals (place); \
    CREATE UNIQUE INDEX ON bench.originals (id); \
    CREATE TABLE bench.organs AS \
      SELECT row_number() OVER (ORDER BY code) - 1 AS place, code, name FROM documents.organs; \
    ANALYZE";

/// The statements that copy `rows` of the originals for the `round`th time.
///
/// A copy has an id, source id and index number of its own, a mark of the round in its title, a
/// document number with another serial, another organ, another day of issue between 2000 and 2025,
/// and 1000 characters of text (about 3 KB): those of its original, from another place in each
/// round, and where that ends those of another original. Relations lead from copies to copies of
/// the same round.
pub fn copies(round: usize, originals: usize, organs: usize, rows: usize) -> [String; 5] {
    let chosen = format!(
        "CREATE TABLE bench.copies AS SELECT x.*, (x.content::jsonb || jsonb_build_object(\
           'title', x.title, 'document_number', x.number, 'organ_code', x.code, \
           'issued_on', x.issued, 'effective_on', x.issued + 30, 'expires_on', x.ends))::text \
           AS described \
         FROM (SELECT b.place, p.id AS original, md5(p.id::text || ':{round}')::uuid AS id, \
             p.content, o.code, o.name, d.issued, p.title || '（第{round}号）' AS title, \
             CASE WHEN b.place % 10 = 0 AND d.issued < '2018-01-01' THEN d.issued + 1826 END AS ends, \
             CASE WHEN p.document_number = '' THEN '' ELSE regexp_replace(p.document_number, \
               '[0-9]+号$', ((b.place * 41 + {round}) % 300 + 1)::text || '号') END AS number, \
             substr(b.body || chr(10) || n.body, \
               (1 + (({round} - 1) * 1000) % greatest(char_length(b.body) - 1000, 1))::int, 1000) \
               AS body \
           FROM bench.originals b JOIN documents.policies p ON p.id = b.id \
           JOIN bench.originals n ON n.place = (b.place + {round} * 17) % {originals} \
           JOIN bench.organs o ON o.place = (b.place * 7 + {round} * 13) % {organs} \
           CROSS JOIN LATERAL (SELECT date '2000-01-01' \
             + ((b.place * 37 + {round} * 211) % 9490)::int AS issued) d \
           ORDER BY b.place LIMIT {rows}) AS x"
    );
    // What lists and filters read, as the product derives it; times of publication are those of issue.
    let policies = format!(
        "INSERT INTO documents.policies SELECT c.* FROM bench.copies x \
         JOIN documents.policies p ON p.id = x.original, \
         LATERAL jsonb_populate_record(p, jsonb_build_object(\
           'id', x.id, 'organ_code', x.code, 'organ_name', x.name, 'title', x.title, \
           'title_key', p.title_key || '第{round}号', 'title_alias', '', \
           'document_number', x.number, \
           'number_key', CASE WHEN p.number_key = '' THEN '' ELSE p.number_key || '/{round}' END, \
           'issued_on', x.issued, 'effective_on', x.issued + 30, \
           'expires_on', coalesce(x.ends::text, ''), 'last_day', coalesce(x.ends::text, ''), \
           'issued_year', extract(year FROM x.issued)::int, \
           'index_number', p.index_number || '/{round}', 'content', x.described) \
         || jsonb_build_object(\
           'listed_at', x.issued + interval '9 hours' + x.place % 30000 * interval '1 second', \
           'published_at', x.issued + interval '9 hours' + x.place % 30000 * interval '1 second', \
           'revised_at', x.issued + interval '9 hours' + x.place % 30000 * interval '1 second', \
           'source_id', p.source_id || '/{round}', 'draft_state', '', 'period', '', \
           'effect_due_on', '', 'repealed_on', '', 'amended_on', '', \
           'likeness', CASE WHEN p.likeness = 0 THEN 0 ELSE p.likeness # {round} END)) AS c"
    );
    let revisions = "INSERT INTO documents.revisions SELECT c.* FROM bench.copies x \
         JOIN documents.policies p ON p.id = x.original \
         JOIN documents.revisions r ON r.policy_id = p.id AND r.revision = p.public_revision, \
         LATERAL jsonb_populate_record(r, jsonb_build_object(\
           'policy_id', x.id, 'content', x.described, 'body', x.body, 'organ_name', x.name, \
           'published_at', x.issued + interval '9 hours')) AS c";
    let relations = "INSERT INTO documents.relations SELECT c.* FROM bench.copies x \
         JOIN documents.relations r ON r.policy_id = x.original \
         LEFT JOIN bench.copies t ON t.original = r.target_policy_id, \
         LATERAL jsonb_populate_record(r, jsonb_build_object(\
           'policy_id', x.id, 'target_policy_id', t.id)) AS c";
    let drop = "DROP TABLE bench.copies";
    [chosen, policies, revisions.to_owned(), relations.to_owned(), drop.to_owned()]
}

/// The effect on a day, as the product asks it; `{}` is the place of the day.
const EFFECT: &str = "CASE \
    WHEN overruled_effect <> '' AND overruled_from <= {} THEN overruled_effect \
    WHEN source_status IN ('废止', '已废止', 'repealed') \
        OR (repealed_on <> '' AND repealed_on <= {}) THEN 'repealed' \
    WHEN source_status IN ('失效', '已失效', '宣布失效', 'lapsed') \
        OR (last_day <> '' AND last_day < {}) THEN 'lapsed' \
    WHEN effective_on > {} THEN 'not_yet_in_force' ELSE 'in_force' END";

/// What belongs to a policy, as the product reads it with each.
const BELONGING: &str = "\
    (SELECT COALESCE(json_agg(json_build_object('kind', kind, 'target_policy_id', t.id, \
      'target_title', CASE WHEN target_title = '' THEN COALESCE(t.title, '') ELSE target_title END, \
      'target_number', CASE WHEN target_number = '' THEN COALESCE(t.document_number, '') \
        ELSE target_number END, 'articles', articles, 'effective_on', relations.effective_on) \
      ORDER BY position), '[]')::text FROM relations LEFT JOIN policies t \
      ON t.id = target_policy_id AND t.state <> 'unpublished' WHERE policy_id = policies.id) \
      AS relations, \
    (SELECT COALESCE(json_agg(json_build_object('kind', kind, 'policy_id', policy_id, \
      'title', s.title, 'document_number', s.document_number, 'organ_name', s.organ_name, \
      'starts_on', starts_on, 'articles', articles) ORDER BY starts_on, policy_id, position), \
      '[]')::text FROM relations JOIN policies s ON s.id = policy_id \
      WHERE s.state = 'published' AND target_policy_id = policies.id) AS inbound, \
    (SELECT COALESCE(json_agg(json_build_object('revision', revision, 'id', a.id, \
      'file_name', file_name, 'media_type', media_type, 'size', size, 'sha256', sha256) \
      ORDER BY revision, a.id), '[]')::text FROM attachment_places l \
      JOIN attachments a ON a.id = attachment_id WHERE l.policy_id = policies.id) AS files, \
    (SELECT COALESCE(json_agg(json_build_object('policy_id', policy_id, \
      'interpretation_id', interpretation_id, 'title', l.title, 'kind', kind) \
      ORDER BY interpretation_id), '[]')::text FROM interpretation_links l \
      WHERE NOT gone AND policy_id = policies.id) AS links";

const BODY: &str = "CASE WHEN state = 'published' THEN (SELECT body FROM revisions \
    WHERE policy_id = policies.id AND revision = policies.public_revision) END";

/// What a list is narrowed to; empty and 0: not at all.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Narrowed {
    /// Code of the organ.
    pub organ: String,
    /// Class.
    pub category: String,
    /// Year of issue.
    pub year: i64,
    /// in_force, …
    pub effect: String,
    /// `issued`, or by publication.
    pub sort: String,
}

impl Narrowed {
    /// The condition, and its values.
    pub fn clause(&self, today: &str) -> (String, Vec<Value>) {
        let mut clause = "WHERE state = 'published' AND expunged = $1".to_owned();
        let mut values: Vec<Value> = vec![false.into()];
        for (column, wanted) in [("organ_code", &self.organ), ("category", &self.category)] {
            if !wanted.is_empty() {
                values.push(wanted.as_str().into());
                clause.push_str(&format!(" AND {column} = ${}", values.len()));
            }
        }
        if self.year != 0 {
            values.push(self.year.into());
            clause.push_str(&format!(" AND issued_year = ${}", values.len()));
        }
        if !self.effect.is_empty() {
            values.push(today.into());
            let effect = EFFECT.replace("{}", &format!("${}", values.len()));
            values.push(self.effect.as_str().into());
            clause.push_str(&format!(" AND {effect} = ${}", values.len()));
        }
        (clause, values)
    }

    /// The order of the list.
    pub fn order(&self) -> &'static str {
        if self.sort == "issued" { "issued_on DESC, id DESC" } else { "listed_at DESC, id DESC" }
    }
}

/// The statements that count by organ, class and year.
pub fn facets(clause: &str) -> [String; 3] {
    let count = |facet: &str, label: &str, order: &str| {
        format!(
            "SELECT {facet} AS facet, {label} AS label, count(*) AS number \
             FROM policies {clause} GROUP BY {facet} ORDER BY {order}"
        )
    };
    let year = "CAST(issued_year AS text)";
    [
        count("organ_code", "max(organ_name)", "number DESC, facet"),
        count("category", "category", "number DESC, facet"),
        count(year, year, "facet DESC"),
    ]
}

/// The statement that counts by effect, `day` being the place of the day.
pub fn effects(clause: &str, day: usize) -> String {
    let effect = EFFECT.replace("{}", &format!("${day}"));
    format!(
        "SELECT facet, '' AS label, count(*) AS number FROM \
         (SELECT {effect} AS facet FROM policies {clause}) AS e GROUP BY facet"
    )
}

/// The statement that counts a list.
pub fn total(clause: &str) -> String {
    format!("SELECT count(*) AS value FROM policies {clause}")
}

/// The statement that reads policies with what belongs to them.
pub fn whole(clause: &str, order: &str, body: bool) -> String {
    let body = if body { BODY } else { "NULL" };
    format!(
        "SELECT policies.*, {body} AS body, {BELONGING} \
         FROM (SELECT * FROM policies {clause}) AS policies ORDER BY {order}"
    )
}
