// The Dockerfiles of the look-alike repository, and what it has beside them.

/** Installs behind the source: an edit costs an install. */
export const LATE = `FROM node:24
WORKDIR /app
COPY . .
RUN npm ci
CMD ["node", "src/main.js"]
`;

/** As it should be, but for a place of the downloads. */
export const EARLY = `FROM python:3.13
WORKDIR /app
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
COPY . .
`;

/** Refused by BuildKit. */
export const BROKEN = "FROM alpine\nRUMBLE x\n";

/** 3,000 lines, most of them with something to say about. */
export const LONG = `FROM debian:13\n${Array.from({ length: 1500 }, (_, index) => `COPY src/${index} /srv/${index}\nRUN apt-get install -y package-${index}\n`).join("")}`;

const MARKUP = '<img src=x class=forged onerror="window.forged=1">';

/** Text that would leave a mark if it were taken for markup. */
export const HOSTILE = `FROM node:24 AS ${MARKUP.replaceAll(" ", "/")}
COPY . /app/${MARKUP.replaceAll(" ", "/")}
RUN npm ci && echo '${MARKUP}'
# ${MARKUP}\u202e
`;

/** The files that the tree of the repository lists. */
export const FILES = ["Dockerfile", "README.md", "package.json", "package-lock.json", "services/api/Dockerfile", "services/api/requirements.txt"];
