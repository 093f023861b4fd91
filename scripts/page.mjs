// Builds the page of the service: one folder of files that a browser loads, and nothing from elsewhere.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { build } from 'esbuild'

/** @param common what all bundles have in common, @param out the folder */
export async function buildPage(common, out) {
  const { metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: { page: 'toolkit/page/main.tsx', worker: 'toolkit/page/worker.ts' },
    outdir: out,
    platform: 'browser',
    splitting: true,
    chunkNames: 'shared-[hash]',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
  })
  // The style begins with that of the plots, which is a program's text.
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['toolkit/page/style.ts'],
    loader: { '.css': 'text' },
    write: false,
  })
  const { style } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)
  writeFileSync(`${out}/page.css`, style)
  // What the page imports is fetched beside it, not after it.
  const { imports } = metafile.outputs[`${out}/page.js`]
  const links = imports
    .filter(({ kind }) => kind === 'import-statement')
    .map(({ path }) => `<link rel="modulepreload" href="/page/${basename(path)}">\n`)
  const html = readFileSync('toolkit/page/index.html', 'utf8')
  writeFileSync(`${out}/index.html`, html.replace('</head>', `${links.join('')}</head>`))
}
