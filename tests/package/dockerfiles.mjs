// Dockerfiles that several tests use.

/** A line that has nothing said of mounts, which most tests are not about. */
export const NO_MOUNTS = "# layerwise ignore-file=install-without-cache-mount\n";

/** The example the project began with, cut to what matters. */
export const COPY_FIRST = `FROM python:3.13
ADD . /app
RUN pip install -r /app/requirements.txt
CMD ["python", "/app/run.py"]
${NO_MOUNTS}`;

/** The same in the right order. */
export const MANIFEST_FIRST = `FROM python:3.13
ADD requirements.txt /app/requirements.txt
RUN pip install -r /app/requirements.txt
ADD . /app
CMD ["python", "/app/run.py"]
${NO_MOUNTS}`;

export const RULE = "source-copied-before-install";
