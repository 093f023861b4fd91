/** Writes every figure as a file, and a page of them all to look at: tsx test/toolkit/plots/gallery.ts FOLDER */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { plotStyle, standalone } from '../../../toolkit/plots/index.ts'
import { examples } from './examples.ts'

const folder = process.argv[2] ?? 'build/gallery'
const figures = Object.entries(examples(50_000))

mkdirSync(folder, { recursive: true })
for (const [name, { svg, csv }] of figures) {
  writeFileSync(join(folder, `${name}.svg`), standalone(svg))
  writeFileSync(join(folder, `${name}.csv`), csv)
}
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Figures</title>
<style>
${plotStyle}
body { margin: 16px; background: var(--plot-paper); color: var(--plot-ink); font: 16px system-ui, sans-serif }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(360px, 100%), 1fr)); gap: 24px }
figure { margin: 0 }
.plot { width: 100% }
</style>
<main>
${figures.map(([name, { svg }]) => `<figure>${svg}<figcaption>${name}</figcaption></figure>`).join('\n')}
</main>
</html>
`
writeFileSync(join(folder, 'index.html'), page)
console.log(join(folder, 'index.html'))
