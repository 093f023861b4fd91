/** A program as a teacher: what it is told, what it answers, and how it fails. */
import { statSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Model } from '../../../../toolkit/models/index.ts'
import { openProgram, type ProgramOptions } from '../../../../toolkit/models/remote/program/index.ts'
import { seeded } from '../../../support.ts'
import { Folder } from '../../support.ts'
import { answers } from '../support.ts'

const test = suite('models: program')

let folder: Folder

test.before.each(() => {
  folder = new Folder()
})

test.after.each(() => folder.remove())

function open(script: string, options: Partial<ProgramOptions> = {}): Model {
  const path = folder.file(folder.write('score.mjs', script))
  return openProgram(`'${process.execPath}' '${path}'`, {
    ...{ inputs: ['a', 'b'], outputs: ['score'], format: 'ndjson', timeout: 20 },
    ...options,
  })
}

/** Answers each line as `answer` says. */
const each = (answer: string) => `
  import { createInterface } from 'node:readline'
  for await (const line of createInterface({ input: process.stdin })) {
    const event = JSON.parse(line)
    process.stdout.write(${answer} + '\\n')
  }`

async function failure(model: Model, events: (number | null)[][] = [[1, 2]]): Promise<string> {
  let said = ''
  try {
    await answers(model, events)
  } catch (error) {
    assert.is((error as Error).name, 'InputError')
    said = (error as Error).message.replace(model.file.path, 'program')
  }
  await model.close!()
  return said
}

test('numbers, arrays and objects, null where a value is missing', async () => {
  const number = open(each('(event.a === null ? null : event.a + event.b)'))
  assert.equal(
    await answers(number, [
      [1, 2],
      [null, 1],
      [0.1, 1e-300],
    ]),
    [3, Number.NaN, Math.fround(0.1)],
  )
  assert.equal(number.describe(), {
    ...{ format: 'program', command: number.file.path, events: 'ndjson', inputs: ['a', 'b'], outputs: ['score'] },
  })
  await number.close!()
  for (const answer of ['JSON.stringify([event.b, event.a])', 'JSON.stringify({ q: event.a, p: event.b, more: 1 })']) {
    const model = open(each(answer), { outputs: ['p', 'q'] })
    assert.equal(
      await answers(model, [
        [1, 2],
        [3, 4],
      ]),
      [2, 1, 4, 3],
    )
    await model.close!()
  }
})

test('many events in batches, asked by several at a time, in one process', async () => {
  const model = open(each('(event.a - event.b + 0 * process.pid)'))
  const random = seeded(1)
  const events = Array.from({ length: 5000 }, () => [random.below(1000), random.below(1000)])
  const asked = [events.slice(0, 3000), events.slice(3000)]
  const scores = (await Promise.all(asked.map((part) => answers(model, part)))).flat()
  assert.equal(
    scores,
    events.map(([a, b]) => a! - b!),
  )
  await model.close!()
})

test('raw numbers, whatever pieces they arrive in', async () => {
  const script = `
    let rest = Buffer.alloc(0)
    for await (const bytes of process.stdin) {
      rest = Buffer.concat([rest, bytes])
      const events = rest.length >> 3
      const out = Buffer.alloc(4 * events)
      for (let n = 0; n < events; n++) out.writeFloatLE(rest.readFloatLE(8 * n) * rest.readFloatLE(8 * n + 4), 4 * n)
      rest = rest.subarray(8 * events)
      for (let i = 0; i < out.length; i += 1021) {
        process.stdout.write(out.subarray(i, i + 1021))
        await new Promise(setImmediate)
      }
    }`
  const model = open(script, { format: 'f32' })
  const events = Array.from({ length: 2500 }, (_, n) => [n, n % 7 === 0 ? null : 0.5])
  assert.equal(
    await answers(model, events),
    events.map(([a, b]) => (b === null ? Number.NaN : a! * b!)),
  )
  await model.close!()
})

test('wrong answers', async () => {
  const said = (answer: string, options?: Partial<ProgramOptions>) =>
    failure(open(each(answer), options), [
      [1, 2],
      [3, 4],
    ])
  assert.is(await said('"a word"'), 'program: answer 0 (from 0): "a word", expected score as JSON')
  assert.is(await said('"[1,2]"'), 'program: answer 0 (from 0): "[1,2]", expected score as JSON')
  assert.is(await said('"1e999"'), 'program: answer: "score" of event 0 (from 0): Infinity, expected a finite number')
  assert.is(
    await said('\'{"p":1}\'', { outputs: ['p', 'q'] }),
    'program: answer: "q" of event 0 (from 0): undefined, expected a finite number',
  )
  assert.is(await said('"1\\n2\\n3"'), 'program: more answers than events, after 2')
})

test('a program that fails shows its last words', async () => {
  const words = 'console.error("first\\nno such model: forest.pkl"); process.exit(3)'
  const expected =
    'program: ended with exit code 3 after 0 answers; its last words:\n  first\n  no such model: forest.pkl'
  assert.is(await failure(open(words)), expected)
  const missing = openProgram('no-such-program-here', { inputs: ['a'], outputs: ['y'], format: 'ndjson', timeout: 5 })
  assert.match(
    await failure(missing, [[1]]),
    /^program: ended with exit code 127 after 0 answers; its last words:\n.*not found/,
  )
})

test('a program that hangs, or says nothing but noise, is ended in time', async () => {
  const began = performance.now()
  const silent = open('process.stdin.resume()', { timeout: 0.3 })
  assert.is(await failure(silent), 'program: no answer within 0.3 s; does it flush what it writes?')
  const noise = open('for (let i = 0; i < 40; i++) process.stdout.write("x".repeat(1e5)); setInterval(() => {}, 1000)')
  assert.is(await failure(noise), 'program: a line of more than 1048576 characters')
  assert.ok(performance.now() - began < 10_000)
})

test('asked again after it has failed, or after it was ended: the same error', async () => {
  const model = open('process.exit(1)')
  assert.match(await failure(model), /exit code 1/)
  assert.match(await failure(model), /exit code 1/)
  const ended = open(each('1'))
  await ended.close!()
  assert.is(await failure(ended), 'program: was ended')
})

test('it is ended with its children', async () => {
  const ticks = folder.file(folder.write('ticks', ''))
  const script = `
    import { spawn } from 'node:child_process'
    import { createInterface } from 'node:readline'
    const tick = 'setInterval(() => require("fs").appendFileSync(' + ${JSON.stringify(JSON.stringify(ticks))} + ', "."), 20)'
    const child = spawn(process.execPath, ['-e', tick])
    for await (const _ of createInterface({ input: process.stdin })) setTimeout(() => process.stdout.write('1\\n'), 500)`
  const model = open(script)
  assert.equal(await answers(model, [[1, 2]]), [1])
  const size = () => statSync(ticks).size
  const before = size()
  assert.ok(before > 0)
  await model.close!()
  const after = size()
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.is(size(), after)
})

if (process.platform !== 'win32') {
  test('a program that does not hear SIGTERM is killed, with all that it started', async () => {
    const script =
      "trap '' TERM; (trap '' TERM; while :; do sleep 0.1; echo . >> alive; done) & cat >/dev/null; while :; do sleep 1; done"
    const command = `cd '${folder.path}'; ${script}`
    const model = openProgram(command, { inputs: ['a'], outputs: ['score'], format: 'ndjson', timeout: 0.5 })
    assert.is(
      await failure(model, [[1]]),
      'cd: no answer within 0.5 s; does it flush what it writes?'.replace('cd', 'program'),
    )
    const size = statSync(folder.file('alive')).size
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.is(statSync(folder.file('alive')).size, size)
  })
}

test('of a command nothing but the name of its program is shown', async () => {
  const names: [command: string, name: string][] = [
    ['python3 score.py --key SECRET', 'python3'],
    ["KEY=SECRET OTHER='a SECRET' /opt/SECRET/score -v", 'score'],
    ['"/opt/a b/score" SECRET', 'score'],
    ['KEY=$(echo SECRET) score', 'the program'],
    ['score; echo SECRET', 'score'],
    ['  ()', 'the program'],
  ]
  for (const [command, name] of names) {
    const model = openProgram(command, { inputs: ['a'], outputs: ['score'], format: 'ndjson', timeout: 1 })
    assert.is(model.file.path, name)
    assert.not.match(JSON.stringify(model.describe()), /SECRET/)
    await model.close!()
  }
  assert.throws(
    () => openProgram(' ', { inputs: ['a'], outputs: ['score'], format: 'ndjson', timeout: 1 }),
    /^the command of the teacher is empty, expected a program and its arguments$/,
  )
})

test.run()
