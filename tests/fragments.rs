//! Fragments of a Dockerfile, as documentation shows them: analysed as if they stood on a base
//! image of which nothing is known, with nothing added to their text.

use layerwise::syntax::{Keyword, parse};
use layerwise::text::{Cut, apply};
use layerwise::{FixLevel, Options, Report, analyze, inspect::inspect, rebuild};

#[path = "support/case.rs"]
mod case;

/// The image of which nothing is known, as a file that has a FROM names it.
const FROM: &str = "FROM image-nobody-knows";

fn fragment() -> Options {
    Options { fragment: true, ..Options::default() }
}

fn rules(report: &Report) -> Vec<&'static str> {
    report.issues.iter().map(|issue| issue.rule).collect()
}

#[test]
fn a_fragment_is_rewritten_with_nothing_added() {
    let text = "# What your file needs:\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    let report = analyze(text, &fragment());
    assert_eq!(report.errors, []);
    assert_eq!(
        report.rewritten,
        "# What your file needs:\nWORKDIR /app\n\
         COPY package*.json .npmrc* ./\n\
         RUN npm ci\nCOPY . .\n"
    );
    let issue = &report.issues[0];
    assert_eq!(issue.span.of(text), "RUN npm ci");
    assert_eq!(issue.related[0].span.of(text), "COPY . .");
    assert_eq!(apply(text, &report.edits), report.rewritten);
    // Its stage has no text.
    let [stage] = report.stages.as_slice() else { panic!("one stage") };
    assert_eq!((stage.base.as_str(), stage.span.of(text)), ("", ""));
    assert!(stage.needed);
    assert!(report.scenarios.iter().all(|scenario| !scenario.title.contains("base image")));
    // What has changed is the same, asked for by itself.
    let steps = rebuild(text, &report.scenarios[0].change, &fragment());
    let again = steps.iter().filter(|step| step.needless.is_some());
    assert_eq!(again.map(|step| step.span.of(text)).collect::<Vec<_>>(), ["RUN npm ci"]);
    assert!(inspect(text, &fragment()).to_string().contains("is built on: the base image\n"));
    // Near miss: the same as a whole file, which builders refuse.
    let report = analyze(text, &Options::default());
    assert_eq!(report.errors[0].message, "no build stage in current context");
    assert_eq!((report.rewritten.as_str(), report.stages.len()), (text, 0));
}

#[test]
fn what_has_its_from_is_no_fragment() {
    for text in [
        "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n",
        "ARG A=1\nFROM node:$A\nWORKDIR /app\nCOPY . .\nRUN npm ci\n",
        "# syntax=docker/dockerfile:1\n# A comment.\nfrom a\n",
        "",
        "# Only a comment.\n",
    ] {
        let [whole, part] = [Options::default(), fragment()].map(|options| analyze(text, &options));
        assert_eq!(format!("{whole:?}"), format!("{part:?}"), "{text}");
        assert!(!parse(text).0.is_fragment());
    }
    // Near miss: the same ARG, but a step is what follows it.
    let text = "ARG A=1\nCOPY . .\nRUN npm ci\n";
    assert_eq!(analyze(text, &fragment()).errors, []);
    assert_eq!(analyze(text, &Options::default()).errors.len(), 1);
}

#[test]
fn what_else_builders_refuse_is_refused_in_a_fragment() {
    for (text, message) in [
        ("COPY a\nRUN x\n", "COPY requires at least two arguments"),
        ("RUNN x\n", "unknown instruction: RUNN (did you mean RUN?)"),
    ] {
        let errors = analyze(text, &fragment()).errors;
        assert!(errors.len() == 1 && errors[0].message.starts_with(message), "{errors:?}");
    }
}

#[test]
fn stages_behind_a_fragment_are_stages() {
    let text = "COPY . .\nRUN make\nFROM node:22\nWORKDIR /app\nCOPY --from=0 /out /out\n";
    let report = analyze(text, &fragment());
    let bases: Vec<_> = report.stages.iter().map(|stage| stage.base.as_str()).collect();
    assert_eq!(bases, ["", "node:22"]);
    assert!(report.stages[0].needed);
    // Near miss: nothing is taken from it.
    let report = analyze(&text.replace("COPY --from=0 /out /out\n", ""), &fragment());
    assert!(!report.stages[0].needed);
}

#[test]
fn no_sentence_names_an_image_that_is_not_there() {
    let text = "COPY . /srv/app\nWORKDIR /srv/app\nRUN npm ci\nCOPY . ./\n";
    for case in [text, "COPY . .\nRUN npm ci\n"] {
        let report = analyze(case, &Options { fix: FixLevel::Suggested, ..fragment() });
        assert!(!format!("{report:?}").contains("``"), "{report:?}");
    }
    let assumed = &analyze("COPY . .\nRUN npm ci\n", &fragment()).fixes[0].assumptions;
    let sentence = "The working directory of the base image, which is not known, is none of the \
                    system's, such as `/usr`.";
    assert!(assumed.iter().any(|said| said == sentence), "{assumed:?}");
}

/// Each fixture without its first FROM comes to what it comes to on an image that nobody knows,
/// but for what would stand above that FROM.
#[test]
fn a_fragment_is_what_it_is_on_an_unknown_image() {
    let (mut rewritten, mut above) = (0, 0);
    for case::Case { name, before, options, .. } in case::cases() {
        let (file, errors) = parse(&before);
        let Some(from) = file.instructions.first() else { continue };
        let is_plain = errors.is_empty() && file.directives.is_empty() && !before.contains('\r');
        if !is_plain || from.keyword != Some(Keyword::From) || options.target.is_some() {
            continue;
        }
        // In the lines that they stand in with a FROM.
        let text = format!("\n{}", before.cut(from.span.end as usize..).trim_start());
        let text = text.as_str();
        // What begins with its next stage is a file by itself.
        let begins = parse(text).0.instructions.first().and_then(|step| step.keyword);
        if matches!(begins, None | Some(Keyword::From | Keyword::Arg)) {
            continue;
        }
        let on_image = format!("{FROM}{text}");
        let whole = analyze(&on_image, &options);
        let part = analyze(text, &Options { fragment: true, ..options });
        assert_eq!(part.errors, [], "{name}");
        // Only what has a FROM may get a stage in front of it.
        let begins = parse(&part.rewritten).0.instructions.first().and_then(|step| step.keyword);
        assert!(begins != Some(Keyword::From), "{name}: {}", part.rewritten);
        let froms = |text: &str| text.matches("FROM").count();
        assert!(froms(text) > 0 || froms(&part.rewritten) == 0, "{name}: {}", part.rewritten);
        assert_eq!(rules(&part), rules(&whole), "{name}");
        for (one, other) in part.issues.iter().zip(&whole.issues) {
            assert_eq!(one.message, other.message, "{name}");
            assert_eq!(one.span.of(text), other.span.of(&on_image), "{name}");
        }
        match whole.rewritten.strip_prefix(FROM).filter(|rest| rest.starts_with('\n')) {
            Some(same) => assert_eq!(part.rewritten, same, "{name}"),
            None => above += 1,
        }
        rewritten += usize::from(part.rewritten != text);
    }
    assert!(rewritten > 100 && above > 0, "{rewritten} are rewritten, {above} from above");
}
