/** Signals end a command at once, also while it computes and the event loop has no turn. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { root } from '../support.ts'
import { ended, Folder, someDrone } from './support.ts'

const test = suite('interrupt')
const folder = new Folder()
test.after(() => folder.remove())

/** Runs a program that knows `interruptions` and `clearAtEnd`, sends the signal at its first word, and tells how it ended. */
async function interrupted(signal: NodeJS.Signals, program: string): Promise<NodeJS.Signals | number | null> {
  const code = `
import { writeSync, rmSync, writeFileSync } from 'node:fs'
import { Interruptions } from ${JSON.stringify(join(root, 'toolkit/cli/interrupt.ts'))}
import { clearAtEnd } from ${JSON.stringify(join(root, 'toolkit/isolation/clearing.ts'))}
const interruptions = new Interruptions()
const busy = () => { writeSync(1, 'busy'); for (;;); }
const idle = () => { writeSync(1, 'idle'); setInterval(() => {}, 1e6) }
${program}`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type', 'module', '--eval', code], { cwd: root })
  child.stdout.once('data', () => child.kill(signal))
  const exit = await ended(child)
  return exit ?? child.signalCode
}

const unfinished = (name: string) => {
  const path = JSON.stringify(folder.file(folder.write(name, 'half')))
  return `const cleared = clearAtEnd(() => rmSync(${path}, { force: true }))`
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends what computes without a pause`, async () => {
    assert.is(await interrupted(signal, 'busy()'), signal)
    assert.is(await interrupted(signal, 'await interruptions.during(async () => {}); busy()'), signal)
    assert.is(await interrupted(signal, `${unfinished('whole')}; cleared(); busy()`), signal)
  })
}

test('what is unfinished is cleared away, and only that', async () => {
  assert.is(await interrupted('SIGTERM', `${unfinished('half')}; idle()`), 143)
  assert.not.ok(existsSync(folder.file('half')))
  const others = `const other = clearAtEnd(() => {}); ${unfinished('finished')}; cleared(); idle()`
  assert.is(await interrupted('SIGINT', others), 130)
  assert.ok(existsSync(folder.file('finished')))
})

test('commands that compute and have nothing to clear away leave the signal to the system', async () => {
  someDrone(folder)
  const answered = ['--target', 'answer', '--features', 'a,b,label', '--events', '-']
  for (const command of [
    ['export', 'drone.json', '--out', 'drone.mjs', '--check', '-'],
    ['compare', 'drone.json', ...answered],
    ['report', 'drone.json', '--out', 'report.html', ...answered],
    ['probe', '--like', '-', '--out', 'probes.csv'],
    ['predict', 'drone.json', '--events', '-'],
  ]) {
    const child = folder.start(...command)
    const code = ended(child)
    // It waits for events, of which there is but the first.
    child.stdin.on('error', () => {})
    child.stdin.write('a,b,c,label,answer\n1,2,3,0,0.5\n')
    let err = ''
    child.stderr.on('data', (data) => (err += data))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    child.kill('SIGTERM')
    assert.is(await code, null, `${command[0]}: ${err}`)
    assert.is(child.signalCode, 'SIGTERM')
  }
})

test.run()
