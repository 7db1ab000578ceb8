//! Makes a case that fails smaller, as long as it fails.

use super::generate::Case;

/// The smallest case that one removal after the other leads to.
pub fn shrink(case: &Case, fails: &dyn Fn(&Case) -> bool) -> Case {
    let mut smallest = case.clone();
    loop {
        let Some(smaller) = smaller(&smallest).into_iter().find(|case| fails(case)) else {
            return smallest;
        };
        smallest = smaller;
    }
}

/// Cases that lack one thing each, the large ones first.
fn smaller(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    let mut with = |change: &dyn Fn(&mut Case)| {
        let mut case = case.clone();
        change(&mut case);
        found.push(case);
    };
    for at in (0..case.steps.len()).rev() {
        if !case.steps[at].starts_with("FROM") || at > 1 {
            with(&|case| drop(case.steps.remove(at)));
        }
    }
    for path in case.files.keys() {
        with(&|case| {
            case.files.remove(path);
            without_empty(case);
        });
    }
    for at in 0..case.ignored.len() {
        with(&|case| drop(case.ignored.remove(at)));
    }
    for (at, step) in case.steps.iter().enumerate() {
        for simpler in simpler(step) {
            with(&|case| case.steps[at].clone_from(&simpler));
        }
    }
    for (path, node) in &case.files {
        let usual = if node.is_directory() { 0o755 } else { 0o644 };
        if node.mode != usual && node.mode != 0o777 {
            with(&|case| case.files.get_mut(path).expect("it is there").mode = usual);
        }
    }
    found
}

/// Takes away directories that hold nothing: an analysis is told of files alone.
fn without_empty(case: &mut Case) {
    let files: Vec<String> = case
        .files
        .iter()
        .filter(|(_, node)| !node.is_directory())
        .map(|(path, _)| path.clone())
        .collect();
    let holds = |path: &str| files.iter().any(|file| file.starts_with(&format!("{path}/")));
    case.files.retain(|path, node| !node.is_directory() || holds(path));
}

/// A step without one of its flags, sources or commands.
fn simpler(step: &str) -> Vec<String> {
    let mut found = Vec::new();
    if step.contains("<<") {
        let lines: Vec<&str> = step.lines().collect();
        for gone in 1..lines.len().saturating_sub(1) {
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != gone);
            found.push(kept.map(|(_, line)| *line).collect::<Vec<_>>().join("\n"));
        }
        return found;
    }
    let step = step.replace(" \\\n ", "");
    for (word, joint) in [
        ("RUN ", " && "),
        ("RUN ", "; "),
        ("RUN ", " | "),
        ("COPY ", " "),
        ("ADD ", " "),
        ("ONBUILD RUN ", " && "),
        ("ONBUILD COPY ", " "),
    ] {
        let Some(rest) = step.strip_prefix(word) else { continue };
        let parts: Vec<&str> = rest.split(joint).collect();
        for gone in 0..parts.len() {
            let kept = parts.iter().enumerate().filter(|(at, _)| *at != gone);
            let kept: Vec<&str> = kept.map(|(_, part)| *part).collect();
            if kept.len() >= if joint == " " { 2 } else { 1 } {
                found.push(format!("{word}{}", kept.join(joint)));
            }
        }
    }
    found
}
