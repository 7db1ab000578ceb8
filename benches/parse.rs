//! Parsing, with `parse-dockerfile` beside it: small, typical, large and pathological texts.
//!
//! `cargo bench --bench parse`. The texts that the peer refuses are measured with ours alone.

use divan::{Bencher, counter::BytesCount};

fn main() {
    divan::main();
}

const SMALL: &str = "FROM alpine\nRUN apk add --no-cache git\n";

/// 700 bytes: a build stage, mounts, a continuation, an exec form.
const TYPICAL: &str = r#"# syntax=docker/dockerfile:1
FROM golang:1.23-alpine AS build
WORKDIR /src
RUN apk add --no-cache git ca-certificates \
    && update-ca-certificates
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -ldflags "-X main.version=${VERSION}" -o /out/app ./cmd/app

# The image that is shipped.
FROM alpine:3.20
ENV PORT=8080 \
    LOG_LEVEL=info
COPY --from=build /out/app /usr/local/bin/app
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=30s CMD wget -qO- localhost:8080/health || exit 1
ENTRYPOINT ["/usr/local/bin/app"]
CMD ["serve"]
"#;

fn text(name: &str) -> String {
    match name {
        "small" => SMALL.to_owned(),
        "typical" => TYPICAL.to_owned(),
        "large" => {
            let numbered = |n| TYPICAL.replace("build\n", &format!("build{n}\n"));
            (0..100).map(numbered).collect()
        }
        "heredocs" => "FROM a\n".to_owned() + &"COPY <<A <<-'B' /d/\nx\nA\n\ty\nB\n".repeat(1000),
        "long run" => format!("FROM a\nRUN true{}\n", " && \\\n    true".repeat(20_000)),
        "long line" => format!("FROM a\nRUN {}\n", "a b ".repeat(250_000)),
        "stages" => (0..10_000).map(|n| format!("FROM a AS s{n}\nRUN true\n")).collect(),
        "substitutions" => format!("FROM a\nRUN <<E {}\nE\n", "${a:-".repeat(100_000)),
        other => unreachable!("{other}"),
    }
}

const SHARED: [&str; 5] = ["small", "typical", "large", "long run", "stages"];
const ALL: [&str; 8] =
    ["small", "typical", "large", "heredocs", "long run", "long line", "stages", "substitutions"];

#[divan::bench(args = ALL)]
fn layerwise(bencher: Bencher, name: &str) {
    let text = text(name);
    let bencher = bencher.counter(BytesCount::of_str(&text));
    bencher.bench_local(|| layerwise::syntax::parse(divan::black_box(&text)));
}

#[divan::bench(args = SHARED)]
fn parse_dockerfile(bencher: Bencher, name: &str) {
    let text = text(name);
    let bencher = bencher.counter(BytesCount::of_str(&text));
    bencher.bench_local(|| parse_dockerfile::parse(divan::black_box(&text)).unwrap());
}
