// What one writes first: loops, and the standard library's exponential.
#pragma once
#include <cmath>
#include "network.h"

class Plain {
  const Network& net;
  std::vector<float> x, y;

public:
  explicit Plain(const Network& network) : net(network) {}

  [[gnu::noinline]] float predict(const float* event) {
    x.resize(net.inputs);
    for (int j = 0; j < net.inputs; j++) x[j] = (event[j] + net.offset[j]) * net.scale[j];
    for (const Layer& layer : net.layers) {
      y.resize(layer.outputs);
      for (int i = 0; i < layer.outputs; i++) {
        float sum = layer.bias[i];
        for (int j = 0; j < layer.inputs; j++) sum += layer.weights[i * layer.inputs + j] * x[j];
        y[i] = 1 / (1 + std::exp(-sum));
      }
      std::swap(x, y);
    }
    return x[0];
  }

  [[gnu::noinline]] void predictBatch(const float* events, int count, float* out) {
    for (int n = 0; n < count; n++) out[n] = predict(events + n * net.inputs);
  }
};
