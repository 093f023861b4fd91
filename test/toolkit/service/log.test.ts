/** The log of the service: every line once and in order, whatever its length, and a count of those that nobody took. */
import { spawnSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Log } from '../../../toolkit/service/log.ts'
import { logTo } from '../../../toolkit/service/node.ts'

const test = suite('service, log')
const folder = mkdtempSync(join(tmpdir(), 'nndrone-log-'))

test.after(() => rmSync(folder, { recursive: true, force: true }))

test('lines of all lengths, many at a time and with pauses, come in order', async () => {
  const path = join(folder, 'log')
  const file = openSync(path, 'w')
  const { sink, flush } = logTo(file)
  const lines = Array.from({ length: 5000 }, (_, n) => `${n} ${'ä€𝄞x'.repeat(n % 400 === 7 ? 50_000 : n % 50)}`)
  for (const [n, line] of lines.entries()) {
    sink(line)
    if (n % 1000 === 500) await sleep(n === 2500 ? 150 : 0)
    if (n % 777 === 0) void flush()
  }
  await flush()
  closeSync(file)
  assert.equal(readFileSync(path, 'utf8').split('\n'), [...lines, ''])
})

test('what nobody reads is lost at last, and counted', async () => {
  const path = join(folder, 'pipe')
  spawnSync('mkfifo', [path])
  const file = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const { sink, flush } = logTo(file)
  const line = 'x'.repeat(1023)
  const sent = 40_000
  for (let n = 0; n < sent; n++) sink(line)
  let [text, ended] = ['', false]
  const all = flush().then(() => {
    ended = true
  })
  const buffer = Buffer.alloc(1 << 16)
  for (;;) {
    const isLast = ended
    try {
      text += buffer.toString('latin1', 0, readSync(file, buffer))
    } catch {
      if (isLast) break
      // Nothing is there yet.
      await sleep(1)
    }
  }
  await all
  closeSync(file)
  const lines = text.split('\n').slice(0, -1)
  const told = JSON.parse(lines.find((each) => each.startsWith('{'))!)
  const kept = lines.filter((each) => each === line).length
  assert.ok(kept > 10_000 && kept < sent)
  assert.is(told.lines, sent - kept)
  assert.is(lines.length, kept + 1)
})

test('a request is a line of JSON, whatever its path holds', () => {
  const lines: string[] = []
  const log = new Log((line) => lines.push(line))
  const paths = ['/v2/models/drone/infer', '/"', '/a\\b', '/é\u2028', '/\u0000']
  const facts = { id: 'a-1', method: 'POST', status: 200, microseconds: 5, more: ',"events":1' }
  const before = new Date().toISOString()
  for (const path of paths) log.request({ ...facts, path })
  const read = lines.map((line) => JSON.parse(line))
  for (const [n, { time, us, ...rest }] of read.entries()) {
    assert.equal(rest, {
      level: 'info',
      message: 'request',
      id: 'a-1',
      method: 'POST',
      path: paths[n],
      status: 200,
      events: 1,
    })
    assert.ok(time >= before && time <= new Date().toISOString(), time)
    assert.is(us, 5)
  }
})

test.run()
