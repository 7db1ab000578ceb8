//! What a report says of comments for layerwise that come to nothing, and of a target that no
//! stage is.

use layerwise::{Level, Options, analyze};
use std::collections::BTreeMap;

#[path = "support/both_rules.rs"]
mod both_rules;

use both_rules::{BOTH, INDEPENDENT, INSTALL};

/// The notices of `text`, each with what it is about.
fn notices(text: &str, options: &Options) -> Vec<(String, String)> {
    let notices = analyze(text, options).notices.into_iter();
    notices.map(|it| (text[it.span.range()].to_owned(), it.message)).collect()
}

/// The one notice of the file with `comment` above its install, or "".
fn notice(comment: &str) -> String {
    let text = BOTH.replace("RUN pip", &format!("{comment}\nRUN pip"));
    let found = notices(&text, &Options::default());
    assert!(found.len() < 2, "{comment}: {found:?}");
    found.into_iter().map(|(_, message)| message).collect()
}

#[test]
fn a_rule_that_there_is_not_is_told_with_the_nearest() {
    let wrong = "there is no rule `source-copied-before-instal`; the nearest is \
                 `source-copied-before-install`";
    assert_eq!(notice("# layerwise ignore=source-copied-before-instal"), wrong);
    assert_eq!(notice(&format!("# layerwise ignore={INSTALL},source-copied-before-instal")), wrong);
    assert_eq!(notice("# layerwise ignore-file=source-copied-before-instal"), wrong);
    assert!(notice("# layerwise ignore=").starts_with("there is no rule ``; the nearest is "));
    // Near misses: a rule, every rule, and comments that are not for layerwise.
    for comment in [
        "# layerwise ignore=source-copied-before-install",
        "# layerwise ignore=all",
        "# layerwise ignore-file=all",
        "# layerwise: ignore=source-copied-before-instal",
        "# ignore=source-copied-before-instal",
        "# layerwise ignored=source-copied-before-instal",
    ] {
        assert_eq!(notice(comment), "", "{comment}");
    }
}

#[test]
fn a_comment_that_switches_nothing_off_is_told() {
    let below = format!(
        "this comment switches nothing off: there is no issue of `{INDEPENDENT}` at the \
         instruction below"
    );
    assert_eq!(notice(&format!("# layerwise ignore={INDEPENDENT}")), below);
    let file = "this comment switches nothing off: there is no issue of `stale-package-index` in \
                this file";
    assert_eq!(notice("# layerwise ignore-file=stale-package-index"), file);
    assert_eq!(
        notice(&format!("# layerwise ignore={INSTALL}\n# layerwise ignore-file={INDEPENDENT}")),
        ""
    );
}

#[test]
fn a_notice_is_about_the_name_in_its_comment() {
    let text = BOTH.replace("COPY", "#  layerwise ignore=all\nCOPY") + "# layerwise ignore=all\n";
    let found = notices(&text, &Options::default());
    let [(first, above), (last, behind)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&first[..], &last[..]), ("all", "all"));
    let nothing = "this comment switches nothing off: there is no issue ";
    assert_eq!(*above, format!("{nothing}at the instruction below"));
    assert_eq!(*behind, format!("{nothing}here: no instruction comes behind it"));
}

#[test]
fn what_was_not_asked_for_is_not_missed() {
    let comment = format!("# layerwise ignore={INDEPENDENT}\n");
    let text = BOTH.replace("RUN pip", &format!("{comment}RUN pip"));
    let off = |rule: &str| Options {
        rules: BTreeMap::from([(rule.to_owned(), Level::Off)]),
        ..Options::default()
    };
    assert_eq!(notices(&text, &off(INSTALL)).len(), 1);
    assert_eq!(notices(&text, &off(INDEPENDENT)), []);
    // The target does not need the stage.
    let unneeded = text.clone() + "FROM scratch\nCOPY --from=other / /\n";
    assert_eq!(notices(&unneeded, &Options::default()), []);
    // The builder refuses the file.
    assert_eq!(notices(&(text + "WHAT\n"), &Options::default()), []);
}

#[test]
fn what_a_comment_above_a_trigger_does_is_left_open() {
    let text = |comment: &str| {
        format!(
            "FROM python:3.13\nWORKDIR /app\nONBUILD ADD . /app/\n{comment}\n\
             ONBUILD RUN pip install -r requirements.txt\n"
        )
    };
    for name in [INSTALL, INDEPENDENT] {
        let above = text(&format!("# layerwise ignore={name}"));
        assert_eq!(notices(&above, &Options::default()), []);
        let file = text(&format!("# layerwise ignore-file={name}"));
        assert_eq!(notices(&file, &Options::default()), []);
    }
    // A name that no rule has is wrong there as well.
    assert_eq!(notices(&text("# layerwise ignore=other"), &Options::default()).len(), 1);
}

#[test]
fn a_target_that_no_stage_is_is_refused() {
    let text = BOTH.replace("python:3.13", "python:3.13 AS build");
    let of = |target: &str| {
        let options = Options { target: Some(target.to_owned()), ..Options::default() };
        analyze(&text, &options)
    };
    let wrong = of("test");
    let messages: Vec<_> = wrong.errors.iter().map(|error| &error.message[..]).collect();
    assert_eq!(messages, ["target stage `test` could not be found; the file has `build`"]);
    assert_eq!(&text[wrong.errors[0].span.range()], "FROM python:3.13 AS build");
    // What is wrong is found all the same, and nothing moves.
    assert_eq!((wrong.issues.len(), &wrong.rewritten), (2, &text));
    for target in ["build", "BUILD", "0", ""] {
        let right = of(target);
        assert_eq!((right.errors.len(), right.issues.len()), (0, 2), "{target}");
        assert_ne!(right.rewritten, text, "{target}");
    }
}
