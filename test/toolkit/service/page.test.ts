/** The page of the service in a browser: what is served, an event that is tried, and a drone that is grown. */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, formatJSON, shortest } from '../../../bindings/index.ts'
import { randomNetwork, root, seeded } from '../../support.ts'
import { launched } from '../report/chromium.ts'
import { Folder } from '../support.ts'
import { csvOf, type Serving, serving, TOKEN, trained, writeDrone } from './support.ts'

const test = suite('page of the service')

const folder = new Folder()
const browser = await launched()
/** Milliseconds that anything may take on a busy machine. */
const PATIENCE = 20_000
const MARKUP = '<img src=x onerror=alert(1)>'

/** A drone with cuts, one with 600 inputs, one whose inputs are called as markup, and events with labels. */
async function filled(): Promise<Drone> {
  const drone = await trained()
  drone.setCut('tight', { threshold: 0.5 })
  writeDrone(folder, 'best.json', drone)
  const wide = randomNetwork(seeded(2), { widths: [600, 4, 1] })
  const inputs = Array.from({ length: 600 }, (_, i) => ({ name: `input_${i}`, offset: 0, scale: 1, default: 0 }))
  writeDrone(folder, 'wide.json', Drone.from({ ...wide, inputs }))
  const named = randomNetwork(seeded(3), { widths: [2, 3, 1] })
  const odd = [MARKUP, '</script>"&'].map((name) => ({ name, offset: 0, scale: 1 }))
  writeDrone(folder, 'odd.json', Drone.from({ ...named, inputs: odd, outputs: ['<b>score</b>'] }))
  const random = seeded(5)
  const rows = Array.from({ length: 3000 }, () => {
    const [a, b, c] = [0, 0, 0].map(() => random.uniform() * 4 - 2) as [number, number, number]
    return [a, b, c, Number(a * b > 0)].join(',')
  })
  folder.write('train.csv', `a,b,c,label\n${rows.join('\n')}\n`)
  return drone
}

let drone: Drone
let service: Serving | undefined

test.before(async () => {
  if (!browser) return
  drone = await filled()
  service = await serving(folder, ['.', '--no-log'])
})
test.after(async () => {
  await browser?.close()
  await service?.end()
  folder.remove()
})

function inBrowser(name: string, body: (browser: Browser, url: string) => Promise<void>): void {
  if (browser) {
    test(name, () => body(browser, service!.url))
    return
  }
  console.log(`skipped: ${name} (no chromium on the PATH; on Debian: apt-get install chromium)`)
  test.skip(name, () => {})
}

interface Opened {
  page: Page
  context: BrowserContext
  /** What the console said. */
  said: string[]
  /** Hosts that were asked. */
  hosts: Set<string>
}

async function opened(browser: Browser, address: string, options: object = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  const said: string[] = []
  const hosts = new Set<string>()
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (protocol !== 'data:' && protocol !== 'blob:') hosts.add(host)
  })
  await page.goto(address)
  return { page, context, said, hosts }
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(axe, 'utf8'))
  const { violations } = await page.evaluate(() => (globalThis as any).axe.run())
  type Violation = { impact: string; id: string; help: string; nodes: { html: string }[] }
  return (violations as Violation[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]!.html.slice(0, 200)})`)
}

/** Elements that stand out of the page to the right, those in a region that scrolls left out. */
function tooWide(): string[] {
  const width = document.documentElement.clientWidth
  return [...document.querySelectorAll('main *')]
    .filter((element) => !element.closest('.wide table, svg, .unseen'))
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => `${element.tagName}.${element.className} ${element.textContent?.slice(0, 40)}`)
}

async function checked(page: Page): Promise<void> {
  assert.equal(await page.evaluate(tooWide), [])
  assert.equal(await findings(page), [])
}

async function typed(page: Page, values: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await page.getByLabel(name, { exact: true }).fill(String(value))
}

/** The bits of an f32, as the page shows them. */
function bits(score: number): string {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, score)
  return view.getUint32(0).toString(16).padStart(8, '0')
}

test('all that a browser loads is at most 150 kB, packed', () => {
  const files = readdirSync(join(root, 'toolkit/dist/page'))
  const sizes = files.map((file) => gzipSync(readFileSync(join(root, 'toolkit/dist/page', file))).length)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  assert.ok(files.includes('index.html') && files.includes('worker.js'), files.join())
  assert.ok(total <= 150_000, `${total} bytes`)
})

inBrowser('the policy lets WebAssembly run and nothing unusual', async (_, url) => {
  const { headers } = await fetch(url)
  assert.is(
    headers.get('content-security-policy'),
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
})

inBrowser('at 200 % zoom nothing stands out of the page, and nothing is harder to reach', async (browser, url) => {
  // A window of 1280 × 900 pixels that is zoomed has half as many of CSS, each twice as large.
  const view = { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }
  const { page, context, said } = await opened(browser, `${url}/#drones`, view)
  await page.getByRole('article', { name: 'best' }).getByRole('button', { name: 'Card' }).click()
  await page.getByText('least in training').waitFor()
  await checked(page)
  await page.goto(`${url}/#try/best`)
  await page.locator('[data-same=true]').waitFor()
  await checked(page)
  await page.goto(`${url}/#grow`)
  await page.getByLabel('Teacher', { exact: true }).selectOption('best')
  await page.getByText('Options', { exact: true }).first().click()
  await checked(page)
  assert.equal(said, [])
  await context.close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    inBrowser(`from a teacher to a version that scores, at ${width} pixels, ${colorScheme}`, async (browser, url) => {
      const view = { viewport: { width, height: 900 }, colorScheme }
      const { page, context, said, hosts } = await opened(browser, `${url}/#drones`, view)
      await page.getByRole('article', { name: 'best' }).waitFor()
      await page.getByRole('article', { name: 'best' }).getByRole('button', { name: 'Card' }).click()
      await page.getByText('least in training').waitFor()
      await checked(page)

      await page.goto(`${url}/#try/best`)
      await typed(page, { a: 0.5, b: -1.25, c: 3 })
      const score = drone.predict([0.5, -1.25, 3])
      await page.locator(`[data-same=true] code:text-is("${bits(score)}")`).waitFor()
      assert.ok(
        (await page.getByLabel('Score', { exact: true }).textContent())!.includes(
          `${shortest(score)}${bits(score)} simd`,
        ),
      )
      assert.ok(await page.getByText(', the range in training').isVisible())
      assert.ok(Number(await page.locator('.map canvas').getAttribute('data-milliseconds')) > 0)
      assert.match((await page.locator('.map .cut').getAttribute('d'))!, /^M[\d.]+ [\d.]+L/)
      await checked(page)

      await page.goto(`${url}/#grow`)
      await page.getByLabel('Teacher', { exact: true }).selectOption('best')
      await page.getByText('Options', { exact: true }).first().click()
      await page.getByLabel('Epochs').fill('30')
      await page.getByLabel('Questions').fill('0')
      await checked(page)
      await page.getByRole('button', { name: 'Grow' }).click()
      const started = page.waitForResponse((response) => response.request().method() === 'POST')
      await page.getByLabel('Token', { exact: true }).fill(TOKEN)
      await page.getByRole('button', { name: 'Go on' }).click()
      const { id } = await (await started).json()
      await page.locator(`[data-job="${id}"][data-state=done]`).waitFor({ timeout: 60_000 })
      const name = `grown-${width}-${colorScheme}`
      await page.getByLabel('Model', { exact: true }).fill(name)
      await page.getByRole('button', { name: 'Publish' }).click()
      await page.getByText(`Published: ${name}, version 1.`).waitFor()
      await checked(page)
      await page.getByRole('link', { name: 'Try it' }).click()
      await page.locator('[data-same=true]').waitFor()

      assert.equal([...hosts], [new URL(url).host])
      assert.equal(said, [])
      await context.close()
    })
  }
}

inBrowser('versions stand side by side; one is promoted, and rolled back, with a token', async (browser, url) => {
  const put = async (version: string, seed: number) => {
    const body = formatJSON(await trained(seed))
    const headers = { authorization: `Bearer ${TOKEN}` }
    const { status } = await fetch(`${url}/v2/models/several/versions/${version}`, { method: 'PUT', body, headers })
    assert.is(status, 201)
  }
  await put('1', 11)
  await put('2', 12)
  const { page, context, said } = await opened(browser, url)
  const model = page.getByRole('article', { name: 'several' })
  await model.getByRole('button', { name: 'Versions' }).click()
  await model.getByRole('button', { name: 'Promote version 2' }).click()
  await page.getByLabel('Token', { exact: true }).fill(TOKEN)
  await page.getByRole('button', { name: 'Go on' }).click()
  await model.getByText('version 2 of 2').waitFor()
  await model.getByRole('button', { name: 'Roll back to version 1' }).click()
  await model.getByText('version 1 of 2').waitFor()
  assert.equal(said, [])
  await context.close()
})

inBrowser('markup in names is text', async (browser, url) => {
  const { page, context, said } = await opened(browser, `${url}/#try/odd`)
  await page.getByText(MARKUP, { exact: true }).first().waitFor()
  assert.is(await page.locator('main img, main b:has-text("score")').count(), 0)
  assert.equal(said, [])
  await context.close()
})

inBrowser('600 inputs: a few are shown, the others are found by name', async (browser, url) => {
  const { page, context, said } = await opened(browser, `${url}/#try/wide`)
  await page.locator('[data-same=true]').waitFor()
  assert.is(await page.locator('.input').count(), 24)
  await page.getByLabel('Find among 600 inputs').fill('input_599')
  await page.getByLabel('input_599', { exact: true }).fill('1.5')
  await page.locator('[data-same=true]').waitFor()
  assert.is(await page.locator('.input').count(), 1)
  assert.equal(said, [])
  await context.close()
})

inBrowser('a missing value is said, and the service says the same', async (browser, url) => {
  const { page, context } = await opened(browser, `${url}/#try/odd`)
  await page.getByRole('button', { name: `${MARKUP} is missing` }).click()
  await page.getByText(`${MARKUP} is missing, and has no default.`).waitFor()
  await page.locator('[data-score]:text-is("no score")').waitFor()
  await context.close()
})

for (const kind of ['csv', 'ndjson'] as const) {
  inBrowser(`${kind}: a file is scored in the page, and its lines come out with the scores`, async (browser, url) => {
    const rows = Array.from({ length: 1000 }, (_, n) => [
      Math.sin(n),
      Math.cos(3 * n),
      n % 7 === 0 ? Number.NaN : n / 999,
    ])
    const lines = rows.map(([a, b, c], n) => {
      const known = Number.isNaN(c) ? undefined : c
      return kind === 'csv' ? `"n, ${n}",${a},${b},${known ?? ''}` : JSON.stringify({ n: `{${n}}`, a, b, c: known })
    })
    const header = kind === 'csv' ? ['note,a,b,c'] : []
    const name = folder.write(`dropped.${kind}.txt`, [...header, ...lines, ''].join('\n'))
    const { page, context, said } = await opened(browser, `${url}/#try/best`, { acceptDownloads: true })
    await page.locator('input[type=file]').setInputFiles(folder.file(name))
    const waiting = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download' }).click()
    const text = readFileSync(await (await waiting).path(), 'utf8')
    const scores = drone.predictBatch(Float64Array.from(rows.flat()))
    const expected = lines.map((line, n) => {
      const score = Number.isNaN(scores[n]!) ? undefined : shortest(scores[n]!)
      return kind === 'csv' ? `${line},${score ?? 'nan'}` : `${line.slice(0, -1)},"score":${score ?? 'null'}}`
    })
    assert.equal(text.split('\n'), [...(kind === 'csv' ? ['note,a,b,c,score'] : []), ...expected, ''])
    assert.equal(said, [])
    await checked(page)
    await context.close()
  })
}

inBrowser('a million rows are scored in the page, and none is lost', async (browser, url) => {
  const count = 1_000_000
  const row = (n: number) => [n % 97, (n % 89) / 8, (n % 83) / 16]
  const lines = Array.from({ length: count }, (_, n) => row(n).join())
  folder.write('million.csv.txt', ['a,b,c', ...lines, ''].join('\n'))
  const { page, context, said } = await opened(browser, `${url}/#try/best`, { acceptDownloads: true })
  await page.locator('input[type=file]').setInputFiles(folder.file('million.csv.txt'))
  const waiting = page.waitForEvent('download', { timeout: 120_000 })
  await page.getByRole('link', { name: 'Download' }).click({ timeout: 120_000 })
  const scored = readFileSync(await (await waiting).path(), 'utf8').split('\n')
  assert.is(scored.length, count + 2)
  for (const n of [0, 1, 4095, 4096, 123_456, count - 1]) {
    assert.is(scored[n + 1], `${lines[n]},${shortest(drone.predict(row(n)))}`)
  }
  assert.equal(said, [])
  await context.close()
})

inBrowser('a file that is wrong is said with its line', async (browser, url) => {
  folder.write('wrong.txt', 'a,b,c\n1,2,3\n1,x,3\n')
  const { page, context } = await opened(browser, `${url}/#try/best`)
  await page.locator('input[type=file]').setInputFiles(folder.file('wrong.txt'))
  await page.getByText('wrong.txt: line 3: b is "x", expected a number').waitFor()
  await context.close()
})

async function withToken(browser: Browser, address: string): Promise<Opened> {
  const made = await opened(browser, address)
  await made.page.evaluate((token) => sessionStorage.setItem('nndrone-token', token), TOKEN)
  return made
}

inBrowser('a job that fails says what the command says; a program is not taken for a teacher', async (browser, url) => {
  folder.write('alien.txt', csvOf(new Float64Array(9)).replace('a,b,c', 'x,y,z'))
  folder.write('teacher.mjs', 'process.exit(1)')
  const { page, context } = await withToken(browser, `${url}/#grow`)
  await page.getByLabel('Teacher', { exact: true }).selectOption('best')
  await page.getByLabel('Events', { exact: true }).selectOption('a file of mine…')
  await page.getByLabel('File of events').setInputFiles(folder.file('alien.txt'))
  await page.getByText('alien.txt is there').waitFor()
  await page.getByRole('button', { name: 'Grow' }).click()
  const alert = page.locator('[data-state=failed] [role=alert]')
  await alert.waitFor()
  assert.match((await alert.textContent())!, /^alien\.txt: .*"a"/)
  await page.getByLabel('Teacher', { exact: true }).selectOption('a file of mine…')
  await page.getByLabel('File of a teacher').setInputFiles(folder.file('teacher.mjs'))
  await page.getByText('teacher.mjs: is a program; a teacher that is sent has to be data').waitFor()
  await context.close()
})

inBrowser(
  'two tabs see one job, a closed one does not stop it, and a stop keeps the best so far',
  async (browser, url) => {
    const first = await withToken(browser, `${url}/#grow`)
    await first.page.getByLabel('Teacher', { exact: true }).selectOption('best')
    await first.page.getByText('Options', { exact: true }).first().click()
    await first.page.getByLabel('Way to train').selectOption('paper')
    await first.page.getByLabel('Epochs').fill('100000')
    await first.page.getByLabel('Questions').fill('0')
    await first.page.getByRole('button', { name: 'Grow' }).click()
    await first.page.locator('[data-state=running] figure').waitFor()
    const second = await withToken(browser, `${url}/#grow`)
    await second.page.locator('[data-state=running] figure').waitFor()
    assert.ok(await second.page.getByRole('button', { name: 'Grow' }).isDisabled())
    await first.context.close()
    await second.page.getByRole('button', { name: 'Stop' }).click()
    await second.page.locator('[data-state=done]').waitFor()
    await second.page.getByText('stopped; the best so far').waitFor()
    assert.equal(second.said, [])
    await second.context.close()
  },
)

inBrowser('a service that is killed is said to be away; when it is back, the page goes on', async (browser) => {
  const first = await serving(folder, ['.', '--no-log'])
  const { page, context } = await opened(browser, `${first.url}/#try/best`)
  await page.getByLabel('a', { exact: true }).fill('1.75')
  await page.locator('[data-same=true]').waitFor()
  await first.end('SIGKILL')
  await page.getByText('The service is away.').waitFor()
  // The page scores still.
  await page.getByLabel('b', { exact: true }).fill('0.25')
  await page
    .locator(
      `code:text-is("${bits(drone.predict([1.75, 0.25, Number(await page.getByLabel('c', { exact: true }).inputValue())]))}")`,
    )
    .waitFor()
  const again = await serving(folder, ['.', '--no-log', '--port', String(first.port)])
  await page.getByText('The service is away.').waitFor({ state: 'detached' })
  await page.locator('[data-same=true]').waitFor()
  assert.is(await page.getByLabel('a', { exact: true }).inputValue(), '1.75')
  await context.close()
  await again.end()
})

inBrowser('by keyboard alone: to a view, along a slider', async (browser, url) => {
  const { page, context } = await opened(browser, `${url}/#drones`)
  await page.getByRole('article', { name: 'best' }).waitFor()
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const slider = page.getByLabel(/^a, from/)
  await slider.focus()
  const before = await page.locator('[data-score]').textContent()
  for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight')
  await page.locator('[data-same=true]').waitFor()
  assert.is.not(await page.locator('[data-score]').textContent(), before)
  await context.close()
})

test.run()
