/** What every plot takes and gives. */

export interface Figure {
  /** For a page that has `plotStyle`; `standalone` makes a file of it. */
  svg: string
  /** The numbers that are drawn, with a header. */
  csv: string
}

export interface FigureOptions {
  /** Names the figure in its page: a letter, then letters, digits, `-` and `_`. */
  id: string
  title: string
  /** What there is to see, for people who cannot; made of the data where it is not given. */
  description?: string
  /** In pixels at which text is 12 pixels high. @default 360 */
  width?: number
  height?: number
  /** Whether the names of the series stand above. @default true */
  legend?: boolean
}

export interface Axis {
  label: string
  unit?: string
  /** @default 'linear' */
  scale?: 'linear' | 'log'
  /** Whether values are whole numbers, such as epochs or counts: then ticks are, too. */
  whole?: boolean
  /** Of the data where it is not given, or cannot be drawn. What lies out of it is not drawn. */
  domain?: readonly [number, number]
}

/** Upright lines at values of x that mean something: growths, cuts, percentiles. */
export interface Marks {
  name: string
  at: readonly number[]
}

export interface Point {
  x: number
  y: number
}

/** How a series is drawn. */
export type Look = 'line' | 'area' | 'points' | 'bar' | 'mark' | 'guide'

export interface Entry {
  name: string
  look: Look
  /** Of the series, from 1: its colour, dash and shape. */
  number: number
}
