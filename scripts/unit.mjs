// Runs the tests, all or those whose path matches the pattern given: `npm run unit -- swarm`. uvu itself succeeds where
// a hook before the tests throws and none of them runs; here, a test that did not run has failed.
import { spawn } from 'node:child_process'

const [pattern = ''] = process.argv.slice(2)
const uvu = ['--import', 'tsx', 'node_modules/uvu/bin.js', 'test', `(?:${pattern}).*\\.test\\.ts$`]
const env = process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env
const run = spawn(process.execPath, uvu, { stdio: ['inherit', 'pipe', 'inherit'], env })

/** The end of what was printed: uvu's totals. */
let end = ''
const MINUTES = 10
const patience = setTimeout(() => {
  process.stdout.write(`\nno test ended in ${MINUTES} minutes\n`)
  run.kill('SIGKILL')
}, MINUTES * 60_000)
run.stdout.on('data', (text) => {
  process.stdout.write(text)
  end = (end + text).slice(-500)
  patience.refresh()
})
run.on('close', (code) => {
  clearTimeout(patience)
  const count = (name) => Number(new RegExp(`${name}:\\D*?(?:\u001b\\[\\d+m)?(\\d+)`).exec(end)?.[1] ?? 0)
  const [total, passed, skipped] = ['Total', 'Passed', 'Skipped'].map(count)
  process.stdout.write(`${passed} passed, ${total - passed} failed, ${skipped} skipped\n`)
  process.exitCode = code || Number(total === 0 || passed < total)
})
