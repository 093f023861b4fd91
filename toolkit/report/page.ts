/** The page of a report: one file that needs nothing else, without a script. */
import { createHash } from 'node:crypto'
import { escaped, plotStyle } from '../plots/index.ts'
import type { Html } from './pieces.ts'

export interface Section {
  /** Names it in the address of the page. */
  id: string
  title: string
  /** What to see in it. */
  sentence: string
  content: readonly Html[]
}

export interface Page {
  title: string
  /** What it is a report of. */
  lead: string
  sections: readonly Section[]
  /** By what and when it was made. */
  colophon: string
}

const style = `${plotStyle}
*{box-sizing:border-box}
body{margin:0 auto;padding:16px;max-width:1280px;background:var(--plot-paper);color:var(--plot-ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{margin:0;font-size:1.6rem;line-height:1.2}
h2{margin:2.5rem 0 0;font-size:1.25rem;border-top:1px solid var(--plot-grid);padding-top:1rem}
p{margin:.5rem 0 1rem;max-width:70ch}
a{color:var(--plot-series1)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1rem 0;padding:0;list-style:none}
nav a{display:inline-block;padding:.25rem 0}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.25rem 1.25rem;margin:1rem 0}
dt,caption,figcaption,footer,.missing{color:var(--plot-muted)}
dd{margin:0}
code{font:inherit;white-space:nowrap}
.wide{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;overflow-wrap:normal}
caption{text-align:left;padding-bottom:.25rem}
th,td{padding:.25rem 1rem .25rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--plot-grid)}
th{font-weight:normal}
thead th{font-weight:600}
tbody th{min-width:7rem;overflow-wrap:anywhere}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(340px,100%),1fr));gap:1.5rem;margin:1rem 0}
figure{margin:0;break-inside:avoid}
figure .plot{display:block;width:100%;max-width:560px}
footer{margin-top:3rem;font-size:.875rem}
@media print{body{max-width:none;padding:0}nav{display:none}h2{break-after:avoid}}
`

/** Nothing is fetched and nothing runs; the one style is known by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`

export function page({ title, lead, sections, colophon }: Page): string {
  const links = sections.map((section) => `<li><a href="#${escaped(section.id)}">${escaped(section.title)}</a></li>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
<p>${escaped(lead)}</p>
</header>
<nav aria-label="Sections"><ul>
${links.join('\n')}
</ul></nav>
<main>
${sections.map(sectionHtml).join('\n')}
</main>
<footer>${escaped(colophon)}</footer>
</body>
</html>
`
}

function sectionHtml({ id, title, sentence, content }: Section): string {
  return `<section aria-labelledby="${escaped(id)}">
<h2 id="${escaped(id)}">${escaped(title)}</h2>
<p>${escaped(sentence)}</p>
${content.map(({ html }) => html).join('\n')}
</section>`
}
