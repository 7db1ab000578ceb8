# Stands in for rust:1.85-slim.
FROM layerwise-prove/debian
RUN apt-get update && apt-get install -y --no-install-recommends cargo rustc gcc libc6-dev && \
    rm -rf /var/lib/apt/lists/*
ENV CARGO_HOME=/usr/local/cargo RUST_VERSION=1.85.0
