//! Small pieces that many pages are made of. Text that is not known is empty.

use crate::problem::{FieldProblem, Problem};

/// Id of the part of every page that holds its text.
const WHOLE_PAGE: &str = "main";

/// A state: a word with an icon and a tone, never a colour alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// `ok`, `wait`, `warn`, `bad` or `off`.
    pub tone: String,
    /// Name of a drawing in `icons.html`.
    pub icon: String,
    pub label: String,
    /// Why it is so.
    pub reason: String,
}

impl State {
    fn new(tone: &str, icon: &str, label: &str) -> Self {
        Self {
            tone: tone.to_owned(),
            icon: icon.to_owned(),
            label: label.to_owned(),
            reason: String::new(),
        }
    }

    /// All is well.
    pub fn ok(label: &str) -> Self {
        Self::new("ok", "check", label)
    }

    /// Something is under way.
    pub fn wait(label: &str) -> Self {
        Self::new("wait", "clock", label)
    }

    /// Somebody should look.
    pub fn warn(icon: &str, label: &str) -> Self {
        Self::new("warn", icon, label)
    }

    /// Somebody must look.
    pub fn bad(icon: &str, label: &str) -> Self {
        Self::new("bad", icon, label)
    }

    /// It is over.
    pub fn off(label: &str) -> Self {
        Self::new("off", "lapse", label)
    }

    /// Says why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }
}

/// A link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub url: String,
}

impl Link {
    /// A link of this name to this address.
    pub fn new(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { label: label.into(), url: url.into() }
    }
}

/// One of several things that a form lets choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Choice {
    /// Choices of these values and labels; `chosen` is the value of the one that is taken.
    pub fn all<V, L>(choices: impl IntoIterator<Item = (V, L)>, chosen: &str) -> Vec<Self>
    where
        V: Into<String>,
        L: Into<String>,
    {
        let choice = |(value, label): (V, L)| {
            let value = value.into();
            Self { chosen: value == chosen, label: label.into(), value }
        };
        choices.into_iter().map(choice).collect()
    }
}

/// A field of a form: what was typed, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    pub value: String,
    /// Empty: nothing.
    pub error: String,
    /// Where the value was read, for a field that a document filled.
    pub read: Option<ReadFrom>,
}

/// Where a value was read in a document, and how sure the reading is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadFrom {
    /// 可信, 请核对.
    pub state: State,
    /// What was read, where the field does not show it as it is.
    pub value: String,
    /// The place in the original beside the form; none where it is not in the text.
    pub url: Option<String>,
    /// Why it is not certain.
    pub doubts: String,
}

/// A line of the list of errors above a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldError {
    /// Id of the input.
    pub field: String,
    pub message: String,
}

/// What is wrong with a form that was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// Reads a refusal; `inputs` tells which input shows which field of the request.
    ///
    /// What concerns no input of the form is told above it, with a link to the page's text.
    pub fn of(problem: &Problem, inputs: &[(&str, &str)]) -> Self {
        if problem.errors.is_empty() {
            return Self::one(WHOLE_PAGE, problem.detail.as_str());
        }
        let place = |fault: &FieldProblem| {
            let last = fault.field.rsplit('.').next().unwrap_or_default();
            let input = inputs.iter().find(|(field, _)| *field == last);
            FieldError {
                field: input.map_or(WHOLE_PAGE, |(_, input)| *input).to_owned(),
                message: fault.detail.clone(),
            }
        };
        Self(problem.errors.iter().map(place).collect())
    }

    /// One thing that is wrong.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        Self(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }

    /// What is wrong with one input; empty for nothing.
    pub fn at(&self, input: &str) -> String {
        let found = self.0.iter().find(|error| error.field == input);
        found.map(|error| error.message.clone()).unwrap_or_default()
    }

    /// An input with what was typed and what is wrong with it.
    pub fn field(&self, input: &str, value: &str) -> Field {
        Field { value: value.to_owned(), error: self.at(input), read: None }
    }

    /// Adds one more thing.
    pub fn push(&mut self, field: &str, message: impl Into<String>) {
        self.0.extend(Self::one(field, message).0);
    }

    /// Whether anything is wrong.
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// The list above the form.
    pub fn list(&self) -> Vec<FieldError> {
        self.0.clone()
    }
}

/// The links below a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    /// The first page, unless this is it.
    pub first: Option<String>,
    pub next: Option<String>,
    pub summary: String,
}

/// A figure, which opens what it counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    pub label: String,
    pub count: String,
    pub url: String,
}

/// One value that a list can be narrowed to, or a state of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacetOption {
    pub label: String,
    pub count: String,
    pub url: String,
    pub current: bool,
}

/// The values of one kind that a list can be narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facet {
    pub name: String,
    pub options: Vec<FacetOption>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_stand_at_the_inputs_that_show_the_fields() {
        let mut problem = Problem::of_status(http::StatusCode::BAD_REQUEST);
        let fault = |field: &str, detail: &str| FieldProblem {
            field: field.to_owned(),
            detail: detail.to_owned(),
        };
        problem.errors =
            vec![fault("interpretation.text", "正文太短"), fault("source_id", "编号太长")];
        let faults = Faults::of(&problem, &[("title", "title"), ("text", "body")]);
        assert_eq!(faults.at("body"), "正文太短");
        assert_eq!(faults.at(WHOLE_PAGE), "编号太长", "what has no input stands above the form");
        assert_eq!(faults.field("body", "甲").value, "甲");
    }

    #[test]
    fn a_refusal_without_fields_is_told_in_its_own_words() {
        let problem = Problem::of_status(http::StatusCode::NOT_FOUND);
        assert_eq!(Faults::of(&problem, &[]).at(WHOLE_PAGE), problem.detail);
    }

    #[test]
    fn the_chosen_value_is_marked() {
        let choices = Choice::all([("", "全部"), ("a", "甲")], "a");
        assert!(!choices[0].chosen && choices[1].chosen);
    }
}
