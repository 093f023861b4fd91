/** The page at `/`: what runs, to try it, and to grow a new one. The build makes its files. */
import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Kit } from './kit.ts'

/** Beside the modules of the built toolkit. */
const FOLDER = new URL('./page/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Nothing but this service is asked, and no text is run; WebAssembly is, or the page would score without it unnoticed. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Adds the page to a service. */
export async function page(kit: Kit): Promise<void> {
  const names = await readdir(FOLDER).catch((): string[] => [])
  for (const name of names.filter((name) => extname(name) in TYPES)) {
    const bytes = await readFile(new URL(name, FOLDER))
    const type = TYPES[extname(name)]!
    kit.get(name === 'index.html' ? '/' : `/page/${name}`, 'open', (exchange) =>
      exchange.answer(bytes, type, 200, { 'content-security-policy': POLICY, 'cache-control': 'no-cache' }),
    )
  }
}
