//! The formats of lessons and quizzes: a course with everything in it reads without a word, and each mistake is
//! reported at its own line and column with what to do.

#![expect(clippy::disallowed_methods, reason = "the fixtures are files")]
#![expect(clippy::unwrap_used, reason = "helpers of tests, too, fail by panic")]

use std::path::{Path, PathBuf};

use halfopen::course::prose::Link;
use halfopen::course::{Block, Coverage, Loaded, Problem, SourceFile, StepId, StepRef, load};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn read(folder: &Path, prefix: &str, files: &mut Vec<SourceFile>) {
    for entry in folder.read_dir().unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            read(&entry.path(), &format!("{path}/"), files);
        } else {
            files.push(SourceFile::new(path, std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

fn course() -> Vec<SourceFile> {
    let mut files = Vec::new();
    read(&fixtures().join("course"), "", &mut files);
    files
}

/// Where a broken file stands in the fixture course, by its name.
fn stands_at(name: &str) -> &'static str {
    match name.split_once('-').map_or("", |(first, _)| first) {
        "quiz" => "quizzes/sample.toml",
        "drills" => "quizzes/sample-drills.toml",
        "concepts" => "quizzes/concepts.toml",
        "scenario" => "lessons/01-sample/scenarios/hang.toml",
        "chapter" => "lessons/01-sample/chapter.toml",
        _ => "lessons/01-sample/02-second.md",
    }
}

/// The fixture course with one file broken, and its problems.
fn broken(name: &str) -> Loaded {
    let text = std::fs::read_to_string(fixtures().join("broken").join(name)).unwrap();
    let path = stands_at(name);
    let mut files = course();
    files.retain(|file| file.path != path);
    files.push(SourceFile::new(path, text));
    load(&files)
}

/// Each broken file, the place of its problem, and what is said.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("chapter-misspelt.toml", "lessons/01-sample/chapter.toml:1:1", "unknown key `titel` in this chapter"),
    ("claim-after-code.md", "lessons/01-sample/02-second.md:19:1", "a claim that stands after no text"),
    ("claim-too-many-seeds.md", "lessons/01-sample/02-second.md:18:9", "more than 10000 seeds"),
    ("claim-without-expect.md", "lessons/01-sample/02-second.md:15:1", "this claim has no `expect`"),
    (
        "claim-wrong-seeds.md",
        "lessons/01-sample/02-second.md:18:9",
        "`20..1` is no range of seeds: write it like 1..20",
    ),
    ("concepts-unknown-chapter.toml", "quizzes/concepts.toml:6:11", "there is no chapter `simple`"),
    ("direction-mark.md", "lessons/01-sample/02-second.md:15:6", "U+202E is a text direction mark"),
    ("drills-no-staff-answer.toml", "quizzes/sample-drills.toml:9:11", "this set of answers has no `staff`"),
    (
        "drills-of-another-chapter.toml",
        "quizzes/sample-drills.toml:3:11",
        "a drill of `simple` in the bank of `sample`",
    ),
    (
        "drills-one-follow-up.toml",
        "quizzes/sample-drills.toml:1:1",
        "a drill has 2 to 4 follow-ups, this one 1",
    ),
    (
        "drills-unknown-level.toml",
        "quizzes/sample-drills.toml:25:9",
        "`shold` is none of `must`, `should`, `bonus`",
    ),
    (
        "emoji.md",
        "lessons/01-sample/02-second.md:15:6",
        "U+1F680 is an emoji, whose width differs between terminals",
    ),
    ("entity-of-escape.md", "lessons/01-sample/02-second.md:15:3", "U+001B is a control character"),
    ("escape-character.md", "lessons/01-sample/02-second.md:15:3", "U+001B is a control character"),
    ("footnote.md", "lessons/01-sample/02-second.md:15:7", "footnotes are not shown"),
    ("footnote.md", "lessons/01-sample/02-second.md:17:1", "footnotes are not shown"),
    (
        "front-matter-misspelt.md",
        "lessons/01-sample/02-second.md:4:1",
        "unknown key `minuts` in this front matter",
    ),
    ("front-matter-never-ends.md", "lessons/01-sample/02-second.md:1:1", "no front matter"),
    (
        "front-matter-not-toml.md",
        "lessons/01-sample/02-second.md:3:9",
        "not valid TOML: string values must be quoted, expected literal string",
    ),
    ("goal-no-concept.md", "lessons/01-sample/02-second.md:16:6", "`g` trains no concept"),
    (
        "goal-solution-locked.md",
        "lessons/01-sample/02-second.md:21:22",
        "the solution turns `workers`, which is locked",
    ),
    ("goal-two-hints.md", "lessons/01-sample/02-second.md:20:1", "a goal has exactly 3 hints, this one 2"),
    ("goal-unknown-concept.md", "lessons/01-sample/02-second.md:23:11", "there is no concept `quue`"),
    ("heading-in-quote.md", "lessons/01-sample/02-second.md:15:3", "a heading inside a list or quote"),
    ("heading-skips.md", "lessons/01-sample/02-second.md:15:1", "a heading of level 4 under one of level 2"),
    ("html-block.md", "lessons/01-sample/02-second.md:15:1", "HTML is not shown"),
    ("html.md", "lessons/01-sample/02-second.md:15:8", "HTML is not shown"),
    ("id-no-slug.md", "lessons/01-sample/02-second.md:2:6", "`First Lesson` is no id"),
    ("image.md", "lessons/01-sample/02-second.md:15:5", "a terminal shows no images"),
    ("indented-code.md", "lessons/01-sample/02-second.md:15:5", "indented code has no language"),
    ("indented-lab-wrong-key.md", "lessons/01-sample/02-second.md:17:3", "unknown key `sead` in this lab"),
    ("lab-before-step.md", "lessons/01-sample/02-second.md:11:1", "a lab block before the first step"),
    ("lab-in-list.md", "lessons/01-sample/02-second.md:17:3", "a lab block inside a list or quote"),
    (
        "lab-not-toml.md",
        "lessons/01-sample/02-second.md:17:20",
        "not valid TOML: unclosed array, expected `]`",
    ),
    ("lab-unknown-key.md", "lessons/01-sample/02-second.md:17:1", "unknown key `presset` in this lab"),
    (
        "lab-wrong-time.md",
        "lessons/01-sample/02-second.md:17:8",
        "`20` is not a time: write a number and its unit, like 20s, 1.5s or 150ms",
    ),
    (
        "line-too-long.md",
        "lessons/01-sample/02-second.md:15:1",
        "a line of more than 10000 characters; the file is not read",
    ),
    ("link-to-missing-lesson.md", "lessons/01-sample/02-second.md:15:5", "there is no lesson `fisrt`"),
    ("link-to-missing-source.md", "lessons/01-sample/02-second.md:15:5", "this lesson has no source `bok`"),
    (
        "link-to-missing-step.md",
        "lessons/01-sample/02-second.md:15:5",
        "there is no step `second.9`: the lesson has 1",
    ),
    ("link-to-nowhere.md", "lessons/01-sample/02-second.md:15:5", "a link to nowhere: `other.html`"),
    ("list-too-deep.md", "lessons/01-sample/02-second.md:23:17", "lists and quotes nest more than 8 deep"),
    (
        "minutes-no-number.md",
        "lessons/01-sample/02-second.md:4:11",
        "`minutes` must be a whole number, not a string",
    ),
    ("needs-itself.md", "lessons/01-sample/02-second.md:5:10", "a lesson that needs itself"),
    ("needs-unknown.md", "lessons/01-sample/02-second.md:5:10", "there is no lesson `zeroth`"),
    ("no-front-matter.md", "lessons/01-sample/02-second.md:1:1", "no front matter"),
    ("no-lab-named.md", "lessons/01-sample/02-second.md:15:1", "no lab is named"),
    ("no-language.md", "lessons/01-sample/02-second.md:15:1", "code without a language"),
    ("no-source.md", "lessons/01-sample/02-second.md:2:6", "the lesson `second` names no source"),
    ("no-step.md", "lessons/01-sample/02-second.md:2:6", "a lesson without steps"),
    (
        "predict-ends-before.md",
        "lessons/01-sample/02-second.md:20:1",
        "`until`, when the run decides, must come after `from`",
    ),
    ("predict-no-when.md", "lessons/01-sample/02-second.md:26:1", "unknown key `whem` in this outcome"),
    (
        "predict-one-outcome.md",
        "lessons/01-sample/02-second.md:15:1",
        "a prediction has 2 to 4 outcomes, this one 1",
    ),
    (
        "predict-otherwise-first.md",
        "lessons/01-sample/02-second.md:24:1",
        "only the last outcome may be `otherwise`",
    ),
    (
        "predict-unknown-misconception.md",
        "lessons/01-sample/02-second.md:27:17",
        "there is no misconception `slow-is-fin`",
    ),
    ("quiz-equal-sides.toml", "quizzes/sample.toml:2:6", "`a` has two equal right sides: `x`"),
    ("quiz-escape-in-string.toml", "quizzes/sample.toml:12:8", "U+001B is a control character"),
    ("quiz-html-in-prompt.toml", "quizzes/sample.toml:11:5", "HTML is not shown"),
    ("quiz-level-four.toml", "quizzes/sample.toml:5:9", "`level` must be from 1 to 3"),
    ("quiz-line-outside.toml", "quizzes/sample.toml:2:6", "`a` has the answer line 3 in code of 2 lines"),
    (
        "quiz-list-in-why.toml",
        "quizzes/sample.toml:10:8",
        "only paragraphs stand here, and Markdown reads this as something else",
    ),
    ("quiz-missing-why.toml", "quizzes/sample.toml:1:1", "this question has no `why`"),
    ("quiz-nested-too-deeply.toml", "quizzes/sample.toml:13:17", "nested too deeply"),
    (
        "quiz-none-wrong.toml",
        "quizzes/sample.toml:2:6",
        "`a` needs at least one right and one wrong option; it has 2 right of 2",
    ),
    ("quiz-not-toml-in-one.toml", "quizzes/sample.toml:16:7", "not valid TOML: extra `=`, expected nothing"),
    (
        "quiz-not-toml-in-one.toml",
        "quizzes/sample.toml:16:9",
        "not valid TOML: unexpected key or value, expected newline, `#`",
    ),
    (
        "quiz-one-id-twice.toml",
        "quizzes/sample.toml:15:6",
        "there are two questions `a`; this one is left out",
    ),
    ("quiz-pair-of-three.toml", "quizzes/sample.toml:11:22", "a pair is written [\"left\", \"right\"]"),
    (
        "quiz-right-option-stands-out.toml",
        "quizzes/sample.toml:2:6",
        "the right option of `a` stands out: 72 characters, the longest wrong one 30",
    ),
    ("quiz-see-unknown-scenario.toml", "quizzes/sample.toml:13:20", "this chapter has no scenario `hagn`"),
    (
        "quiz-step-no-step.toml",
        "quizzes/sample.toml:9:8",
        "`first`: a step is named by its lesson and its number, like `breaker.3`",
    ),
    (
        "quiz-text-trap-accepted.toml",
        "quizzes/sample.toml:2:6",
        "`a` has the trap `Half Open`, which counts as right",
    ),
    ("quiz-trap-is-right.toml", "quizzes/sample.toml:2:6", "`a` has the trap 65, which counts as right"),
    ("quiz-two-items.toml", "quizzes/sample.toml:2:6", "`a` needs 3 to 8 items; it has 2"),
    (
        "quiz-two-right.toml",
        "quizzes/sample.toml:2:6",
        "`a` needs exactly one right option; it has 2 right of 3",
    ),
    ("quiz-two-unknown-keys.toml", "quizzes/sample.toml:13:1", "unknown key `tolerence` in this question"),
    ("quiz-two-unknown-keys.toml", "quizzes/sample.toml:14:1", "unknown key `opton` in this question"),
    ("quiz-unknown-concept.toml", "quizzes/sample.toml:7:13", "there is no concept `quue`"),
    ("quiz-unknown-key.toml", "quizzes/sample.toml:13:1", "unknown key `tolerence` in this question"),
    (
        "quiz-unknown-kind.toml",
        "quizzes/sample.toml:4:8",
        "`numbr` is none of `single`, `several`, `order`, `number`, `text`, `line`, `match`",
    ),
    (
        "quiz-unknown-misconception.toml",
        "quizzes/sample.toml:18:17",
        "there is no misconception `slow-is-fin`",
    ),
    (
        "quiz-unknown-skill.toml",
        "quizzes/sample.toml:6:9",
        "`predct` is none of `explain`, `predict`, `compute`, `compare`, `diagnose`, `choose`",
    ),
    ("quiz-unknown-step.toml", "quizzes/sample.toml:9:8", "there is no step `first.7`: the lesson has 3"),
    (
        "quiz-wrong-without-misconception.toml",
        "quizzes/sample.toml:16:1",
        "this option has no `misconception`",
    ),
    ("quiz-wrong-without-why.toml", "quizzes/sample.toml:21:1", "this option has no `why`"),
    ("scenario-no-title.toml", "lessons/01-sample/01-first.md:93:12", "the scenario `hang` has errors"),
    ("scenario-no-title.toml", "lessons/01-sample/scenarios/hang.toml:1:1", "this scenario has no `title`"),
    ("scenario-no-title.toml", "quizzes/sample-drills.toml:10:20", "the scenario `hang` has errors"),
    (
        "set-no-value.md",
        "lessons/01-sample/02-second.md:17:16",
        "`rate` must be a string, a number, true or false, not a list",
    ),
    (
        "step-too-long-beside-lab.md",
        "lessons/01-sample/02-second.md:11:1",
        "this step takes 11 rows; 9 fit beside its lab",
    ),
    (
        "step-too-long.md",
        "lessons/01-sample/02-second.md:11:1",
        "this step takes 21 rows; 20 fit on a screen of 24 lines",
    ),
    ("text-before-step.md", "lessons/01-sample/02-second.md:11:1", "text before the first step"),
    ("title-of-level-one.md", "lessons/01-sample/02-second.md:15:1", "a title of level 1"),
    ("two-labs.md", "lessons/01-sample/02-second.md:19:1", "a second lab in one step"),
    ("two-sources-of-one-id.md", "lessons/01-sample/02-second.md:11:6", "this lesson has two sources `book`"),
    ("unknown-language.md", "lessons/01-sample/02-second.md:15:4", "code in an unknown language `jave`"),
    ("unknown-scenario.md", "lessons/01-sample/02-second.md:16:12", "this chapter has no scenario `hnag`"),
    ("zero-width.md", "lessons/01-sample/02-second.md:15:5", "U+200B is an invisible character"),
];

#[test]
fn each_mistake_is_reported_at_its_place_and_nothing_else_is() {
    let mut names: Vec<&str> = MISTAKES.iter().map(|(name, _, _)| *name).collect();
    names.dedup();
    for name in names {
        let expected: Vec<String> = MISTAKES
            .iter()
            .filter(|(known, _, _)| *known == name)
            .map(|(_, place, message)| format!("{place}: {message}"))
            .collect();
        let found: Vec<String> = broken(name).problems.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn every_broken_fixture_is_in_the_list() {
    for entry in fixtures().join("broken").read_dir().unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(MISTAKES.iter().any(|(known, _, _)| *known == name), "{name} is in no row of MISTAKES");
    }
}

#[test]
fn a_problem_shows_its_line_with_a_mark_and_what_to_do() {
    let problems = broken("lab-unknown-key.md").problems;
    let shown = problems.iter().map(Problem::render).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(shown, @r#"
    error: unknown key `presset` in this lab
      --> lessons/01-sample/02-second.md:17:1
       |
    17 | presset = "calm"
       | ^^^^^^^
       |
       = help: did you mean `preset`?
    "#);
}

#[test]
fn one_broken_question_leaves_the_others() {
    let ids = |loaded: &Loaded| -> Vec<String> {
        loaded.course.questions().map(|question| question.id.to_string()).collect()
    };
    assert_eq!(ids(&broken("quiz-not-toml-in-one.toml")), ["a", "c"]);
    assert_eq!(ids(&broken("quiz-one-id-twice.toml")), ["a"]);
    assert_eq!(ids(&broken("quiz-unknown-kind.toml")), [""; 0]);
}

#[test]
fn a_broken_lesson_leaves_the_others_and_who_links_to_it_is_not_blamed() {
    let mut files = course();
    for file in files.iter_mut().filter(|file| file.path.ends_with("01-first.md")) {
        file.text = file.text.replace("title = \"A first lesson\"", "titel = \"A first lesson\"").into();
    }
    let loaded = load(&files);
    assert_eq!(loaded.course.lessons().count(), 0);
    assert_eq!(loaded.course.questions().count(), 7);
    let found: Vec<String> = loaded.problems.iter().map(ToString::to_string).collect();
    assert_eq!(found, ["lessons/01-sample/01-first.md:3:1: unknown key `titel` in this front matter"]);
}

#[test]
fn a_lesson_needs_only_what_comes_before_it() {
    let lesson = |id: &str, needs: &str| {
        let front = format!("id = \"{id}\"\ntitle = \"T\"\nminutes = 1\nneeds = [{needs}]");
        format!("+++\n{front}\n[[source]]\nid = \"s\"\ntitle = \"S\"\n+++\n## A step\n")
    };
    let found = |first: &str, second: &str| -> Vec<String> {
        let files = [
            SourceFile::new("lessons/01-one/chapter.toml", "title = \"One\"\nsummary = \"One.\""),
            SourceFile::new("lessons/01-one/01-a.md", lesson("a", first)),
            SourceFile::new("lessons/01-one/02-b.md", lesson("b", second)),
        ];
        load(&files).problems.iter().map(ToString::to_string).collect()
    };
    assert_eq!(found("", "\"a\""), [""; 0]);
    assert_eq!(found("\"b\"", ""), ["lessons/01-one/01-a.md:5:10: needs `b`, which comes later"]);
}

#[test]
fn a_course_with_everything_in_it_reads_without_a_word() {
    let loaded = load(&course());
    let shown: Vec<String> = loaded.problems.iter().map(Problem::render).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    let first = loaded.course.find_step("first").unwrap();
    let kinds: Vec<&str> = first.step.blocks.iter().map(kind).collect();
    assert_eq!(kinds, ["paragraph", "heading", "list", "quote", "table", "rule", "code"]);
    let second = loaded.course.find_step("first.2").unwrap();
    let kinds: Vec<&str> = second.step.blocks.iter().map(kind).collect();
    assert_eq!(kinds, ["paragraph", "claim", "lab", "predict"]);
    let third = loaded.course.find_step("first.3").unwrap();
    assert_eq!(third.step.blocks.iter().map(kind).collect::<Vec<_>>(), ["paragraph", "lab", "goal"]);
    let asked: Vec<&str> = loaded.course.questions().map(|question| question.ask.kind()).collect();
    assert_eq!(asked, ["single", "several", "order", "number", "text", "line", "match"]);
    assert_eq!(loaded.course.drills().count(), 1);
}

fn kind(block: &Block) -> &'static str {
    match block {
        Block::Heading { .. } => "heading",
        Block::Paragraph(_) => "paragraph",
        Block::List(_) => "list",
        Block::Table(_) => "table",
        Block::Code(_) => "code",
        Block::Quote(_) => "quote",
        Block::Rule => "rule",
        Block::Lab(_) => "lab",
        Block::Claim(_) => "claim",
        Block::Predict(_) => "predict",
        Block::Goal(_) => "goal",
        Block::Cure(_) => "cure",
    }
}

#[test]
fn runs_keep_their_styles_and_links() {
    let loaded = load(&course());
    let step = loaded.course.find_step("first.1").unwrap().step;
    let Block::Paragraph(text) = &step.blocks[0] else { panic!("a paragraph comes first") };
    let styled: Vec<String> = text
        .runs()
        .map(|run| {
            let style = run.style;
            let marks = [(style.strong, "S"), (style.emphasis, "E"), (style.code, "C")];
            let marks: String = marks.iter().filter(|(on, _)| *on).map(|(_, mark)| *mark).collect();
            let link = match &run.link {
                None => String::new(),
                Some(Link::Web(url)) => format!(" -> {url}"),
                Some(Link::Step(step)) => format!(" -> step {step}"),
                Some(Link::Source(id)) => format!(" -> source {id}"),
            };
            format!("{marks}[{}]{link}", run.text.escape_debug())
        })
        .collect();
    insta::assert_snapshot!(styled.join("\n"), @r"
    [A paragraph with ]
    S[strong]
    [, ]
    E[emphasis]
    [, ]
    SE[both]
    [, ]
    C[code]
    [, a ]
    [page] -> https://example.org/
    [, a ]
    [step] -> step first.2
    [ and a ]
    [source] -> source r4j
    [.]
    [\n]
    [This line was broken by force.]
    ");
    let Block::Code(code) = &step.blocks[6] else { panic!("the code comes last") };
    assert_eq!(code.text, "if (state == OPEN) {\n    reject();\n}\n");
}

#[test]
fn a_block_is_merged_with_its_scenario() {
    let loaded = load(&course());
    let lab = loaded.course.find_step("first.3").unwrap().step.lab().unwrap();
    let setup = &lab.setup;
    assert_eq!(setup.lab, "breaker");
    assert_eq!(setup.preset.as_ref().unwrap(), &"timeout-only");
    assert_eq!(setup.seed, 9);
    let pairs: Vec<String> = setup.pairs().iter().map(|(knob, value)| format!("{knob}={value}")).collect();
    assert_eq!(pairs, ["call_timeout=500ms", "callers=3"]);
    assert_eq!(setup.sentences(), ["20s hang payments for 10s", "32s heal payments"]);
    // The claim of a step and the scenario keep where their sentences stand, word by word.
    let at = |place, word: std::ops::Range<usize>| {
        loaded.texts.error(loaded.texts.within(place, word), "no such part", None).to_string()
    };
    assert_eq!(at(setup.at[0].place, 9..17), "lessons/01-sample/scenarios/hang.toml:6:17: no such part");
    assert_eq!(at(setup.at[1].place, 9..17), "lessons/01-sample/01-first.md:97:17: no such part");
}

#[test]
fn things_are_found_by_name() {
    let course = load(&course()).course;
    for name in ["sample", "0.1", "first"] {
        assert_eq!(course.find_chapter(name).unwrap().id, "sample", "{name}");
    }
    assert!(course.find_chapter("nothing").is_none());
    for missing in ["first.0", "first.4", "first.", ".1", "second.1", ""] {
        assert!(course.find_step(missing).is_none(), "{missing}");
    }
    let id = |at: Option<StepRef<'_>>| at.map(|at| at.id().to_string());
    let step = |number| StepId { lesson: "first".into(), number };
    assert_eq!(id(course.step_after(&step(1))).as_deref(), Some("first.2"));
    assert_eq!(id(course.step_after(&step(3))), None);
    assert_eq!(id(course.step_before(&step(1))), None);
    assert_eq!(id(course.step_before(&step(3))).as_deref(), Some("first.2"));
    assert_eq!(id(course.step_before(&step(9))), None);
    assert!(course.question("sample-line").is_some() && course.drill("sample-drill").is_some());
    assert!(course.concept("queue").is_some() && course.misconception("slow-is-fine").is_some());
    assert_eq!(course.prediction("queue-after-slow").unwrap().0.id(), step(2));
    assert_eq!(course.goal("short-queue").unwrap().0.id(), step(3));
    let lesson = course.find_lesson("first").unwrap().1;
    assert!(lesson.lab_at(1).is_none());
    assert_eq!(lesson.lab_at(2).unwrap().setup.lab, "server");
    assert_eq!(lesson.lab_at(3).unwrap().setup.lab, "breaker");
}

#[test]
fn coverage_names_what_is_not_asked() {
    let loaded = load(&course());
    let gaps: Vec<String> =
        Coverage::of(&loaded.course).gaps(&loaded.texts).iter().map(ToString::to_string).collect();
    assert_eq!(
        gaps,
        [
            "lessons/01-sample/chapter.toml:1:1: the chapter `sample` has 7 questions of 7 kinds; 25 of 5 are wanted"
        ]
    );
}
