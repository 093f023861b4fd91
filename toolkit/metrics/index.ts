/** Figures of a running program as Prometheus reads them: counters, gauges and histograms with labels, and their text. */

/** Values of labels, by name. */
export type Labels = Readonly<Record<string, string>>

type Kind = 'counter' | 'gauge' | 'histogram'

/** A number that only rises. */
export interface Counter {
  readonly value: number
  add(count?: number): void
}

/** A number that is set. */
export interface Gauge {
  value: number
}

/** How often a value lay between given ends. */
export interface Histogram {
  observe(value: number): void
}

/** Plain numbers of a registry, for another process: by the name of a metric, then by its labels as they are written. */
export type Snapshot = Record<string, Record<string, number[]>>

/** One of a metric's numbers, by its labels. */
interface Series {
  readonly labels: Labels
  /** A number; of a histogram the count in each bucket (not summed up), then the sum of the values. */
  readonly numbers: number[]
}

/** A metric: its name and what it counts, and its numbers by their labels. */
class Family {
  readonly name: string
  readonly help: string
  readonly kind: Kind
  /** Upper ends of the buckets. */
  readonly ends: readonly number[]
  readonly series = new Map<string, Series>()

  constructor(name: string, help: string, kind: Kind, ends: readonly number[] = []) {
    this.name = name
    this.help = help
    this.kind = kind
    this.ends = ends
  }

  of(labels: Labels): Series {
    const key = labelText(labels)
    const known = this.series.get(key)
    if (known) return known
    const length = this.kind === 'histogram' ? this.ends.length + 2 : 1
    const series = { labels, numbers: new Array<number>(length).fill(0) }
    this.series.set(key, series)
    return series
  }
}

/**
 * The metrics of a program. What is asked for once with some labels can be kept: the hot path then only adds.
 * @example
 * const registry = new Registry()
 * const requests = registry.counter('requests_total', 'Requests.', { model: 'best' })
 * requests.add()
 * console.log(registry.text())
 */
export class Registry {
  readonly #families = new Map<string, Family>()
  readonly #collectors: (() => void)[] = []

  counter(name: string, help: string, labels: Labels = {}): Counter {
    const { numbers } = this.#family(name, help, 'counter').of(labels)
    return {
      get value() {
        return numbers[0]!
      },
      add(count = 1) {
        numbers[0]! += count
      },
    }
  }

  gauge(name: string, help: string, labels: Labels = {}): Gauge {
    const { numbers } = this.#family(name, help, 'gauge').of(labels)
    return {
      get value() {
        return numbers[0]!
      },
      set value(value) {
        numbers[0] = value
      },
    }
  }

  /** @param ends of the buckets, rising; each is included in its bucket, and the last bucket has none */
  histogram(name: string, help: string, ends: readonly number[], labels: Labels = {}): Histogram {
    const family = this.#family(name, help, 'histogram', ends)
    const { numbers } = family.of(labels)
    const last = family.ends.length
    return {
      observe(value) {
        let bucket = 0
        while (bucket < last && value > family.ends[bucket]!) bucket++
        numbers[bucket]!++
        numbers[last + 1]! += value
      },
    }
  }

  /** The numbers of a series, with those of other processes: a count, or those of the buckets and the sum. */
  numbers(name: string, labels: Labels, others: readonly Snapshot[]): readonly number[] {
    const key = labelText(labels)
    const own = this.#families.get(name)?.of(labels).numbers ?? []
    return added([{ [key]: [...own] }, ...others.map((some) => ownOf(some[name], key))]).get(key)!
  }

  /** Calls `collect` before figures are told, to set gauges by what is so then. */
  onCollect(collect: () => void): void {
    this.#collectors.push(collect)
  }

  /** Forgets the series with these labels, of which there is nothing to tell any more; of all metrics unless one is named. */
  forget(labels: Labels, name?: string): void {
    for (const family of this.#families.values()) {
      if (name !== undefined && family.name !== name) continue
      for (const [key, series] of family.series) {
        if (Object.entries(labels).every(([label, value]) => series.labels[label] === value)) family.series.delete(key)
      }
    }
  }

  /** All numbers, for another process that adds them to its own. */
  snapshot(): Snapshot {
    for (const collect of this.#collectors) collect()
    const all = [...this.#families.values()].map(({ name, series }) => {
      return [name, Object.fromEntries([...series].map(([key, { numbers }]) => [key, [...numbers]]))]
    })
    return Object.fromEntries(all)
  }

  /**
   * The exposition format of Prometheus, version 0.0.4.
   * @param others snapshots of other processes: their counters and histograms are added; gauges are this process's
   */
  text(others: readonly Snapshot[] = []): string {
    const own = this.snapshot()
    let text = ''
    for (const family of this.#families.values()) {
      const all =
        family.kind === 'gauge' ? [own[family.name]!] : [own, ...others].map((some) => some[family.name] ?? {})
      const sums = added(all)
      if (sums.size === 0) continue
      text += `# HELP ${family.name} ${family.help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${family.name} ${family.kind}\n`
      for (const [labels, numbers] of sums) text += linesOf(family, labels, numbers)
    }
    return text
  }

  #family(name: string, help: string, kind: Kind, ends?: readonly number[]): Family {
    const known = this.#families.get(name)
    if (known) return known
    const family = new Family(name, help, kind, ends)
    this.#families.set(name, family)
    return family
  }
}

function ownOf(series: Record<string, number[]> | undefined, key: string): Record<string, number[]> {
  return series?.[key] ? { [key]: series[key] } : {}
}

/**
 * About the value that this fraction of all does not exceed: within its bucket as if evenly spread; NaN of none.
 * @param numbers of a histogram with these ends of buckets
 */
export function quantileOf(ends: readonly number[], numbers: readonly number[], fraction: number): number {
  const counts = numbers.slice(0, ends.length + 1)
  const wanted = fraction * counts.reduce((sum, count) => sum + count, 0)
  let before = 0
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && before + count >= wanted) {
      const [from, to] = [ends[bucket - 1] ?? 0, ends[bucket] ?? ends.at(-1)!]
      return from + ((to - from) * (wanted - before)) / count
    }
    before += count
  }
  return Number.NaN
}

function added(all: readonly Record<string, number[]>[]): Map<string, number[]> {
  const sums = new Map<string, number[]>()
  for (const some of all) {
    for (const [labels, numbers] of Object.entries(some)) {
      const sum = sums.get(labels)
      sums.set(labels, sum ? sum.map((number, i) => number + numbers[i]!) : numbers)
    }
  }
  return sums
}

function linesOf({ name, kind, ends }: Family, labels: string, numbers: readonly number[]): string {
  if (kind !== 'histogram') return `${name}${labels && `{${labels}}`} ${numberText(numbers[0]!)}\n`
  let [text, count] = ['', 0]
  const before = labels && `${labels},`
  for (const [bucket, end] of [...ends, Number.POSITIVE_INFINITY].entries()) {
    count += numbers[bucket]!
    text += `${name}_bucket{${before}le="${numberText(end)}"} ${count}\n`
  }
  const after = labels && `{${labels}}`
  return `${text}${name}_sum${after} ${numberText(numbers.at(-1)!)}\n${name}_count${after} ${count}\n`
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

function labelText(labels: Labels): string {
  const text = (value: string) => value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"')
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${text(value)}"`)
    .join(',')
}
