/** What stands above a figure: the names of what is drawn, in rows, or the shades of a heat map. */
import { escaped } from './escape.ts'
import { px } from './format.ts'
import type { Block } from './frame.ts'
import { markHead, pointPath, stroke } from './shapes.ts'
import { FONT_SIZE, fitted, shortened, textWidth } from './text.ts'
import type { Entry } from './types.ts'

const ROW = 17
const SAMPLE = 22
export function legend(entries: readonly Entry[], width: number): Block {
  let [x, y, svg] = [0, 0, '']
  for (const entry of entries) {
    const text = fitted(entry.name, width - SAMPLE - 6)
    const room = SAMPLE + 5 + textWidth(text)
    if (x > 0 && x + room > width) {
      x = 0
      y += ROW
    }
    const title = text === entry.name ? '' : `<title>${escaped(shortened(entry.name))}</title>`
    const label = `<text x="${SAMPLE + 5}" y="${FONT_SIZE - 1}">${escaped(text)}${title}</text>`
    svg += `<g transform="translate(${px(x)} ${y})">${sample(entry)}${label}</g>`
    x += room + 14
  }
  return { height: entries.length > 0 ? y + ROW + 3 : 0, svg }
}

function sample({ look, number }: Entry): string {
  const path = (classes: string, d: string) => `<path class="${classes}" d="${d}"/>`
  switch (look) {
    case 'line':
      return path(`line ${stroke(number)}`, `M0 7H${SAMPLE}`)
    case 'area':
      return path(`area f${number}`, `M1 2h20v10H1z`) + path(`line s${number}`, 'M1 12V2h20V12')
    case 'bar':
      return path(`f${number}`, 'M1 2h20v10H1z')
    case 'points':
      return path(`mark s${number}`, 'M1 7h20') + path(`f${number}`, pointPath(number, 11, 7))
    case 'mark':
      return path(`mark ${stroke(number)}`, 'M11 0V14') + path(`f${number}`, markHead(11))
    case 'guide':
      return path('guide', `M0 7H${SAMPLE}`)
  }
}
