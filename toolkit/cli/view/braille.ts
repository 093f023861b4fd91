/** Pictures of dots: a braille character has four rows of two. */

const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
]

export const DOT_ROWS = DOTS.length

/** The dots of a column: from one row to another, counted from the top; none where undefined. */
export type Dots = (x: number) => readonly [from: number, to: number] | undefined

/** Lines of `columns` characters, twice as many dots wide. */
export function braille(columns: number, height: number, dots: Dots): string[] {
  const cells = Array.from({ length: height }, () => new Uint8Array(columns))
  for (let x = 0; x < 2 * columns; x++) {
    const [from, to] = dots(x) ?? [0, -1]
    for (let y = from; y <= to; y++) cells[y >> 2]![x >> 1]! |= DOTS[y & 3]![x & 1]!
  }
  return cells.map((line) => Array.from(line, (dots) => (dots ? String.fromCodePoint(0x2800 + dots) : ' ')).join(''))
}

/** A line through rows: each column is joined to the one before it. */
export function joined(rowsAt: (x: number) => readonly number[]): Dots {
  let before: number | undefined
  return (x) => {
    const here = rowsAt(x)
    const line = before === undefined ? here : [...here, before]
    before = here.at(-1)
    return here.length > 0 ? [Math.min(...line), Math.max(...line)] : undefined
  }
}
