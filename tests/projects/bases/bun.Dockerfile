# Stands in for oven/bun:1.
FROM layerwise-prove/node AS fetched
WORKDIR /fetched
RUN npm pack @oven/bun-linux-x64-baseline@1 && tar -xzf *.tgz --strip-components=1 --no-same-owner

FROM layerwise-prove/debian
COPY --from=fetched --chmod=755 /fetched/bin/bun /usr/local/bin/bun
RUN ln -s bun /usr/local/bin/bunx && groupadd --gid 1000 bun && \
    useradd --uid 1000 --gid bun --shell /bin/bash --create-home bun && \
    mkdir -p /home/bun/app
WORKDIR /home/bun/app
CMD ["bun"]
