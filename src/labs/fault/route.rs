//! What fault sentences may name: parts, ways of the network, messages on their way.

/// A part that faults can aim at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Its name: `shard-3`.
    pub name: String,
    /// Its kind, as [`FaultSpec::targets`](super::FaultSpec::targets) lists it: `shard`.
    pub kind: &'static str,
}

impl Target {
    /// The kind of ways of the network, which are not listed but made of the names of parts: see [`Route`].
    pub const LINK: &'static str = "link";
    /// The kind of messages on their way, which are known by their number, `m17`, or their age.
    pub const MESSAGE: &'static str = "message";

    /// The name of the message that was sent first of those on their way.
    pub const OLDEST: &'static str = "oldest";
    /// The name of the message that was sent last.
    pub const NEWEST: &'static str = "newest";

    /// The part `name` of kind `kind`.
    pub fn new(name: impl Into<String>, kind: &'static str) -> Self {
        Self { name: name.into(), kind }
    }

    /// The kind of what is called `name` among `parts`.
    pub fn kind_of(name: &str, parts: &[Self]) -> Option<&'static str> {
        let listed = parts.iter().find(|part| part.name == name).map(|part| part.kind);
        let message = || Self::message(name).map(|_| Self::MESSAGE);
        let link = || Route::read(name, parts).map(|_| Self::LINK);
        listed.or_else(message).or_else(link)
    }

    /// The messages that are known by their age: `oldest` and `newest`.
    pub fn by_age() -> [Self; 2] {
        [Self::OLDEST, Self::NEWEST].map(|name| Self::new(name, Self::MESSAGE))
    }

    /// The number of the message `name`.
    pub fn message(name: &str) -> Option<u32> {
        let digits = name.strip_prefix('m')?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    }
}

/// One side of a way: these parts, or all others if there are none.
pub type Ends<'a> = Vec<&'a str>;

/// Ways of the network: `S1,S2` between these and all others, `S1-S2` between two, `S1>S2` only from the first to the
/// second, `S1>all` and `all>S1` all that one sends, or hears.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route<'a> {
    /// Where they begin.
    pub from: Ends<'a>,
    /// Where they end.
    pub to: Ends<'a>,
    /// Whether the way back is not meant.
    pub one_way: bool,
}

impl<'a> Route<'a> {
    /// Reads ways between `parts`; none if `name` is not such.
    pub fn read(name: &'a str, parts: &[Target]) -> Option<Self> {
        let known = |name: &str| name != ALL && parts.iter().any(|part| part.name == name);
        let ends = |names: &'a str| -> Option<Ends<'a>> {
            let ends: Vec<&str> = names.split(',').collect();
            ends.iter().all(|name| known(name)).then_some(ends)
        };
        let side = |names: &'a str| if names == ALL { Some(Vec::new()) } else { ends(names) };
        if let Some((from, to)) = name.split_once('>') {
            let (from, to) = (side(from)?, side(to)?);
            let says_something = !(from.is_empty() && to.is_empty());
            return says_something.then_some(Self { from, to, one_way: true });
        }
        if let Some(from) = ends(name) {
            return Some(Self { from, to: Vec::new(), one_way: false });
        }
        // Names may have hyphens of their own.
        name.match_indices('-').find_map(|(at, _)| {
            let (from, to) = (ends(&name[..at])?, ends(&name[at + 1..])?);
            Some(Self { from, to, one_way: false })
        })
    }
}

/// Every node but those of the other side.
const ALL: &str = "all";

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Vec<Target> {
        ["S1", "S2", "redis-1", "all"].map(|name| Target::new(name, "server")).into()
    }

    fn read(name: &str) -> Option<(Ends<'_>, Ends<'_>, bool)> {
        Route::read(name, &parts()).map(|route| (route.from, route.to, route.one_way))
    }

    #[test]
    fn ways_are_made_of_the_names_of_parts() {
        assert_eq!(read("S1"), Some((vec!["S1"], vec![], false)));
        assert_eq!(read("S1,S2"), Some((vec!["S1", "S2"], vec![], false)));
        assert_eq!(read("S1-S2"), Some((vec!["S1"], vec!["S2"], false)));
        assert_eq!(read("S1-redis-1"), Some((vec!["S1"], vec!["redis-1"], false)));
        assert_eq!(read("redis-1-S2"), Some((vec!["redis-1"], vec!["S2"], false)));
        assert_eq!(read("S1>S2"), Some((vec!["S1"], vec!["S2"], true)));
        assert_eq!(read("S1>all"), Some((vec!["S1"], vec![], true)));
        assert_eq!(read("all>S1,S2"), Some((vec![], vec!["S1", "S2"], true)));
        for nonsense in ["", "S3", "S1-", "S1-S3", "all", "all>all", "S1>", "S1,,S2"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn messages_are_known_by_their_number() {
        assert_eq!(Target::kind_of("m17", &parts()), Some("message"));
        assert_eq!(
            (Target::message("m17"), Target::message("m"), Target::message("m1x")),
            (Some(17), None, None)
        );
        assert_eq!(Target::kind_of("S1-S2", &parts()), Some("link"));
        assert_eq!(Target::kind_of("S1", &parts()), Some("server"));
        assert_eq!(Target::kind_of("S9", &parts()), None);
    }
}
