//! Breaking a title into lines: 回行时，要做到词意完整，排列对称，长短适宜，间距恰当，标题排列应当
//! 使用梯形或菱形 (GB/T 9704-2012, 7.3.1).
//!
//! Every place where a line may end has a price: low where the sense pauses, high within a word
//! or within 《》. Among the ways to break, the cheapest is taken whose lines also make a
//! trapezoid or a diamond.

mod price;
#[cfg(test)]
mod tests;

use crate::kinsoku;
use price::prices;

/// Titles up to this many characters to a line; 20 characters of 2号 fill the line.
pub const LONGEST_LINE: usize = 19;

/// Breaks a title into lines. Line feeds in it are kept as breaks. The lines joined are the
/// title without white space at the breaks; an empty title has no lines.
pub fn break_title(title: &str) -> Vec<String> {
    title
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .flat_map(|line| break_line(line, LONGEST_LINE))
        .collect()
}

/// Half characters that a character is wide.
fn halves(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

fn break_line(line: &str, longest: usize) -> Vec<String> {
    let characters: Vec<char> = line.chars().filter(|c| !kinsoku::invisible(*c)).collect();
    let mut reach = vec![0_usize];
    for character in &characters {
        reach.push(reach.last().copied().unwrap_or(0) + halves(*character));
    }
    let total = reach.last().copied().unwrap_or(0);
    let most = longest.max(1) * 2;
    if total <= most {
        return vec![characters.iter().collect()];
    }
    let prices = prices(&characters);
    let least = total.div_ceil(most);
    let mut best: Option<(u32, Vec<usize>)> = None;
    for count in [least, least + 1] {
        let extra = if count == least { 0 } else { 60 };
        let found = match count {
            2 => two(&prices, &reach, most),
            3 => three(&prices, &reach, most),
            _ => many(&prices, &reach, most, count),
        };
        if let Some((price, ends)) = found
            && best.as_ref().is_none_or(|(known, _)| price + extra < *known)
        {
            best = Some((price + extra, ends));
        }
    }
    let ends = best.map_or_else(|| by_force(&reach, most), |(_, ends)| ends);
    let mut start = 0;
    let mut lines = Vec::new();
    for end in ends.into_iter().chain(std::iter::once(characters.len())) {
        let part: String = characters.get(start..end).unwrap_or(&[]).iter().collect();
        if !part.trim().is_empty() {
            lines.push(part.trim().to_owned());
        }
        start = end;
    }
    lines
}

/// What a shape costs: the lines' widths in half characters.
fn shape(widths: &[usize]) -> u32 {
    let longest = widths.iter().copied().max().unwrap_or(0);
    let shortest = widths.iter().copied().min().unwrap_or(0);
    let mut price = 0;
    // Lines of one length make a block, a middle shorter than both ends an hourglass.
    if let [a, b, c] = widths {
        if b < a && b < c {
            price += 150;
        } else if a == b || b == c {
            price += 8;
        }
    } else if longest == shortest {
        price += 8;
    }
    // No line should be lost beside the longest.
    if shortest * 5 < longest * 2 {
        price += 60;
    }
    price + u32::try_from(longest.saturating_sub(shortest)).unwrap_or(u32::MAX) / 2
}

type Breaks = Option<(u32, Vec<usize>)>;

fn at(list: &[usize], index: usize) -> usize {
    list.get(index).copied().unwrap_or(0)
}

fn two(prices: &[Option<u32>], reach: &[usize], most: usize) -> Breaks {
    let total = reach.last().copied().unwrap_or(0);
    let mut best: Breaks = None;
    for (index, price) in prices.iter().enumerate() {
        let Some(price) = price else { continue };
        let widths = [at(reach, index), total - at(reach, index)];
        if widths.iter().all(|width| *width <= most) {
            keep(&mut best, price + shape(&widths), vec![index]);
        }
    }
    best
}

fn three(prices: &[Option<u32>], reach: &[usize], most: usize) -> Breaks {
    let total = reach.last().copied().unwrap_or(0);
    let mut best: Breaks = None;
    for (first, one) in prices.iter().enumerate().filter(|(i, _)| at(reach, *i) <= most) {
        let Some(one) = one else { continue };
        for (second, other) in prices.iter().enumerate().skip(first + 1) {
            let Some(other) = other else { continue };
            let widths =
                [at(reach, first), at(reach, second) - at(reach, first), total - at(reach, second)];
            if widths.iter().all(|width| *width <= most) {
                keep(&mut best, one + other + shape(&widths), vec![first, second]);
            }
        }
    }
    best
}

fn keep(best: &mut Breaks, price: u32, ends: Vec<usize>) {
    if best.as_ref().is_none_or(|(known, _)| price < *known) {
        *best = Some((price, ends));
    }
}

/// Four lines and more: even lines, cheap breaks.
fn many(prices: &[Option<u32>], reach: &[usize], most: usize, count: usize) -> Breaks {
    let total = reach.last().copied().unwrap_or(0);
    let even = total.div_ceil(count.max(1));
    let mut ends = Vec::new();
    let mut sum = 0;
    let mut start = 0;
    while total - at(reach, start) > most {
        let mut best: Option<(u32, usize)> = None;
        for (index, price) in prices.iter().enumerate().skip(start + 1) {
            let width = at(reach, index) - at(reach, start);
            if width > most {
                break;
            }
            let off = u32::try_from(width.abs_diff(even)).unwrap_or(u32::MAX);
            if let Some(price) = price
                && best.is_none_or(|(known, _)| price.saturating_add(off * 3) < known)
            {
                best = Some((price.saturating_add(off * 3), index));
            }
        }
        let (price, index) = best?;
        sum += price;
        ends.push(index);
        start = index;
    }
    Some((sum, ends))
}

/// Where nothing may break, as within a word longer than the line.
fn by_force(reach: &[usize], most: usize) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut start = 0;
    for index in 1..reach.len() {
        if at(reach, index) - start > most {
            ends.push(index - 1);
            start = at(reach, index - 1);
        }
    }
    ends
}
