// Two vectors of events through the net at once, a lane for each: every weight is splatted and used for all of them.
#pragma once
#include <algorithm>
#include <cstring>
#include "lanes.h"
#include "network.h"

class Batch {
  static constexpr int EVENTS = 2 * Lanes::COUNT;
  static constexpr int UNITS = Lanes::COUNT == 8 ? 6 : 4;  // outputs that are summed at once: sums that fit the registers

  struct Packed {
    int inputs, outputs;
    std::vector<float> blocks;  // UNITS biases, then as many weights of each input; and so on for the next outputs
  };

  const int inputs;
  std::vector<float> offset, scale, x, y;
  std::vector<Packed> layers;

public:
  explicit Batch(const Network& net) : inputs(net.inputs), offset(net.offset), scale(net.scale) {
    int width = net.inputs + 8;
    for (const Layer& layer : net.layers) {
      layers.push_back(pack(layer));
      width = std::max(width, layer.outputs + UNITS);
    }
    x.resize(size_t(width) * EVENTS);
    y.resize(size_t(width) * EVENTS);
  }

  /// Reads up to eight numbers past the last event.
  [[gnu::noinline]] void predictBatch(const float* events, int count, float* out) {
    for (int n = 0; n < count; n += EVENTS) {
      const int here = std::min(EVENTS, count - n);
      float *from = x.data(), *to = y.data();
      transpose(events + size_t(n) * inputs, here, from);
      for (const Packed& layer : layers) {
        if (layer.outputs == 1) dot(layer, from, to);
        else dense(layer, from, to);
        std::swap(from, to);
      }
      std::memcpy(out + n, from, here * sizeof(float));
    }
  }

private:
  static Packed pack(const Layer& layer) {
    Packed packed{layer.inputs, layer.outputs, {}};
    if (layer.outputs == 1) {
      packed.blocks = layer.weights;
      packed.blocks.push_back(layer.bias[0]);
      return packed;
    }
    for (int i = 0; i < layer.outputs; i += UNITS) {
      for (int u = i; u < i + UNITS; u++) packed.blocks.push_back(u < layer.outputs ? layer.bias[u] : 0);
      for (int j = 0; j < layer.inputs; j++) {
        for (int u = i; u < i + UNITS; u++)
          packed.blocks.push_back(u < layer.outputs ? layer.weights[u * layer.inputs + j] : 0);
      }
    }
    return packed;
  }

  /// Rows of events → f32[inputs × EVENTS], as the net sees them.
  void transpose(const float* events, int count, float* to) {
    for (int j = 0; j < inputs; j += 4) {
      for (int e = 0; e < EVENTS; e += 4) {
        const auto row = [&](int i) { return _mm_loadu_ps(events + std::min(e + i, count - 1) * inputs + j); };
        __m128 a = row(0), b = row(1), c = row(2), d = row(3);
        _MM_TRANSPOSE4_PS(a, b, c, d);
        for (const __m128 column : {a, b, c, d}) {
          _mm_storeu_ps(to + e, column);
          to += EVENTS;
        }
        to -= 4 * EVENTS;
      }
      for (int i = j; i < std::min(j + 4, inputs); i++, to += EVENTS) {
        for (int half = 0; half < EVENTS; half += Lanes::COUNT)
          ((Lanes::load(to + half) + Lanes::splat(offset[i])) * Lanes::splat(scale[i])).store(to + half);
      }
    }
  }

  [[gnu::noinline]] static void dense(const Packed& layer, const float* x, float* y) {
    const float* w = layer.blocks.data();
    for (int i = 0; i < layer.outputs; i += UNITS) {
      Lanes a[UNITS], b[UNITS];
      for (int u = 0; u < UNITS; u++) a[u] = b[u] = Lanes::splat(w[u]);
      w += UNITS;
      for (int j = 0; j < layer.inputs; j++, w += UNITS) {
        Lanes xa = Lanes::load(x + j * EVENTS), xb = Lanes::load(x + j * EVENTS + Lanes::COUNT);
        __asm__("" : "+x"(xa.v), "+x"(xb.v));  // or gcc loads them again for each product
        for (int u = 0; u < UNITS; u++) {
          const Lanes wu = Lanes::splat(w[u]);
          a[u] = Lanes::madd(xa, wu, a[u]);
          b[u] = Lanes::madd(xb, wu, b[u]);
        }
      }
      for (int u = 0; u < std::min(UNITS, layer.outputs - i); u++, y += EVENTS) {
        sigmoid(a[u]).store(y);
        sigmoid(b[u]).store(y + Lanes::COUNT);
      }
    }
  }

  [[gnu::noinline]] static void dot(const Packed& layer, const float* x, float* y) {
    const float* w = layer.blocks.data();
    const Lanes bias = Lanes::splat(w[layer.inputs]), zero = Lanes::splat(0);
    Lanes sum[4] = {bias, bias, zero, zero};
    for (int j = 0; j < layer.inputs; j++) {
      const Lanes wj = Lanes::splat(w[j]);
      for (int half = 0; half < 2; half++) {
        Lanes& s = sum[(j & 1) * 2 + half];
        s = Lanes::madd(Lanes::load(x + j * EVENTS + half * Lanes::COUNT), wj, s);
      }
    }
    sigmoid(sum[0] + sum[2]).store(y);
    sigmoid(sum[1] + sum[3]).store(y + Lanes::COUNT);
  }
};
