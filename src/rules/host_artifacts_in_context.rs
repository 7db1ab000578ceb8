//! # host-artifacts-in-context
//!
//! ## What it finds
//!
//! A COPY or ADD that brings along what tools left in the project on the machine of whoever builds
//! (`node_modules`, `target`, `.venv`, `dist`, `__pycache__`), although the image makes that for
//! itself. It needs the list of files.
//!
//! ## Why it costs
//!
//! What is copied belongs to the cache key: each install, build or test run on that machine changes
//! it, so that the copy and all steps behind it run again for nothing. It is also sent to the builder
//! with the [context](https://docs.docker.com/build/concepts/context/#dockerignore-files), and may
//! overwrite what the image has, with files of another system.
//!
//! ## What to do
//!
//! Name it in `.dockerignore`. With `package.json`, `package-lock.json`, `app.js` and
//! `node_modules/.package-lock.json` in the context,
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY package.json package-lock.json ./
//! RUN npm ci
//! COPY . .
//! CMD ["node", "app.js"]
//! ```
//!
//! is reported.
//!
//! Not reported: what an instruction names, and what no step makes. With `package.json`, `app.js`,
//! `node_modules/.package-lock.json` and `dist/app.js` in the context:
//!
//! ```dockerfile
//! FROM node:24
//! WORKDIR /app
//! COPY . .
//! CMD ["node", "dist/app.js"]
//! ```
//!
//! Nor what `.dockerignore` excludes, modules of Go below `vendor`, and what a build stage needs that
//! does not install.
//!
//! ## How safe the fix is
//!
//! The fix is the `dockerignore` of the report: what is there already, and a line for each such
//! directory, or one for all of a name. All other files stay visible. A directory is left out only where a step of each
//! stage that gets it makes it again, or where nothing reads it from there (`__pycache__`); where a
//! COPY, a bind mount or a step in front of that names it, it stays. What a program looks for when the
//! container runs, it finds as the image made it.
//!
//! ## How often it is right
//!
//! Of 100 findings read on public Dockerfiles, 100 were right. Lists of public repositories hold
//! what is checked in, so that such files were added to them.

use super::shown;
use crate::graph::artifacts::HostArtifact;
use crate::graph::{Graph, StepAt};
use crate::issue::{Issue, Related, Severity};
use crate::limits;
use crate::rule::{Analysis, Finding, Remedy, Rule};
use crate::sort::sort;

/// The rule.
pub const RULE: Rule = Rule {
    id: "host-artifacts-in-context",
    title: "copy brings along what tools left in the project, and the image makes for itself",
    severity: Severity::Warning,
    check,
};

fn check(analysis: &Analysis<'_, '_>) -> Vec<Finding> {
    let graph = analysis.graph;
    let artifacts = graph.host_artifacts();
    let mut copies: Vec<StepAt> = Vec::new();
    for (copy, _) in artifacts.iter().flat_map(|artifact| &artifact.copies) {
        if !copies.contains(copy) {
            copies.push(*copy);
        }
    }
    sort(&mut copies);
    copies.into_iter().map(|copy| finding(graph, &artifacts, copy)).collect()
}

fn finding(graph: &Graph<'_>, artifacts: &[HostArtifact<'_>], copy: StepAt) -> Finding {
    let (mut paths, mut related): (Vec<String>, Vec<Related>) = (Vec::new(), Vec::new());
    for artifact in artifacts {
        let Some((_, made)) = artifact.copies.iter().find(|(by, _)| *by == copy) else { continue };
        paths.push(artifact.path.to_owned());
        if let Some(maker) = made.map(|maker| graph.span(maker))
            && related.iter().all(|known| known.span != maker)
        {
            let message = format!("This step makes `{}` in the image.", artifact.path);
            related.push(Related { span: maker, message });
        }
    }
    related.truncate(limits::CAUSES);
    let named = shown::paths(&paths);
    let issue = Issue {
        message: format!("the copy brings along {named} of the machine that builds"),
        why: "Each install, build or test run there changes the copy, so that all steps behind it \
              run again, and it is sent to the builder with the context; the image has its own, \
              or needs none."
            .into(),
        help: format!("Add {named} to .dockerignore."),
        related,
        ..RULE.issue(graph.span(copy))
    };
    Finding { issue, remedy: Remedy::Exclude(paths) }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::alone;
    use crate::{Options, Report, analyze};

    fn options(files: &[&str]) -> Options {
        let files = files.iter().map(|path| {
            let text = path.ends_with("package.json").then(|| r#"{ "workspaces": ["*"] }"#.into());
            (path.to_string(), text)
        });
        Options { files: Some(files.collect()), ..alone(&[RULE.id]) }
    }

    fn report(files: &[&str], steps: &str) -> Report {
        analyze(&format!("FROM debian:13\nWORKDIR /app\n{steps}\n"), &options(files))
    }

    /// The rule reports the steps, and what it proposes leaves nothing to report.
    #[track_caller]
    fn catches(files: &[&str], steps: &str, dockerignore: &str) {
        let found = report(files, steps);
        assert_eq!(found.dockerignore.as_deref(), Some(dockerignore), "{steps}");
        assert!(found.issues.iter().all(|issue| issue.rule == RULE.id), "{steps}");
        let again = Options { dockerignore: found.dockerignore, ..options(files) };
        let again = analyze(&format!("FROM debian:13\nWORKDIR /app\n{steps}\n"), &again);
        assert_eq!((again.issues.len(), again.dockerignore), (0, None), "{steps}");
    }

    #[track_caller]
    fn catches_not(files: &[&str], steps: &str) {
        let found = report(files, steps);
        assert_eq!((found.issues.len(), found.dockerignore), (0, None), "{steps}");
    }

    const NODE: &[&str] = &["package.json", "package-lock.json", "node_modules/a/index.js", "a.js"];

    #[test]
    fn modules_that_an_install_makes() {
        for steps in [
            "COPY . .\nRUN npm ci",
            "COPY package*.json ./\nRUN npm ci\nCOPY . .",
            "COPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build",
            "COPY package*.json ./\nRUN npm ci --omit=dev\nCOPY . .\nCMD [\"node\", \"a.js\"]",
            "ADD . .\nRUN npm install && npm run build",
            "COPY . /app\nCOPY --from=node:24 /x/node_modules /app/node_modules",
        ] {
            catches(NODE, steps, "node_modules\n");
        }
        let members =
            ["package.json", "node_modules/a/i.js", "b/package.json", "b/node_modules/c/i.js"];
        catches(&members, "COPY . .\nRUN npm ci", "**/node_modules\n");
    }

    #[test]
    fn modules_that_nothing_makes() {
        for steps in [
            "COPY . .\nCMD [\"node\", \"a.js\"]",
            "COPY . .\nRUN npm run build",
            // Before the install a step runs what the machine has.
            "COPY . .\nRUN node node_modules/a/index.js\nRUN npm ci",
            "COPY . .\nRUN node_modules/a/index.js && npm ci",
            "COPY . .\nRUN npm ci || true",
            "COPY . .\nRUN if [ -n \"$A\" ]; then npm ci; fi",
            // The build may use what the install left out.
            "COPY package*.json ./\nRUN npm ci --omit=dev\nCOPY . .\nRUN npm run build",
            "COPY . .\nWORKDIR /other\nRUN npm ci",
            "COPY . .\nRUN npm install -g serve",
            // Another stage gets them and installs nothing.
            "COPY . .\nRUN npm ci\nFROM node:24\nCOPY . /srv",
            "COPY node_modules ./node_modules\nCOPY . .\nRUN npm ci",
            "COPY */index.js ./\nCOPY a.js node_modules/a /b/\nRUN npm ci",
            "COPY --exclude=node_modules . .\nRUN npm ci",
            "RUN --mount=type=bind,target=/src cp /src/a.js .\nCOPY . .\nRUN npm ci",
            "COPY . .\nRUN npm ci\nONBUILD RUN npm ci",
            "COPY a.js package*.json ./\nRUN npm ci",
            "ARG FROM=.\nCOPY $FROM .\nCOPY $WHICH .\nRUN npm ci",
        ] {
            catches_not(NODE, steps);
        }
        catches_not(&["node_modules/a/index.js", "a.js"], "COPY . .\nRUN npm ci");
        let ignored = Options { dockerignore: Some("**/node_modules".into()), ..options(NODE) };
        assert!(analyze("FROM node:24\nCOPY . .\nRUN npm ci", &ignored).issues.is_empty());
    }

    #[test]
    fn what_a_compile_step_makes() {
        let cargo = ["Cargo.toml", "src/main.rs", "target/CACHEDIR.TAG", "target/debug/a"];
        catches(&cargo, "COPY . .\nRUN cargo build --release", "target\n");
        catches_not(&cargo, "COPY . .\nRUN cp target/debug/a /a && cargo build --release");
        catches_not(&cargo, "COPY . .\nRUN cargo fetch");
        catches_not(&cargo, "COPY target/debug/a /a\nCOPY . .\nRUN cargo build");
        let target = "RUN --mount=type=cache,target=/app/target cargo build";
        catches_not(&cargo, &format!("COPY . .\n{target}"));
        let maven = ["pom.xml", "src/A.java", "target/a.jar", "web/pom.xml", "web/target/b.jar"];
        catches(&maven, "COPY . .\nRUN mvn package", "**/target\n");
        catches_not(&maven, "COPY . .\nRUN mvn package\nFROM debian:13\nCOPY target/a.jar /");
        let dotnet = ["a/a.csproj", "a/bin/Debug/a.dll", "a/obj/project.assets.json", "b/bin/tool"];
        catches(&dotnet, "COPY . .\nRUN dotnet publish a -o /out", "a/bin\na/obj\n");
        let gradle = ["build.gradle", "build/libs/a.jar", ".gradle/8.0/x"];
        catches(&gradle, "COPY . .\nRUN gradle build", ".gradle\nbuild\n");
    }

    #[test]
    fn what_a_script_makes() {
        let files = ["package.json", "dist/a.js", "a.js"];
        let taken = "COPY . .\nRUN npm run build\nFROM nginx\nCOPY --from=0 /app/dist /srv";
        catches(&files, taken, "dist\n");
        catches_not(&files, "COPY . .\nRUN npm run build");
        catches_not(&files, "COPY . .\nRUN npm test\nFROM nginx\nCOPY --from=0 /app/dist /srv");
        let next = ["package.json", ".next/BUILD_ID", "a.js"];
        catches(&next, "COPY . .\nRUN npm run build", ".next\n");
        catches_not(&next, "COPY . .\nCMD [\"npm\", \"start\"]");
    }

    #[test]
    fn environments_and_caches_of_python() {
        let files = ["a.py", "requirements.txt", ".venv/pyvenv.cfg", "b/__pycache__/c.pyc"];
        let pip = "COPY . .\nRUN pip install -r requirements.txt";
        catches(&files, pip, ".venv\nb/__pycache__\n");
        catches(&files, "COPY . .\nENV PATH=/app/.venv/bin:$PATH", "b/__pycache__\n");
        catches(&files, &format!("{pip}\nCMD [\"./run.sh\"]"), "b/__pycache__\n");
        let uv = "COPY pyproject.toml uv.lock ./\nRUN uv sync\nCOPY . .";
        catches(&[&files[..], &["pyproject.toml", "uv.lock"]].concat(), uv, "b/__pycache__\n");
        catches_not(&["venv/bin/tool", "a.py"], pip);
    }

    #[test]
    fn what_lies_in_the_source() {
        let go = ["go.mod", "main.go", "vendor/modules.txt", "vendor/a/b.go"];
        catches_not(&go, "COPY . .\nRUN go build .");
        let php = ["composer.json", "index.php", "vendor/autoload.php"];
        catches(&php, "COPY . .\nRUN composer install", "vendor\n");
        catches_not(&php, "COPY . .\nCMD [\"php\", \"index.php\"]");
    }

    #[test]
    fn it_needs_the_files_and_says_which_step_makes_it() {
        let steps = "FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
        assert!(analyze(steps, &alone(&[RULE.id])).issues.is_empty());
        let found = analyze(steps, &options(NODE));
        let issue = &found.issues[0];
        assert_eq!(
            issue.message,
            "the copy brings along `node_modules` of the machine that builds"
        );
        assert_eq!(issue.help, "Add `node_modules` to .dockerignore.");
        assert_eq!(issue.related[0].message, "This step makes `node_modules` in the image.");
        assert_eq!(issue.related[0].span.of(steps), "RUN npm ci");
        let none = Options { fix: crate::FixLevel::None, ..options(NODE) };
        assert_eq!(analyze(steps, &none).dockerignore, None);
        let off = format!("# layerwise ignore-file={}\n{steps}", RULE.id);
        assert_eq!(analyze(&off, &options(NODE)).dockerignore, None);
    }
}
