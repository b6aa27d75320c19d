//! Tables whose keys are data: knobs, lines of code.

use toml::Spanned;
use toml::de::{DeString, DeValue};

use super::super::origin::Prose;
use super::super::place::{Name, Placed};
use super::super::showable;
use super::Fields;

impl<'s> Fields<'s> {
    /// All that is left, key by key in the order written, with each value as the text a person would type.
    pub fn drain_words(&mut self) -> Vec<(Name, Name)> {
        let mut words = Vec::new();
        for (key, value) in std::mem::take(&mut self.left) {
            let name = Placed::new(showable::one_line(key.get_ref()), self.source.place(key.span()));
            let place = self.source.place(value.span());
            let word = match value.get_ref() {
                DeValue::Boolean(true) => Some(Placed::new("on".to_owned(), place)),
                DeValue::Boolean(false) => Some(Placed::new("off".to_owned(), place)),
                DeValue::Integer(_) | DeValue::Float(_) => {
                    let raw = self.source.text.get(value.span()).unwrap_or_default();
                    Some(Placed::new(raw.replace('_', ""), place))
                }
                DeValue::String(_) => self.source.line(&name.value, &value),
                DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                    self.source.wrong_type(&name.value, "a string, a number, true or false", &value);
                    None
                }
            };
            words.extend(word.map(|word| (name, word)));
        }
        words.sort_by_key(|(name, _)| name.place);
        words
    }

    /// All that is left, as prose by key in the order written.
    pub fn drain_proses(&mut self) -> Vec<(Name, Prose)> {
        let left = std::mem::take(&mut self.left);
        let prose = |(key, value): (Spanned<DeString<'s>>, Spanned<DeValue<'s>>)| {
            let name: Name = Placed::new(showable::one_line(key.get_ref()), self.source.place(key.span()));
            self.source.prose(&name.value, &value).map(|prose| (name, prose))
        };
        let mut proses: Vec<_> = left.into_iter().filter_map(prose).collect();
        proses.sort_by_key(|(name, _)| name.place);
        proses
    }
}
