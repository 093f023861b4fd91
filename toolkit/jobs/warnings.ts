/** Warnings of events that may not be what somebody meant. */
import type { EventSource, Loaded } from '../events/index.ts'
import { listed } from '../text.ts'
import type { JobOptions } from './job.ts'

interface Looking extends Pick<JobOptions, 'onNotice'> {
  /** Columns that may be without any value, because they have a default. */
  optional?: ReadonlySet<string>
  /** Whether a column of one value only is a reason to warn. */
  constant?: boolean
}

/** Warns of one event alone, and of columns in which all events are alike. */
export function warnOfColumns(
  { name }: EventSource,
  columns: readonly string[],
  { events, count }: Loaded,
  { optional, constant, onNotice }: Looking,
): void {
  if (count === 1) {
    onNotice?.(`warning: ${name} has one event only, which says little`)
    return
  }
  const ranges = columns.map((_, i) => rangeOf(events, columns.length, i))
  const quoted = (test: (range: Range, i: number) => boolean) => {
    return columns.filter((_, i) => test(ranges[i]!, i)).map((column) => JSON.stringify(column))
  }
  const empty = quoted(([least, greatest], i) => least > greatest && !optional?.has(columns[i]!))
  if (empty.length > 0) onNotice?.(`warning: no event of ${name} has a value of ${listed(empty)}`)
  const same = constant ? quoted(([least, greatest]) => least === greatest) : []
  if (same.length > 0)
    onNotice?.(`warning: all events of ${name} have the same value of ${listed(same)}; nothing is learnt from it`)
}

type Range = [least: number, greatest: number]

/** From Infinity to -Infinity where there is no value. */
function rangeOf(events: Float64Array, width: number, i: number): Range {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let at = i; at < events.length; at += width) {
    const value = events[at]!
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  return [least, greatest]
}
