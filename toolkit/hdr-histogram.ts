/**
 * Latencies counted as HdrHistogram counts them (hdrhistogram.org): whole nanoseconds from 0, to three significant digits,
 * in as little memory for a million calls as for one.
 */

/** Values below are counted one by one; from there on, each doubling has half as many places, twice as wide. */
const PLACES = 2048
const HALF = PLACES / 2

/** Steps of a percentile distribution in each half of the distance to 100 %. */
const TICKS = 5

/**
 * Latencies in nanoseconds, up to 2⁵³, counted by size.
 * @example
 * const histogram = new HdrHistogram()
 * for (const time of times) histogram.recordExpecting(time, 10_000) // a call was due every 10 µs
 * writeFileSync('calls.hgrm', histogram.hgrm())
 */
export class HdrHistogram {
  #counts = new Float64Array(PLACES)
  #total = 0
  #largest = 0

  /** How many values there are. */
  get total(): number {
    return this.#total
  }

  /** The largest value as it was; 0 where there is none. */
  get largest(): number {
    return this.#largest
  }

  /** Counts a value; what is below 0 as 0. */
  record(nanoseconds: number, count = 1): void {
    const value = Math.max(0, Math.round(nanoseconds))
    const at = placeOf(value)
    if (at >= this.#counts.length) this.#grow(at)
    this.#counts[at]! += count
    this.#total += count
    if (value > this.#largest) this.#largest = value
  }

  /**
   * Counts a value, and those of the calls that would have been due while it lasted, had the one who calls not waited for
   * it (the correction for coordinated omission): value − interval, value − 2 · interval …, as long as they are at least
   * an interval.
   * @returns how many were added for them
   */
  recordExpecting(nanoseconds: number, interval: number): number {
    this.record(nanoseconds)
    const missed = missedBy(nanoseconds, interval)
    for (let k = 1; k <= missed; k++) this.record(nanoseconds - k * interval)
    return missed
  }

  /** The least value that so many percent of all are not above, to three digits; 0 where there is none. */
  percentile(percent: number): number {
    const exact = (Math.min(percent, 100) / 100) * this.#total
    // A product that should be whole may be a little above it.
    const wanted = Math.max(1, Math.ceil(exact * (1 - Number.EPSILON)))
    let seen = 0
    for (let at = 0; at < this.#counts.length; at++) {
      seen += this.#counts[at]!
      if (seen >= wanted) return highest(at)
    }
    return 0
  }

  /** How many values are above one, to three digits. */
  above(nanoseconds: number): number {
    let count = 0
    for (let at = placeOf(nanoseconds) + 1; at < this.#counts.length; at++) count += this.#counts[at]!
    return count
  }

  get mean(): number {
    return this.#sum((value) => value) / this.#total || 0
  }

  get deviation(): number {
    const { mean } = this
    return Math.sqrt(this.#sum((value) => (value - mean) ** 2) / this.#total) || 0
  }

  /** Percentiles ever nearer to 100, five in each half of the distance that is left, and the values below them. */
  distribution(): { percent: number; value: number; count: number }[] {
    const rows: { percent: number; value: number; count: number }[] = []
    let percent = 0
    let count = 0
    for (let at = 0; at < this.#counts.length && count < this.#total; at++) {
      if (this.#counts[at] === 0) continue
      count += this.#counts[at]!
      while ((100 * count) / this.#total >= percent) {
        rows.push({ percent, value: highest(at), count })
        if (count === this.#total) {
          rows.push({ percent: 100, value: highest(at), count })
          break
        }
        percent += 100 / (TICKS * 2 ** (Math.floor(Math.log2(100 / (100 - percent))) + 1))
      }
    }
    return rows
  }

  /** The percentile distribution as text (.hgrm), in µs, as other programs that plot or compare latencies read it. */
  hgrm(): string {
    const number = (nanoseconds: number) => rounded(nanoseconds / 1000, 3).padStart(12)
    const whole = (count: number) => String(count).padStart(12)
    const lines = this.distribution().map(({ percent, value, count }) => {
      const line = `${number(value)} ${rounded(percent / 100, 12)} ${String(count).padStart(10)}`
      return percent === 100 ? line : `${line} ${rounded(1 / (1 - percent / 100), 2).padStart(14)}`
    })
    return [
      '       Value     Percentile TotalCount 1/(1-Percentile)',
      '',
      ...lines,
      `#[Mean    = ${number(this.mean)}, StdDeviation   = ${number(this.deviation)}]`,
      `#[Max     = ${number(this.#largest)}, Total count    = ${whole(this.#total)}]`,
      `#[Buckets = ${whole(this.#counts.length / HALF - 1)}, SubBuckets     = ${whole(PLACES)}]`,
      '',
    ].join('\n')
  }

  /** Σ of a function of the middle of each place. */
  #sum(of: (value: number) => number): number {
    return this.#counts.reduce((sum, count, at) => (count > 0 ? sum + count * of(middle(at)) : sum), 0)
  }

  #grow(at: number): void {
    const counts = new Float64Array(HALF * (Math.floor(at / HALF) + 1))
    counts.set(this.#counts)
    this.#counts = counts
  }
}

/** How many calls would have been due while one lasted, and waited for an interval at least. */
export function missedBy(nanoseconds: number, interval: number): number {
  return Math.max(0, Math.floor(nanoseconds / interval) - 1)
}

/** In decimal, halves upwards as in other programs; `toFixed` goes by what is left of them in binary. */
function rounded(value: number, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }
  return value.toLocaleString('en', options)
}

/** Where a value is counted. */
function placeOf(value: number): number {
  const doublings = value < PLACES ? 0 : Math.floor(Math.log2(value)) - Math.log2(HALF)
  return HALF * doublings + Math.floor(value / 2 ** doublings)
}

function lowest(at: number): number {
  const doublings = Math.max(0, Math.floor(at / HALF) - 1)
  return (at - HALF * doublings) * 2 ** doublings
}

const highest = (at: number) => lowest(at + 1) - 1
const middle = (at: number) => lowest(at) + Math.floor((lowest(at + 1) - lowest(at)) / 2)
