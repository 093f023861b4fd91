/**
 * What an autoencoder says of an event: how far its outputs, which should be the inputs again, are from them. Events
 * unlike those that it was trained on come back less well.
 */
import type { Numbers } from 'nndrone'
import { OptionError } from '../errors.ts'
import { counted, listed, suggested } from '../text.ts'
import type { Model } from './model.ts'

/** How an answer is made of all outputs. */
export interface Reconstruction {
  /** The columns that are compared; all unless given. */
  columns?: readonly string[]
  /** Whether its natural logarithm is the answer. */
  logarithm: boolean
}

/** The logarithm of a reconstruction without a fault is that of this, so that it stays a number. */
const LEAST = 1e-12

const EXPECTED = 'expected reconstruction or log(reconstruction), of all columns or of some as reconstruction(pt,eta)'

/**
 * Reads `reconstruction`, `reconstruction(pt,eta)` and `log(…)` of either.
 * @throws OptionError on any other text
 */
export function readReconstruction(text: string): Reconstruction {
  const bare = text.replace(/\s+/g, '')
  const inside = /^log\((.*)\)$/.exec(bare)?.[1]
  const [, columns] = /^reconstruction(?:\(([^()]+)\))?$/.exec(inside ?? bare) ?? []
  if (!/^reconstruction\b/.test(inside ?? bare) || (columns === undefined && (inside ?? bare) !== 'reconstruction')) {
    throw new OptionError('answer', EXPECTED, text)
  }
  return { columns: columns?.split(','), logarithm: inside !== undefined }
}

export function reconstructionText({ columns, logarithm }: Reconstruction): string {
  const text = columns ? `reconstruction(${columns.join(',')})` : 'reconstruction'
  return logarithm ? `log(${text})` : text
}

/**
 * A model whose one output is the mean of (input − output)² over the columns, in the numbers that the model is given, so
 * after they were standardised for it; NaN where one of them is missing.
 * @param names of the model's inputs, where it has others than the events
 * @throws OptionError where the model has not as many outputs as inputs, or no such column
 */
export function reconstructing(model: Model, answer: Reconstruction, names: readonly string[] = model.inputs): Model {
  const { file, inputs, outputs, optional, unnamed, unscaled, formulas, float32, time } = model
  const width = inputs.length
  if (outputs.length !== width) {
    const has = `${file.path} has ${counted(width, 'input')} and ${counted(outputs.length, 'output')}`
    throw new OptionError('answer', `${has}, but an autoencoder answers with as many numbers as it is given`)
  }
  const places = placesOf(answer, names)
  return {
    ...{ file, inputs, optional, unnamed, unscaled, formulas, float32 },
    ...(time && { time: (events, duration) => time.call(model, events, duration) }),
    outputs: [answer.logarithm ? 'log_reconstruction' : 'reconstruction'],
    answer: reconstructionText(answer),
    predictBatch: async (events) => errorsOf(events, await model.predictBatch(events), { width, places, answer }),
    describe: () => ({ ...model.describe(), answer: reconstructionText(answer) }),
    close: async () => model.close?.(),
  }
}

function placesOf({ columns }: Reconstruction, names: readonly string[]): number[] {
  if (!columns) return [...names.keys()]
  return columns.map((name) => {
    const at = names.indexOf(name)
    if (at >= 0) return at
    throw new OptionError(
      'answer',
      `there is no input ${JSON.stringify(name)}${suggested(name, names)}; inputs are ${listed(names)}`,
    )
  })
}

interface Comparison {
  width: number
  places: readonly number[]
  answer: Reconstruction
}

function errorsOf(events: Numbers, answers: Float32Array, { width, places, answer }: Comparison): Float32Array {
  return Float32Array.from({ length: answers.length / width }, (_, n) => {
    let sum = 0
    for (const i of places) sum += (events[n * width + i]! - answers[n * width + i]!) ** 2
    const mean = sum / places.length
    return answer.logarithm ? Math.log(Math.max(mean, LEAST)) : mean
  })
}
