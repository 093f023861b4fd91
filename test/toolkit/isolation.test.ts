/** Readers of other people's libraries: they are stopped where they do not end, and signals always work. */
import { existsSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Drone, formatJSON } from '../../bindings/index.ts'
import { Death, isolation } from '../../toolkit/isolation/process.ts'
import { randomNetwork, seeded, withData } from '../support.ts'
import { ended, Folder } from './support.ts'

const test = suite('isolation')
const folder = new Folder()
test.after(() => folder.remove())

/** Four optional numbers, of which one is missing. */
function fourNumbers(): Uint8Array {
  const columnData = [{ name: 'a', data: [1, undefined, 3, 4], type: 'INT32' as const, encoding: 'PLAIN' as const }]
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

/** With another type of a field in the head of its page, hyparquet reads it for ever. */
function endless(): Uint8Array {
  const bytes = fourNumbers()
  bytes[11] = 0
  return bytes
}

folder.write('good.parquet', fourNumbers())
folder.write('endless.parquet', endless())
const network = randomNetwork(seeded(1), { widths: [1, 3, 1] })
folder.write('drone.json', formatJSON(Drone.from({ ...network, inputs: [{ name: 'a', offset: 0, scale: 1 }] })))

const GENEROUS = { seconds: 20, bytes: 1e9 }

/** The reason why the process died of reading a file. */
async function death(file: string, limits = GENEROUS): Promise<string> {
  const taken = isolation.take()
  try {
    await taken.call('readTable', ['parquet', folder.file(file), ['a'], undefined], GENEROUS)
    await taken.call('nextSlice', [], limits)
    return 'it lives'
  } catch (error) {
    assert.instance(error, Death)
    return (error as Error).message
  } finally {
    isolation.give(taken)
  }
}

test('a reader is ended at its limit of time or of memory, and the next file is read by another', async () => {
  assert.is(await death('good.parquet'), 'it lives')
  assert.is(await death('endless.parquet', { ...GENEROUS, seconds: 1 }), 'takes more than 1 s')
  assert.is(await death('endless.parquet', { ...GENEROUS, bytes: 1e6 }), 'takes more than 1 MB of memory')
  assert.is(await death('good.parquet'), 'it lives')
})

test('a reader that dies by itself, or whom nobody waits for any more', async () => {
  const taken = isolation.take()
  await taken.call('readTable', ['parquet', folder.file('endless.parquet'), ['a'], undefined], GENEROUS)
  const failure = taken.call('nextSlice', [], GENEROUS).catch((error: Error) => error)
  isolation.give(taken)
  assert.is(((await failure) as Error).message, 'ended with SIGKILL')
  assert.is(await death('good.parquet'), 'it lives')
})

test('a process is used again', async () => {
  const first = isolation.take()
  isolation.give(first)
  const second = isolation.take()
  assert.is(second, first)
  assert.is.not(isolation.take(), first, 'one that is taken is not given to another')
  isolation.give(second)
})

test('in the command its death is one line', () => {
  const { status, err } = folder.run('predict', 'drone.json', '--events', 'endless.parquet', '--out', 'scores.csv')
  assert.is(err, 'nndrone: endless.parquet: broken Parquet data (reading it takes more than 2 s); is the file whole?\n')
  assert.is(status, 1)
  assert.not.ok(existsSync(folder.file('scores.csv')))
})

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  if (process.platform !== 'linux') continue
  test(`${signal} ends a command at once while a reader does not let go`, async () => {
    const before = readdirSync(folder.path)
    const command = ['predict', 'drone.json', '--events', 'endless.parquet', '--rejects', 'rejects']
    const child = folder.start(...command, '--on-error', 'skip')
    const code = ended(child)
    const temporary = () => readdirSync(folder.path).some((name) => name.endsWith('.tmp'))
    while (!temporary() && child.exitCode === null) await sleep(5)
    // Whether it has begun to read by now or not.
    await sleep(300)
    child.kill(signal)
    assert.is(await code, expected)
    assert.equal(readdirSync(folder.path), before)
  })
}

const CASES: [drone: string, events: string, message: RegExp][] = [
  ['bool.json', 'hang.parquet', /hang\.parquet: broken Parquet data \(.+\); is the file whole\?$/],
  ['f64.json', 'abort.parquet', /abort\.parquet: broken Parquet data \(.+\); is the file whole\?$/],
  ['px.json', 'typeerror.root', /typeerror\.root: broken ROOT data \(.+\); is the file whole\?$/],
  ['px.json', 'slow.root', /slow\.root: (broken ROOT data \(.+\); is the file whole\?|no tree .+)$/],
  ['px.json', 'dag.arrow', /dag\.arrow: broken Arrow data \(more fields than there is room for\)$/],
  ['px.json', 'bomb-zstd.arrow', /bomb-zstd\.arrow: broken Arrow data \(.+\)$/],
]

for (const [drone, events, message] of CASES) {
  withData(test, `${events}: one line`, `cases/events/${events}`, (path) => {
    const { status, err } = folder.run('predict', path.replace(events, drone), '--events', path)
    assert.is(status, 1)
    assert.match(err.trimEnd(), message)
    assert.is(err.trimEnd().split('\n').length, 1)
  })
}

test.run()
