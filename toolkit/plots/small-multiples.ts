/** Many small figures of one kind in a grid, such as every input of signal and background. */
import { numberText } from './format.ts'
import { labelled, wrapped } from './frame.ts'
import { legend } from './legend.ts'
import { called, NO_DATA, sentences } from './series.ts'
import type { Entry, Figure, FigureOptions } from './types.ts'

/** What a small figure has to be drawn with. */
export type Small = Required<Pick<FigureOptions, 'id' | 'width' | 'height' | 'legend'>>

export interface SmallMultiplesOptions extends Omit<FigureOptions, 'height'> {
  /** Of one figure each; after the first 24 the others are left out, and it is said. */
  figures: readonly ((small: Small) => Figure)[]
  /** What the names of the series are in all of them. */
  entries?: readonly Entry[]
}

const MOST = 24
/** The narrowest in which a small figure can be read. */
const NARROWEST = 172
const MARGIN = 6
/** Of width to height. */
const SHAPE = 1.1

export function smallMultiples(options: SmallMultiplesOptions): Figure {
  const { figures, entries = [], width = 360 } = options
  const columns = Math.max(1, Math.min(figures.length, Math.floor(width / NARROWEST)))
  const size = { width: Math.floor(width / columns), height: Math.round(Math.min(width / columns, 300) / SHAPE) }
  const drawn = figures.slice(0, MOST).map((figure, i) => {
    return figure({ id: `${options.id}-${i + 1}`, ...size, legend: false })
  })
  const more = figures.length - drawn.length
  const above = options.legend === false ? { height: 0, svg: '' } : legend(entries, width - 2 * MARGIN)
  const top = above.height > 0 ? above.height + MARGIN : 0
  const rows = Math.ceil(drawn.length / columns)
  const bottom = top + rows * size.height
  const height = drawn.length === 0 ? 150 : bottom + (more > 0 ? 22 : 0)
  const note = more > 0 ? `${numberText(more)} more are left out` : ''
  const grid = drawn.map(({ svg }, i) => {
    const [x, y] = [(i % columns) * size.width, top + Math.floor(i / columns) * size.height]
    return svg.replace('<svg ', `<svg x="${x}" y="${y}" `)
  })
  const content = [
    above.svg && `<g transform="translate(${MARGIN} ${MARGIN})">${above.svg}</g>`,
    ...grid,
    note && labelled(note, width - MARGIN, bottom + 14, width, 'end muted'),
    drawn.length === 0 ? labelled(NO_DATA, width / 2, height / 2, width, 'middle muted') : '',
  ]
  const description =
    options.description ?? sentences([`${numberText(drawn.length)} figures`, note, called(options.title)])
  return { svg: wrapped(options, { width, height }, description, content.join('')), csv: joined(drawn) }
}

/** One table, each row told which figure it is of. */
function joined(figures: readonly Figure[]): string {
  return figures
    .map(({ csv }, i) => {
      const [header, ...lines] = csv.trimEnd().split('\n')
      return [...(i === 0 ? [`figure,${header}`] : []), ...lines.map((line) => `${i + 1},${line}`)].join('\n')
    })
    .map((text) => `${text}\n`)
    .join('')
}
