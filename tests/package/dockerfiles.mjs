// Dockerfiles that several tests use.

/** The example the project began with, cut to what matters. */
export const COPY_FIRST = `FROM python:3.13
ADD . /app
RUN pip install -r /app/requirements.txt
CMD ["python", "/app/run.py"]
`;

/** The same in the right order. */
export const MANIFEST_FIRST = `FROM python:3.13
ADD requirements.txt /app/requirements.txt
RUN pip install -r /app/requirements.txt
ADD . /app
CMD ["python", "/app/run.py"]
`;

export const RULE = "source-copied-before-install";
