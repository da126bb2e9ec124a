//! What the documents of a library do to one another, and what of it counts.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::circle;
use super::document::Relation;
use super::family::Families;
use super::flaw::Flaw;
use super::index::Index;
use super::power::Power;
use super::resolve::{Resolved, Resolver};
use crate::act::{Act, ActKind, Policy};
use crate::grounds::Grounds;

/// An act of one document on another, by index.
struct Edge {
    acting: usize,
    target: usize,
    act: Act,
}

/// Adds to the grounds of each document the acts that count for it.
pub(super) fn add(index: &Index, grounds: &mut [Grounds], flaws: &mut Vec<Flaw>) {
    let mut edges = found(index, flaws);
    let circles = circles(index, &edges, flaws);
    // The acts of one day stand together, the earliest day first; those without one count always.
    edges.sort_by_key(|edge| edge.act.from);
    let mut ended: Vec<Option<NaiveDate>> =
        grounds.iter().map(|grounds| grounds.last_day()?.day().succ_opt()).collect();
    for day in edges.chunk_by(|one, other| one.act.from == other.act.from) {
        let contested = contested(day, &circles);
        let mut counted = Vec::new();
        for edge in day {
            let ended_on = ended.get(edge.acting).copied().flatten();
            let late = ended_on.filter(|ended| edge.act.from.is_some_and(|from| *ended < from));
            if let Some(ended_on) = late {
                flaws.extend(actor_ended(index, edge, ended_on));
            } else if !(edge.act.ends() && contested.contains(&edge.acting)) {
                counted.push(edge);
            }
        }
        for Edge { target, act, .. } in counted {
            if let Some(slot) = ended.get_mut(*target).filter(|_| act.ends()) {
                *slot = slot.or(act.from).min(act.from.or(*slot));
            }
            if let Some(grounds) = grounds.get_mut(*target) {
                grounds.acts.push(act.clone());
            }
        }
    }
    for grounds in grounds {
        grounds.acts.sort_unstable();
        grounds.acts.dedup();
    }
}

/// Of the documents that end one another in a circle, those that are themselves ended on the day
/// on which they act: that day's acts contradict one another.
fn contested(day: &[Edge], circles: &[Option<usize>]) -> HashSet<usize> {
    let circle = |at: usize| circles.get(at).copied().flatten();
    let within = |edge: &&Edge| {
        let acting = circle(edge.acting);
        edge.act.ends()
            && edge.act.kind != ActKind::NewVersion
            && acting.is_some()
            && acting == circle(edge.target)
    };
    day.iter().filter(within).map(|edge| edge.target).collect()
}

fn actor_ended(index: &Index, edge: &Edge, ended_on: NaiveDate) -> Option<Flaw> {
    let (by, document) = (policy(index, edge.acting)?, policy(index, edge.target)?);
    // That a version was followed by the next before it began is no flaw of either.
    (edge.act.kind != ActKind::NewVersion).then_some(Flaw::ActorEnded { by, document, ended_on })
}

/// All acts whose target is found and whose organ has the power.
fn found(index: &Index, flaws: &mut Vec<Flaw>) -> Vec<Edge> {
    let families = Families::of(index);
    let resolver = Resolver { index, families: &families };
    let mut edges = Vec::new();
    for (acting, entry) in index.entries.iter().enumerate() {
        if !entry.document.published {
            continue;
        }
        for relation in &entry.document.relations {
            edges.extend(edges_of(&resolver, acting, relation, flaws));
        }
    }
    for family in &families.dated {
        edges.extend(family.iter().zip(family.iter().skip(1)).filter_map(|(earlier, later)| {
            let (before, after) = (index.get(*earlier)?, index.get(*later)?);
            let from = after.document.worded_from();
            let is_later = before.document.worded_from() < from && !before.is_copy_of(after);
            let act = Act::new(ActKind::NewVersion, after.document.policy(), from);
            is_later.then_some(Edge { acting: *later, target: *earlier, act })
        }));
    }
    edges
}

fn edges_of(
    resolver: &Resolver,
    acting: usize,
    relation: &Relation,
    flaws: &mut Vec<Flaw>,
) -> Vec<Edge> {
    let index = resolver.index;
    let Some((entry, by)) = index.get(acting).zip(policy(index, acting)) else { return Vec::new() };
    let kind = relation.kind;
    let targets = match resolver.resolve(acting, relation) {
        Resolved::Found(targets) => targets,
        Resolved::Itself => {
            flaws.push(Flaw::ActsOnItself { document: by, kind });
            return Vec::new();
        }
        Resolved::Nobody => {
            flaws.push(Flaw::Unresolved { by, kind, target: relation.target.clone() });
            return Vec::new();
        }
        Resolved::Ambiguous(mut candidates) => {
            candidates.sort_unstable();
            candidates.dedup();
            let candidates = candidates.into_iter().filter_map(|at| policy(index, at)).collect();
            flaws.push(Flaw::Ambiguous { by, kind, target: relation.target.clone(), candidates });
            return Vec::new();
        }
    };
    let document = &entry.document;
    let act = Act {
        kind,
        by: by.clone(),
        article: relation.article.clone(),
        articles: relation.articles.clone(),
        from: document.first_day(relation),
    };
    let mut edges = Vec::new();
    for target in targets {
        let Some(theirs) = policy(index, target) else { continue };
        if !document.with_consent && resolver.power(acting, target) == Power::None {
            flaws.push(Flaw::NoPower { by: by.clone(), kind, document: theirs });
            continue;
        }
        if resolver.is_later(target, acting, relation) {
            flaws.push(Flaw::ActsOnLater { by: by.clone(), document: theirs });
        }
        edges.push(Edge { acting, target, act: act.clone() });
    }
    edges
}

/// The circle that each document is in, each circle a flaw.
fn circles(index: &Index, edges: &[Edge], flaws: &mut Vec<Flaw>) -> Vec<Option<usize>> {
    let pairs: Vec<(usize, usize)> = edges
        .iter()
        .filter(|edge| edge.act.kind != ActKind::NewVersion)
        .map(|edge| (edge.acting, edge.target))
        .collect();
    let circles = circle::circles(index.entries.len(), &pairs);
    let mut members: BTreeMap<usize, Vec<Policy>> = BTreeMap::new();
    for (at, circle) in circles.iter().enumerate() {
        if let Some(circle) = circle {
            members.entry(*circle).or_default().extend(policy(index, at));
        }
    }
    flaws.extend(members.into_values().map(|documents| Flaw::Circle { documents }));
    circles
}

fn policy(index: &Index, at: usize) -> Option<Policy> {
    index.get(at).map(|entry| entry.document.policy())
}
