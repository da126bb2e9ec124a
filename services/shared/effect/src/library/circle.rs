//! Circles of documents that act on one another.

/// For each node the circle it is in: nodes that reach one another have the same mark, nodes in
/// no circle have none. Linear in nodes and edges, and without recursion (Tarjan's components).
pub(super) fn circles(nodes: usize, edges: &[(usize, usize)]) -> Vec<Option<usize>> {
    let mut walk = Walk::new(nodes, edges);
    for root in 0..nodes {
        walk.from(root);
    }
    walk.mark
}

struct Walk {
    next: Vec<Vec<usize>>,
    /// When a node was first met, and the earliest node it reaches; 0: not met.
    met: Vec<usize>,
    low: Vec<usize>,
    open: Vec<bool>,
    stack: Vec<usize>,
    clock: usize,
    mark: Vec<Option<usize>>,
    circles: usize,
}

impl Walk {
    fn new(nodes: usize, edges: &[(usize, usize)]) -> Self {
        let mut next = vec![Vec::new(); nodes];
        for (from, to) in edges {
            if let Some(next) = next.get_mut(*from) {
                next.push(*to);
            }
        }
        Self {
            next,
            met: vec![0; nodes],
            low: vec![0; nodes],
            open: vec![false; nodes],
            stack: Vec::new(),
            clock: 0,
            mark: vec![None; nodes],
            circles: 0,
        }
    }

    fn from(&mut self, root: usize) {
        if value(&self.met, root) != 0 {
            return;
        }
        let mut path = vec![(root, 0)];
        self.enter(root);
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            let to = self.next.get(node).and_then(|next| next.get(*edge)).copied();
            *edge += 1;
            match to {
                Some(to) if value(&self.met, to) == 0 => {
                    self.enter(to);
                    path.push((to, 0));
                }
                Some(to) if value(&self.open, to) => self.reach(node, value(&self.met, to)),
                Some(_) => {}
                None => {
                    path.pop();
                    self.leave(node);
                    if let Some((above, _)) = path.last() {
                        self.reach(*above, value(&self.low, node));
                    }
                }
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.clock += 1;
        set(&mut self.met, node, self.clock);
        set(&mut self.low, node, self.clock);
        set(&mut self.open, node, true);
        self.stack.push(node);
    }

    fn reach(&mut self, node: usize, low: usize) {
        let lower = value(&self.low, node).min(low);
        set(&mut self.low, node, lower);
    }

    fn leave(&mut self, node: usize) {
        if value(&self.low, node) != value(&self.met, node) {
            return;
        }
        let at = self.stack.iter().rposition(|other| *other == node).unwrap_or_default();
        let component = self.stack.split_off(at);
        for member in &component {
            set(&mut self.open, *member, false);
            if component.len() > 1 {
                set(&mut self.mark, *member, Some(self.circles));
            }
        }
        self.circles += 1;
    }
}

fn value<T: Copy + Default>(values: &[T], at: usize) -> T {
    values.get(at).copied().unwrap_or_default()
}

fn set<T>(values: &mut [T], at: usize, value: T) {
    if let Some(slot) = values.get_mut(at) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_has_no_circle() {
        assert_eq!(circles(3, &[(0, 1), (1, 2), (0, 2)]), [None, None, None]);
    }

    #[test]
    fn two_circles_are_told_apart() {
        let found = circles(6, &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 4), (4, 2)]);
        assert!(found[0].is_some() && found[0] == found[1]);
        assert!(found[2].is_some() && found[2] == found[3] && found[3] == found[4]);
        assert!(found[0] != found[2]);
        assert_eq!(found[5], None);
    }

    #[test]
    fn long_chains_do_not_overflow() {
        let edges: Vec<_> = (0..200_000).map(|at| (at, (at + 1) % 200_000)).collect();
        assert!(circles(200_000, &edges).iter().all(Option::is_some));
    }
}
