// Compiled with -msse4.1 alone, so that batch.h means four lanes, without fused multiply-add.
// Its names are its own: the linker must not take the other's.
#define Lanes LanesOfFour
#define Batch BatchOfFour
#include "batch.h"
#include "sse.h"

#ifdef __FMA__
#error "sse.cpp is meant to be compiled without FMA"
#endif

struct SseBatch::Hidden : Batch {
  using Batch::Batch;
};
SseBatch::SseBatch(const Network& net) : hidden(std::make_unique<Hidden>(net)) {}
SseBatch::~SseBatch() = default;
void SseBatch::predictBatch(const float* events, int count, float* out) { hidden->predictBatch(events, count, out); }
