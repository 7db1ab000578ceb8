//! The manual page of each rule, executed; suppression comments and levels.
//!
//! A page is the doc comment of the rule's file. A ```dockerfile fence followed by "becomes"
//! and another one is rewritten from its text alone, with suggestions; one followed by "is
//! reported." shows what has no fix, and any other what is not reported. "With `a` and `b` in the context" in front of a fence gives it a
//! complete list of files; the text of the first of them may stand in a ```toml fence above.

use layerwise::{BuildCache, FixLevel, Level, Options, Report, Severity, analyze, rules};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

#[path = "support/both_rules.rs"]
mod both_rules;

use both_rules::{BOTH, INDEPENDENT, INSTALL};

/// The page of a rule: the doc comment of its file.
fn page(id: &str) -> String {
    let file = format!("src/rules/{}.rs", id.replace('-', "_"));
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
}

/// Files of a context, each with its text where the page gives it.
type Files = Vec<(String, Option<String>)>;

/// An example of a page.
#[derive(Debug, PartialEq)]
enum Example {
    Repaired { before: String, after: String, files: Files },
    Reported { text: String, files: Files },
    Fine { text: String, files: Files },
}

/// The names in the last sentence of a text, where it says what the context has.
fn context(prose: &str) -> Vec<String> {
    let sentence = prose.rsplit_once("With ").map_or("", |(_, last)| last);
    if !sentence.split_whitespace().collect::<Vec<_>>().join(" ").contains("in the context") {
        return Vec::new();
    }
    sentence.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What an example is read with: the rule alone, since what it shows may have other issues; and
/// built as a workflow does that keeps no cache.
fn options(id: &str, files: &Files) -> Options {
    let others = rules().iter().filter(|rule| rule.id != id);
    let listed = files.iter().cloned().collect();
    Options {
        // A page shows its fix, at whichever level.
        fix: FixLevel::Suggested,
        build_cache: Some(BuildCache::default()),
        files: (!files.is_empty()).then_some(listed),
        rules: others.map(|rule| (rule.id.to_owned(), Level::Off)).collect(),
        ..Options::default()
    }
}

fn examples(page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut before: Option<String> = None;
    let mut files = Files::new();
    let mut manifest: Option<String> = None;
    for (at, part) in page.split("```").enumerate() {
        if at % 2 == 0 {
            let becomes = part.trim() == "becomes";
            if part.trim_start().starts_with("is reported.") {
                let reported = |text| Example::Reported { text, files: files.clone() };
                found.extend(before.take().map(reported));
            } else if let Some(text) = before.take_if(|_| !becomes) {
                found.push(Example::Fine { text, files: files.clone() });
            }
            if !becomes {
                files = context(part).into_iter().map(|name| (name, manifest.take())).collect();
            }
            continue;
        }
        // The lines of a workflow, which are no example.
        if part.starts_with("yaml\n") {
            continue;
        }
        if let Some(text) = part.strip_prefix("toml\n") {
            manifest = Some(text.to_owned());
            continue;
        }
        let text = part.strip_prefix("dockerfile\n").expect("a fence of another language");
        match before.take() {
            Some(before) => {
                let (after, files) = (text.to_owned(), files.clone());
                found.push(Example::Repaired { before, after, files });
            }
            None => before = Some(text.to_owned()),
        }
    }
    assert_eq!(before, None, "a page does not end with a fence");
    found
}

fn of_rule(report: &Report, id: &str) -> usize {
    report.issues.iter().filter(|issue| issue.rule == id).count()
}

#[test]
fn pages_are_true() {
    for rule in rules() {
        let (mut found, mut fine) = (0, 0);
        for example in examples(&page(rule.id)) {
            match example {
                Example::Repaired { before, after, files } => {
                    let options = options(rule.id, &files);
                    let report = analyze(&before, &options);
                    assert!(of_rule(&report, rule.id) > 0, "{}: not reported:\n{before}", rule.id);
                    assert_eq!(report.rewritten, after, "{}", rule.id);
                    let again = analyze(&after, &options);
                    assert!(again.issues.is_empty(), "{}: {:#?}", rule.id, again.issues);
                    found += 1;
                }
                Example::Reported { text, files } => {
                    let report = analyze(&text, &options(rule.id, &files));
                    assert!(of_rule(&report, rule.id) > 0, "{}: not reported:\n{text}", rule.id);
                    found += 1;
                }
                Example::Fine { text, files } => {
                    let report = analyze(&text, &options(rule.id, &files));
                    assert_eq!(of_rule(&report, rule.id), 0, "{}: reported:\n{text}", rule.id);
                    assert_eq!(report.rewritten, text, "{}", rule.id);
                    fine += 1;
                }
            }
        }
        assert!(found > 0 && fine > 0, "{}: {found} found, {fine} fine", rule.id);
    }
}

#[test]
fn pages_have_one_form() {
    let parts = [
        "What it finds",
        "Why it costs",
        "What to do",
        "How safe the fix is",
        "How often it is right",
    ];
    for rule in rules() {
        let page = page(rule.id);
        assert!(page.starts_with(&format!("# {}\n", rule.id)), "{}", rule.id);
        let titles: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(titles, parts, "{}", rule.id);
        let read = page.split("## How often it is right\n\n").nth(1).unwrap_or_default();
        assert!(is_measured(read), "{}: {read}", rule.id);
        assert_eq!(rule.page(), format!("rules/{}.md", rule.id));
        let title = rule.title;
        assert!(!title.ends_with('.') && title.starts_with(char::is_lowercase), "{title}");
    }
}

/// Whether a text begins with what reading findings came to, or says that there were none: `Of 100
/// findings read on public Dockerfiles, 97 were right.` Less than 95 of 100 is for a handful alone.
fn is_measured(text: &str) -> bool {
    let numbers = || {
        let (read, rest) =
            text.strip_prefix("Of ")?.split_once(" findings read on public Dockerfiles, ")?;
        let (right, _) = rest.split_once(" were right.")?;
        Some((read.parse::<u32>().ok()?, right.parse::<u32>().ok()?))
    };
    let is_good =
        |(read, right): (u32, u32)| right <= read && (right * 100 >= read * 95 || read < 10);
    text.starts_with("No finding was there to read") || numbers().is_some_and(is_good)
}

/// The files of `docs/rules` as they have to be: a page a rule, and a table of them.
fn manual() -> BTreeMap<String, String> {
    let pages = rules().iter().map(|rule| (format!("{}.md", rule.id), page(rule.id)));
    let mut manual: BTreeMap<String, String> = pages.collect();
    let mut table = String::from(
        "# Rules\n\nWhat each finds, why that costs, what to do, how safe the fix is, and how often the rule is right, by\n\
         reading up to a hundred of its findings on 1,761 public Dockerfiles. On the command line\n\
         `layerwise --explain RULE` shows the same pages.\n\n| rule | level | finds |\n|---|---|---|\n",
    );
    for rule in rules() {
        let (id, level, title) = (rule.id, rule.severity.id(), rule.title);
        table.push_str(&format!("| [`{id}`]({id}.md) | {level} | {title} |\n"));
    }
    manual.insert("README.md".into(), table);
    manual
}

/// `UPDATE_MANUAL=1 cargo test --test rules the_manual` writes what is stale.
#[test]
fn the_manual_is_written_from_the_comments() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let manual = manual();
    let updates = std::env::var_os("UPDATE_MANUAL").is_some();
    if updates {
        fs::create_dir_all(&root).unwrap();
    }
    for entry in fs::read_dir(&root).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if updates && !manual.contains_key(&name) {
            fs::remove_file(entry.path()).unwrap();
        } else {
            assert!(manual.contains_key(&name), "docs/rules/{name} is the page of no rule");
        }
    }
    for (name, text) in manual {
        let path = root.join(&name);
        if updates {
            fs::write(&path, &text).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == text,
            "docs/rules/{name} is stale: UPDATE_MANUAL=1 cargo test --test rules the_manual"
        );
    }
}

#[test]
fn examples_are_told_apart() {
    let fence = |text: &str| format!("```dockerfile\n{text}\n```\n");
    let page = format!(
        "# a\n{}\nbecomes\n\n{}Not.\n\n```toml\nx = 1\n```\n\nWith `a` and\n`b/c` in\nthe context:\n\n{}",
        fence("A"),
        fence("B"),
        fence("C")
    );
    let files = vec![("a".into(), Some("x = 1\n".into())), ("b/c".into(), None)];
    let wanted = [
        Example::Repaired { before: "A\n".into(), after: "B\n".into(), files: Vec::new() },
        Example::Fine { text: "C\n".into(), files },
    ];
    assert_eq!(examples(&page), wanted);
}

fn ids(text: &str, options: &Options) -> Vec<&'static str> {
    analyze(text, options).issues.iter().map(|issue| issue.rule).collect()
}

#[test]
fn issues_come_in_the_order_of_the_file() {
    assert_eq!(ids(BOTH, &Options::default()), [INDEPENDENT, INSTALL]);
}

#[test]
fn a_comment_above_an_instruction_silences_it() {
    let above = |line: &str, comment: &str| BOTH.replace(line, &format!("{comment}\n{line}"));
    let run = "RUN pip";
    for (comment, left) in [
        ("# layerwise ignore=source-copied-before-install", &[INDEPENDENT][..]),
        ("#layerwise ignore=unknown-rule,source-copied-before-install", &[INDEPENDENT]),
        ("# layerwise ignore=all", &[INDEPENDENT]),
        ("# why\n# layerwise ignore=source-copied-before-install\n# because", &[INDEPENDENT]),
        // Near misses: another rule, another word, a plain comment.
        ("# layerwise ignore=source-copied-before-independent-step", &[INDEPENDENT, INSTALL]),
        ("# layerwise ignored=source-copied-before-install", &[INDEPENDENT, INSTALL]),
        ("# ignore=source-copied-before-install", &[INDEPENDENT, INSTALL]),
        ("# layerwise: ignore=source-copied-before-install", &[INDEPENDENT, INSTALL]),
    ] {
        assert_eq!(ids(&above(run, comment), &Options::default()), left, "{comment}");
    }
    // Above the cause it says nothing of the step that is invalidated needlessly.
    let cause = above("COPY", "# layerwise ignore=source-copied-before-install");
    assert_eq!(ids(&cause, &Options::default()), [INDEPENDENT, INSTALL]);
}

#[test]
fn a_comment_for_the_file_silences_a_rule() {
    let text = format!("# layerwise ignore-file={INSTALL}\n{BOTH}");
    assert_eq!(ids(&text, &Options::default()), [INDEPENDENT]);
    let text = format!("# layerwise ignore-file={INSTALL},{INDEPENDENT}\n{BOTH}");
    assert_eq!(ids(&text, &Options::default()), [""; 0]);
}

#[test]
fn what_is_silenced_is_not_repaired() {
    let text = format!("# layerwise ignore-file={INSTALL},{INDEPENDENT}\n{BOTH}");
    assert_eq!(analyze(&text, &Options::default()).rewritten, text);
}

#[test]
fn levels_decide_the_severity() {
    let at = |level| Options {
        rules: BTreeMap::from([(INSTALL.to_owned(), level)]),
        ..Options::default()
    };
    for severity in [Severity::Info, Severity::Warning, Severity::Error] {
        let report = analyze(BOTH, &at(Level::At(severity)));
        let severities: Vec<Severity> = report.issues.iter().map(|i| i.severity).collect();
        assert_eq!(severities, [Severity::Warning, severity]);
    }
    assert_eq!(ids(BOTH, &at(Level::Off)), [INDEPENDENT]);
    assert!(!analyze(BOTH, &at(Level::Off)).rewritten.contains("COPY requirements.txt"));
}

#[test]
fn fix_levels_decide_what_is_applied() {
    let report = |fix| analyze(BOTH, &Options { fix, ..Options::default() });
    for fix in [FixLevel::Assumed, FixLevel::Suggested] {
        assert!(report(fix).rewritten.ends_with("COPY . .\n"), "{fix:?}");
    }
    // The one fix rests on an assumption: it is offered and not applied.
    let safe = report(FixLevel::Safe);
    assert_eq!((safe.rewritten.as_str(), safe.fixes.len()), (BOTH, 1));
    let none = report(FixLevel::None);
    assert_eq!((none.rewritten.as_str(), none.fixes.len(), none.issues.len()), (BOTH, 0, 2));
}
