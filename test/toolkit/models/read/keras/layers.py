"""
Makes layers.json: configurations and weights as Keras writes them, of layers that golden.py does not have, and what PyTorch
and NumPy answer for them in double precision.

    python3 test/toolkit/models/read/keras/layers.py      # with python3-torch of Debian 12: release 1.13
"""

import json
import pathlib

import numpy as np
import torch
from torch.nn import functional as F

PATH = pathlib.Path(__file__).parent / "layers.json"
random = np.random.RandomState(21)
cases = []


def normal(*shape):
    return random.normal(size=shape)


def layer(kind, name, **options):
    return {"class_name": kind, "name": name, "config": {"name": name, **options}}


def add(name, config, answer, *shapes, weights=None, keras="2.11.0", events=6):
    """@param answer from the inputs, one array for each shape, to one output or several"""
    inputs = [2 * normal(events, *shape) for shape in shapes]
    outputs = answer(*inputs)
    flat = lambda arrays: np.concatenate([np.asarray(one).reshape(events, -1) for one in arrays], axis=1).tolist()
    stored = {
        key: [{"shape": list(value.shape), "values": value.ravel().tolist()} for value in values]
        for key, values in (weights or {}).items()
    }
    many = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    cases.append({"name": name, "keras": keras, "config": config, "weights": stored, "inputs": flat(inputs), "answers": flat(many)})


def chain(shape, *layers):
    first = {**layers[0], "config": {**layers[0]["config"], "batch_input_shape": [None, *shape]}}
    return {"class_name": "Sequential", "config": {"name": "chain", "layers": [first, *layers[1:]]}}


def graph(inputs, layers, outputs, order=None):
    """@param layers with the names of those whose outputs they take"""
    sources = [layer("InputLayer", name, batch_input_shape=[None, *shape]) for name, shape in inputs.items()]
    called = [{**one, "inbound_nodes": [[[*key, {}] for key in map(ref, names)]]} for one, names in layers]
    for source in sources:
        source["inbound_nodes"] = []
    return {
        "class_name": "Functional",
        "config": {
            "name": "graph",
            "layers": [*called, *sources],
            "input_layers": [ref(name) for name in order or inputs],
            "output_layers": [ref(name) for name in outputs],
        },
    }


def ref(name):
    base, _, output = name.partition("/")
    return [base, 0, int(output or 0)]


def of_torch(function):
    return lambda x: function(torch.tensor(x)).numpy()


def dense(units, *before):
    return [normal(*before, units), normal(units)]


ACTIVATIONS = {
    "gelu": F.gelu,
    "mish": F.mish,
    "celu": F.celu,
    "hard_tanh": F.hardtanh,
    "log_sigmoid": F.logsigmoid,
    "hard_silu": F.hardswish,
}
OBJECTS = {
    "leaky relu": ({"class_name": "LeakyReLU", "config": {"name": "l", "alpha": 0.1}}, lambda x: F.leaky_relu(x, 0.1)),
    "leaky relu, Keras 3": (
        {"module": "keras.layers", "class_name": "LeakyReLU", "config": {"negative_slope": 0.2}, "registered_name": None},
        lambda x: F.leaky_relu(x, 0.2)),
    "relu": ({"class_name": "ReLU", "config": {"max_value": 1.0}}, lambda x: x.clamp(0, 1)),
    "elu": ({"class_name": "ELU", "config": {"alpha": 0.5}}, lambda x: F.elu(x, 0.5)),
    "activation": ({"class_name": "Activation", "config": {"activation": "tanh"}}, torch.tanh),
    "function": ({"module": "builtins", "class_name": "function", "config": "gelu"}, F.gelu),
    "gelu, by tanh": ({"class_name": "GELU", "config": {"approximate": True}}, lambda x: F.gelu(x, approximate="tanh")),
}

for name, function in ACTIVATIONS.items():
    add(f"activation {name}", chain([5], layer("Activation", "a", activation=name)), of_torch(function), [5], keras="3.3.0")
for name, (activation, function) in OBJECTS.items():
    kernel, bias = dense(3, 4)
    add(f"activation object, {name}", chain([4], layer("Dense", "d", units=3, activation=activation)),
        lambda x: of_torch(function)(x @ kernel + bias), [4], weights={"d": [kernel, bias]})
add("GELU", chain([4], layer("GELU", "g")), of_torch(F.gelu), [4], keras="3.3.0")

for name, shape, scale, center in [("", [4], True, True), (", rows", [3, 4], True, True),
                                   (", no scale", [4], False, True), (", no center", [4], True, False)]:
    gamma, beta = normal(4), normal(4)
    add(f"layer normalization{name}",
        chain(shape, layer("LayerNormalization", "n", axis=[len(shape)], epsilon=0.01, center=center, scale=scale)),
        lambda x: F.layer_norm(torch.tensor(x), [4], torch.tensor(gamma) if scale else None, torch.tensor(beta) if center else None, 0.01).numpy(),
        shape, weights={"n": [value for value, there in [(gamma, scale), (beta, center)] if there]})

add("rescaling", chain([3], layer("Rescaling", "r", scale=2.0, offset=-1.0)), lambda x: 2 * x - 1, [3])
add("rescaling, channels", chain([2, 3], layer("Rescaling", "r", scale=[1, 2, 3], offset=[0, 1, 0])),
    lambda x: x * [1, 2, 3] + [0, 1, 0], [2, 3])

MERGES = {
    "Subtract": lambda a, b: a - b,
    "Multiply": lambda a, b, c: a * b * c,
    "Average": lambda a, b, c: (a + b + c) / 3,
    "Maximum": lambda a, b, c: np.maximum(np.maximum(a, b), c),
    "Minimum": lambda a, b, c: np.minimum(np.minimum(a, b), c),
}
for kind, function in MERGES.items():
    names = ["a", "b", "c"][: function.__code__.co_argcount]
    add(f"merge, {kind}", graph({name: [4] for name in names}, [(layer(kind, "m"), names)], ["m"]), function, *[[4]] * len(names))
add("merge of one", chain([4], layer("Multiply", "m")), lambda x: x, [4])

add("activity regularization and noise",
    chain([4], layer("ActivityRegularization", "r", l1=0.1, l2=0.0), layer("GaussianNoise", "n", stddev=0.3)), lambda x: x, [4])
kernel, bias = dense(2, 3)
add("time distributed",
    chain([4, 3], layer("TimeDistributed", "t", layer=layer("Dense", "inner", units=2, activation="tanh"))),
    lambda x: np.tanh(x @ kernel + bias), [4, 3], weights={"t": [kernel, bias]})
add("masking", chain([3, 1], layer("Rescaling", "r", scale=0.0), layer("Masking", "m", mask_value=0.0)),
    lambda x: 0 * x, [3, 1])
add("masking, of ones", chain([3, 2], layer("Rescaling", "r", scale=[0.0, 1.0], offset=1.0), layer("Masking", "m", mask_value=1.0)),
    lambda x: x * [0, 1] + 1, [3, 2])

kernel, bias = dense(2, 3)
two = [(layer("Concatenate", "c", axis=-1), ["one", "pair"]), (layer("Dense", "d", units=2), ["c"])]
add("two inputs", graph({"one": [1], "pair": [2]}, two, ["d"]),
    lambda one, pair: np.concatenate([one, pair], 1) @ kernel + bias, [1], [2], weights={"d": [kernel, bias]})
add("two inputs in another order", graph({"one": [1], "pair": [2]}, two, ["d"], ["pair", "one"]),
    lambda pair, one: np.concatenate([one, pair], 1) @ kernel + bias, [2], [1], weights={"d": [kernel, bias]})
add("two outputs", graph({"x": [3]}, [(layer("Dense", "d", units=2), ["x"]), (layer("Activation", "a", activation="tanh"), ["d"])], ["a", "d"]),
    lambda x: [np.tanh(x @ kernel + bias), x @ kernel + bias], [3], weights={"d": [kernel, bias]})

inner, outer = dense(3, 4), dense(1, 3)
encoder = {"class_name": "Sequential", "name": "encoder", "config": {"name": "encoder", "layers": [
    layer("InputLayer", "in", batch_input_shape=[None, 4]), layer("Dense", "d", units=3, activation="relu")]}}
add("a chain within a chain", {"class_name": "Sequential", "config": {"name": "outer", "layers": [encoder, layer("Dense", "e", units=1)]}},
    lambda x: np.maximum(x @ inner[0] + inner[1], 0) @ outer[0] + outer[1], [4], weights={"d": inner, "e": outer})
heads = graph({"x": [3]}, [(layer("Activation", "t", activation="tanh"), ["x"]), (layer("Rescaling", "s", scale=2.0), ["x"])], ["t", "s"])
heads = {**heads, "name": "heads", "config": {**heads["config"], "name": "heads"}}
add("a graph of two outputs within a graph",
    graph({"x": [3]}, [(heads, ["x"]), (layer("Subtract", "m"), ["heads/1", "heads/0"])], ["m"]),
    lambda x: 2 * x - np.tanh(x), [3])

PATH.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
