FROM debian:trixie-slim
WORKDIR /app
COPY packages.txt ./
RUN rm -f /etc/apt/apt.conf.d/docker-clean
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
    --mount=type=cache,target=/var/lib/apt,sharing=locked \
    apt-get update && apt-get install -y --no-install-recommends $(cat packages.txt)
CMD ["gcc", "--version"]
