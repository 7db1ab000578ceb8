// The text that explains the arguments: it fits a screen of 80 columns and 50 lines.

export const HELP = `\
Usage: layerwise [options] [file | directory | glob | -]...

Finds what makes Dockerfiles rebuild more than they must, says why, and rewrites
them. Directories (default: .) are searched for Dockerfiles, without what git
ignores; a compose or bake file means its builds; "-" is standard input.

Fixing
  --fix[=LEVEL]        write fixes: safe (proved; default), assumed (also what
                       rests on the assumptions listed) or suggested (all)
  --diff               print the changes as a patch, write nothing
  --print              print the rewritten file, write nothing
Telling
  --format FORMAT      pretty (default), json, ndjson, sarif, github, gitlab,
                       junit or markdown
  --json               short for --format json
  --output FILE        write it there instead of to standard output
  --quiet, --verbose   one line an issue; also what is left out of account
  --explain RULE|LINE  the page of a rule, or all; what is known of a step
  --no-color           no colours; NO_COLOR and FORCE_COLOR count as well
Choosing
  --config FILE        instead of the nearest layerwise.json, or "layerwise" of
                       package.json
  --rule NAME=LEVEL    off, info, warning or error, for a rule
  --fail-on LEVEL      1 from error, warning (default) or info on; or never
  --since REF          only builds that changed since a commit
  --baseline FILE      leave out the issues in it; --update-baseline writes it
Building
  --context DIR        the build context (default: what compose and bake files,
                       workflows, Makefiles and scripts say, or else the
                       directory that has what is copied)
  --no-context         judge the text alone
  --fragment           a part of a Dockerfile, which may lack its FROM
  --target STAGE       the stage to build (default: as they say, or the last)
  --build-arg K[=V]    a build argument; without V, that of the environment
  --builder NAME       whose cache counts: buildkit (default), classic, buildah
  --ephemeral          that keeps no mounts between builds, as on hosted CI
  --timings LOG        costs from what "docker build --progress=plain" printed
  --history N|90d      what changes often, measured by the last commits
  --stdin-jobs         answer { id, dockerfile, files, ... }, a line each
Commands (layerwise history --help)
  budget               what changes rebuild, held against limits and a commit
  history              what the commits of a branch rebuilt, and what it cost
  why                  what a build runs again after another one, and why
  lsp                  serve an editor (the Language Server Protocol)

-h, --help, --version. Exit codes: 0 nothing found, 1 issues (after --fix: those
that are left), 2 a wrong call, or a file that cannot be read or written.
`;
