// The limit to measure against: native code with the same weights, timed on the same events.
//
//   native NETWORK EVENTS MODE BATCH SECONDS
//
// NETWORK is text, EVENTS is binary f32 (network.h says how). MODE is plain, avx2, sse or chain; BATCH is how many events
// a call scores, 1 for one at a time (not with sse). In a chain (avx2, one at a time) each event waits for the score of
// the one before, so that the machine cannot work on several at once: what one event takes from beginning to end. Scores all events over and over and prints, as one line of JSON,
// nanoseconds an event of each round and every answer of the last. `native peak SECONDS` prints the machine's
// multiply-add peak.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include "single.h"
#include "batch.h"
#include "plain.h"
#include "sse.h"

using Clock = std::chrono::steady_clock;

static double seconds(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

/// Calls `round` until the time is over; nanoseconds of each call, divided by `units`.
template <class Round> static std::vector<double> timed(double limit, double units, Round round) {
  for (const auto began = Clock::now(); seconds(began) < limit / 5;) round();
  std::vector<double> each;
  for (const auto start = Clock::now(); seconds(start) < limit;) {
    const auto began = Clock::now();
    round();
    each.push_back(seconds(began) * 1e9 / units);
  }
  return each;
}

template <class Value> static void printList(const char* name, const std::vector<Value>& values, const char* format) {
  std::printf("\"%s\":[", name);
  for (size_t i = 0; i < values.size(); i++) std::printf(i ? "," : ""), std::printf(format, double(values[i]));
  std::printf("]");
}

/// Operations a nanosecond, an addition and a multiplication being two: twelve independent chains.
static double peak(double limit) {
  constexpr int CHAINS = 12, TIMES = 100000;
  float kept[Lanes::COUNT];
  const auto each = timed(limit, double(TIMES) * CHAINS * Lanes::COUNT * 2, [&] {
    const Lanes a = Lanes::splat(0.999f), b = Lanes::splat(0.001f);
    Lanes sum[CHAINS];
    for (int c = 0; c < CHAINS; c++) sum[c] = Lanes::splat(float(c));
    for (int n = 0; n < TIMES; n++) {
      for (Lanes& s : sum) s = Lanes::madd(s, a, b);
    }
    for (int c = 1; c < CHAINS; c++) sum[0] = sum[0] + sum[c];
    sum[0].store(kept);
    volatile float used = kept[0];
    (void)used;
  });
  return 1 / *std::min_element(each.begin(), each.end());
}

/// Adds nothing to the first value of each event, but nothing that is known before the score of the last one is.
static void chain(int inputs, Single& single, const std::vector<float>& events, std::vector<float>& scores) {
  std::vector<float> event(inputs + 8);
  float last = 0;
  for (size_t n = 0; n < scores.size(); n++) {
    std::copy_n(&events[n * inputs], inputs, event.begin());
    event[0] += 0 * last;
    last = scores[n] = single.predict(event.data());
  }
}

int main(int count, char** arguments) {
  if (count == 3 && !std::strcmp(arguments[1], "peak")) {
    std::printf("{\"gigaflops\":%.1f}\n", peak(std::atof(arguments[2])));
    return 0;
  }
  if (count != 6) fail("native NETWORK EVENTS plain|avx2|sse|chain BATCH SECONDS, or native peak SECONDS");
  const Network net = readNetwork(arguments[1]);
  if (net.layers.back().outputs != 1) fail("a network with one output is needed");
  std::vector<float> events = readEvents(arguments[2], net.inputs);
  const int total = events.size() / net.inputs;
  events.resize(events.size() + 8);
  std::vector<float> scores(total);
  const std::string mode = arguments[3];
  const int batch = std::max(1, std::min(total, std::atoi(arguments[4])));
  Plain plain(net);
  Single single(net);
  Batch eight(net);
  SseBatch four(net);
  const auto all = [&](auto score) {
    for (int n = 0; n < total; n += batch)
      score(&events[size_t(n) * net.inputs], std::min(batch, total - n), &scores[n]);
  };
  const auto each = timed(std::atof(arguments[5]), total, [&] {
    if (mode == "plain") all([&](const float* x, int n, float* y) { plain.predictBatch(x, n, y); });
    else if (mode == "sse") all([&](const float* x, int n, float* y) { four.predictBatch(x, n, y); });
    else if (mode == "chain") chain(net.inputs, single, events, scores);
    else if (mode != "avx2") fail("mode " + mode);
    else if (batch == 1) all([&](const float* x, int, float* y) { *y = single.predict(x); });
    else all([&](const float* x, int n, float* y) { eight.predictBatch(x, n, y); });
  });
  std::printf("{");
  printList("nanoseconds", each, "%.2f");
  std::printf(",");
  printList("scores", scores, "%.9g");
  std::printf("}\n");
}
