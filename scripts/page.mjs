// Builds the page of the service: one folder of files that a browser loads, and nothing from elsewhere.
import { copyFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

/** @param common what all bundles have in common, @param out the folder */
export async function buildPage(common, out) {
  await build({
    ...common,
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
  copyFileSync('toolkit/page/index.html', `${out}/index.html`)
}
