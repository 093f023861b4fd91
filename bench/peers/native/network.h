// What the rivals of this folder share: a network with its weights as they are trained, and how it is read.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

/// Every layer but the last is followed by a sigmoid, and so is the last.
struct Layer {
  int inputs, outputs;
  std::vector<float> weights;  // [outputs][inputs]
  std::vector<float> bias;     // [outputs]
};

struct Network {
  int inputs;
  std::vector<float> offset, scale;  // what the net sees is (x + offset) · scale
  std::vector<Layer> layers;
};

[[noreturn]] inline void fail(const std::string& message) {
  std::fprintf(stderr, "native: %s\n", message.c_str());
  std::exit(1);
}

/// Text: inputs, depth, units of each layer; offsets, scales; then weights and bias of each layer.
inline Network readNetwork(const char* path) {
  std::ifstream file(path);
  int depth = 0;
  Network net;
  if (!(file >> net.inputs >> depth) || net.inputs < 1 || depth < 1) fail(std::string(path) + ": no network");
  std::vector<int> units(depth);
  for (int& n : units) file >> n;
  auto numbers = [&](size_t count) {
    std::vector<float> values(count);
    for (float& value : values) file >> value;
    return values;
  };
  net.offset = numbers(net.inputs);
  net.scale = numbers(net.inputs);
  int inputs = net.inputs;
  for (int n : units) {
    net.layers.push_back({inputs, n, numbers(size_t(inputs) * n), numbers(n)});
    inputs = n;
  }
  if (!file) fail(std::string(path) + ": too few numbers");
  return net;
}

/// Binary: f32 [events × inputs], little-endian as the machine is.
inline std::vector<float> readEvents(const char* path, int inputs) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) fail(std::string(path) + ": not found");
  const size_t bytes = file.tellg();
  if (bytes == 0 || bytes % (inputs * sizeof(float))) fail(std::string(path) + ": not a whole number of events");
  std::vector<float> events(bytes / sizeof(float));
  file.seekg(0).read(reinterpret_cast<char*>(events.data()), bytes);
  return events;
}
