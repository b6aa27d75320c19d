//! Styled runs of a paragraph, and the notes that its links become.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Setting;
use crate::course::model::Source;
use crate::course::prose::{Inlines, Link};
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{NARROWEST, Run, width, wrap};

/// The links met so far; the same link has one number.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) links: Vec<Link>,
}

impl Notes {
    /// The runs of `text` on top of `style`, each link followed by its number.
    pub(super) fn runs(&mut self, text: &Inlines, style: Style, theme: Theme) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut all = text.runs().peekable();
        while let Some(run) = all.next() {
            let mut own = style;
            if run.style.strong {
                own = own.patch(theme.style(Role::Strong));
            }
            if run.style.emphasis {
                own = own.patch(theme.style(Role::Emphasis));
            }
            if run.style.code {
                own = own.patch(theme.style(Role::Code));
            }
            if run.link.is_some() {
                own = own.patch(theme.style(Role::Link));
            }
            runs.push(Run::new(run.text.as_str(), own));
            // A link whose text changes its style is several runs: it is numbered once, after the last.
            let goes_on = all.peek().is_some_and(|next| next.link == run.link);
            if let Some(link) = run.link.as_ref().filter(|_| !goes_on) {
                let number = self.number(link);
                runs.push(Run::new(format!("[{number}]"), theme.style(Role::Dim)));
            }
        }
        runs
    }

    fn number(&mut self, link: &Link) -> usize {
        if let Some(at) = self.links.iter().position(|known| known == link) {
            return at + 1;
        }
        self.links.push(link.clone());
        self.links.len()
    }

    /// The notes, a paragraph each: `[1] Resilience4j 2.2, https://…`.
    pub(super) fn lines(&self, setting: Setting<'_>) -> Vec<Line<'static>> {
        let dim = setting.theme.style(Role::Dim);
        let mut lines = Vec::new();
        for (number, link) in (1..).zip(&self.links) {
            let head = format!("[{number}] ");
            let room = setting.width.saturating_sub(width(&head)).max(NARROWEST);
            let whole = setting.width.saturating_sub(width(&head)) >= super::LEAST_TEXT;
            let runs = [Run::new(words(link, setting.sources), dim)];
            let wrapped = if whole {
                let indent = " ".repeat(head.len());
                let mut wrapped = wrap(&runs, room);
                for (at, line) in wrapped.iter_mut().enumerate() {
                    let prefix = if at == 0 { head.clone() } else { indent.clone() };
                    line.spans.insert(0, Span::styled(prefix, dim));
                }
                wrapped
            } else {
                wrap(&[&[Run::new(head, dim)], runs.as_slice()].concat(), setting.width)
            };
            lines.extend(wrapped);
        }
        lines
    }
}

/// Where a link leads, in words.
fn words(link: &Link, sources: &[Source]) -> String {
    match link {
        Link::Web(address) => address.clone(),
        Link::Step(step) => format!("lesson {step}"),
        Link::Source(id) => sources.iter().find(|source| source.id == *id.as_str()).map_or_else(
            || id.clone(),
            |source| match &source.url {
                Some(address) => format!("{}, {address}", source.title),
                None => source.title.clone(),
            },
        ),
    }
}
