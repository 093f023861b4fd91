/** Labels, which tell signal, 1, from background, 0. */
import { InputError, OptionError } from '../errors.ts'
import type { EventSource } from '../events/index.ts'
import { listed } from '../text.ts'

/** @throws InputError on any other label, or where all are the same */
export function checkLabels(source: EventSource, column: string, labels: Float64Array): void {
  const where = `${source.name}: column ${JSON.stringify(column)}`
  const wrong = labels.findIndex((label) => label !== 0 && label !== 1)
  if (wrong >= 0) {
    throw new InputError(`${where} of event ${wrong} (from 0): ${labels[wrong]}, expected 1 (signal) or 0 (background)`)
  }
  if (!bothKinds(labels)) {
    throw new InputError(`${where}: all ${labels[0]}, expected both signal (1) and background (0)`)
  }
}

export function bothKinds(labels: Float64Array): boolean {
  return labels.includes(0) && labels.includes(1)
}

/** @throws OptionError where events could not be told apart by one score */
export function checkOneOutput(outputs: readonly string[]): void {
  if (outputs.length === 1) return
  throw new OptionError('label', `needs a model of one output, not ${outputs.length} (${listed(outputs)})`)
}
