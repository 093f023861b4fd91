/** Events in one array of JSON: read as lines are, however it is laid out and in whatever pieces it comes. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Elements } from '../../../toolkit/events/read/elements.ts'
import { ended, someDrone } from '../support.ts'
import { Events } from './support.ts'

const test = suite('events: an array of JSON')
const folder = new Events()

test.after(() => folder.remove())

const read = (text: string) => folder.read(folder.write('events.json', text))
const refused = (text: string, message: string) => folder.refuses(folder.write('events.json', text), message)

test('objects and arrays, on one line or many', async () => {
  for (const text of [
    '[{"a":1,"b":2},{"b":4,"a":3}]',
    ' \n [ {"a" : 1,\n"b":2}\n,\n\n{"a":3, "c": {"d": [1, {}]}, "b":4 } ] \n',
    '[[1,2],[3,4]]',
    '[\n  [1,\n2]\n,[3,4]]',
    '[{"a":1,"b":2,"c":"]}, \\"[{\\\\"},{"a":3,"b":4,"c":"\\u005d"}]',
  ]) {
    assert.equal((await read(text)).events, [1, 2, 3, 4], text)
  }
})

test('elements in pieces of any size', () => {
  const text = '[{"a":"\\\\\\"]"},\n [1,\n2] ,5,"x,]" ,{}\n]\n'
  const expected = [
    ['{"a":"\\\\\\"]"}', 1],
    ['[1,\n2] ', 2],
    ['5', 3],
    ['"x,]" ', 3],
    ['{}\n', 3],
  ]
  for (let size = 1; size <= text.length; size++) {
    const elements = new Elements('events.json')
    const found: unknown[] = []
    for (let at = 0; at < text.length; at += size) found.push(...elements.take(text.slice(at, at + size)))
    elements.end()
    assert.equal(found, expected, String(size))
  }
})

test('what is wrong is named with the line on which its event begins', async () => {
  await refused('[{"a":1,"b":2},\n{"a":1,\n"b":"x"}]', 'events.json:2: "b": "x" is not a number')
  await refused('[{"a":1,"b":2},\n7]', 'events.json:2: "7" is not an event, expected an object or an array')
  await refused(
    '[{"a":1,"b":2},\n{"a":}]',
    'events.json:2: "{\\"a\\":}" is not JSON; each line holds an event, an object or an array',
  )
  await refused('[{"a":1,"b":2},\n,{}]', 'events.json:2: ",{}]" stands where an event is expected')
  await refused('[{"a":1,"b":2}]\n[', 'events.json:2: "[" stands behind the array of events')
  await refused('[{"a":1,"b":2}', 'events.json: the array of events ends too early; is the file whole?')
  await refused('[]', 'events.json: no events')
  await refused(`[{"a":"${'x'.repeat(18_000_000)}"}]`, 'events.json:1: an event of more than 16 MB')
})

test('more events than come at once', async () => {
  const count = 60_000
  const rows = Array.from({ length: count }, (_, n) => `{"a":${n},"b":${n / 8}}`)
  const { events } = await read(`[${rows.join()}]`)
  assert.is(events.length, 2 * count)
  assert.ok(events.every((value, i) => value === (i % 2 ? (i - 1) / 16 : i / 2)))
})

test('the command: kept keys and whole events on a line each, bad ones left out, words of Python as null', () => {
  const drone = someDrone(folder)
  folder.write(
    'events.json',
    '[{"a":1,"b":2,"c":3,"id":"x"},\n{"a":"bad","b":2,"c":3},\n{"a":NaN,\n "b":5,"c":6,"id":"y"}]',
  )
  const args = ['predict', 'drone.json', '--events', 'events.json', '--on-error', 'skip', '--keep']
  const lines = folder
    .run(...args, 'id')
    .out.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(lines, [
    { id: 'x', y0: lines[0].y0 },
    { id: 'y', y0: null },
  ])
  assert.ok(Math.abs(lines[0].y0 - (drone.predict([1, 2, 3]) as number)) < 1e-6)
  const whole = folder
    .run(...args, 'all')
    .out.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(whole[1], { a: null, b: 5, c: 6, id: 'y', y0: null })
})

test('standard input: each event is answered as it arrives', async () => {
  someDrone(folder)
  const child = folder.start('predict', 'drone.json', '--events', '-')
  let out = ''
  child.stdout.on('data', (data) => (out += data))
  child.stdin.write('[{"a":1,"b":2,"c":3},')
  while (out.split('\n').length < 2) await new Promise((resolve) => child.stdout.once('data', resolve))
  child.stdin.end('{"a":4,"b":5,"c":6}]')
  assert.is(await ended(child), 0)
  assert.is(out.trim().split('\n').length, 2)
})

test.run()
