//! The organs of the city, to choose from and to show as a tree.

use std::collections::{HashMap, HashSet};

use contracts::identity::{ListOrgansRequest, Organ};

use super::view::parts::Choice;
use crate::{clients::Clients, problem::Problem};

const PAGE_SIZE: u32 = 200;
/// More organs than any city has; a service that never comes to an end must not hold us.
const MOST_PAGES: usize = 50;

/// All organs, in the order in which identity lists them.
pub async fn all(clients: &Clients) -> Result<Vec<Organ>, Problem> {
    let mut identity = clients.identity();
    let mut organs = Vec::new();
    let mut page_token = String::new();
    for _ in 0..MOST_PAGES {
        let request = ListOrgansRequest { page_size: PAGE_SIZE, page_token };
        let answer = identity.list_organs(request).await?.into_inner();
        organs.extend(answer.organs);
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    Ok(organs)
}

/// Organs as the choices of a form.
pub fn choices<'a>(organs: impl IntoIterator<Item = &'a Organ>, chosen: &str) -> Vec<Choice> {
    Choice::all(organs.into_iter().map(|organ| (&*organ.code, &*organ.name)), chosen)
}

/// The organ of this code and all below it.
pub fn below<'a>(organs: &'a [Organ], code: &str) -> Vec<&'a Organ> {
    let own = tree(organs).into_iter().skip_while(|(_, organ)| organ.code != code);
    let mut own = own.peekable();
    let Some(top) = own.peek().map(|(depth, _)| *depth) else { return Vec::new() };
    let (first, rest) = (own.next(), own.take_while(|(depth, _)| *depth > top));
    first.into_iter().chain(rest).map(|(_, organ)| organ).collect()
}

/// The tree, depth first, with how deep each organ stands.
pub fn tree(organs: &[Organ]) -> Vec<(usize, &Organ)> {
    let codes: HashSet<&str> = organs.iter().map(|organ| organ.code.as_str()).collect();
    let mut children: HashMap<&str, Vec<&Organ>> = HashMap::new();
    for organ in organs {
        // One whose parent is not known stands at the top: it must not vanish.
        let known = codes.contains(organ.parent_code.as_str());
        let parent = if known { organ.parent_code.as_str() } else { "" };
        children.entry(parent).or_default().push(organ);
    }
    let mut rows = Vec::with_capacity(organs.len());
    let mut waiting: Vec<(usize, &Organ)> = Vec::new();
    let mut put = |waiting: &mut Vec<_>, depth, parent| {
        let below = children.remove(parent).unwrap_or_default();
        waiting.extend(below.into_iter().rev().map(|organ| (depth, organ)));
    };
    put(&mut waiting, 0, "");
    while let Some((depth, organ)) = waiting.pop() {
        rows.push((depth, organ));
        put(&mut waiting, depth + 1, organ.code.as_str());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organ(code: &str, parent: &str) -> Organ {
        Organ { code: code.to_owned(), parent_code: parent.to_owned(), ..Organ::default() }
    }

    #[test]
    fn the_tree_is_shown_depth_first_and_loses_nobody() {
        let organs = [
            organ("school", "county"),
            organ("city", ""),
            organ("county", "city"),
            organ("office", "city"),
            organ("orphan", "gone"),
        ];
        let rows: Vec<(usize, &str)> =
            tree(&organs).into_iter().map(|(depth, organ)| (depth, organ.code.as_str())).collect();
        assert_eq!(rows, [(0, "city"), (1, "county"), (2, "school"), (1, "office"), (0, "orphan")]);
        let own: Vec<&str> = below(&organs, "county").iter().map(|o| o.code.as_str()).collect();
        assert_eq!(own, ["county", "school"]);
        assert!(below(&organs, "nowhere").is_empty());
    }
}
