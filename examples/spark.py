"""How often each rule finds something in a folder of Dockerfiles, counted by Spark.

    pip install pyspark
    python examples/spark.py FOLDER [COMMAND]

COMMAND starts the command line: "npx layerwise" by default, "node pkg/cli.cjs" in a checkout. Each
partition is piped through one process of it, which answers a job a line; so the folder may as well be
a table of millions of rows, and the machine a cluster that has Node and the package.
"""

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession


def job(path):
    """What `layerwise --stdin-jobs` reads: the options of `analyze`, and an id."""
    return json.dumps({"id": str(path), "dockerfile": path.read_text(errors="replace")})


def counts(line):
    """Pairs of a rule and 1 from an answer; a job that is wrong counts as "error"."""
    answer = json.loads(line)
    if "error" in answer:
        return [("error", 1)]
    return [(issue["rule"], 1) for issue in answer["report"]["issues"]]


def main(folder, command="npx layerwise"):
    spark = SparkSession.builder.appName("layerwise").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    paths = sorted(path for path in Path(folder).rglob("*Dockerfile*") if path.is_file())
    jobs = spark.sparkContext.parallelize([job(path) for path in paths])
    found = jobs.pipe(f"{command} --stdin-jobs").flatMap(counts).reduceByKey(lambda a, b: a + b)
    for rule, count in sorted(found.collect(), key=lambda pair: (-pair[1], pair[0])):
        print(f"{count}\t{rule}")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
