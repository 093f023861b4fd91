"""
Answers of a random forest to the B decays, for bench/fidelity.ts.

    python3 bench/forest.py EVENTS.csv ANSWERS.json      # with python3-sklearn of Debian 12: release 1.2.1
"""

import csv
import json
import sys

import numpy as np
from sklearn.ensemble import RandomForestClassifier

events, answers = sys.argv[1:]
with open(events) as file:
    names, *rows = csv.reader(file)
values = np.array(rows, dtype=np.float32)
features = ["pt", "eta", "min_pt", "max_pt", "min_eta", "max_eta"]
inputs = values[:, [names.index(name) for name in features]]
labels = values[:, names.index("label")]
# Every event is answered by a forest that was grown without it: one of its own half would know its label.
scores = np.empty(len(labels))
halves = np.random.RandomState(1).permutation(len(labels)) % 2
for half in (0, 1):
    forest = RandomForestClassifier(n_estimators=200, min_samples_leaf=10, random_state=1, n_jobs=2)
    forest.fit(inputs[halves != half], labels[halves != half])
    scores[halves == half] = forest.predict_proba(inputs[halves == half])[:, 1]
with open(answers, "w") as file:
    json.dump(scores.round(7).tolist(), file)
