/** Columns that hold answers are no inputs: those that are named as answers are refused, and those that look like them. */
import { correlation } from '../correlation.ts'
import { InputError, UsageError } from '../errors.ts'
import type { EventSource, Loaded } from '../events/index.ts'
import { listed } from '../listed.ts'
import { counted, say, shellWord } from './terminal.ts'

interface Answers {
  target?: readonly string[]
  label?: string
}

/**
 * @param where the inputs were named: an option or a model
 * @throws UsageError where one of them is the --target or the --label
 */
export function checkInputs(where: string, inputs: readonly string[], { target = [], label }: Answers): void {
  for (const name of inputs) {
    const option = target.includes(name) ? '--target' : name === label ? '--label' : undefined
    if (!option) continue
    throw new UsageError(
      `${where}: the input ${JSON.stringify(name)} is also the ${option}; an answer cannot be an input`,
    )
  }
}

/** Correlations, of either sign, above which a column is warned of, and above which it is refused. */
const [SUSPECT, REFUSED] = [0.95, 0.999]

/** A column that follows a target. */
interface Follower {
  name: string
  target: string
  correlation: number
}

/**
 * Looks at the columns that were taken because nobody chose any: one that follows the target closely may be an answer.
 * @throws InputError where one is nearly the target
 */
export function checkFollowers(
  source: EventSource,
  features: readonly string[],
  loaded: Loaded,
  targets: readonly string[],
): void {
  const followers = features.flatMap((_, i) => targets.map((target) => following(loaded, features, i, target)))
  const close = followers.filter(({ correlation }) => Math.abs(correlation) > SUSPECT)
  const others = features.filter((feature) => !close.some(({ name }) => name === feature))
  const choose = `choose the inputs with --features${others.length > 0 ? ` ${shellWord(listed(others, ','))}` : ''}`
  const refused = close.find(({ correlation }) => Math.abs(correlation) > REFUSED)
  if (refused) throw new InputError(`${source.name}: ${told(refused, 'nearly', loaded.count)}; ${choose}`)
  for (const each of close) say(`warning: ${told(each, 'close to', loaded.count)}; if it is an answer, ${choose}`)
}

function following({ events, columns, count }: Loaded, features: readonly string[], i: number, target: string) {
  const answers = columns.get(target)!
  const value = (n: number) => events[n * features.length + i]!
  return { name: features[i]!, target, correlation: correlation(count, value, (n) => answers[n]!) }
}

function told({ name, target, correlation }: Follower, how: string, count: number): string {
  const [column, answer] = [name, target].map((text) => JSON.stringify(text))
  return `column ${column} is ${how} the target ${answer} (correlation ${correlation.toFixed(4)} over ${counted(count, 'event')})`
}
