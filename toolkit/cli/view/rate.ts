/** How fast events were read. */
import type { ReadingRate } from '../../jobs/read.ts'
import { counted } from '../../text.ts'
import { digits, size } from './numbers.ts'

/** As `20,000 events, 7.1 MB in 0.2 s (95,000 events/s, 34 MB/s)`. */
export function rateText({ events, bytes, seconds }: ReadingRate): string {
  const rate = `${Math.round(events / seconds).toLocaleString('en')} events/s, ${size(bytes / seconds)}/s`
  return `${counted(events, 'event')}, ${size(bytes)} in ${digits(seconds)} s (${rate})`
}
