/** Labels: of one output 1 for signal and 0 for background, of several the number of the class, in the order of the outputs. */
import { InputError } from '../errors.ts'
import type { EventSource } from '../events/index.ts'
import { listed } from '../text.ts'

/**
 * @param outputs names of what the models answer
 * @throws InputError on any other label, or where all are the same
 */
export function checkLabels(
  source: EventSource,
  column: string,
  labels: Float64Array,
  outputs: readonly string[],
): void {
  const where = `${source.name}: column ${JSON.stringify(column)}`
  const several = outputs.length > 1
  const wrong = labels.findIndex((label) => !isLabel(label, outputs.length))
  if (wrong >= 0) {
    throw new InputError(`${where} of event ${wrong} (from 0): ${labels[wrong]}, expected ${labelsOf(outputs)}`)
  }
  if (labels.every((label) => label === labels[0])) {
    const expected = several ? 'two classes at least' : 'both signal (1) and background (0)'
    throw new InputError(`${where}: all ${labels[0]}, expected ${expected}`)
  }
}

/** What a label can be, for a message. */
export function labelsOf(outputs: readonly string[]): string {
  if (outputs.length <= 1) return '1 (signal) or 0 (background)'
  return `a whole number from 0 to ${outputs.length - 1}, the class (${listed(outputs)})`
}

export function isLabel(label: number, outputs: number): boolean {
  return Number.isInteger(label) && label >= 0 && label < Math.max(outputs, 2)
}

export function bothKinds(labels: Float64Array): boolean {
  return labels.includes(0) && labels.includes(1)
}
