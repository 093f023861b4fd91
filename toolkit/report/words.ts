/** Names and numbers as the page has them. */
import type { Kind, Sides } from '../jobs/report/numbers.ts'
import { numberText } from '../plots/index.ts'

export function kindName(kind: Kind): string {
  return kind === 'all' ? 'all events' : kind
}

/** The teacher first, where there is one: the drone is compared with it. */
export function sidesOf<Value>({ drone, teacher }: Sides<Value>): { name: string; value: Value }[] {
  const ofDrone = { name: 'drone', value: drone }
  return teacher === undefined ? [ofDrone] : [{ name: 'teacher', value: teacher as Value }, ofDrone]
}

/** Which inputs are drawn, where not all of them are. */
export function which(inputs: number, most: number): string {
  return inputs > most ? ` Of ${numberText(inputs)} inputs, the ${most} that matter most are drawn.` : ''
}

export function percent(fraction: number): string {
  return `${numberText(100 * fraction, 3)} %`
}

const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
] as const

/** `21.4 ns`, `4.5 µs` */
export function durationText(nanoseconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => nanoseconds >= 0.9995 * size) ?? (['ns', 1] as const)
  return `${numberText(nanoseconds / size, 3)} ${unit}`
}
