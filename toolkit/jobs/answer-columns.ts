/** Columns that hold answers are no inputs: those that are named as answers are refused, and those that look like them. */
import { InputError, OptionError } from '../errors.ts'
import type { EventSource, Loaded } from '../events/index.ts'
import { counted, listed } from '../text.ts'
import { correlation } from './correlation.ts'
import type { JobOptions } from './job.ts'

interface Answers {
  target?: readonly string[]
  label?: string
}

/**
 * @param model whose inputs they are, unless they were chosen by `features`
 * @throws OptionError where one of them is the target or the label
 */
export function checkInputs(inputs: readonly string[], { target = [], label }: Answers, model?: string): void {
  for (const name of inputs) {
    const role = target.includes(name) ? 'target' : name === label ? 'label' : undefined
    if (!role) continue
    const column = JSON.stringify(name)
    if (model === undefined) throw new OptionError('features', `${column} is also the ${role}; ${RULE}`)
    throw new OptionError(role, `${column} is also an input of ${model}; ${RULE}`)
  }
}

const RULE = 'an answer cannot be an input'

/** Correlations, of either sign, above which a column is warned of, and above which it is refused. */
const [SUSPECT, REFUSED] = [0.95, 0.999]

/** A column and a target. */
interface Pair {
  name: string
  target: string
  correlation: number
}

/**
 * Looks at the columns that were taken because nobody chose any: one that is closely correlated with the target may be an
 * answer.
 * @throws InputError where one is nearly the target
 */
export function checkCorrelated(
  source: EventSource,
  features: readonly string[],
  loaded: Loaded,
  targets: readonly string[],
  { onNotice }: JobOptions,
): void {
  const pairs = features.flatMap((_, i) => targets.map((target) => correlated(loaded, features, i, target)))
  const close = pairs.filter(({ correlation }) => Math.abs(correlation) > SUSPECT)
  const others = features.filter((feature) => !close.some(({ name }) => name === feature))
  const choose = `choose the inputs with \`features\`${others.length > 0 ? ` ${listed(others, ',')}` : ''}`
  const refused = close.find(({ correlation }) => Math.abs(correlation) > REFUSED)
  if (refused) throw new InputError(`${source.name}: ${told(refused, 'nearly', loaded.count)}; ${choose}`)
  for (const each of close) {
    onNotice?.(`warning: ${told(each, 'close to', loaded.count)}; if it is an answer, ${choose}`)
  }
}

function correlated({ events, columns, count }: Loaded, features: readonly string[], i: number, target: string) {
  const answers = columns.get(target)!
  const value = (n: number) => events[n * features.length + i]!
  return { name: features[i]!, target, correlation: correlation(count, value, (n) => answers[n]!) }
}

function told({ name, target, correlation }: Pair, how: string, count: number): string {
  const [column, answer] = [name, target].map((text) => JSON.stringify(text))
  return `column ${column} is ${how} the target ${answer} (correlation ${correlation.toFixed(4)} over ${counted(count, 'event')})`
}
