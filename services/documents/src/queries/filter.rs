//! Conditions of a list, joined by and, with their values.

use kit::{auth::Caller, clock::Clock};
use sea_orm::Value;

use crate::domain::{day, effect::Effect, number, text};

/// A `WHERE` clause that grows.
#[derive(Default)]
pub(super) struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Filter {
    /// Adds a condition; `{}` stands for each of the values in turn.
    pub fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        let mut pieces = condition.split("{}");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for (piece, value) in pieces.zip(values) {
            self.values.push(value);
            text.push('$');
            text.push_str(&self.values.len().to_string());
            text.push_str(piece);
        }
        self.conditions.push(text);
    }

    /// Adds an equality unless the wanted value is empty.
    pub fn and_equal(&mut self, column: &str, wanted: &str) {
        if !wanted.is_empty() {
            self.and(&format!("{column} = {{}}"), [wanted.into()]);
        }
    }

    /// Adds that a text column is one of a list.
    pub fn and_one_of(&mut self, column: &str, wanted: &[String]) {
        let places = vec!["{}"; wanted.len().max(1)].join(", ");
        let values: Vec<Value> = match wanted {
            [] => vec!["".into()],
            some => some.iter().map(|text| text.as_str().into()).collect(),
        };
        self.and(&format!("{column} IN ({places})"), values);
    }

    /// The clause and its values.
    pub fn clause(&self) -> (String, Vec<Value>) {
        if self.conditions.is_empty() {
            return (String::new(), Vec::new());
        }
        (format!("WHERE {}", self.conditions.join(" AND ")), self.values.clone())
    }

    /// The conditions and their values, behind a clause that has begun.
    pub fn further(&self) -> (String, Vec<Value>) {
        let conditions = self.conditions.iter().map(|condition| format!("AND {condition} "));
        (conditions.collect::<String>().trim_end().to_owned(), self.values.clone())
    }

    /// The clause, an order and a limit.
    pub fn ordered(mut self, order: &str, limit: i64) -> (String, Vec<Value>) {
        let (clause, _) = self.clause();
        self.values.push(limit.into());
        (format!("{clause} ORDER BY {order} LIMIT ${}", self.values.len()), self.values)
    }

    /// Adds what the library can be narrowed by.
    pub fn and_facets(&mut self, facets: &Facets<'_>, clock: &dyn Clock) {
        self.and_equal("organ_code", facets.organ_code);
        self.and_equal("category", facets.category);
        if facets.year != 0 {
            self.and("issued_year = {}", [i64::from(facets.year).into()]);
        }
        if let Some(effect) = facets.effect {
            let today = day::write(Some(clock.today()));
            let values =
                [today.clone(), today.clone(), today.clone(), today, effect.word().to_owned()];
            self.and(&format!("{EFFECT} = {{}}"), values.map(Value::from));
        }
    }

    /// Adds words that the title or the document number must hold.
    pub fn and_text(&mut self, wanted: &str) {
        let wanted = text::line(wanted);
        for word in wanted.split(' ').filter(|word| !word.is_empty()) {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let like = format!("%{escaped}%");
            let key = number::read(word).key;
            let condition = "(title LIKE {} ESCAPE '\\' OR document_number LIKE {} ESCAPE '\\' \
                             OR number_key = {})";
            self.and(condition, [like.clone().into(), like.into(), key.into()]);
        }
    }

    /// Adds that the caller belongs to the organ, or to the office.
    pub fn and_own(&mut self, caller: &Caller) {
        if !caller.has(contracts::role::OFFICE) {
            let mut own = caller.organ_scope.clone();
            own.push(caller.organ_code.clone());
            self.and_one_of("organ_code", &own);
        }
    }
}

/// What lists and counts of the library can be narrowed by.
pub(super) struct Facets<'a> {
    pub organ_code: &'a str,
    pub category: &'a str,
    pub year: i32,
    pub effect: Option<Effect>,
}

/// The effect on a day (four places for it), as the crate `effect` decides it of the same grounds.
pub(super) const EFFECT: &str = "CASE \
    WHEN overruled_effect <> '' AND overruled_from <= {} THEN overruled_effect \
    WHEN source_status IN ('废止', '已废止', 'repealed') \
        OR (repealed_on <> '' AND repealed_on <= {}) THEN 'repealed' \
    WHEN source_status IN ('失效', '已失效', '宣布失效', 'lapsed') \
        OR (last_day <> '' AND last_day < {}) THEN 'lapsed' \
    WHEN effective_on > {} THEN 'not_yet_in_force' ELSE 'in_force' END";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_in_turn() {
        let mut filter = Filter::default();
        filter.and_equal("organ_code", "");
        filter.and_equal("category", "政府规章");
        filter.and("(a, b) < ({}, {})", [1_i64.into(), 2_i64.into()]);
        let (text, values) = filter.ordered("a DESC", 10);
        assert_eq!(text, "WHERE category = $1 AND (a, b) < ($2, $3) ORDER BY a DESC LIMIT $4");
        assert_eq!(values.len(), 4);
    }

    #[test]
    fn nobodys_scope_is_empty_and_not_everything() {
        let mut filter = Filter::default();
        filter.and_own(&Caller::anonymous());
        assert_eq!(filter.clause().0, "WHERE organ_code IN ($1)");
    }
}
