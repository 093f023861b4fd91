/** Paths of what stands for a value: a point, its error, an upright mark. */
import { px } from './format.ts'
import type { Area } from './frame.ts'
import { SERIES } from './palette.ts'
import type { Entry, Marks } from './types.ts'

/** One of each series, from its middle: circle, square, triangle, diamond, plus. */
const POINTS = [
  'm-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0',
  'm-2.7-2.7h5.4v5.4h-5.4z',
  'm0-3.6l3.5 6h-7z',
  'm0-4l3.6 4l-3.6 4l-3.6-4z',
  'm-1-3.5h2v2.5h2.5v2h-2.5v2.5h-2v-2.5h-2.5v-2h2.5z',
]

/** The classes of a stroke in a series' colour and dash. */
export function stroke(number: number): string {
  return `s${number} d${number}`
}

export function pointPath(number: number, x: number, y: number): string {
  return `M${px(x)} ${px(y)}${POINTS[number - 1]}`
}

/** The head of a mark, at the upper end of its line. */
export function markHead(x: number): string {
  return `M${px(x - 4)} 0h8l-4 6z`
}

/** The first marks take the last series' look, so that they differ from few series. */
function markNumber(i: number): number {
  return SERIES - i
}

export function markEntries(marks: readonly Marks[]): Entry[] {
  return marks.map(({ name }, i) => ({ name, look: 'mark', number: markNumber(i) }))
}

/** Upright lines with a head, one for each pixel at most. */
export function drawMarks(marks: readonly Marks[], { x, height }: Area): string {
  return marks
    .map(({ at }, i) => {
      const places = at.map((value) => x.place(value)).filter((place) => place !== undefined)
      const distinct = [...new Map(places.map((place) => [Math.round(place), place])).values()]
      if (distinct.length === 0) return ''
      const lines = distinct.map((place) => `M${px(place)} 0V${px(height)}`).join('')
      const heads = distinct.map(markHead).join('')
      const number = markNumber(i)
      return `<path class="mark ${stroke(number)}" d="${lines}"/><path class="f${number}" d="${heads}"/>`
    })
    .join('')
}
