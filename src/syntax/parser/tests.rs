//! What the parser makes of whole texts, and what it refuses.

use super::super::ast::*;
use super::parse;
use crate::text::LineIndex;

fn read(text: &str) -> Dockerfile<'_> {
    let (file, errors) = parse(text);
    assert_eq!(errors, [], "{text}");
    file
}

/// The first error, with its line.
fn refusal(text: &str) -> (u32, String) {
    let (_, errors) = parse(text);
    let error = errors.first().unwrap_or_else(|| panic!("accepted: {text}"));
    (LineIndex::new(text).line(error.span.start), error.message.clone())
}

fn shell<'f>(file: &'f Dockerfile<'_>, index: usize) -> &'f str {
    match &file.instructions[index].arguments {
        Arguments::Command(Command::Shell(line)) => &line.text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_items_tile_the_text() {
    let text = "\u{feff}# syntax=x\n\n# y\nFROM a \\\n# in\n\n  AS b\r\n\r\nRUN <<E\n# z\nE\n#";
    let file = read(text);
    let items: Vec<_> = file.items.iter().map(|i| (i.kind, i.span.of(text))).collect();
    assert_eq!(
        items,
        [
            (ItemKind::Blank, "\u{feff}"),
            (ItemKind::Directive, "# syntax=x\n"),
            (ItemKind::Blank, "\n"),
            (ItemKind::Comment, "# y\n"),
            (ItemKind::Instruction(0), "FROM a \\\n# in\n\n  AS b\r\n"),
            (ItemKind::Blank, "\r\n"),
            (ItemKind::Instruction(1), "RUN <<E\n# z\nE\n"),
            (ItemKind::Comment, "#"),
        ]
    );
    assert_eq!(file.instructions[0].span.of(text), "FROM a \\\n# in\n\n  AS b");
    assert_eq!(file.instructions[1].span.of(text), "RUN <<E\n# z\nE");
}

#[test]
fn continuations_are_joined() {
    let text = "FROM a\nRUN b \\\n  # comment\n\n  && c\\\n d \\  \n\te\n";
    let file = read(text);
    assert_eq!(shell(&file, 1), "b   && c d \te");
    let Arguments::Command(Command::Shell(line)) = &file.instructions[1].arguments else {
        panic!()
    };
    let at = line.text.find("&&").unwrap();
    assert_eq!(line.span(at..at + 4).of(text), "&& c");
    assert_eq!(line.span(0..line.text.len()).of(text), &text[11..text.len() - 1]);
}

#[test]
fn a_continuation_may_cut_a_word() {
    let text = "FR\\\nOM a\\\nb\n";
    let file = read(text);
    let Arguments::From { image, .. } = &file.instructions[0].arguments else { panic!() };
    assert_eq!((image.text.as_ref(), image.span.of(text)), ("ab", "a\\\nb"));
    assert_eq!(file.instructions[0].name.span.of(text), "FR\\\nOM");
}

#[test]
fn a_continuation_at_the_end_takes_all_that_follows() {
    let text = "FROM a\nRUN b \\\n# c\n\n";
    let file = read(text);
    assert_eq!(shell(&file, 1), "b");
    assert_eq!(LineIndex::new(text).line(file.instructions[1].span.end), 4);
    assert_eq!(file.items.len(), 2);
}

#[test]
fn the_escape_directive_changes_continuations() {
    let file = read("# escape=`\nFROM a\nRUN b \\\nRUN c `\n d\n");
    assert_eq!(file.escape, '`');
    assert_eq!((shell(&file, 1), shell(&file, 2)), ("b \\", "c  d"));
    let file = read("# escape=`\n# syntax=x\n# check=skip=all\nFROM a\n");
    let names: Vec<_> = file.directives.iter().map(|d| d.name.as_ref()).collect();
    assert_eq!(names, ["escape", "syntax", "check"]);
}

#[test]
fn directives_end_at_the_first_other_line() {
    for text in
        ["# comment\n# escape=`\nFROM a\n", "\n# escape=`\nFROM a\n", "# a=b\n# escape=`\nFROM a"]
    {
        let file = read(text);
        assert_eq!((file.escape, file.directives.len()), ('\\', 0), "{text}");
    }
    let file = read("  # ESCAPE = `  \nFROM a\n");
    assert_eq!(file.escape, '`');
}

#[test]
fn a_shebang_hides_the_escape_directive_alone() {
    let file = read("#!/usr/bin/env x\n# syntax=y\n# escape=`\nFROM a\n");
    assert_eq!(file.escape, '\\');
    assert_eq!(file.directives[0].value.text, "y");
    let file = read("# x\n#!/usr/bin/env x\n# syntax=y\nFROM a\n");
    assert_eq!(file.directives, []);
}

#[test]
fn directives_that_are_refused() {
    let twice = "# escape=`\n# Escape=`\nFROM a\n";
    assert_eq!(refusal(twice), (1, "only one escape parser directive can be used".into()));
    let (line, message) = refusal("# escape=x\nFROM a\n");
    assert_eq!((line, message.contains("invalid escape token 'x'")), (1, true));
}

#[test]
fn white_space_as_go_has_it() {
    let text = "\u{a0}\u{3000}FROM\ta\u{b}AS\u{c}b\u{a0}\nRUN\u{b}c\n";
    let file = read(text);
    assert_eq!(file.instructions[0].argument_texts(), ["a", "AS", "b"]);
    assert_eq!(shell(&file, 1), "c");
    // No white space between words: U+00A0.
    assert!(refusal("FROM\u{a0}a\n").1.starts_with("unknown instruction: FROM\u{a0}a"));
    // A carriage return inside a line separates, one at its end is dropped.
    assert_eq!(read("FROM a\rAS\rb\r\r\n").instructions[0].argument_texts(), ["a", "AS", "b"]);
}

#[test]
fn nul_and_other_odd_bytes_are_text() {
    let file = read("FROM a\0b\nRUN \u{1}\0 c\n");
    assert_eq!(file.instructions[0].argument_texts(), ["a\0b"]);
    assert_eq!(shell(&file, 1), "\u{1}\0 c");
}

#[test]
fn heredocs_in_order() {
    let text = "FROM a\nCOPY --chown=x <<A <<-'B' /d/\nB\nA\n\t$x\n\tB\nRUN c\n";
    let file = read(text);
    let [a, b] = file.instructions[1].heredocs.as_slice() else { panic!() };
    assert_eq!((a.name.as_ref(), a.content.as_ref(), a.expand, a.chomp), ("A", "B\n", true, false));
    assert_eq!(
        (b.name.as_ref(), b.content.as_ref(), b.expand, b.chomp),
        ("B", "$x\n", false, true)
    );
    assert_eq!((b.body.of(text), b.opener.of(text)), ("\t$x\n", "<<-'B'"));
    let Arguments::Copy { sources, destination, .. } = &file.instructions[1].arguments else {
        panic!()
    };
    assert_eq!((sources[1].text.as_ref(), destination.text.as_ref()), ("<<-'B'", "/d/"));
    assert_eq!(shell(&file, 2), "c");
}

#[test]
fn heredocs_inside_a_shell_line_and_below_onbuild() {
    let file =
        read("FROM a\nRUN cat <<E > f && \\\n  cat 3<<F\n1\nE\n2\nF\nONBUILD RUN <<G\n3\nG\n");
    let run = &file.instructions[1];
    assert_eq!(shell(&file, 1), "cat <<E > f &&   cat 3<<F");
    assert_eq!(
        (run.heredocs[0].content.as_ref(), run.heredocs[1].content.as_ref()),
        ("1\n", "2\n")
    );
    assert_eq!(run.heredocs[1].descriptor, Some(3));
    assert_eq!(file.instructions[2].heredocs[0].content, "3\n");
    assert_eq!(file.instructions.len(), 3);
}

#[test]
fn no_heredocs_elsewhere() {
    for line in [
        "CMD <<E",
        "ENTRYPOINT <<E",
        "ENV a=<<E",
        "RUN [\"<<E\"]",
        "RUN \"<<E\"",
        "RUN a<<E",
        "LABEL a=<<E",
    ] {
        let text = format!("FROM a\n{line}\n");
        assert_eq!(read(&text).instructions[1].heredocs, [], "{line}");
    }
}

#[test]
fn an_unterminated_heredoc_takes_the_rest() {
    let text = "FROM a\nRUN <<E\nb\n E\nRUN c\n";
    assert_eq!(refusal(text), (2, "unterminated heredoc".into()));
    let (file, _) = parse(text);
    assert_eq!(file.instructions.len(), 2);
    assert_eq!(file.instructions[1].heredocs[0].body.of(text), "b\n E\nRUN c\n");
}

#[test]
fn json_forms_and_their_fallback() {
    let text = "FROM a\nRUN [\"b\", \"c\\\"d\"]\nRUN ['b']\nCOPY [\"e f\", \"g\"]\nVOLUME [\"h\"]\nVOLUME [h]\n";
    let file = read(text);
    let Arguments::Command(Command::Exec(words)) = &file.instructions[1].arguments else {
        panic!()
    };
    assert_eq!((words[1].text.as_ref(), words[1].span.of(text)), ("c\"d", "\"c\\\"d\""));
    assert_eq!(shell(&file, 2), "['b']");
    assert_eq!(file.instructions[3].argument_texts(), ["e f", "g"]);
    assert!(file.instructions[4].is_json());
    assert_eq!(file.instructions[5].argument_texts(), ["[h]"]);
    let message = "when using JSON array syntax, arrays must be comprised of strings only";
    assert_eq!(refusal("FROM a\nCMD [1]\n"), (2, message.into()));
}

#[test]
fn onbuild_holds_an_instruction() {
    let text = "FROM a\nONBUILD copy --from=b c d\n";
    let file = read(text);
    let Arguments::Onbuild(inner) = &file.instructions[1].arguments else { panic!() };
    assert_eq!(inner.keyword, Some(Keyword::Copy));
    assert_eq!(inner.flag_value("from"), Some("b"));
    assert_eq!(inner.span.of(text), "copy --from=b c d");
    // What it holds is checked only when it is triggered.
    read("FROM a\nONBUILD COPY x\n");
    read("FROM a\nONBUILD WHAT x\n");
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
        read(&format!("FROM a\n{line}\n"));
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
        read(&format!("FROM a\n{line}\n"));
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
    read("ARG a\nARG b\nFROM d\n");
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
    read(&fits);
    let too_long = format!("FROM a\nRUN {}\n", "b".repeat(65_532));
    assert_eq!(refusal(&too_long).0, 2);
    let (file, errors) = parse(&too_long);
    assert_eq!((file.instructions.len(), errors.len()), (2, 1));
}
