//! What is refused, in which order and where; and what is not.

use super::parse;
use crate::text::LineIndex;

/// The first error, with its line.
pub(super) fn refusal(text: &str) -> (u32, String) {
    let (_, errors) = parse(text);
    let error = errors.first().unwrap_or_else(|| panic!("accepted: {text}"));
    (LineIndex::new(text).line(error.span.start), error.message.clone())
}

fn accept(text: &str) {
    assert_eq!(parse(text).1, [], "{text}");
}

#[test]
fn what_onbuild_refuses() {
    let message = |line: &str| refusal(&format!("FROM a\n{line}\n")).1;
    assert_eq!(message("ONBUILD"), "ONBUILD requires at least one argument");
    assert_eq!(message("ONBUILD from b"), "FROM isn't allowed as an ONBUILD trigger");
    assert_eq!(message("ONBUILD MAINTAINER b"), "MAINTAINER isn't allowed as an ONBUILD trigger");
    assert!(message("ONBUILD ONBUILD RUN b").starts_with("Chaining ONBUILD"));
    assert!(message("ONBUILD ONBUILD ENV b").contains("must have two arguments"));
    assert_eq!(message("ONBUILD --x RUN b"), "unknown flag: --x");
}

#[test]
fn what_each_instruction_refuses() {
    for (line, expected) in [
        ("FROM", "FROM requires either one or three arguments"),
        ("FROM a b", "FROM requires either one or three arguments"),
        ("FROM a of b", "FROM requires either one or three arguments"),
        (
            "FROM a AS 1",
            "invalid name for build stage: \"1\", name can't start with a number or contain symbols",
        ),
        (
            "COPY a",
            "COPY requires at least two arguments, but only one was provided. Destination could not be determined",
        ),
        (
            "ADD",
            "ADD requires at least two arguments, but only one was provided. Destination could not be determined",
        ),
        ("COPY a <<E\nE", "COPY cannot accept a heredoc as a destination"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("USER", "USER requires exactly one argument"),
        ("STOPSIGNAL", "STOPSIGNAL requires exactly one argument"),
        ("MAINTAINER", "MAINTAINER requires exactly one argument"),
        ("EXPOSE", "EXPOSE requires at least one argument"),
        ("VOLUME", "VOLUME requires at least one argument"),
        ("VOLUME [\" \"]", "VOLUME specified can not be an empty string"),
        ("ENV", "ENV requires at least one argument"),
        ("ENV a", "ENV must have two arguments"),
        ("ENV =a", "ENV names can not be blank"),
        ("LABEL a=b c", "Syntax error - can't find = in \"c\". Must be of the form: name=value"),
        ("ARG", "ARG requires at least one argument"),
        ("ARG a =b", "ARG names can not be blank"),
        ("SHELL a", "SHELL requires the arguments to be in JSON form"),
        ("SHELL []", "SHELL requires at least one argument"),
        ("HEALTHCHECK", "HEALTHCHECK requires at least one argument"),
        ("HEALTHCHECK NONE a", "HEALTHCHECK NONE takes no arguments"),
        ("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD"),
        ("HEALTHCHECK CMD []", "Missing command after HEALTHCHECK CMD"),
        ("HEALTHCHECK curl x", "Unknown type \"CURL\" in HEALTHCHECK (try CMD)"),
        ("WHAT a", "unknown instruction: WHAT"),
        ("Cpoy a b", "unknown instruction: Cpoy (did you mean COPY?)"),
    ] {
        assert_eq!(refusal(&format!("FROM a\n{line}\n")), (2, expected.into()), "{line}");
    }
}

#[test]
fn what_is_not_refused() {
    for line in [
        "RUN",
        "CMD",
        "ENTRYPOINT []",
        "FROM a AS B-1_.c",
        "FROM a as b",
        "COPY a <<",
        "WORKDIR a b",
        "ENV a=",
        "ENV a b=c",
        "LABEL \"a b\"=c",
        "ARG a",
        "ARG a=",
        "EXPOSE a/b",
        "HEALTHCHECK NONE",
        "HEALTHCHECK cmd a",
        "STOPSIGNAL x y",
        "USER $x",
        "SHELL [\"\"]",
        "MAINTAINER a b",
        "VOLUME a b",
        "ARG --nonsense a",
        "STOPSIGNAL --nonsense a",
        "HEALTHCHECK --nonsense NONE",
    ] {
        accept(&format!("FROM a\n{line}\n"));
    }
}

#[test]
fn flags_that_are_refused() {
    for (line, expected) in [
        ("COPY --form=a b c", "unknown flag: --form (did you mean from?)"),
        ("COPY --From=a b c", "unknown flag: --From (did you mean from?)"),
        ("RUN --mnt=x a", "unknown flag: --mnt (did you mean mount?)"),
        ("CMD --x a", "unknown flag: --x"),
        ("COPY --from=a --from=b c d", "duplicate flag specified: --from"),
        ("COPY --from a b c", "missing a value on flag: --from"),
        ("COPY --link= b c", "missing a value on flag: --link"),
        ("COPY --link=yes b c", "expecting boolean value for flag --link, not: yes"),
        ("RUN --mount a", "missing a value on flag: --mount"),
        (
            "RUN --mount=from=$b,target=/c d",
            "'from' doesn't support variable expansion, define alias stage instead",
        ),
        ("RUN --network=bridge a", "invalid network mode \"bridge\""),
        ("RUN --security=x a", "security \"x\" is not valid"),
        ("RUN --network=x --device=a,b c", "invalid field 'b' must be a key=value pair"),
        ("HEALTHCHECK --interval=5 CMD a", "time: missing unit in duration \"5\""),
        ("HEALTHCHECK --timeout=1us CMD a", "Interval \"timeout\" cannot be less than 1ms"),
        ("HEALTHCHECK --retries=x CMD a", "strconv.ParseInt: parsing \"x\": invalid syntax"),
        (
            "HEALTHCHECK --retries=3000000000 CMD a",
            "strconv.ParseInt: parsing \"3000000000\": value out of range",
        ),
        ("HEALTHCHECK --retries=-1 CMD a", "--retries cannot be negative (-1)"),
    ] {
        assert_eq!(refusal(&format!("FROM a\n{line}\n")), (2, expected.into()), "{line}");
    }
}

#[test]
fn flags_that_are_not_refused() {
    for line in [
        "COPY --from=a --chown=b:c --chmod=755 --link --parents --exclude=d --exclude=e f g",
        "ADD --checksum=a --keep-git-dir=TRUE --unpack=false --link=true f g",
        "RUN --mount=type=nonsense --mount=from=a --network=none --security=insecure --device=a b",
        "RUN --mount=type=cache,target=$x a",
        "HEALTHCHECK --interval=0 --timeout=1.5s --start-period=1m --start-interval=1ms --retries=0 CMD a",
        "HEALTHCHECK --interval= CMD a",
        "COPY --from= b c",
        "FROM --platform=$BUILDPLATFORM a",
    ] {
        accept(&format!("FROM a\n{line}\n"));
    }
}

#[test]
fn errors_come_in_buildkits_order() {
    // Arguments are counted before flags are looked at, except where it is the other way.
    assert!(refusal("FROM a\nCOPY --x a\n").1.starts_with("COPY requires"));
    assert!(refusal("FROM a\nENV --x\n").1.starts_with("unknown flag"));
    assert!(refusal("FROM a\nVOLUME --x [\"\"]\n").1.starts_with("unknown flag"));
    // What the parser refuses comes first, wherever it stands.
    assert_eq!(refusal("WHAT a\nENV b\n"), (2, "ENV must have two arguments".into()));
    let (_, errors) = parse("WHAT a\nENV b\nFROM\n");
    assert_eq!(errors.len(), 3);
}

#[test]
fn a_stage_has_to_come_first() {
    let message = "no build stage in current context";
    assert_eq!(refusal("ARG a\nRUN b\nRUN c\nFROM d\n"), (2, message.into()));
    assert_eq!(parse("RUN b\nRUN c\n").1.len(), 1);
    accept("ARG a\nARG b\nFROM d\n");
}

#[test]
fn a_file_needs_an_instruction() {
    assert_eq!(refusal(""), (1, "file with no instructions".into()));
    assert_eq!(refusal("# a\n\n# b\n"), (3, "file with no instructions".into()));
}

#[test]
fn an_error_points_to_the_flag_on_the_first_line() {
    let span = |text: &'static str| parse(text).1[0].span.of(text);
    assert_eq!(span("FROM a\nCOPY --x=1 a b\n"), "--x=1");
    assert_eq!(span("FROM a\nCOPY \\\n --x=1 a b\n"), "COPY \\\n --x=1 a b");
    assert_eq!(span("FROM a\nWHAT b\n"), "WHAT");
    assert_eq!(span("FROM a\n\\\n\n"), "\\\n");
}

#[test]
fn a_line_may_be_too_long() {
    let fits = format!("FROM a\nRUN {}\n", "b".repeat(65_531));
    accept(&fits);
    let too_long = format!("FROM a\nRUN {}\n", "b".repeat(65_532));
    assert_eq!(refusal(&too_long).0, 2);
    let (file, errors) = parse(&too_long);
    assert_eq!((file.instructions.len(), errors.len()), (2, 1));
}
