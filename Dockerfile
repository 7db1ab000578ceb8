# syntax=docker/dockerfile:1
# The command line as an image, of the package that `cargo xtask build` leaves in pkg/:
#   docker build -t layerwise . && docker run --rm -v "$PWD:/src" layerwise
FROM node:24-alpine
# For --since.
RUN apk add --no-cache git \
    && git config --system --add safe.directory '*' \
    && ln -s /opt/layerwise/cli.cjs /usr/local/bin/layerwise
COPY pkg /opt/layerwise
WORKDIR /src
USER node
ENTRYPOINT ["layerwise"]
