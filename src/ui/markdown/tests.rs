//! What lesson text looks like, and what no text may do.

use proptest::prelude::*;

use super::*;
use crate::course::model::StepId;
use crate::course::prose::{Align, Code, Language, Run, Style as Set, Table};
use crate::course::{place::Place, prose};

fn plain(text: &str) -> Inlines {
    Inlines::from_plain(text)
}

fn styled(text: &str, style: Set) -> Run {
    Run { text: text.to_owned(), style, link: None }
}

fn linked(text: &str, link: Link) -> Run {
    Run { text: text.to_owned(), style: Set::default(), link: Some(link) }
}

fn code(language: Language, text: &str) -> Block {
    Block::Code(Code { language, text: text.to_owned(), place: Place::default() })
}

fn setting(width: u16) -> Setting<'static> {
    Setting { width, theme: Theme::ansi16(), sources: &[] }
}

fn shown(blocks: &[Block], width: u16) -> String {
    let lines = lay_out(blocks, setting(width)).lines();
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn lesson() -> Vec<Block> {
    let strong = Set { strong: true, ..Set::default() };
    let mono = Set { code: true, ..Set::default() };
    let web = Link::Web("https://resilience4j.readme.io/docs/circuitbreaker".to_owned());
    let step = Link::Step(StepId { lesson: "breaker".to_owned(), number: 5 });
    let nested = prose::List {
        start: Some(9),
        loose: false,
        items: vec![
            vec![Block::Paragraph(plain("nine"))],
            vec![Block::Paragraph(plain("ten, which is a longer item and wraps"))],
        ],
    };
    vec![
        Block::Heading { level: 3, text: plain("What a window is") },
        Block::Paragraph(Inlines(vec![
            styled("A breaker counts ", Set::default()),
            styled("failures", strong),
            styled(" in a window of ", Set::default()),
            styled("slidingWindowSize", mono),
            styled(" calls, and when they are too many, it ", Set::default()),
            linked("opens", web.clone()),
            styled(" (see ", Set::default()),
            linked("the next lesson", step),
            styled(", and again ", Set::default()),
            linked("the page", web),
            styled(").", Set::default()),
        ])),
        Block::List(prose::List {
            start: None,
            loose: false,
            items: vec![
                vec![Block::Paragraph(plain(
                    "closed: calls pass, and their outcomes are counted in the window",
                ))],
                vec![Block::Paragraph(plain("open: calls are rejected")), Block::List(nested)],
            ],
        }),
        Block::Quote(vec![
            Block::Paragraph(plain("Failing fast is the product: an error in 1 ms frees the thread.")),
            Block::Paragraph(plain("A note.")),
        ]),
        Block::Table(Table {
            columns: vec![Align::Left, Align::Right, Align::Left],
            head: vec![plain("setting"), plain("default"), plain("meaning")],
            rows: vec![
                vec![plain("minimum calls"), plain("100"), plain("below it, a window has no opinion at all")],
                vec![plain("open for"), plain("60 s"), plain("then probes")],
            ],
        }),
        code(
            Language::Yaml,
            "resilience4j:\n  instances:\n    payments:\n      slidingWindowSize: 100   # calls, not seconds, unless the type says so\n",
        ),
        Block::Rule,
        code(Language::Toml, "[lab]\nscenario = \"trip\"\n"),
    ]
}

#[test]
fn a_lesson_at_76_columns() {
    insta::assert_snapshot!(shown(&lesson(), 76));
}

#[test]
fn a_lesson_at_34_columns() {
    insta::assert_snapshot!(shown(&lesson(), 34));
}

#[test]
fn a_lesson_at_12_columns() {
    insta::assert_snapshot!(shown(&lesson(), 12));
}

#[test]
fn sources_are_named_in_the_notes() {
    let text = vec![Block::Paragraph(Inlines(vec![linked("r4j", Link::Source("r4j".to_owned()))]))];
    assert_eq!(shown(&text, 40), "r4j[1]\n\n[1] r4j");
}

#[test]
fn long_lines_of_code_say_how_much_is_hidden() {
    assert_eq!(
        shown(&[code(Language::Text, "0123456789abcdefghij\n")], 14),
        "  0123456789+10".get(..11).unwrap_or("").to_owned() + "+11"
    );
}

#[test]
fn without_colours_code_has_none() {
    let setting = Setting { theme: Theme::mono(), ..setting(40) };
    let page = lay_out(&lesson(), setting);
    let spans = page
        .body
        .iter()
        .chain(&page.notes)
        .flat_map(|line| line.spans.iter().map(|span| span.style).chain([line.style]));
    assert!(spans.into_iter().all(|style| style.fg.is_none() && style.bg.is_none()));
}

/// Text such as content may hold, and worse: marks, wide characters, joined emoji, tabs, controls.
fn any_text() -> impl Strategy<Value = String> {
    "[a-zA-Z ,.\u{301}日本é👩\u{200d}🚀\t\u{1b}\u{7}-]{0,30}"
}

fn any_inlines() -> impl Strategy<Value = Inlines> {
    let run =
        (any_text(), any::<(bool, bool, bool)>(), 0..4).prop_map(|(text, (strong, emphasis, code), link)| {
            Run {
                text,
                style: Set { strong, emphasis, code },
                link: match link {
                    0 => Some(Link::Web("https://example.org/a/page".to_owned())),
                    1 => Some(Link::Source("r4j".to_owned())),
                    _ => None,
                },
            }
        });
    prop::collection::vec(run, 0..4).prop_map(Inlines)
}

fn any_table() -> impl Strategy<Value = Block> {
    (1_usize..5, 0_usize..4).prop_flat_map(|(columns, rows)| {
        let row = || prop::collection::vec(any_inlines(), columns);
        let align = prop::sample::select(vec![Align::Left, Align::Centre, Align::Right]);
        (prop::collection::vec(align, columns), row(), prop::collection::vec(row(), rows))
            .prop_map(|(columns, head, rows)| Block::Table(Table { columns, head, rows }))
    })
}

fn any_block() -> impl Strategy<Value = Block> {
    let leaf = prop_oneof![
        any_inlines().prop_map(Block::Paragraph),
        (3_u8..7, any_inlines()).prop_map(|(level, text)| Block::Heading { level, text }),
        any_table(),
        Just(Block::Rule),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Block::Quote),
            (
                prop::option::of(0_u64..2000),
                any::<bool>(),
                prop::collection::vec(prop::collection::vec(inner, 0..3), 0..3)
            )
                .prop_map(|(start, loose, items)| Block::List(prose::List {
                    start,
                    loose,
                    items
                })),
        ]
    })
}

/// Every visible character of the text, in order of reading; tables reorder, so they are counted, not ordered.
fn letters(blocks: &[Block], out: &mut Vec<char>) {
    let mut add = |text: &Inlines| {
        out.extend(text.plain().chars().filter(|c| c.is_alphabetic()));
    };
    for block in blocks {
        match block {
            Block::Paragraph(text) | Block::Heading { text, .. } => add(text),
            Block::Table(table) => table.head.iter().chain(table.rows.iter().flatten()).for_each(&mut add),
            _ => {}
        }
    }
    for block in blocks {
        match block {
            Block::Quote(inner) => letters(inner, out),
            Block::List(list) => list.items.iter().for_each(|item| letters(item, out)),
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_width(blocks in prop::collection::vec(any_block(), 0..4), width in 0_u16..90) {
        for line in lay_out(&blocks, setting(width)).lines() {
            let text = line.to_string();
            // What a reader sees as one character is never cut, even if it is wider than the line.
            let widest = crate::ui::wrap::graphemes(&text).map(|(_, wide)| wide).max().unwrap_or(0);
            let fits = super::width(&text) <= width.max(crate::ui::wrap::NARROWEST);
            prop_assert!(fits || widest > crate::ui::wrap::NARROWEST, "{text:?} in {width}");
            prop_assert!(!text.contains(char::is_control), "{text:?}");
        }
    }

    #[test]
    fn no_visible_character_is_lost(blocks in prop::collection::vec(any_block(), 0..4), width in 2_u16..90) {
        let mut expected = Vec::new();
        letters(&blocks, &mut expected);
        let body = lay_out(&blocks, setting(width)).body;
        let mut left: Vec<char> =
            body.iter().flat_map(|line| line.to_string().chars().collect::<Vec<_>>()).filter(|c| c.is_alphabetic()).collect();
        left.sort_unstable();
        expected.sort_unstable();
        // A table whose rows are set as lists repeats its head.
        for c in expected {
            let at = left.binary_search(&c);
            prop_assert!(at.is_ok(), "{c:?} is lost at {width}");
            if let Ok(at) = at {
                left.remove(at);
            }
        }
    }

    #[test]
    fn code_is_cut_and_the_count_is_right(line in "[a-z 日本é]{0,60}", width in 0_u16..50) {
        let page = lay_out(&[code(Language::Text, &format!("{line}\n"))], setting(width));
        let text = page.body.first().map(ToString::to_string).unwrap_or_default();
        prop_assert!(super::width(&text) <= width);
        if let Some((kept, hidden)) = text.rsplit_once('+')
            && let Ok(hidden) = hidden.parse::<u16>()
        {
            let indent = if width > 8 { 2 } else { 0 };
            prop_assert_eq!(super::width(kept) - indent + hidden, super::width(&line));
        }
    }
}
