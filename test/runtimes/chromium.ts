/** Headless Chromium: pages that a server on this machine hands out, with a strict policy too. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BOTH, type Host, type Missing } from './hosts.ts'

/** What is used of playwright-core, which is not among the types here. */
interface Page {
  goto(url: string): Promise<unknown>
  close(): Promise<void>
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): void
  on(event: 'pageerror', listener: (error: Error) => void): void
}

interface Browser {
  newPage(): Promise<Page>
  version(): string
  close(): Promise<void>
}

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome']

/** Hosts, and how to close what they run in. */
export interface Chromium {
  hosts: (Host | Missing)[]
  close(): Promise<void>
}

/**
 * @param folder where page.js and the library are
 * @param packages what `fetchRuntimes` returns
 */
export async function chromium(folder: string, packages: string): Promise<Chromium> {
  const path = (process.env.PATH ?? '').split(delimiter).flatMap((bin) => COMMANDS.map((command) => join(bin, command)))
  const executablePath = path.find(existsSync)
  if (!executablePath) return without('no chromium on the PATH; on Debian: apt-get install chromium')
  const playwright = join(packages, 'playwright-core/index.mjs')
  if (!existsSync(playwright)) return without('npm brought no playwright-core to drive it')
  const { chromium } = await import(pathToFileURL(playwright).href)
  // Root cannot have Chromium's sandbox, and pages of our own need none.
  const browser: Browser = await chromium.launch({ executablePath, chromiumSandbox: false })
  const server = await serve(folder)
  const { port } = server.address() as AddressInfo
  const host = (way: string, engines: Host['engines'], path = '', where = 'page'): Host => ({
    runtime: `Chromium ${browser.version()}`,
    way,
    engines,
    run: (work, asked) => answer(browser, `http://127.0.0.1:${port}/${path}?${work}&${asked}&${where}`),
  })
  return {
    hosts: [
      host('', BOTH),
      host('a compiled module', { module: 'simd' }),
      host('a worker', { host: 'simd' }, '', 'worker'),
      host('a policy without wasm-unsafe-eval', { host: 'js' }, 'strict'),
    ],
    close: async () => {
      await browser.close()
      server.close()
    },
  }
}

function without(reason: string): Chromium {
  return { hosts: [{ runtime: 'Chromium', reason }], close: async () => {} }
}

/** Serves a page at / and, with a strict Content-Security-Policy, at /strict. */
async function serve(folder: string): Promise<Server> {
  const kernels = (file: string) => readFileSync(join(folder, 'node_modules/nndrone/dist', file))
  const files: Record<string, [type: string, content: string | Buffer]> = {
    '/': ['text/html', '<!doctype html><script type="module" src="/page.js"></script>'],
    '/page.js': ['text/javascript', readFileSync(join(folder, 'page.js'))],
    '/nndrone.wasm': ['application/wasm', kernels('nndrone.wasm')],
    '/learning.wasm': ['application/wasm', kernels('learning.wasm')],
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://127.0.0.1')
    const strict = pathname === '/strict'
    const file = files[strict ? '/' : pathname]
    if (strict) response.setHeader('content-security-policy', "default-src 'self'")
    if (!file) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': file[0] }).end(file[1])
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return server
}

/** What a page says on the console; its errors are ours. */
async function answer(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage()
  try {
    return await new Promise<string>((resolve, reject) => {
      page.on('pageerror', reject)
      page.on('console', (message) => {
        if (message.type() === 'log') resolve(message.text())
      })
      setTimeout(() => reject(new Error(`${url} says nothing`)), 60_000).unref()
      page.goto(url).catch(reject)
    })
  } finally {
    await page.close()
  }
}
