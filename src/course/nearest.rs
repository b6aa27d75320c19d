//! The nearest known name to a misspelt one.

/// What to suggest for a name that is none of `known`: the nearest ones, or all of them if they are few.
pub fn suggestion<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .filter(|(far, candidate)| is_near(*far, name, candidate))
        .collect();
    near.sort_unstable();
    near.dedup();
    match near.as_slice() {
        [] if known.is_empty() => None,
        [] if known.len() <= FEW => Some(format!("known here: {}", listed(&known))),
        [] => None,
        [one] => Some(format!("did you mean `{}`?", one.1)),
        [(far, one), (next, _), ..] if far < next => Some(format!("did you mean `{one}`?")),
        several => {
            let names: Vec<&str> = several.iter().take(3).map(|(_, name)| *name).collect();
            Some(format!("did you mean one of {}?", listed(&names)))
        }
    }
}

/// How many known names are listed when none is near.
const FEW: usize = 24;

/// Names in backticks, with commas.
pub fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Whether `name` looks like a misspelling of `candidate`.
pub fn is_slip(name: &str, candidate: &str) -> bool {
    is_near(distance(name, candidate), name, candidate)
}

/// Near enough to be a slip: a third of its letters, or one name goes on where the other ends.
fn is_near(far: usize, name: &str, candidate: &str) -> bool {
    let longest = name.chars().count().max(candidate.chars().count());
    let goes_on =
        name.len().min(candidate.len()) >= 3 && (name.starts_with(candidate) || candidate.starts_with(name));
    far <= (longest / 3).max(1) || goes_on
}

/// How many letters to insert, delete, replace or swap with their neighbour. Long names count as far from everything.
fn distance(one: &str, other: &str) -> usize {
    const LONGEST: usize = 64;
    let one: Vec<char> = one.chars().flat_map(char::to_lowercase).collect();
    let other: Vec<char> = other.chars().flat_map(char::to_lowercase).collect();
    if one.len() > LONGEST || other.len() > LONGEST {
        return LONGEST;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_a_stranger_is_not() {
        assert_eq!(
            suggestion("tolerence", ["tolerance", "unit"]).as_deref(),
            Some("did you mean `tolerance`?")
        );
        assert_eq!(
            suggestion("unil", ["unit", "until"]).as_deref(),
            Some("did you mean one of `unit`, `until`?")
        );
        assert_eq!(suggestion("xyz", ["unit", "until"]).as_deref(), Some("known here: `unit`, `until`"));
        assert_eq!(suggestion("xyz", []), None);
        assert_eq!(distance("half", "hafl"), 1);
    }
}
