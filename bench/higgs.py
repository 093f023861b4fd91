"""
Trains boosted trees on the first half of the HIGGS events for bench/teachers.ts.

    python3 bench/higgs.py EVENTS.csv MODEL.json      # with python3-xgboost of Debian 12: release 1.7.4
"""

import csv
import sys

import numpy as np
import xgboost as xgb

events, model = sys.argv[1:]
with open(events) as file:
    names, *rows = csv.reader(file)
values = np.array(rows[: len(rows) // 2], dtype=np.float32)
labels = values[:, names.index("label")]
features = [name for name in names if name != "label"]
matrix = xgb.DMatrix(values[:, [names.index(name) for name in features]], labels, feature_names=features)
settings = {"objective": "binary:logistic", "max_depth": 4, "eta": 0.1, "seed": 1, "nthread": 2}
xgb.train(settings, matrix, num_boost_round=60).save_model(model)
