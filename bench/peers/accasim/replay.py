"""A log of jobs through AccaSim: first in first out, each to the first node with room. Prints the seconds and what the jobs waited."""
import collections
import collections.abc
import json
import sys
import tempfile
import time

# AccaSim 1.1.3 takes it from where it was before Python 3.10.
collections.Mapping = collections.abc.Mapping

from accasim.base.allocator_class import FirstFit
from accasim.base.scheduler_class import FirstInFirstOut
from accasim.base.simulator_class import Simulator

log, nodes, cores = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with tempfile.TemporaryDirectory() as folder:
    config = f"{folder}/cell.json"
    with open(config, "w") as file:
        json.dump({"groups": {"node": {"core": cores}}, "resources": {"node": nodes}, "equivalence": {"processor": {"core": 1}}}, file)
    began = time.perf_counter()
    simulator = Simulator(
        log,
        config,
        FirstInFirstOut(FirstFit()),
        scheduling_output=False,
        statistics_output=False,
        show_statistics=False,
        RESULTS_FOLDER_PATH=folder,
        LOG_LEVEL="CRITICAL",
    )
    simulator.start_simulation()
    seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "jobs": simulator.dispatched_jobs, "waited": sum(simulator.mapper.wtimes)}))
