/**
 * The colours, in light and dark, and the style that every figure shares.
 *
 * Series: Okabe and Ito, "Color Universal Design" (2008), which people of every colour vision tell apart; of its eight
 * those that stand out at least 3 : 1 from the paper. Counts: ColorBrewer's YlGnBu (Cynthia Brewer), which is safe for
 * the colour-blind and grows darker evenly. A dash or a shape always says the same as the colour.
 */

type Theme = Readonly<Record<string, string>>

export const LIGHT: Theme = {
  paper: '#ffffff',
  ink: '#1b1f24',
  muted: '#57606a',
  grid: '#e3e6ea',
  series1: '#0072b2',
  series2: '#d55e00',
  series3: '#009e73',
  series4: '#cc79a7',
  series5: '#1b1f24',
  count1: '#c7e9b4',
  count2: '#7fcdbb',
  count3: '#41b6c4',
  count4: '#1d91c0',
  count5: '#225ea8',
  count6: '#253494',
  count7: '#081d58',
}

export const DARK: Theme = {
  paper: '#14171a',
  ink: '#e8eaed',
  muted: '#a2abb5',
  grid: '#2c3238',
  series1: '#56b4e9',
  series2: '#e69f00',
  series3: '#009e73',
  series4: '#cc79a7',
  series5: '#e8eaed',
  count1: '#253494',
  count2: '#225ea8',
  count3: '#1d91c0',
  count4: '#41b6c4',
  count5: '#7fcdbb',
  count6: '#c7e9b4',
  count7: '#ffffd9',
}

/** Series that can be told apart. */
export const SERIES = 5
/** Shades of a heat map. */
export const SHADES = 7

const DASHES = ['', '7 3', '2 2.5', '9 3 2 3', '4 2']

/** The rules, by the function that gives a colour by its name. */
function rules(colour: (name: string) => string): string {
  const of = (count: number, rule: (i: number) => string) => Array.from({ length: count }, (_, i) => rule(i + 1))
  return [
    '.plot{max-width:100%;height:auto}',
    `.plot text{font:12px system-ui,"Helvetica Neue",Arial,sans-serif;fill:${colour('ink')}}`,
    `.plot .muted{fill:${colour('muted')}}`,
    '.plot .end{text-anchor:end}',
    '.plot .middle{text-anchor:middle}',
    `.plot .paper{fill:${colour('paper')}}`,
    `.plot .frame{fill:none;stroke:${colour('muted')}}`,
    `.plot .tick{fill:none;stroke:${colour('muted')}}`,
    `.plot .grid{fill:none;stroke:${colour('grid')}}`,
    `.plot .guide{fill:none;stroke:${colour('muted')};stroke-dasharray:3 3}`,
    `.plot .halo{fill:none;stroke:${colour('paper')};stroke-width:2.5}`,
    '.plot .line{fill:none;stroke-width:1.75;stroke-linejoin:round}',
    '.plot .mark{fill:none;stroke-width:1}',
    '.plot .area{fill-opacity:.3;stroke-width:1.5}',
    '.plot .shades{fill:none;stroke-width:1;shape-rendering:crispEdges}',
    ...of(SERIES, (i) => `.plot .s${i}{stroke:${colour(`series${i}`)}}`),
    ...of(SERIES, (i) => `.plot .f${i}{fill:${colour(`series${i}`)}}`),
    ...of(SERIES, (i) => (DASHES[i - 1] ? `.plot .d${i}{stroke-dasharray:${DASHES[i - 1]}}` : '')).filter(Boolean),
    ...of(SHADES, (i) => `.plot .n${i}{stroke:${colour(`count${i}`)}}`),
  ].join('\n')
}

function variables(theme: Theme): string {
  return Object.entries(theme)
    .map(([name, colour]) => `--plot-${name}:${colour}`)
    .join(';')
}

/** Paper is white, also when somebody who works in the dark prints. */
const AT_NIGHT = '@media screen and (prefers-color-scheme:dark)'

/** The style of a page with figures, once for all of them: its colours are variables that the page may set. */
export const plotStyle = `:root{${variables(LIGHT)}}
${AT_NIGHT}{:root{${variables(DARK)}}}
${rules((name) => `var(--plot-${name})`)}
`

/** The style of a figure by itself: no variables, which programs for drawings do not know. */
const fileStyle = `${rules((name) => LIGHT[name]!)}
${AT_NIGHT}{
${rules((name) => DARK[name]!)}
}
`

/** The figure as a file of its own, with its style. */
export function standalone(svg: string): string {
  return `${svg.replace('>', `><style>${fileStyle}</style>`)}\n`
}
