/** Cuts in words. */
import { shortest, type WorkingPoint } from 'nndrone'
import { percent } from './numbers.ts'

/** The cut, and what it does. */
export function cutText({ threshold, efficiency, rejection }: WorkingPoint, discriminator = 'score'): string {
  return `${discriminator} ≥ ${shortest(threshold)}: passes ${percent(efficiency)} of the signal, rejects ${percent(rejection)} of the background`
}
