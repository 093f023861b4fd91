/** What a stream's workers have done, told at the end. */
import type { StreamCounts } from '../../jobs/stream/index.ts'
import { counted } from '../../text.ts'
import { say } from '../view/messages.ts'
import { standardOutput } from '../view/stdout.ts'
import type { StreamCommandOptions } from './options.ts'

/** What was done, for people and for --json. */
export interface Done extends StreamCounts {
  redelivered: number
  dropped: number
  late: number
  seconds: number
}

/** Says what was done. */
export function tell(done: Done, { cut, json, onError }: StreamCommandOptions): void {
  if (json) {
    standardOutput().write(`${JSON.stringify(cut === undefined ? { ...done, passed: undefined } : done)}\n`)
    return
  }
  const { messages, scored, passed, refused, redelivered, dropped, late, seconds } = done
  const pace = seconds > 0 ? ` (${Math.round(scored / seconds).toLocaleString('en')} events/s)` : ''
  say(`${counted(scored, 'event')} of ${counted(messages, 'message')} scored in ${seconds.toFixed(1)} s${pace}`)
  if (cut !== undefined) say(`${counted(passed, 'event')} passed the cut`)
  if (refused > 0)
    say(`${counted(refused, 'event')} could not be scored: ${onError === 'dead' ? 'see the dead letters' : 'left out'}`)
  if (redelivered > 0)
    say(`${counted(redelivered, 'message')} came again; ${counted(dropped, 'answer')} were there already, and dropped`)
  if (late > 0) {
    say(
      `warning: ${counted(late, 'message')} came again later than the broker remembers answers: --verify tells whether one is there twice`,
    )
  }
}
