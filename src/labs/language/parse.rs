//! Text into conditions and claims, by recursive descent; every error points at its word.

mod measure;

use std::ops::Range;

pub(super) use measure::measure;

use super::{Claim, Comparison, Condition, Over, Relation, Side, Test, When, read_seeds};
use crate::engine::time::{Span, Time};
use crate::labs::lab::Spec;
use crate::labs::reading::Quantity;
use crate::labs::text::{Misread, nearest};

/// Brackets may nest this deep; content is untrusted and the stack is not endless.
const DEEPEST: usize = 32;

pub(super) fn condition(text: &str, spec: &'static Spec) -> Result<Condition, Misread> {
    let mut parser = Parser::new(text, spec);
    let condition = parser.any(0)?;
    parser.end()?;
    Ok(condition)
}

pub(super) fn claim(text: &str, spec: &'static Spec) -> Result<Claim, Misread> {
    if !Parser::new(text, spec).tokens.windows(2).any(|pair| pair[0].1 == "on" && pair[1].1 == "seeds") {
        return condition(text, spec).map(Claim::EachRun);
    }
    let mut parser = Parser::new(text, spec);
    let claim = parser.over_seeds()?;
    parser.end()?;
    Ok(claim)
}

struct Parser<'a> {
    text: &'a str,
    spec: &'static Spec,
    tokens: Vec<(Range<usize>, &'a str)>,
    next: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, spec: &'static Spec) -> Self {
        Self { text, spec, tokens: tokens(text), next: 0 }
    }

    fn peek(&self) -> &'a str {
        self.tokens.get(self.next).map_or("", |(_, word)| word)
    }

    fn place(&self) -> Range<usize> {
        self.tokens.get(self.next).map_or(self.text.len()..self.text.len(), |(at, _)| at.clone())
    }

    fn take(&mut self) -> &'a str {
        let word = self.peek();
        self.next += 1;
        word
    }

    fn accept(&mut self, word: &str) -> bool {
        let found = self.peek() == word;
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) -> Result<(), Misread> {
        if self.accept(word) { Ok(()) } else { Err(self.wrong(&format!("`{word}` was expected"))) }
    }

    fn wrong(&self, expected: &str) -> Misread {
        let found = if self.peek().is_empty() { "the end".into() } else { format!("`{}`", self.peek()) };
        Misread { at: self.place(), message: format!("{expected}, not {found}"), help: None }
    }

    fn end(&self) -> Result<(), Misread> {
        if self.next >= self.tokens.len() {
            Ok(())
        } else {
            Err(self.wrong("`and`, `or` or the end was expected"))
        }
    }

    fn any(&mut self, depth: usize) -> Result<Condition, Misread> {
        let mut left = self.all(depth)?;
        while self.accept("or") {
            left = Condition::Or(Box::new(left), Box::new(self.all(depth)?));
        }
        Ok(left)
    }

    fn all(&mut self, depth: usize) -> Result<Condition, Misread> {
        let mut left = self.one(depth)?;
        while self.accept("and") {
            left = Condition::And(Box::new(left), Box::new(self.one(depth)?));
        }
        Ok(left)
    }

    fn one(&mut self, depth: usize) -> Result<Condition, Misread> {
        if depth > DEEPEST {
            return Err(self.wrong("fewer brackets were expected"));
        }
        if self.accept("not") {
            return Ok(Condition::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.accept("(") {
            let inner = self.any(depth + 1)?;
            self.expect(")")?;
            return Ok(inner);
        }
        self.test()
    }

    fn test(&mut self) -> Result<Condition, Misread> {
        let place = self.place();
        let left = self.side()?;
        let Side::Reading { index, over, .. } = &left else {
            return Err(Misread { at: place, message: "a reading comes first".into(), help: None });
        };
        let kind = self.spec.readings[*index].kind;
        let is = if self.accept("is") {
            if over.is_some() {
                return Err(self.wrong("a comparison was expected"));
            }
            self.state(kind)?
        } else {
            number_wanted(kind, &place)?;
            let compare = self.comparison()?;
            let right_at = self.place();
            let right = self.side()?;
            if let Side::Reading { index, .. } = &right {
                number_wanted(self.spec.readings[*index].kind, &right_at)?;
            }
            Relation::Compare(compare, right)
        };
        let aggregates = |side: &Side| matches!(side, Side::Reading { over: Some(_), .. });
        let aggregate = aggregates(&left) || matches!(&is, Relation::Compare(_, right) if aggregates(right));
        let when_at = self.place();
        let when = self.when(aggregate)?;
        if aggregate && !matches!(when, When::Throughout { .. }) {
            let message = "`mean`, `max` and the like are taken over seconds: say `after T`, `for D after T` or `always`";
            return Err(Misread { at: when_at, message: message.into(), help: None });
        }
        Ok(Condition::Test(Test { left, is, when }))
    }

    fn state(&mut self, kind: Quantity) -> Result<Relation, Misread> {
        let word = self.peek();
        if word == "none" && !matches!(kind, Quantity::State(words) if words.contains(&"none")) {
            self.next += 1;
            return Ok(Relation::Nothing);
        }
        let Quantity::State(words) = kind else {
            return Err(self.wrong("`none` was expected, as this reading is a number"));
        };
        match words.iter().find(|known| **known == word) {
            Some(known) => {
                self.next += 1;
                Ok(Relation::State(known))
            }
            None => Err(self.wrong(&format!("one of {} was expected", words.join(", ")))),
        }
    }

    fn comparison(&mut self) -> Result<Comparison, Misread> {
        let compare = match self.peek() {
            "<" => Comparison::Less,
            "<=" => Comparison::AtMost,
            ">" => Comparison::More,
            ">=" => Comparison::AtLeast,
            "=" | "==" => Comparison::Equal,
            "!=" => Comparison::Differs,
            _ => return Err(self.wrong("a comparison (<, <=, >, >=, =, !=) or `is` was expected")),
        };
        self.next += 1;
        Ok(compare)
    }

    fn side(&mut self) -> Result<Side, Misread> {
        if let Some(number) = number(self.peek()) {
            self.next += 1;
            if !self.accept("*") {
                return Ok(Side::Number(number));
            }
            return self.reading(number);
        }
        self.reading(1.0)
    }

    fn reading(&mut self, times: f64) -> Result<Side, Misread> {
        let over = if self.tokens.get(self.next + 1).is_some_and(|(_, word)| *word == "(") {
            let over = self.over()?;
            self.expect("(")?;
            Some(over)
        } else {
            None
        };
        let (index, name) = self.reading_name()?;
        if over.is_some() {
            self.expect(")")?;
        }
        Ok(Side::Reading { times, index, name, over })
    }

    fn reading_name(&mut self) -> Result<(usize, &'static str), Misread> {
        let word = self.peek();
        let readings = self.spec.readings;
        if let Some(index) = readings.iter().position(|reading| reading.name == word) {
            self.next += 1;
            return Ok((index, readings[index].name));
        }
        let help = nearest(word, readings.iter().map(|reading| reading.name))
            .map(|near| format!("did you mean `{near}`?"));
        let message = if word.is_empty() {
            "a reading was expected, not the end".into()
        } else {
            format!("lab `{}` has no reading `{word}`", self.spec.name)
        };
        Err(Misread { at: self.place(), message, help })
    }

    fn over(&mut self) -> Result<Over, Misread> {
        let over = match self.peek() {
            "mean" => Over::Mean,
            "min" => Over::Min,
            "max" => Over::Max,
            "sum" => Over::Sum,
            word => match word.strip_prefix('p').and_then(|n| n.parse::<f64>().ok()) {
                Some(percent) if (0.0..=100.0).contains(&percent) => Over::Quantile(percent / 100.0),
                _ => return Err(self.wrong("one of mean, min, max, sum, p50, p90, p99 was expected")),
            },
        };
        self.next += 1;
        Ok(over)
    }

    fn when(&mut self, aggregate: bool) -> Result<When, Misread> {
        match self.peek() {
            "at" => {
                self.next += 1;
                self.instant().map(When::At)
            }
            "for" => {
                self.next += 1;
                let lasts = Some(self.span()?);
                self.expect("after")?;
                Ok(When::Throughout { after: self.instant()?, lasts })
            }
            "after" => {
                self.next += 1;
                let after = self.instant()?;
                let lasts = if self.accept("for") { Some(self.span()?) } else { None };
                Ok(When::Throughout { after, lasts })
            }
            "within" => {
                self.next += 1;
                let span = self.span()?;
                self.expect("of")?;
                Ok(When::Within { of: self.instant()?, span })
            }
            "always" => {
                self.next += 1;
                Ok(When::Throughout { after: Time::ZERO, lasts: None })
            }
            "never" => {
                self.next += 1;
                Ok(When::Never)
            }
            _ if aggregate => Ok(When::Throughout { after: Time::ZERO, lasts: None }),
            _ => Ok(When::End),
        }
    }

    fn span(&mut self) -> Result<Span, Misread> {
        match self.peek().parse() {
            Ok(span) => {
                self.next += 1;
                Ok(span)
            }
            Err(_) => Err(self.wrong("a time such as 10s was expected")),
        }
    }

    fn instant(&mut self) -> Result<Time, Misread> {
        self.span().map(|span| Time::ZERO + span)
    }

    fn over_seeds(&mut self) -> Result<Claim, Misread> {
        if self.accept("share") {
            self.expect("(")?;
            let condition = self.any(0)?;
            self.expect(")")?;
            let (compare, than) = self.compared_number()?;
            let seeds = self.on_seeds()?;
            return Ok(Claim::Share { condition, compare, than, seeds });
        }
        let over = self.over()?;
        self.expect("(")?;
        let at = self.place();
        let (index, _) = self.reading_name()?;
        number_wanted(self.spec.readings[index].kind, &at)?;
        self.expect(")")?;
        let (compare, than) = self.compared_number()?;
        let seeds = self.on_seeds()?;
        Ok(Claim::Readings { over, index, compare, than, seeds })
    }

    fn compared_number(&mut self) -> Result<(Comparison, f64), Misread> {
        let compare = self.comparison()?;
        let than = number(self.peek()).ok_or_else(|| self.wrong("a number was expected"))?;
        self.next += 1;
        Ok((compare, than))
    }

    fn on_seeds(&mut self) -> Result<Option<std::ops::RangeInclusive<u64>>, Misread> {
        self.expect("on")?;
        self.expect("seeds")?;
        if self.peek().is_empty() {
            return Ok(None);
        }
        let at = self.place();
        read_seeds(self.take()).map(Some).map_err(|err| err.shifted(at.start))
    }
}

/// Refuses a state where a number is wanted.
fn number_wanted(kind: Quantity, at: &Range<usize>) -> Result<(), Misread> {
    if let Quantity::State(words) = kind {
        let message = "this reading is a state".into();
        return Err(Misread {
            at: at.clone(),
            message,
            help: Some(format!("write `is {}`", words.join(" | "))),
        });
    }
    Ok(())
}

/// A plain number, a percentage or a time.
fn number(word: &str) -> Option<f64> {
    if !word.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') {
        return None;
    }
    if let Some(percent) = word.strip_suffix('%') {
        return percent.parse::<f64>().ok().map(|x| x / 100.0);
    }
    word.parse().ok().filter(|x: &f64| x.is_finite()).or_else(|| word.parse::<Span>().ok().map(Span::secs))
}

/// Words, numbers, comparisons and brackets.
fn tokens(text: &str) -> Vec<(Range<usize>, &str)> {
    let kind = |c: char| match c {
        '(' | ')' | '*' | ',' => 0,
        '<' | '>' | '=' | '!' => 1,
        _ if c.is_whitespace() => 2,
        _ => 3,
    };
    let mut found: Vec<(Range<usize>, &str)> = Vec::new();
    let mut last = 2;
    for (i, c) in text.char_indices() {
        let end = i + c.len_utf8();
        match found.last_mut() {
            Some((range, word)) if last == kind(c) && last != 0 && last != 2 => {
                range.end = end;
                *word = &text[range.clone()];
            }
            _ if kind(c) == 2 => {}
            _ => found.push((i..end, &text[i..end])),
        }
        last = kind(c);
    }
    found
}
