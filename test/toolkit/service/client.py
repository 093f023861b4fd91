"""A client of the service that knows nothing of its code: urllib and struct, after the published protocols.

Goes through every endpoint of http://127.0.0.1:PORT and checks what each answers; scores are compared, bit for bit, with
those in the file that is named, which `nndrone predict` wrote. Prints the endpoints that it went through, as JSON.
"""

import json
import struct
import sys
import urllib.error
import urllib.request

PORT, TOKEN, DRONE, EVENTS, SCORES, OTHER = sys.argv[1:]
BASE = f"http://127.0.0.1:{PORT}"
seen = []


def ask(method, path, body=None, headers=None, token=None):
    """Returns status, headers and body."""
    template = headers.pop("template") if headers and "template" in headers else path.split("?")[0]
    seen.append(f"{method} {template}")
    request = urllib.request.Request(BASE + path, data=body, method=method, headers=dict(headers or {}))
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def ask_json(method, path, value=None, want=200, **more):
    body = None if value is None else json.dumps(value).encode()
    status, _, answer = ask(method, path, body, **more)
    assert status == want, (method, path, status, answer)
    return json.loads(answer)


def bits(value):
    return struct.pack("<f", value)


with open(EVENTS) as file:
    names = file.readline().strip().split(",")
    rows = [[float(cell) for cell in line.split(",")] for line in file]
with open(SCORES) as file:
    assert file.readline().strip() == "score"
    scores = [float(line) for line in file]
wanted = b"".join(bits(score) for score in scores)
flat = [value for row in rows for value in row]
count, width = len(rows), len(names)

# Health and metadata.
assert ask_json("GET", "/v2")["extensions"] == ["binary_tensor_data"]
assert ask_json("GET", "/v2/health/live") == {"live": True}
assert ask_json("GET", "/v2/health/ready") == {"ready": True}
for path in ["/v2/models/best", "/v2/models/best/versions/1"]:
    metadata = ask_json("GET", path)
    assert metadata["name"] == "best" and metadata["versions"] == ["1"] and metadata["platform"] == "nndrone", metadata
    assert metadata["inputs"] == [{"name": "events", "datatype": "FP64", "shape": [-1, width]}], metadata
    assert metadata["outputs"] == [{"name": "score", "datatype": "FP32", "shape": [-1]}], metadata
    assert ask_json("GET", path + "/ready") == {"name": "best", "ready": True}


def infer(path, inputs, more=None, binary=b"", head=None):
    request = {"inputs": inputs, **(more or {})}
    text = json.dumps(request).encode()
    headers = {"Content-Type": "application/json"}
    if binary:
        headers = {"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(len(text))}
    status, headers, body = ask("POST", path + "/infer", text + binary, headers)
    assert status == 200, body
    length = headers["Inference-Header-Content-Length"]
    if length is None:
        return json.loads(body), b""
    return json.loads(body[: int(length)]), body[int(length) :]


# Inference: JSON and bytes, one tensor and one an input, every type.
for path in ["/v2/models/best", "/v2/models/best/versions/1"]:
    answer, _ = infer(path, [{"name": "events", "shape": [count, width], "datatype": "FP64", "data": flat}], {"id": "x"})
    assert answer["id"] == "x" and answer["model_name"] == "best" and answer["model_version"] == "1", answer
    (output,) = answer["outputs"]
    assert output["name"] == "score" and output["shape"] == [count] and output["datatype"] == "FP32", output
    assert b"".join(map(bits, output["data"])) == wanted
    nested, _ = infer(path, [{"name": "events", "shape": [count, width], "datatype": "FP64", "data": rows}])
    assert nested["outputs"][0]["data"] == output["data"]

    raw = struct.pack(f"<{len(flat)}d", *flat)
    tensor = {"name": "e", "shape": [count, width], "datatype": "FP64", "parameters": {"binary_data_size": len(raw)}}
    answer, tail = infer(path, [tensor], {"parameters": {"binary_data_output": True}}, raw)
    assert answer["outputs"][0]["parameters"] == {"binary_data_size": 4 * count} and tail == wanted
    answer, tail = infer(path, [tensor], {"outputs": [{"name": "score", "parameters": {"binary_data": True}}]}, raw)
    assert tail == wanted
    answer, tail = infer(path, [tensor], binary=raw)
    assert tail == b"" and b"".join(map(bits, answer["outputs"][0]["data"])) == wanted

    columns, tail = [], b""
    for i, name in enumerate(names):
        column = struct.pack(f"<{count}d", *[row[i] for row in rows])
        size = {"binary_data_size": len(column)}
        columns.append({"name": name, "shape": [count, 1], "datatype": "FP64", "parameters": size})
        tail += column
    answer, _ = infer(path, columns[::-1], binary=b"".join(
        tail[i * 8 * count : (i + 1) * 8 * count] for i in reversed(range(width))
    ))
    assert b"".join(map(bits, answer["outputs"][0]["data"])) == wanted

TYPES = {"FP32": "f", "FP64": "d", "INT8": "b", "INT16": "h", "INT32": "i", "INT64": "q"}
TYPES |= {"UINT8": "B", "UINT16": "H", "UINT32": "I", "UINT64": "Q"}
whole = [[(n * 7 + i * 3) % 5 for i in range(width)] for n in range(9)]
numbers = [value for row in whole for value in row]
reference, _ = infer(
    "/v2/models/best", [{"name": "e", "shape": [9, width], "datatype": "FP64", "data": numbers}]
)
for datatype, letter in TYPES.items():
    raw = struct.pack(f"<{len(numbers)}{letter}", *numbers)
    tensor = {"name": "e", "shape": [9, width], "datatype": datatype, "parameters": {"binary_data_size": len(raw)}}
    answer, _ = infer("/v2/models/best", [tensor], binary=raw)
    assert answer["outputs"] == reference["outputs"], datatype
    del tensor["parameters"]
    answer, _ = infer("/v2/models/best", [{**tensor, "data": numbers}])
    assert answer["outputs"] == reference["outputs"], datatype
# FP32 is rounded alike as JSON and as bytes.
rounded = [struct.unpack("<f", struct.pack("<f", value))[0] for value in flat]
raw = struct.pack(f"<{len(flat)}f", *flat)
tensor = {"name": "e", "shape": [count, width], "datatype": "FP32"}
as_json, _ = infer("/v2/models/best", [{**tensor, "data": flat}])
as_bytes, _ = infer("/v2/models/best", [{**tensor, "parameters": {"binary_data_size": len(raw)}}], binary=raw)
as_double, _ = infer("/v2/models/best", [{**tensor, "datatype": "FP64", "data": rounded}])
assert as_json["outputs"] == as_bytes["outputs"] == as_double["outputs"]
# One event without a dimension of events; no event at all.
answer, _ = infer("/v2/models/best", [{"name": "e", "shape": [width], "datatype": "FP64", "data": rows[0]}])
assert bits(answer["outputs"][0]["data"][0]) == wanted[:4]
answer, _ = infer("/v2/models/best", [{"name": "e", "shape": [0, width], "datatype": "FP64", "data": []}])
assert answer["outputs"][0]["data"] == []

# Streams of events.
with open(EVENTS, "rb") as file:
    csv = file.read()
ndjson = b"".join(json.dumps(dict(zip(names, row))).encode() + b"\n" for row in rows)
for path in ["/v2/models/best", "/v2/models/best/versions/1"]:
    status, headers, body = ask("POST", path + "/events", csv, {"Content-Type": "text/csv"})
    assert status == 200 and headers["Content-Type"].startswith("text/csv"), (status, body)
    lines = body.decode().splitlines()
    assert lines[0] == ",".join([*names, "score"])
    assert b"".join(bits(float(line.rsplit(",", 1)[1])) for line in lines[1:]) == wanted
    assert [line.rsplit(",", 1)[0] for line in lines] == csv.decode().splitlines()
    status, headers, body = ask("POST", path + "/events", ndjson, {"Content-Type": "application/x-ndjson"})
    assert status == 200 and headers["Content-Type"] == "application/x-ndjson"
    events = [json.loads(line) for line in body.splitlines()]
    assert b"".join(bits(event["score"]) for event in events) == wanted
    assert [list(event)[:-1] for event in events] == [names] * count
status, _, body = ask("POST", "/v2/models/best/events?on-error=null", ndjson + b"{bad\n")
assert status == 200 and json.loads(body.splitlines()[-1]) == {"score": None}, body

# Documents, drift and lists.
with open(DRONE, "rb") as file:
    drone = file.read()
for path in ["/v2/models/best", "/v2/models/best/versions/1"]:
    assert ask("GET", path + "/drone.json")[2] == drone
    drift = ask_json("GET", path + "/drift")
    assert drift["model"] == "best" and drift["events"] > 0 and len(drift["variables"]) == width + 1, drift
(summary,) = ask_json("GET", "/v2/models")
assert summary["name"] == "best" and summary["live"]["events"] > count and summary["live"]["failures"] == 0, summary

# TFaaS.
for path in ["/json", "/predict/json"]:
    answer = ask_json("POST", path, {"keys": names, "values": rows[0], "model": "best"})
    assert bits(answer[0]) == wanted[:4]
    answer = ask_json("POST", path, {"keys": names[::-1], "values": rows[0][::-1]})
    assert bits(answer[0]) == wanted[:4]
assert [model["name"] for model in ask_json("GET", "/models")] == ["best"]
assert ask_json("GET", "/params")["name"] == "best"
assert ask_json("GET", "/params/best")["name"] == "best"
assert ask_json("GET", "/status")["status"] == "running"

# Versions: a new one, promoted, rolled back.
with open(OTHER, "rb") as file:
    other = file.read()
path = "/v2/models/best/versions/2"
assert ask("PUT", path, other)[0] == 401
status, _, body = ask("PUT", path, other, token=TOKEN)
assert status == 201 and json.loads(body)["active"] == "1", body
assert ask("PUT", path, other, token=TOKEN)[0] == 200
assert ask("PUT", path, drone, token=TOKEN)[0] == 409
listed = ask_json("GET", "/v2/models/best/versions")
assert [version["version"] for version in listed["versions"]] == ["1", "2"] and listed["active"] == "1", listed
assert len({version["sha256"] for version in listed["versions"]}) == 2
template = "/v2/models/best/versions/2/promote"
assert ask_json("POST", path + "/promote", {}, token=TOKEN)["active"] == "2"
promoted, _ = infer("/v2/models/best", [{"name": "e", "shape": [count, width], "datatype": "FP64", "data": flat}])
assert promoted["model_version"] == "2"
assert b"".join(map(bits, promoted["outputs"][0]["data"])) != wanted
assert ask_json("POST", "/v2/models/best/rollback", {}, token=TOKEN)["active"] == "1"
back, _ = infer("/v2/models/best", [{"name": "e", "shape": [count, width], "datatype": "FP64", "data": flat}])
assert b"".join(map(bits, back["outputs"][0]["data"])) == wanted


def form(parts):
    boundary = "----separate"
    body = b""
    for name, (filename, content) in parts.items():
        disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
        body += f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={boundary}"}


# TFaaS, what is written.
params = json.dumps({"name": "mine", "model": "drone.json", "labels": "labels.txt", "inputNode": "x"}).encode()
body, headers = form(
    {
        "name": (None, b"mine"),
        "params": ("params.json", params),
        "model": ("drone.json", other),
        "labels": ("labels.txt", b"signal\n"),
    }
)
assert ask("POST", "/upload", body, dict(headers))[0] == 401
status, _, answer = ask("POST", "/upload", body, dict(headers), token=TOKEN)
assert status == 201 and json.loads(answer)["name"] == "mine", answer
assert [model["name"] for model in ask_json("GET", "/models")] == ["best", "mine"]
assert ask_json("POST", "/params", {"name": "mine"}, token=TOKEN)["name"] == "mine"
assert ask_json("POST", "/json", {"keys": names, "values": rows[0]})[0] == promoted["outputs"][0]["data"][0]
assert ask_json("POST", "/params/best", {}, token=TOKEN)["name"] == "best"
assert ask_json("DELETE", "/delete/mine", token=TOKEN) == {"deleted": "mine"}
assert ask("POST", "/upload", body, dict(headers), token=TOKEN)[0] == 201
assert ask_json("DELETE", "/delete?model=mine", token=TOKEN) == {"deleted": "mine"}
assert ask_json("GET", "/v2/models/mine", want=404)["error"] == 'there is no model "mine"'

# Figures and the description of all this.
text = ask("GET", "/metrics")[2].decode()
assert 'nv_inference_request_success{model="best",version="1"}' in text
assert 'nndrone_drift_psi{model="best",version="1",kind="output",name="score"}' in text
document = ask_json("GET", "/openapi.json")
assert document["openapi"] == "3.1.0"

trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
_, headers, _ = ask("GET", "/v2", headers={"traceparent": trace, "X-Request-Id": "mine-1"})
assert headers["traceparent"].startswith("00-4bf92f3577b34da6a3ce929d0e0e4736-") and headers["traceparent"] != trace
assert headers["X-Request-Id"] == "mine-1"

print(json.dumps({"seen": sorted(set(seen)), "paths": {path: list(ways) for path, ways in document["paths"].items()}}))
