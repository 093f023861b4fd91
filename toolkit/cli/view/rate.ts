/** How fast events were read. */
import type { ReadingRate } from '../../jobs/read.ts'
import { counted, grouped } from '../../text.ts'
import { digits, size } from './numbers.ts'

/** As `20,000 events, 7.1 MB in 0.2 s (95,000 events/s, 34 MB/s)`. */
export function rateText({ events, bytes, seconds }: ReadingRate): string {
  const rate = `${grouped(Math.round(events / seconds))} events/s, ${size(bytes / seconds)}/s`
  return `${counted(events, 'event')}, ${size(bytes)} in ${digits(seconds)} s (${rate})`
}
