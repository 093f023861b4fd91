/** What a report is made of, as HTML: facts, tables, figures, and what to do for what is missing. */
import { type Entry, escaped, type Figure, numberText, type Small, smallMultiples } from '../plots/index.ts'
import { fitted, shortened } from '../plots/text.ts'

/** Text that is HTML already. */
export interface Html {
  readonly html: string
  /** The figures in it. */
  readonly drawn?: readonly Drawn[]
}

/** A figure that can also be a file of its own. */
export interface Drawn {
  /** Of its file. */
  name: string
  figure: Figure
  caption: string
}

/** What stands in a cell: a number as people write it, a text as it is; nothing where there is nothing. */
export type Cell = string | number | undefined

/** Names with what there is to say of each, such as a card has. What is undefined is left out. */
export function facts(entries: readonly (readonly [name: string, value: Cell])[]): Html {
  const known = entries.filter(([, value]) => value !== undefined)
  const lines = known.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${cellText(value)}</dd>`)
  return { html: `<dl>${lines.join('\n')}</dl>` }
}

/** @param caption says what the rows are */
export function table(caption: string, header: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  const head = header.map((name) => `<th scope="col">${escaped(name)}</th>`).join('')
  const body = rows.map(([first, ...others]) => {
    return `<tr><th scope="row">${cellText(first)}</th>${others.map(cell).join('')}</tr>`
  })
  // It can be wider than a phone: then it is moved by finger or by arrow keys.
  const region = `class="wide" role="region" aria-label="${escaped(caption)}" tabindex="0"`
  const lines = `<thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody>`
  return { html: `<div ${region}><table><caption>${escaped(caption)}</caption>${lines}</table></div>` }
}

function cell(value: Cell): string {
  return typeof value === 'number' ? `<td class="number">${cellText(value)}</td>` : `<td>${cellText(value)}</td>`
}

function cellText(value: Cell): string {
  if (value === undefined) return ''
  return escaped(typeof value === 'number' ? numberText(value, 4) : shortened(value))
}

/** Draws a figure. */
export function drawn<Options extends { id: string }>(
  plot: (options: Options) => Figure,
  options: Options,
  caption: string,
): Drawn {
  return { name: options.id, figure: plot(options), caption }
}

/** A small figure, and what it is of. */
export interface SmallFigure {
  name: string
  plot(small: Small): Figure
}

/** Small figures in one that still fits on a phone. */
const TOGETHER = 6

/** Draws many small figures of one kind, six in each. @param caption of a figure, by the names of what is in it */
export function drawnTogether(
  { id, title, entries }: { id: string; title: string; entries?: readonly Entry[] },
  small: readonly SmallFigure[],
  caption: (names: string) => string,
): Drawn[] {
  return Array.from({ length: Math.ceil(small.length / TOGETHER) }, (_, i) => {
    const those = small.slice(i * TOGETHER, (i + 1) * TOGETHER)
    const options = { id: `${id}-${i + 1}`, title, entries, figures: those.map(({ plot }) => plot) }
    return drawn(smallMultiples, options, caption(listed(those.map(({ name }) => fitted(name, 160)))))
  })
}

/** `a, b and c` */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** Figures beside each other where there is room. */
export function figures(drawn: readonly Drawn[]): Html {
  const each = drawn.map(({ figure: { svg }, caption }) => {
    return `<figure>${svg}<figcaption>${escaped(caption)}</figcaption></figure>`
  })
  return { html: `<div class="figures">\n${each.join('\n')}\n</div>`, drawn }
}

/** @param how how to get it: `give events with labels: --label COLUMN` */
export function missing(what: string, how: string): Html {
  // An option stays on one line with its value.
  const marked = escaped(how).replace(/--[a-z-]+( [A-Z]+)?/g, '<code>$&</code>')
  return { html: `<p class="missing">${escaped(what)} is left out; to see it, ${marked}.</p>` }
}
