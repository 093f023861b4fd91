// The batches of batch.h in SSE, compiled by themselves: sse.cpp.
#pragma once
#include <memory>
#include "network.h"

class SseBatch {
  struct Hidden;
  std::unique_ptr<Hidden> hidden;

public:
  explicit SseBatch(const Network& net);
  ~SseBatch();
  void predictBatch(const float* events, int count, float* out);
};
