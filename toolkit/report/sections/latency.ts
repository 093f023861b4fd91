/** How long single calls take. */

import type { ModelTiming } from '../../jobs/latency.ts'
import type { Report } from '../../jobs/report/numbers.ts'
import { quantile } from '../../models/timing.ts'
import { Bins, Histogram, histogramPlot } from '../../plots/index.ts'
import type { Section } from '../page.ts'
import { drawn, figures, missing, table } from '../pieces.ts'
import { durationText } from '../words.ts'

const BINS_A_DECADE = 10

const PERCENTILES = [0.5, 0.99, 0.999]

export function latencySection({ times, teacher }: Report): Section {
  const section = {
    id: 'latency',
    title: 'Latency',
    sentence:
      'What a program waits for one call: the marks show the time that half of the calls of the drone, 99 % and 99.9 % of them take at most.',
  }
  if (!times) return { ...section, content: [missing('The latency', 'make the report without --no-times')] }
  const sides = [
    ...(times.teacher ? [{ ...times.teacher, name: `teacher (${teacher!.name})` }] : []),
    { ...times.drone, name: 'drone' },
  ]
  const bins = binsOver(sides)
  const series = sides.map(({ name, sorted }) => ({ name, histogram: new Histogram(bins).add(sorted) }))
  const marks = [
    { name: '50, 99, 99.9 % of the drone', at: PERCENTILES.map((fraction) => quantile(times.drone.sorted, fraction)) },
  ]
  const rows = sides.map(({ name, sorted }) => {
    return [name, sorted.length, ...[...PERCENTILES, 1].map((fraction) => durationText(quantile(sorted, fraction)))]
  })
  return {
    ...section,
    content: [
      figures([
        drawn(
          histogramPlot,
          {
            id: 'latency-calls',
            counted: 'calls',
            title: 'Time of single calls',
            x: { label: 'time of a call', unit: 'ns' },
            scale: 'log' as const,
            series,
            marks,
          },
          `Single calls, timed one by one on this machine; what a look at the clock costs (${durationText(times.clock)}) is subtracted.`,
        ),
      ]),
      table('Single calls', ['model', 'calls', '50 %', '99 %', '99.9 %', 'the longest'], rows),
    ],
  }
}

/** Whole decades around all calls. */
function binsOver(sides: readonly Pick<ModelTiming, 'sorted'>[]): Bins {
  const first = Math.floor(Math.log10(Math.max(1, Math.min(...sides.map(({ sorted }) => sorted[0]!)))))
  const last = Math.ceil(Math.log10(Math.max(10, ...sides.map(({ sorted }) => sorted.at(-1)!))))
  const decades = Math.max(1, last - first)
  return new Bins(10 ** first, 10 ** (first + decades), BINS_A_DECADE * decades, 'log')
}
