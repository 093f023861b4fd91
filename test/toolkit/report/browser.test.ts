/** The page in a browser: what a reader sees on a phone, on a screen and on paper, in light and in dark. */
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { report } from '../../../toolkit/jobs/report/index.ts'
import { reportFiles } from '../../../toolkit/report/index.ts'
import { Folder } from '../support.ts'
import { launched } from './chromium.ts'
import { droneOf, eventsOf, labelled, sigmoid, teacherOf } from './support.ts'

const test = suite('report in a browser')

const browser = await launched()
const folder = new Folder()
test.after(async () => {
  await browser?.close()
  folder.remove()
})

const NAMES = ['p_T of the mother (GeV)', '质量', ...Array.from({ length: 8 }, (_, i) => `input_${i}`)]

/** A page with everything on it: growths, prunings, many inputs, values of every size. */
async function written(): Promise<string> {
  const rows = labelled(4000).map(([a, b, label], n) => {
    return [1e5 * a!, b!, ...Array.from({ length: 8 }, (_, i) => Math.sin(n * (i + 1)) * 10 ** (i - 4)), label!]
  })
  const loss = Array.from({ length: 300 }, (_, i) => 0.1 * Math.exp(-i / 40) + 1e-4)
  const training = {
    ...{ loss, change: loss.slice(1).map((value, i) => Math.abs(value - loss[i]!) / value) },
    ...{ growths: [20, 21, 90, 180], prunings: [220], preset: 'paper', epochs: 300 },
  }
  const domain = Object.fromEntries(NAMES.map((name) => [name, [-1, 1]]))
  const drone = droneOf({ inputs: NAMES, nndrone: { version: 1, arithmetic: 1, training, domain } })
  const teacher = teacherOf(NAMES, ([a, b]) => sigmoid(a! / 1e5 + b!))
  const events = eventsOf([...NAMES, 'label'], rows)
  const { html } = reportFiles(await report({ drone, teacher, events, label: 'label' }))
  folder.write('report.html', html)
  return folder.file('report.html')
}

const path = browser ? await written() : ''

function inBrowser(name: string, body: (browser: Browser) => Promise<void>): void {
  if (browser) {
    test(name, () => body(browser))
    return
  }
  console.log(`skipped: ${name} (no chromium on the PATH; on Debian: apt-get install chromium)`)
  test.skip(name, () => {})
}

/** Texts of a figure that lie over each other, and those that stand out of it. */
function misplaced(): string[] {
  const found: string[] = []
  for (const svg of document.querySelectorAll('figure > svg')) {
    const frame = svg.getBoundingClientRect()
    const texts = [...svg.querySelectorAll('text')].map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect()
      // The line of a text is higher than its letters.
      const high = (bottom - top) * 0.15
      return { text: text.textContent, left, right, top: top + high, bottom: bottom - high }
    })
    for (const [i, a] of texts.entries()) {
      if (
        a.left < frame.left - 1 ||
        a.right > frame.right + 1 ||
        a.top < frame.top - 1 ||
        a.bottom > frame.bottom + 1
      ) {
        found.push(`${svg.querySelector('title')!.textContent}: "${a.text}" stands out`)
      }
      for (const b of texts.slice(i + 1)) {
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
          found.push(`${svg.querySelector('title')!.textContent}: "${a.text}" over "${b.text}"`)
        }
      }
    }
  }
  return found
}

/** Elements that are wider than the page, those in a region that scrolls left out. */
function tooWide(): string[] {
  const width = document.documentElement.clientWidth
  return [...document.querySelectorAll('body *')]
    .filter((element) => !element.closest('.wide table') && element.getBoundingClientRect().right > width + 1)
    .map((element) => `${element.tagName} ${element.textContent?.slice(0, 40)}`)
}

async function opened(page: Page): Promise<string[]> {
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(error.message))
  page.on('request', (request) => said.push(request.url()))
  await page.goto(`file://${path}`)
  return said
}

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

async function findings(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe })
  const { violations } = await page.evaluate(() => (globalThis as any).axe.run())
  type Violation = { impact: string; id: string; help: string; nodes: { html: string }[] }
  return (violations as Violation[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes[0]!.html.slice(0, 200)})`)
}

inBrowser('texts that lie over each other, or stand out, are seen', async (browser) => {
  const page = await browser.newPage()
  const text = (x: number, words: string) => `<text x="${x}" y="40">${words}</text>`
  const texts = text(0, 'one') + text(5, 'other') + text(95, 'outside')
  await page.setContent(`<figure><svg width="100" height="80"><title>t</title>${texts}</svg></figure>`)
  assert.equal(await page.evaluate(misplaced), ['t: "one" over "other"', 't: "outside" stands out'])
  await page.close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [where, width, media] of [
    ['a phone', 360, 'screen'],
    ['a screen', 1280, 'screen'],
    ['paper', 794, 'print'],
  ] as const) {
    inBrowser(
      `on ${where}, ${colorScheme}: silent, no text over another, nothing serious from axe`,
      async (browser) => {
        // The policy of the page keeps axe out, as it does any script.
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true })
        const page = await context.newPage()
        await page.emulateMedia({ media, colorScheme })
        const said = await opened(page)
        assert.equal(said, [`file://${path}`])
        assert.equal(await page.evaluate(misplaced), [])
        assert.equal(await page.evaluate(tooWide), [])
        assert.equal(await findings(page), [])
        await context.close()
      },
    )
  }
}

inBrowser('the page obeys its own policy, and text in figures is found by search', async (browser) => {
  const page = await browser.newPage()
  const said = await opened(page)
  assert.equal(said, [`file://${path}`])
  const found = (text: string) =>
    page.evaluate((text) => (globalThis as any).find(text, false, false, true) as boolean, text)
  for (const text of ['signal efficiency', '质量', 'AUC', 'relative change']) assert.ok(await found(text), text)
  assert.not.ok(await found('no such text'))
  const colour = await page.evaluate(() => getComputedStyle(document.querySelector('.plot .paper')!).fill)
  assert.is(colour, 'rgb(255, 255, 255)')
  await page.close()
})

inBrowser('on paper every figure is whole, and the paper is white', async (browser) => {
  const page = await browser.newPage({ colorScheme: 'dark' })
  await opened(page)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  const fill = await page.evaluate(() => getComputedStyle(document.querySelector('.plot .paper')!).fill)
  assert.is(fill, 'rgb(255, 255, 255)')
  const pdf = await page.pdf({ format: 'A4' })
  assert.ok(pdf.subarray(0, 5).equals(Buffer.from('%PDF-')))
  await page.close()
})

test.run()
