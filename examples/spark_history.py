"""Which repositories lose most hours to rebuilds of their images, ranked by Spark.

    pip install pyspark
    python examples/spark_history.py FOLDER [COMMAND]

FOLDER holds clones of git repositories, whole ones: a shallow clone has no history. COMMAND starts the
command line: "npx layerwise" by default, "node pkg/cli.cjs" in a checkout. Each repository becomes a
job a Dockerfile, with its commits; each partition is piped through one process that answers them. What
is printed: hours as it is, hours with each Dockerfile rewritten, and the repository.
"""

import json
import shlex
import subprocess
import sys
from pathlib import Path

from pyspark.sql import SparkSession


def jobs(repository, command):
    """What `layerwise --stdin-jobs` reads, for each Dockerfile of a repository."""
    words = [*shlex.split(command), "history", "--quiet", "--format", "jobs"]
    told = subprocess.run(words, cwd=repository, capture_output=True, text=True, check=False)
    return [json.dumps({**json.loads(line), "id": Path(repository).name}) for line in told.stdout.splitlines()]


def seconds(line):
    """Pairs of a repository and its seconds from an answer; a job that is wrong counts nothing."""
    answer = json.loads(line)
    if "error" in answer:
        return []
    replay = answer["replay"]
    return [(answer["id"], (replay["seconds"], replay["rewritten"]["seconds"]))]


def main(folder, command="npx layerwise"):
    spark = SparkSession.builder.appName("layerwise").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    repositories = sorted(str(path.parent.resolve()) for path in Path(folder).glob("*/.git"))
    histories = spark.sparkContext.parallelize(repositories).flatMap(lambda path: jobs(path, command))
    answers = histories.pipe(f"{command} --stdin-jobs").flatMap(seconds)
    lost = answers.reduceByKey(lambda one, other: (one[0] + other[0], one[1] + other[1]))
    for name, (now, rewritten) in sorted(lost.collect(), key=lambda pair: (-pair[1][0], pair[0])):
        print(f"{now / 3600:.2f}\t{rewritten / 3600:.2f}\t{name}")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
