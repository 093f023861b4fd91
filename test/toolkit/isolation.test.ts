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

/** Numbers of which every second is missing. */
function someNumbers(): Buffer {
  const data = Array.from({ length: 48 }, (_, n) => (n % 2 === 0 ? n : undefined))
  return Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'a', data, type: 'INT32', encoding: 'PLAIN' }] }))
}

/** What stands for the missing is, instead of 48 bits, a run of a thousand million, all of which hyparquet makes room for. */
function endless(): Buffer {
  const bytes = someNumbers()
  const at = bytes.indexOf('0d555555555555', 'hex')
  bytes.write('feffffff0701', at, 'hex')
  return bytes
}

folder.write('good.parquet', someNumbers())
folder.write('endless.parquet', endless())
const network = randomNetwork(seeded(1), { widths: [1, 3, 1] })
folder.write('drone.json', formatJSON(Drone.from({ ...network, inputs: [{ name: 'a', offset: 0, scale: 1 }] })))

const GENEROUS = { seconds: 20, bytes: 1e9 }

let modules = 0

/** The reason why a process died of code that it was told to load. */
async function death(code: string, limits = GENEROUS): Promise<string> {
  const taken = isolation.take()
  const path = folder.file(folder.write(`module${modules++}.mjs`, `${code}\nexport const inputs = ['a']`))
  try {
    await taken.call('openModel', ['module', { path, bytes: Buffer.alloc(0) }, {}], limits)
    return 'it lives'
  } catch (error) {
    if (!(error instanceof Death)) return (error as Error).message.replace(path, 'module')
    return (error as Error).message
  } finally {
    isolation.give(taken)
  }
}

const GOOD = 'module: exports no function predictBatch(events)'

test('a reader is ended at its limit of time or of memory, and what comes next is done by another', async () => {
  assert.is(await death(''), GOOD)
  assert.is(await death('for (;;);', { ...GENEROUS, seconds: 1 }), 'takes more than 1 s')
  assert.is(await death('const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))'), 'takes more than 1000 MB of memory')
  assert.is(await death('const all = []; for (;;) all.push({})'), 'takes more than 1000 MB of memory')
  assert.is(await death('await new Promise(() => {})'), 'waits for what never comes')
  assert.is(await death('process.exit(7)'), 'ended with exit code 7')
  assert.is(await death('process.abort()'), 'ended with SIGABRT')
  assert.is(await death(''), GOOD)
})

test('a reader whom nobody waits for any more', async () => {
  const taken = isolation.take()
  folder.write('endless.mjs', 'for (;;);')
  const file = { path: folder.file('endless.mjs'), bytes: Buffer.alloc(0) }
  const failure = taken.call('openModel', ['module', file, {}], GENEROUS).catch((error: Error) => error)
  isolation.give(taken)
  assert.is(((await failure) as Error).message, 'ended with SIGKILL')
  assert.is(await death(''), GOOD)
})

test('calls are answered in their order', async () => {
  const taken = isolation.take()
  const outline = () => taken.call('outline', ['parquet', folder.file('good.parquet')], GENEROUS)
  const none = () => taken.call('outline', ['parquet', folder.file('none.parquet')], GENEROUS).catch(() => undefined)
  const all = await Promise.all([outline(), none(), outline()])
  assert.equal(
    all.map((each) => each?.columns),
    [['a'], undefined, ['a']],
  )
  isolation.give(taken)
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
  assert.match(
    err,
    /^nndrone: endless\.parquet: broken Parquet data \(reading it takes more .+\); is the file whole\?\n$/,
  )
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
