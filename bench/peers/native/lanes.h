// Two kinds of vectors, and the sigmoid for both.
#pragma once
#include <immintrin.h>

#ifdef __FMA__
/// Eight lanes of AVX2, fused multiply-add.
struct Lanes {
  static constexpr int COUNT = 8;
  __m256 v;

  static Lanes load(const float* at) { return {_mm256_loadu_ps(at)}; }
  static Lanes splat(float x) { return {_mm256_set1_ps(x)}; }
  void store(float* at) const { _mm256_storeu_ps(at, v); }
  friend Lanes operator+(Lanes a, Lanes b) { return {_mm256_add_ps(a.v, b.v)}; }
  friend Lanes operator-(Lanes a, Lanes b) { return {_mm256_sub_ps(a.v, b.v)}; }
  friend Lanes operator*(Lanes a, Lanes b) { return {_mm256_mul_ps(a.v, b.v)}; }
  friend Lanes operator/(Lanes a, Lanes b) { return {_mm256_div_ps(a.v, b.v)}; }
  static Lanes min(Lanes a, Lanes b) { return {_mm256_min_ps(a.v, b.v)}; }
  static Lanes max(Lanes a, Lanes b) { return {_mm256_max_ps(a.v, b.v)}; }
  /// a · b + c
  static Lanes madd(Lanes a, Lanes b, Lanes c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
  static Lanes exponent(Lanes k) {
    return {_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(k.v), 23))};
  }
};
#else
/// Four lanes of SSE, multiply and add.
struct Lanes {
  static constexpr int COUNT = 4;
  __m128 v;

  static Lanes load(const float* at) { return {_mm_loadu_ps(at)}; }
  static Lanes splat(float x) { return {_mm_set1_ps(x)}; }
  void store(float* at) const { _mm_storeu_ps(at, v); }
  friend Lanes operator+(Lanes a, Lanes b) { return {_mm_add_ps(a.v, b.v)}; }
  friend Lanes operator-(Lanes a, Lanes b) { return {_mm_sub_ps(a.v, b.v)}; }
  friend Lanes operator*(Lanes a, Lanes b) { return {_mm_mul_ps(a.v, b.v)}; }
  friend Lanes operator/(Lanes a, Lanes b) { return {_mm_div_ps(a.v, b.v)}; }
  static Lanes min(Lanes a, Lanes b) { return {_mm_min_ps(a.v, b.v)}; }
  static Lanes max(Lanes a, Lanes b) { return {_mm_max_ps(a.v, b.v)}; }
  static Lanes madd(Lanes a, Lanes b, Lanes c) { return a * b + c; }
  static Lanes exponent(Lanes k) { return {_mm_castsi128_ps(_mm_slli_epi32(_mm_castps_si128(k.v), 23))}; }
};
#endif

/// σ(x) = 2ⁿ(A + B) / (2ⁿ(A + B) + (A − B)), where x / ln 2 = n + f and 2ᶠ = (A + B) / (A − B) with A even and B odd.
template <class V> inline V sigmoid(V x) {
  const V log2e = V::splat(1.44269502f), round = V::splat(12583039);
  x = V::max(V::min(x, V::splat(60)), V::splat(-86));
  const V k = V::madd(x, log2e, round);
  const V f = V::madd(x, log2e, round - k);
  const V square = f * f;
  const V even = V::madd(square, V::splat(17.334005f), V::splat(360.87533f));
  const V odd = f * (square + V::splat(125.06986f));
  const V power = V::exponent(k) * (even + odd);
  return power / (power + (even - odd));
}
