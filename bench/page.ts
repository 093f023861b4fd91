/**
 * The page of the service: `npm run bench:page`. The heat map's 64 × 64 scores, and the time from the request of the page
 * to the first score in it, in Debian's Chromium. Fails where either is more than its budget.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launched } from '../test/toolkit/report/chromium.ts'
import { markdown, publish } from './results.ts'

/** In ms. */
const BUDGET = { map: 8, first: 300 }
const ROUNDS = 15
const MOVES = 100

const command = fileURLToPath(new URL('../toolkit/bin/nndrone.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'nndrone-page-bench-'))
const browser = await launched()
if (!browser) throw new Error('no chromium on the PATH; on Debian: apt-get install chromium')
spawnSync(process.execPath, [command, 'demo', '--out', folder], { stdio: 'ignore' })
const child = spawn(process.execPath, [command, 'serve', folder, '--port', '0', '--no-log'])
try {
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (some) => {
      const [, url] = /(http:\/\/\S+)/.exec(String(some)) ?? []
      if (url) resolve(url)
    })
    child.on('close', () => reject(new Error('the service ended')))
  })
  const firsts: number[] = []
  const maps: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${url}/#try/best`)
    await page.locator('.map canvas[data-milliseconds]').waitFor()
    firsts.push(await page.evaluate(() => performance.getEntriesByName('first score')[0]!.startTime))
    if (round === ROUNDS - 1) maps.push(...(await page.evaluate(moved, MOVES)))
    await context.close()
  }
  const over = [
    ...(median(maps) > BUDGET.map ? [`heat map: more than ${BUDGET.map} ms`] : []),
    ...(median(firsts) > BUDGET.first ? [`first score: more than ${BUDGET.first} ms`] : []),
  ]
  publish(
    'npm run bench:page',
    `## The page

In Chromium ${browser.version()}, the demo's best drone. The heat map is ${64 * 64} scores while a slider moves, ${MOVES} times;
the first score counts from the request of the page, ${ROUNDS} loads, each without a cache. At most ${BUDGET.map} ms and ${BUDGET.first} ms are the budgets.

${markdown(
  ['ms', 'median', 'least', 'greatest'],
  [
    ['scores of the heat map', ...ends(maps, 2)],
    ['page to first score', ...ends(firsts, 0)],
  ],
)}`,
  )
  if (over.length > 0) {
    console.error(over.join('; '))
    process.exitCode = 1
  }
} finally {
  await browser.close()
  child.kill()
  rmSync(folder, { recursive: true, force: true })
}

/** Moves the first slider, and reads how long the scores of the map took after each move. */
async function moved(moves: number): Promise<number[]> {
  const slider = document.querySelector<HTMLInputElement>('.input input[type=range]')!
  const canvas = document.querySelector<HTMLCanvasElement>('.map canvas')!
  const times: number[] = []
  for (let i = 0; i < moves; i++) {
    slider.valueAsNumber = Number(slider.min) + ((Number(slider.max) - Number(slider.min)) * i) / moves
    slider.dispatchEvent(new Event('input', { bubbles: true }))
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    times.push(Number(canvas.dataset.milliseconds))
  }
  return times
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}

function ends(values: readonly number[], digits: number): string[] {
  return [median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits))
}
