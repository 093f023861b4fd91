// Draws the pictures of the documents: the demo's best drone beside its teacher, as `nndrone report` shows it, and the views
// of the page of `nndrone serve` in a Chromium of this machine.
import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright-core'

const IMAGES = { 'response-1.svg': 'response.svg' }

const command = resolve('toolkit/bin/nndrone.js')
const images = resolve('docs/images')
const folder = mkdtempSync(join(tmpdir(), 'nndrone-images-'))
const run = (...args) => execFileSync(process.execPath, [command, ...args], { cwd: folder, stdio: 'inherit' })

run('demo', '--out', '.')
run('report', 'best.json', 'teacher.h5', '--events', 'test.csv', '--label', 'label', '--no-times', '--figures', '.')
mkdirSync(images, { recursive: true })
for (const [figure, image] of Object.entries(IMAGES)) copyFileSync(join(folder, figure), join(images, image))

const env = { ...process.env, NNDRONE_TOKEN: 'token' }
const service = spawn(process.execPath, [command, 'serve', '.', '--port', '0', '--no-log'], { cwd: folder, env })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', chromiumSandbox: false })
try {
  const url = await new Promise((resolve, reject) => {
    service.stderr.on('data', (some) => /http:\S+/.test(some) && resolve(/http:\S+/.exec(some)[0]))
    service.on('close', () => reject(new Error('the service ended')))
  })
  const page = await browser.newPage({ viewport: { width: 1120, height: 860 } })
  const shoot = (name) => page.screenshot({ path: join(images, `page-${name}.png`) })
  await page.goto(`${url}/#try/best`)
  await page.evaluate(() => sessionStorage.setItem('nndrone-token', 'token'))
  await page.locator('[data-same=true]').waitFor()
  await shoot('try')
  await page.goto(`${url}/#grow`)
  await page.getByRole('button', { name: 'Grow' }).click()
  await page.locator('[data-state=done]').waitFor({ timeout: 120_000 })
  await shoot('grow')
  await page.goto(`${url}/#drones`)
  await page.getByRole('article', { name: 'best' }).getByRole('button', { name: 'Card' }).click()
  await page.getByText('least in training').waitFor()
  await page.evaluate(() => scrollTo(0, 0))
  await shoot('drones')
} finally {
  await browser.close()
  service.kill()
}
rmSync(folder, { recursive: true })
