"""The hold model in SimPy: so many timeouts pending; each that fires is followed by another, so many times."""
import json
import random
import sys
import time

import simpy

pending, events = int(sys.argv[1]), int(sys.argv[2])
random.seed(1)
gaps = [random.expovariate(1.0) for _ in range(2**16)]
env = simpy.Environment()
fired = 0


def follow(_):
    global fired
    fired += 1
    env.timeout(gaps[fired % len(gaps)]).callbacks.append(follow)


for event in range(pending):
    env.timeout(gaps[event % len(gaps)]).callbacks.append(follow)
began = time.perf_counter()
for _ in range(events):
    env.step()
print(json.dumps({"seconds": time.perf_counter() - began, "events": fired}))
