// Draws the pictures of the documents: the demo's best drone beside its teacher, as `nndrone report` shows it, and the views
// of the page of `nndrone serve` in a Chromium of this machine.
import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright-core'

const IMAGES = { 'response-1.svg': 'response.svg' }

/** Of each story of the demo: its teacher, what else the report is asked, the figure, and the picture. */
const STORIES = {
  jets: { drone: 'best.json', teacher: 'teacher.h5', options: ['--label', 'label'], figure: 'roc.svg' },
  masses: {
    ...{ drone: 'drone.json', teacher: 'teacher.h5' },
    ...{ options: ['--label', 'label', '--by', 'mass'], figure: 'auc-by.svg' },
  },
  anomalies: {
    ...{ drone: 'drone.json', teacher: 'autoencoder.h5' },
    ...{ options: ['--answer', 'log(reconstruction)', '--label', 'label'], figure: 'response-1.svg' },
  },
  flavours: { drone: 'drone.json', teacher: 'teacher.json', options: ['--label', 'flavour'], figure: 'roc-3.svg' },
}

const command = resolve('toolkit/bin/nndrone.js')
const images = resolve('docs/images')
const folder = mkdtempSync(join(tmpdir(), 'nndrone-images-'))
const run = (...args) => execFileSync(process.execPath, [command, ...args], { cwd: folder, stdio: 'inherit' })

run('demo', '--out', '.')
run('report', 'best.json', 'teacher.h5', '--events', 'test.csv', '--label', 'label', '--no-times', '--figures', '.')
mkdirSync(images, { recursive: true })
for (const [figure, image] of Object.entries(IMAGES)) copyFileSync(join(folder, figure), join(images, image))

for (const [name, { drone, teacher, options, figure }] of Object.entries(STORIES)) {
  const at = (file) => join(name, file)
  run('demo', `--${name}`, '--out', name)
  const asked = [
    '--events',
    at('test.csv'),
    ...options,
    '--no-times',
    '--out',
    at('figures.html'),
    '--figures',
    at('figures'),
  ]
  run('report', at(drone), at(teacher), ...asked)
  copyFileSync(join(folder, name, 'figures', figure), join(images, `physics-${name}.svg`))
}

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
