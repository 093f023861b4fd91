/** How much more a teacher is asked than about the events there are. */
import type { JobOptions } from '../job.ts'
import type { LearnOptions } from './options.ts'

/** As many as it answers in so many seconds, in steps of 1, 2, 5, 10, …, so that a little haste changes nothing. */
const SECONDS = 10
const MOST = 200_000
const LEAST = 1000

/** Where so many events are there to learn from, a teacher has been asked enough. */
const ENOUGH = 100_000

type Choices = Pick<LearnOptions, 'questions' | 'probe' | 'preset' | 'growth' | 'epochs' | 'loss' | 'events'>

/**
 * @param events that the teacher has been asked about
 * @param seconds that this took
 */
export function questionsFor(options: Choices & JobOptions, events: number, seconds: number): number {
  const { questions, onNotice } = options
  if (questions !== undefined) return questions
  if (!asksByItself(options) || events >= ENOUGH) return 0
  const able = Math.min(MOST, (SECONDS * events) / seconds)
  if (able < LEAST) {
    const each = (seconds / events).toPrecision(2)
    onNotice?.(`the teacher takes ${each} s an event: it is asked no more than about these; \`questions\` asks more`)
    return 0
  }
  const chosen = stepBelow(able)
  onNotice?.(
    `asks the teacher ${chosen.toLocaleString('en')} questions more, about events like these; \`questions\` sets another number, 0 none`,
  )
  return chosen
}

/** Where the caller says how long to train, how to grow, or what to ask, that is all. */
function asksByItself({ probe, preset = 'best', growth = {}, epochs, loss, events }: Choices): boolean {
  const grows = Object.values(growth).some((symbol) => symbol !== undefined)
  return preset === 'best' && !grows && probe === undefined && epochs === undefined && loss === undefined && !!events
}

/** The largest of 1, 2, 5, 10, 20, … that is not above. */
function stepBelow(number: number): number {
  const power = 10 ** Math.floor(Math.log10(number))
  return power * [5, 2, 1].find((step) => step * power <= number)!
}
