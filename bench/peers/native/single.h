// One event with AVX2: outputs across the lanes, a hidden layer of at most 32 units in registers from its sums to its
// activations.
#pragma once
#include <algorithm>
#include "lanes.h"
#include "network.h"

class Single {
  struct Packed {
    int inputs, outputs, padded;
    std::vector<float> weights;  // [inputs + 1][padded], the bias first
  };

  const int inputs;
  std::vector<float> offset, scale, x, y;
  std::vector<Packed> layers;

public:
  explicit Single(const Network& net) : inputs(net.inputs) {
    size_t width = padded(inputs);
    for (const Layer& layer : net.layers) {
      layers.push_back(pack(layer));
      width = std::max(width, layers.back().weights.size() / (layer.inputs + 1));
    }
    offset = net.offset, scale = net.scale;
    offset.resize(padded(inputs)), scale.resize(padded(inputs));
    x.resize(width), y.resize(width);
  }

  /// Reads up to seven numbers past the event.
  [[gnu::noinline]] float predict(const float* event) {
    for (int j = 0; j < inputs; j += 8)
      ((Lanes::load(event + j) + Lanes::load(&offset[j])) * Lanes::load(&scale[j])).store(&x[j]);
    float *from = x.data(), *to = y.data();
    const size_t hidden = layers.size() - 1;
    for (size_t k = 0; k < hidden; k++) {
      dense(layers[k], from, to);
      std::swap(from, to);
    }
    return dot(layers[hidden], from);
  }

private:
  static int padded(int n) { return (n + 7) & ~7; }

  static Packed pack(const Layer& layer) {
    const int pad = padded(layer.outputs == 1 ? 1 : layer.outputs);
    if (layer.outputs == 1) {
      Packed packed{layer.inputs, 1, padded(layer.inputs), layer.weights};
      packed.weights.resize(packed.padded);
      packed.weights.push_back(layer.bias[0]);
      return packed;
    }
    Packed packed{layer.inputs, layer.outputs, pad, std::vector<float>(size_t(layer.inputs + 1) * pad)};
    for (int i = 0; i < layer.outputs; i++) {
      packed.weights[i] = layer.bias[i];
      for (int j = 0; j < layer.inputs; j++)
        packed.weights[size_t(j + 1) * pad + i] = layer.weights[i * layer.inputs + j];
    }
    return packed;
  }

  static void dense(const Packed& layer, const float* x, float* y) {
    int i = 0;
    for (; i + 32 <= layer.padded; i += 32) some<4>(layer, i, x, y);
    if (i + 16 <= layer.padded) some<2>(layer, i, x, y), i += 16;
    if (i < layer.padded) some<1>(layer, i, x, y);
  }

  /// `VECTORS` × 8 outputs from number i on. Few sums in flight wait for each other: then two for each output.
  template <int VECTORS> static void some(const Packed& layer, int i, const float* x, float* y) {
    constexpr int CHAINS = VECTORS > 2 ? 1 : 2;
    const float* w = layer.weights.data() + i;
    Lanes sum[CHAINS][VECTORS];
    for (int v = 0; v < VECTORS; v++) {
      sum[0][v] = Lanes::load(w + 8 * v);
      if (CHAINS == 2) sum[CHAINS - 1][v] = Lanes::splat(0);
    }
    w += layer.padded;
    int j = 0;
    for (; j + CHAINS <= layer.inputs; j += CHAINS) {
      for (int c = 0; c < CHAINS; c++, w += layer.padded) {
        const Lanes xj = Lanes::splat(x[j + c]);
        for (int v = 0; v < VECTORS; v++) sum[c][v] = Lanes::madd(xj, Lanes::load(w + 8 * v), sum[c][v]);
      }
    }
    if (j < layer.inputs)
      for (int v = 0; v < VECTORS; v++) sum[0][v] = Lanes::madd(Lanes::splat(x[j]), Lanes::load(w + 8 * v), sum[0][v]);
    for (int v = 0; v < VECTORS; v++)
      sigmoid(CHAINS == 2 ? sum[0][v] + sum[CHAINS - 1][v] : sum[0][v]).store(y + i + 8 * v);
  }

  /// The padding of x is no zero, but that of the weights is.
  static float dot(const Packed& layer, const float* x) {
    const float* w = layer.weights.data();
    Lanes sum = Lanes::load(x) * Lanes::load(w);
    for (int j = 8; j < layer.padded; j += 8) sum = Lanes::madd(Lanes::load(x + j), Lanes::load(w + j), sum);
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(sum.v), _mm256_extractf128_ps(sum.v, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    const float z = _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two))) + w[layer.padded];
    return _mm256_cvtss_f32(sigmoid(Lanes::splat(z)).v);
  }
};
