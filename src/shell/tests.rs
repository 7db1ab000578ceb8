//! Tests of the whole room through its public functions.

use super::*;

fn joined(text: &str) -> Joined<'_> {
    Joined::verbatim(text, 0)
}

/// One line a command: joiner, assignments, words, redirections.
fn show(text: &str) -> String {
    let joined = joined(text);
    let script = read(&joined);
    let mut out = Vec::new();
    for command in &script.commands {
        let mut line = match command.joiner {
            Joiner::Start => String::new(),
            Joiner::And => "&& ".into(),
            Joiner::Or => "|| ".into(),
            Joiner::Semicolon => "; ".into(),
            Joiner::Pipe => "| ".into(),
            Joiner::Background => "& ".into(),
        };
        if command.negated {
            line.push_str("! ");
        }
        if let Kind::Opaque(reason) = command.kind {
            line.push_str(&format!("{reason:?}<{}>", command.span.of(text)));
        }
        let mut pieces = Vec::new();
        for a in &command.assignments {
            pieces.push(format!("{}={}", a.name, a.value.raw));
        }
        pieces.extend(command.words.iter().map(|w| format!("[{}]", w.raw)));
        for r in &command.redirections {
            let fd = r.descriptor.map_or(String::new(), |d| d.to_string());
            pieces.push(format!("{fd}{:?}:{}", r.operator, r.target.raw));
        }
        line.push_str(&pieces.join(" "));
        out.push(line);
    }
    out.join("\n")
}

#[test]
fn commands_and_joiners() {
    assert_eq!(show("a b && c || d; e | f & g"), "[a] [b]\n&& [c]\n|| [d]\n; [e]\n| [f]\n& [g]");
    assert_eq!(show("a\n\n# note\nb"), "[a]\n; [b]");
    assert_eq!(show("a &&\n  b"), "[a]\n&& [b]");
    assert_eq!(show("a '&&' b"), "[a] ['&&'] [b]");
    assert_eq!(show("a \\&& b"), "[a] [\\&]\n& [b]");
    assert_eq!(show("  \n "), "");
}

#[test]
fn comments_begin_at_a_word_only() {
    assert_eq!(show("a # && b"), "[a]");
    assert_eq!(show("a b#c && d"), "[a] [b#c]\n&& [d]");
    assert_eq!(show("a \"x\"#c"), "[a] [\"x\"#c]");
}

#[test]
fn a_substituted_comment_is_no_word() {
    assert_eq!(show("a && `# why` b `# c` && c"), "[a]\n&& [b]\n&& [c]");
    assert_eq!(show("a && `# why` && c"), "[a]\n&& \n&& [c]");
    assert_eq!(show("a `b # c`"), "[a] [`b # c`]");
}

#[test]
fn spans_are_exact() {
    let text = "  FOO=1 a  b >x  &&  c;";
    let joined = joined(text);
    let script = read(&joined);
    assert_eq!(script.commands[0].span.of(text), "FOO=1 a  b >x");
    assert_eq!(script.commands[1].span.of(text), "c");
    assert_eq!(script.commands[1].joiner_span.of(text), "&&");
    assert_eq!(script.commands[0].redirections[0].span.of(text), ">x");
    assert_eq!(script.trailing.map(|(j, s)| (j, s.of(text))), Some((Joiner::Semicolon, ";")));
}

#[test]
fn spans_go_back_through_continuations() {
    // "a \\\n  b && c" with the continuation taken out.
    let source = "a \\\n  b && c";
    let joined = Joined { text: "a   b && c".into(), pieces: vec![(0, 0), (2, 4)] };
    let script = read(&joined);
    assert_eq!(script.commands[0].span.of(source), "a \\\n  b");
    assert_eq!(script.commands[0].range, 0..5);
    assert_eq!(script.commands[1].span.of(source), "c");
}

#[test]
fn assignments() {
    assert_eq!(show("A=1 B= c D=2"), "A=1 B= [c] [D=2]");
    assert_eq!(show("A=\"x y\""), "A=\"x y\"");
    assert_eq!(show("A+=x"), "A=x");
    assert_eq!(show("1A=x"), "[1A=x]");
    assert_eq!(show("A=(1 2) && b"), "Array<A=(1 2)>\n&& [b]");
    assert_eq!(show("A[1]=x"), "Array<A[1]=x>");
}

#[test]
fn redirections() {
    assert_eq!(
        show("a >x 2>&1 </dev/null >>y &>z &>>w <<<t >|u 10<>v"),
        "[a] Write:x 2DuplicateOutput:1 Read:/dev/null Append:y WriteBoth:z AppendBoth:w \
         Herestring:t Write:u 10ReadWrite:v"
    );
    assert_eq!(show("> x a"), "[a] Write:x");
    assert_eq!(show("a x2>y"), "[a] [x2] Write:y");
    assert_eq!(show("a >"), "Unexpected<a >>");
    assert_eq!(show("a <(b; c) d"), "[a] [<(b; c)] [d]");
}

#[test]
fn compounds_are_one_opaque_command() {
    for (compound, reason) in [
        ("if a; then b; else c; fi", "If"),
        ("if a; then if b; then c; fi; fi", "If"),
        ("if a; then { b; } fi", "If"),
        ("if a; then if b; then c; fi fi", "If"),
        ("if (a) then for x in 1; do (b) done fi", "If"),
        ("if ((1)) then a; fi", "If"),
        ("if [[ a ]] then echo $(b) fi; fi", "If"),
        ("for x in 1 2; do a && b; done", "For"),
        ("for x in if fi; do echo done; done", "For"),
        ("for ((i=0;i<3;i++)); do a; done", "For"),
        ("while read x; do a; done", "While"),
        ("until a; do b; done", "While"),
        ("case $x in a) b ;; (c|d) e;; *) f; esac", "Case"),
        ("case \"$x\" in esac", "Case"),
        ("case in in in) a;; esac", "Case"),
        ("( a && b )", "Subshell"),
        ("( case x in x) a;; esac; b )", "Subshell"),
        ("((1 + (2)))", "Arithmetic"),
        ("{ a; b; }", "Group"),
        ("{ echo }; }", "Group"),
        ("f() { a; }", "Function"),
        ("f ()\n(a)", "Function"),
        ("function f { a; }", "Function"),
        ("function f() { a; }", "Function"),
        ("eval a b", "Eval"),
        ("$(which a) b", "Program"),
        ("`which a` b", "Program"),
    ] {
        let expected = format!("[p]\n&& {reason}<{compound}>\n; [q]");
        assert_eq!(show(&format!("p && {compound}; q")), expected, "{compound}");
        assert_eq!(show(&format!("p && {compound}\nq")), expected, "{compound}");
    }
}

#[test]
fn reserved_words_are_words_elsewhere() {
    assert_eq!(show("echo if then fi { } esac"), "[echo] [if] [then] [fi] [{] [}] [esac]");
    assert_eq!(show("'if' a"), "['if'] [a]");
    assert_eq!(show("if-not a"), "[if-not] [a]");
    assert_eq!(show("A=1 if"), "A=1 [if]");
    assert_eq!(show("[ -f x ] && y"), "[[] [-f] [x] []]\n&& [y]");
}

#[test]
fn tests_are_commands() {
    assert_eq!(show("[[ a && (b<c) ]] && d"), "[[[] [a] [&&] [(] [b] [<] [c] [)] []]]\n&& [d]");
    assert_eq!(show("[[ $x =~ ^(a|[[:digit:]])$ ]]; d").lines().last(), Some("; [d]"));
    assert_eq!(show("if [[ $x ]]; then a; fi; b").lines().last(), Some("; [b]"));
    assert_eq!(show("[[ a; b"), "Unterminated<[[ a; b>");
    assert_eq!(show("a [[ b; c"), "[a] [[[] [b]\n; [c]");
}

#[test]
fn compounds_keep_their_redirections() {
    assert_eq!(
        show("{ a; } >x 2>&1 && b"),
        "Group<{ a; } >x 2>&1>Write:x 2DuplicateOutput:1\n&& [b]"
    );
    assert_eq!(show("(a) b"), "Unexpected<(a) b>");
}

#[test]
fn negation() {
    assert_eq!(show("! a && b"), "! [a]\n&& [b]");
    assert_eq!(show("! (a)"), "! Subshell<! (a)>");
    assert_eq!(show("a !"), "[a] [!]");
}

#[test]
fn a_call_of_a_function_is_opaque() {
    assert_eq!(
        show("npm() { a; }; npm ci; npx b"),
        "Function<npm() { a; }>\n; FunctionCall<npm ci>\n; [npx] [b]"
    );
    assert_eq!(
        show("if a; then npm() { b; }; fi; npm ci").lines().last(),
        Some("; FunctionCall<npm ci>")
    );
}

#[test]
fn mistakes_make_the_rest_opaque() {
    assert_eq!(show("a && b 'c && d"), "[a]\n&& Unterminated<b 'c && d>");
    assert_eq!(show("a; if b; then c"), "[a]\n; Unterminated<if b; then c>");
    assert_eq!(show("a; ) b"), "[a]\n; Unexpected<) b>");
    assert_eq!(show("a; fi; b"), "[a]\n; Unexpected<fi; b>");
    assert_eq!(show("&& a"), "Unexpected<&& a>");
    assert_eq!(show("a ;; b"), "Unexpected<a ;; b>");
    assert_eq!(show("rm !(a|b) c"), "Unexpected<rm !(a|b) c>");
    assert_eq!(show("a \\"), "[a] [\\]");
}

#[test]
fn heredocs_inside_the_text() {
    let text = "cat <<EOF >x && b\n$A \\$B\nEOF\nc <<-'E' <<F\n\t$A\n\tE\nf\nF\nd";
    let joined = joined(text);
    let script = read(&joined);
    assert_eq!(show(text), "[cat] Heredoc:EOF Write:x\n&& [b]\n; [c] Heredoc:'E' Heredoc:F\n; [d]");
    let body = |c: usize, r: usize| script.commands[c].redirections[r].body.as_ref().unwrap();
    assert_eq!(body(0, 0).raw, "$A \\$B\n");
    assert_eq!(body(0, 0).variables(), ["A"]);
    assert_eq!(body(2, 0).raw, "\t$A\n");
    assert!(body(2, 0).variables().is_empty());
    assert_eq!(body(2, 1).raw, "f\n");
    assert_eq!(script.commands[2].redirections[0].target.literal().unwrap(), "E");
}

#[test]
fn a_heredoc_inside_a_compound_hides_its_body() {
    assert_eq!(
        show("if a; then cat <<EOF\nfi )\nEOF\nfi\nb"),
        "If<if a; then cat <<EOF\nfi )\nEOF\nfi>\n; [b]"
    );
}

fn parts(word: &str) -> Vec<Part<'static>> {
    let text = format!("x {word}");
    let joined = joined(&text);
    let mut script = read(&joined);
    assert_eq!(script.commands.len(), 1, "{word}");
    assert_eq!(script.commands[0].words.len(), 2, "{word}");
    script.commands[0].words.pop().unwrap().into_owned().parts
}

fn variable(name: &'static str, operation: Option<&'static str>, quoted: bool) -> Part<'static> {
    Part::Variable { name: name.into(), operation: operation.map(Into::into), quoted }
}

#[test]
fn words_have_parts() {
    use Part::*;
    assert_eq!(parts("plain"), []);
    assert_eq!(parts("a'b c'd"), [Literal("a".into()), Quoted("b c".into()), Literal("d".into())]);
    assert_eq!(parts("\"a\\\"b\\c\""), [Quoted("a".into()), Quoted("\"b\\c".into())]);
    assert_eq!(parts("a\\ b"), [Literal("a".into()), Quoted(" ".into()), Literal("b".into())]);
    assert_eq!(parts("''"), [Quoted("".into())]);
    assert_eq!(parts("\"\""), [Quoted("".into())]);
    assert_eq!(parts("$A/x"), [variable("A", None, false), Literal("/x".into())]);
    assert_eq!(parts("\"${A:-b}\""), [variable("A", Some(":-b"), true)]);
    assert_eq!(parts("$"), [Literal("$".into())]);
    assert_eq!(parts("$1$@"), [variable("1", None, false), variable("@", None, false)]);
    assert_eq!(parts("$(a \")\" b)"), [Commands { text: "a \")\" b".into(), quoted: false }]);
    assert_eq!(parts("`a \\`b\\``"), [Commands { text: "a `b`".into(), quoted: false }]);
    assert_eq!(parts("$((1+2))"), [Other("$((1+2))".into())]);
    assert_eq!(parts("$((a); b)"), [Commands { text: "(a); b".into(), quoted: false }]);
    assert_eq!(parts("$'a\\'b'"), [Other("$'a\\'b'".into())]);
    assert_eq!(parts("${!A}"), [Other("${!A}".into())]);
    assert_eq!(parts("*.c"), [Glob("*".into()), Literal(".c".into())]);
    assert_eq!(parts("'*'"), [Quoted("*".into())]);
    assert_eq!(parts("[ab]"), [Glob("[".into()), Literal("ab]".into())]);
    assert_eq!(parts("a[b"), [Literal("a[b".into())]);
    assert_eq!(
        parts("x/{a,$b}/y"),
        [Literal("x/".into()), Braces("{a,$b}".into()), Literal("/y".into())]
    );
    assert_eq!(parts("{1..3}"), [Braces("{1..3}".into())]);
    assert_eq!(parts("~/x"), [Tilde("~".into()), Literal("/x".into())]);
    assert_eq!(parts("a~"), []);
}

#[test]
fn braces_that_list_nothing_are_text() {
    for word in ["{}", "{a}", "a{b", "a,b}"] {
        let joined = joined(word);
        assert_eq!(read(&joined).commands[0].words[0].literal().as_deref(), Some(word));
    }
}

#[test]
fn expansion_needs_values() {
    let values = |name: &str| match name {
        "A" => Value::Set("one"),
        "L" => Value::Set("one two"),
        "E" => Value::Set(""),
        "U" => Value::Unset,
        _ => Value::Unknown,
    };
    let expand = |text: &str| {
        let text = format!("x {text}");
        let joined = joined(&text);
        read(&joined).commands[0].words[1].fields(values)
    };
    let is = |text: &str, fields: &[&str]| {
        assert_eq!(expand(text), Some(fields.iter().map(|f| f.to_string()).collect()), "{text}");
    };
    is("x$A'y'", &["xoney"]);
    is("$L", &["one", "two"]);
    is("a${L}b", &["aone", "twob"]);
    is("\"$L\"", &["one two"]);
    is("$E", &[]);
    is("\"$E\"", &[""]);
    is("${U:-d}", &["d"]);
    is("${E:-d}", &["d"]);
    is("${E-d}x", &["x"]);
    is("${A:+d}", &["d"]);
    is("${U+d}x", &["x"]);
    for unknown in ["$X", "${X:-d}", "${A%e}", "${U:=d}", "${U:-$A}", "$(a)", "a*", "~", "${U:?}"] {
        assert_eq!(expand(unknown), None, "{unknown}");
    }
}

#[test]
fn variables_inside_other_things_are_found() {
    let joined = joined("x \"$A ${B:-$C ${D}}\" $(e $F '$G') $((H + 1)) '$I' \\$J ${#K} {$M,n}");
    let script = read(&joined);
    let names: Vec<&str> = script.commands[0].words.iter().flat_map(|w| w.variables()).collect();
    assert_eq!(names, ["A", "B", "C", "D", "F", "G", "H", "K", "M"]);
}

#[test]
fn deep_nesting_ends() {
    for piece in [
        "(",
        "$(",
        "${a:-",
        "\"$(",
        "{ ",
        "if ",
        "case x in y) ",
        "$((",
        "a[",
        "{a,",
        "`",
        "<(",
        "function f ",
        "f() ",
        "! ",
    ] {
        let text = piece.repeat(20_000);
        let joined = joined(&text);
        read(&joined);
    }
}

#[test]
fn no_text_panics() {
    // Every short string of the characters that mean something.
    let alphabet = [
        "\\", "'", "\"", "$", "(", ")", "{", "}", "`", "<", "\n", "é", "a ", ";", "#", "&", "[",
        "~", "=",
    ];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        let longer: Vec<String> = texts
            .iter()
            .flat_map(|text| alphabet.iter().map(move |piece| format!("{text}{piece}")))
            .collect();
        for text in &longer {
            let joined = joined(text);
            let script = read(&joined);
            for command in &script.commands {
                command.span.of(text);
                script.inside(command);
            }
        }
        texts = longer;
    }
}
