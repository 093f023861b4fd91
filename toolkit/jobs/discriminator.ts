/** Discriminators: the share of some classes in the sum of those and others, as b / (b + c), which tells them apart. */
import { comparedBy, type Share } from 'nndrone'
import { OptionError } from '../errors.ts'
import { listed, suggested } from '../text.ts'

/**
 * A share of outputs by its text: `b / (b + c)`, or `(b + bb) / (b + bb + c)`.
 * @throws OptionError on any other text, or on an output that is not there
 */
export function readShare(text: string, outputs: readonly string[]): Share {
  const [above, below, ...more] = text.split('/').map(namesOf)
  if (!above || !below || more.length > 0 || !above.every((name) => below.includes(name))) {
    throw new OptionError('discriminator', 'expected a share, as b / (b + c) or (b + bb) / (b + bb + c)', text)
  }
  const unknown = below.find((name) => !outputs.includes(name))
  if (unknown !== undefined) {
    const hint = `${suggested(unknown, outputs)}; outputs are ${listed(outputs)}`
    throw new OptionError('discriminator', `there is no output ${JSON.stringify(unknown)}${hint}`, text)
  }
  const against = below.filter((name) => !above.includes(name))
  if (against.length === 0) throw new OptionError('discriminator', 'what is below the line has no class more', text)
  return { of: above, against }
}

/** The names of a sum; brackets may be left out around one. */
function namesOf(text: string): string[] | undefined {
  const bare = /^\s*\(([^()]*)\)\s*$/.exec(text)?.[1] ?? (text.includes('+') ? '(' : text)
  const names = bare.split('+').map((name) => name.trim())
  return names.some((name) => !/^[^\s()]+$/.test(name)) || new Set(names).size < names.length ? undefined : names
}

export function shareText({ of, against }: Share): string {
  const above = of.length > 1 ? `(${of.join(' + ')})` : of[0]!
  return `${above} / (${[...of, ...against].join(' + ')})`
}

/** Scores of events of two kinds, 1 signal and 0 background. */
export interface Ranking {
  drone: Float32Array
  teacher: Float32Array
  labels: Float64Array
}

interface ClassAnswers {
  /** [events × outputs] */
  drone: Float32Array
  teacher: Float32Array
  /** The class of each event. */
  labels: Float64Array
}

/** The shares in the answers to the events of its classes: those above the line are signal, the others background. */
export function discriminated(answers: ClassAnswers, outputs: readonly string[], share: Share): Ranking {
  const [signal, background] = [share.of, share.against].map((names) => names.map((name) => outputs.indexOf(name)))
  const rows = [...answers.labels.keys()].filter((n) => [...signal!, ...background!].includes(answers.labels[n]!))
  const of = (scores: Float32Array) => {
    return Float32Array.from(rows, (n) =>
      comparedBy({ output: share, threshold: 0 }, scores, n * outputs.length, outputs),
    )
  }
  return {
    drone: of(answers.drone),
    teacher: of(answers.teacher),
    labels: Float64Array.from(rows, (n) => Number(signal!.includes(answers.labels[n]!))),
  }
}
