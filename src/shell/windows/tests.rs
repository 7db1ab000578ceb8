//! Texts for `cmd` and PowerShell, and what is read from them.

use super::*;
use crate::shell::{Dialect, read_as};

fn show(text: &str, dialect: Dialect) -> Vec<String> {
    let joined = Joined::verbatim(text, 0);
    let script = read_as(Cow::Borrowed(&joined), dialect);
    let commands = script.commands.iter().map(|command| {
        let words: Vec<String> = command
            .words
            .iter()
            .map(|w| w.literal().map_or(format!("?{}", w.raw), Cow::into_owned))
            .collect();
        let joiner = match command.joiner {
            Joiner::Start => "",
            Joiner::And => "&& ",
            Joiner::Or => "|| ",
            Joiner::Semicolon => "; ",
            Joiner::Pipe => "| ",
            Joiner::Background => "& ",
        };
        let opaque = if command.is_opaque() { command.span.of(text) } else { "" };
        let opaque = if opaque.is_empty() { String::new() } else { format!("<{opaque}>") };
        format!("{joiner}{opaque}{}", words.join(" "))
    });
    commands.collect()
}

fn cmd(text: &str) -> Vec<String> {
    show(text, Dialect::Cmd)
}

fn powershell(text: &str) -> Vec<String> {
    show(text, Dialect::PowerShell)
}

#[test]
fn cmd_commands() {
    assert_eq!(cmd("dotnet restore && dotnet publish"), ["dotnet restore", "&& dotnet publish"]);
    assert_eq!(cmd("md c:\\x & echo a > c:\\x\\y"), ["md c:\\x", "; echo a"]);
    assert_eq!(
        cmd("msbuild a.csproj /p:X=y;  msbuild b"),
        ["msbuild a.csproj /p:X=y", "; msbuild b"]
    );
    assert_eq!(cmd("setx /M PATH \"C:\\a b\""), ["setx /M PATH C:\\a b"]);
    assert_eq!(cmd("setx PATH %PATH%;C:\\x"), ["setx PATH ?%PATH%;C:\\x"]);
    assert_eq!(cmd("a 'b' $c ^d"), ["a ?'b' ?$c ?^d"]);
}

#[test]
fn cmd_statements_are_opaque() {
    assert_eq!(cmd("a && if exist x (b) && c"), ["a", "&& <if exist x (b) && c>"]);
    assert_eq!(cmd("FOR %i IN (a) DO b"), ["<FOR %i IN (a) DO b>"]);
    assert_eq!(cmd("forfiles /p x"), ["forfiles /p x"]);
    assert_eq!(cmd("rem a && b"), ["<rem a && b>"]);
}

#[test]
fn powershell_commands() {
    assert_eq!(
        powershell("nuget restore ; dotnet build -c 'Release x' | Out-Null; & npm ci"),
        ["nuget restore", "; dotnet build -c Release x", "| Out-Null", "; npm ci"]
    );
    assert_eq!(powershell("npm ci # and so on"), ["npm ci"]);
    assert_eq!(powershell("choco install -y \"git\" \"a b\""), ["choco install -y git ?\"a b\""]);
    assert_eq!(powershell("cd $env:SRC\\x"), ["cd ?$env:SRC\\x"]);
    assert_eq!(powershell("a b,c"), ["a ?b,c"]);
}

#[test]
fn powershell_expressions_are_opaque() {
    assert_eq!(
        powershell("$ErrorActionPreference = 'Stop;'; npm ci"),
        ["<$ErrorActionPreference = 'Stop;'>", "; npm ci"]
    );
    assert_eq!(
        powershell("if (a) { b; c }; npm ci; Write-Host ('x' -f $y); d"),
        ["<if (a) { b; c }>", "; npm ci", "; <Write-Host ('x' -f $y)>", "; d"]
    );
    assert_eq!(powershell("ls | % { $_ }; d"), ["ls", "| <% { $_ }>", "; d"]);
    assert_eq!(powershell("[Net.X]::Y = 1; d"), ["<[Net.X]::Y = 1>", "; d"]);
    assert_eq!(powershell("a 'b; c"), ["<a 'b; c>"]);
    assert_eq!(powershell("a $(b); c"), ["<a $(b)>", "; c"]);
}

#[test]
fn environment_variables_are_known() {
    let joined = Joined::verbatim("cd $env:SRC/x", 0);
    let script = read_as(Cow::Borrowed(&joined), Dialect::PowerShell);
    assert_eq!(script.commands[0].words[1].variables(), ["SRC"]);
    let joined = Joined::verbatim("cd %SRC%/x", 0);
    let script = read_as(Cow::Borrowed(&joined), Dialect::Cmd);
    assert_eq!(script.commands[0].words[1].variables(), ["SRC"]);
}

#[test]
fn no_text_panics() {
    let alphabet =
        ["'", "\"", "$", "(", "}", "`", "<", "\n", "é", "a ", ";", "&", "|", "%", "^", "@"];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        let longer = |text: &String| alphabet.map(|piece| format!("{text}{piece}"));
        texts = texts.iter().flat_map(longer).collect();
        for text in &texts {
            cmd(text);
            powershell(text);
        }
    }
}
