// Draws the picture that the README begins with: the demo's best drone beside its teacher, as `nndrone report` shows it.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const IMAGES = { 'response-1.svg': 'response.svg' }

const command = resolve('toolkit/bin/nndrone.js')
const folder = mkdtempSync(join(tmpdir(), 'nndrone-images-'))
const run = (...args) => execFileSync(process.execPath, [command, ...args], { cwd: folder, stdio: 'inherit' })

run('demo', '--out', '.')
run('report', 'best.json', 'teacher.h5', '--events', 'test.csv', '--label', 'label', '--no-times', '--figures', '.')
mkdirSync('docs/images', { recursive: true })
for (const [figure, image] of Object.entries(IMAGES)) copyFileSync(join(folder, figure), join('docs/images', image))
rmSync(folder, { recursive: true })
