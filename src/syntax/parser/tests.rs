//! What the parser makes of whole texts.

use super::super::ast::*;
use super::parse;
use super::refusals::refusal;
use crate::text::LineIndex;

fn read(text: &str) -> Dockerfile<'_> {
    let (file, errors) = parse(text);
    assert_eq!(errors, [], "{text}");
    file
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
