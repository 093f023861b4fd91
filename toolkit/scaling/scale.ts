/** Standardising events for a model whose file does not tell how. */
import type { Numbers } from 'nndrone'
import type { Model } from '../models/index.ts'

/** Of one input: (x + offset) · scale. */
export interface Scale {
  offset: number
  scale: number
}

/** Standardised events [n × inputs]. */
export function scaled(events: ArrayLike<number>, scales: readonly Scale[]): Float64Array {
  const values = new Float64Array(events.length)
  for (let at = 0; at < events.length; at += scales.length) {
    for (const [i, input] of scales.entries()) values[at + i] = (events[at + i]! + input.offset) * input.scale
  }
  return values
}

/** The model, asked with events that are standardised for it first. */
export function standardising(model: Model, scales: readonly Scale[]): Model {
  const { file, inputs, outputs, optional, unnamed, answer, predict, time } = model
  return {
    ...{ file, inputs, outputs, optional, unnamed, answer },
    ...(predict && { predict: (event) => predict.call(model, scaled(event, scales)) }),
    ...(time && { time: (events, duration) => time.call(model, scaled(events, scales), duration) }),
    predictBatch: (events: Numbers) => model.predictBatch(scaled(events, scales)),
    describe: () => model.describe(),
    close: async () => model.close?.(),
  }
}
