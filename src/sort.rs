//! Sorting with little code: one merge serves every type, where each use of the standard
//! library's sorts weighs 4 KB of WebAssembly.
//!
//! What the order is, the callers say.

use std::cmp::Ordering;

/// Sorts `items` by their own order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts `items` as `compare` says; equal ones keep their order.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let is_after = |a: usize, b: usize| compare(&items[a], &items[b]) == Ordering::Greater;
    if let Some(ranks) = ranks(items.len(), &is_after) {
        put(ranks, &mut |a, b| items.swap(a, b));
    }
}

/// For each of `count` items its place among them sorted; `None` where that is the place it
/// has.
fn ranks(count: usize, is_after: &dyn Fn(usize, usize) -> bool) -> Option<Vec<usize>> {
    if (1..count).all(|at| !is_after(at - 1, at)) {
        return None;
    }
    let mut sorted: Vec<usize> = (0..count).collect();
    let mut next = Vec::with_capacity(count);
    let mut width = 1;
    while width < count {
        for runs in sorted.chunks(2 * width) {
            let (mut left, mut right) = runs.split_at(width.min(runs.len()));
            // What comes nearly sorted, as paths do, is hardly looked at.
            if let ([.., last], [first, ..]) = (left, right)
                && !is_after(*last, *first)
            {
                next.extend_from_slice(runs);
                continue;
            }
            while let ([first, ..], [second, ..]) = (left, right) {
                let side = if is_after(*first, *second) { &mut right } else { &mut left };
                next.extend(side.split_off_first());
            }
            next.extend_from_slice(left);
            next.extend_from_slice(right);
        }
        (sorted, next) = (next, sorted);
        next.clear();
        width *= 2;
    }
    next.resize(count, 0);
    for (rank, item) in sorted.into_iter().enumerate() {
        next[item] = rank;
    }
    Some(next)
}

/// Puts every item where its rank says; each swap puts one there.
fn put(mut ranks: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for at in 0..ranks.len() {
        while ranks[at] != at {
            let rank = ranks[at];
            swap(at, rank);
            ranks.swap(at, rank);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does() {
        // Numbers in no order, with many equal ones.
        let mut state = 1u32;
        for count in 0..200 {
            let mut items = Vec::new();
            for at in 0..count {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                items.push(((state >> 16) % (count / 2 + 1), at));
            }
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by(&mut items, |a, b| a.0.cmp(&b.0));
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn leaves_sorted_items_alone() {
        let mut items = ["a", "b", "b", "c"];
        sort(&mut items);
        assert_eq!(items, ["a", "b", "b", "c"]);
        assert_eq!(ranks(4, &|a, b| items[a] > items[b]), None);
        assert_eq!(ranks(2, &|a, b| a < b), Some(vec![1, 0]));
    }
}
