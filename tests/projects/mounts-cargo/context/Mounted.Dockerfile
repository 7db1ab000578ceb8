FROM rust:1.85-slim AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/src/target cargo build --release --locked && cp target/release/app /app

FROM rust:1.85-slim
COPY --from=build /app /usr/local/bin/app
CMD ["app"]
