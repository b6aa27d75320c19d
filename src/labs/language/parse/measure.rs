//! Text into a number to be measured: what stands where nothing is compared.

use super::{Parser, number_wanted};
use crate::labs::lab::Spec;
use crate::labs::language::{Condition, Measure, Over, Side, Test, When};
use crate::labs::reading::Quantity;
use crate::labs::text::Misread;

pub(in crate::labs::language) fn measure(text: &str, spec: &'static Spec) -> Result<Measure, Misread> {
    let mut parser = Parser::new(text, spec);
    let measure = parser.measure()?;
    if parser.peek().is_empty() { Ok(measure) } else { Err(parser.wrong("the end was expected")) }
}

impl Parser<'_> {
    /// A number to be measured: a reading at a moment or put together over seconds, or how long it takes until a test holds.
    fn measure(&mut self) -> Result<Measure, Misread> {
        let place = self.place();
        if self.accept("until") {
            return match self.test()? {
                Condition::Test(Test { when: When::Throughout { after, lasts }, left, is }) => {
                    Ok(Measure::until(left, is, after, lasts))
                }
                _ => Err(Misread {
                    at: place,
                    message: "`until` wants to know from when: end it with `after T`, or `for D after T`"
                        .into(),
                    help: None,
                }),
            };
        }
        let (first, kind, over) = self.term(1.0)?;
        let mut sides = vec![first];
        while let sign @ ("+" | "-") = self.peek() {
            self.next += 1;
            let at = self.place();
            let (side, other, its) = self.term(if sign == "-" { -1.0 } else { 1.0 })?;
            let message = if over.is_some() != its.is_some() {
                "either every reading or none is put together over seconds"
            } else if std::mem::discriminant(&kind) != std::mem::discriminant(&other) {
                "readings that are added up are of one kind: rates, counts, levels"
            } else {
                sides.push(side);
                continue;
            };
            return Err(Misread { at, message: message.into(), help: None });
        }
        let when_at = self.place();
        let when = self.when(over.is_some())?;
        let message = match (over, when) {
            (None, When::End | When::At(_)) | (Some(_), When::Throughout { .. }) => {
                return Ok(Measure::readings(sides, kind, when));
            }
            (None, _) => {
                "one number is wanted of these seconds: say mean(...), sum(...), max(...) or the like"
            }
            (Some(_), _) => "these seconds are written `after T`, `for D after T` or `always`",
        };
        Err(Misread { at: when_at, message: message.into(), help: None })
    }

    /// A reading that is added up with others.
    fn term(&mut self, sign: f64) -> Result<(Side, Quantity, Option<Over>), Misread> {
        let at = self.place();
        let Side::Reading { times, index, name, over } = self.side()? else {
            return Err(Misread { at, message: "a reading comes first, or `until`".into(), help: None });
        };
        let kind = self.spec.readings[index].kind;
        number_wanted(kind, &at)?;
        Ok((Side::Reading { times: sign * times, index, name, over }, kind, over))
    }
}
