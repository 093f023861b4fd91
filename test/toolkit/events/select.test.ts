/** Which events are taken: conditions, ranges, samples, values that stand for missing ones; alone and in the commands. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { OptionError } from '../../../toolkit/errors.ts'
import { load, numbered, openEvents, type Selection, select, Where } from '../../../toolkit/events/index.ts'
import { randomNumbers, seeded } from '../../support.ts'
import { ended, someDrone } from '../support.ts'
import { Events } from './support.ts'

const test = suite('events: selection')
const folder = new Events()

test.after(() => folder.remove())

/** Columns a, b, and n, the event's number. */
const COUNT = 20_000
const values = randomNumbers(seeded(5), 2 * COUNT)
const line = (n: number) => `${values[2 * n]},${values[2 * n + 1]},${n}`
folder.write('events.csv', `a,b,n\n${Array.from({ length: COUNT }, (_, n) => line(n)).join('\n')}\n`)

/** The numbers of the events that are taken. */
async function taken(selection: Selection, file = 'events.csv'): Promise<number[]> {
  const source = select(await openEvents([folder.file(file)]), selection)
  return [...(await load(source, ['n'], [])).events]
}

const all = Array.from({ length: COUNT }, (_, n) => n)
const a = (n: number) => values[2 * n]!
const b = (n: number) => values[2 * n + 1]!

test('events by their numbers', async () => {
  for (const numbers of [[0], [COUNT - 1], [3, 4, 9000, 19_998], all]) {
    const source = numbered(await openEvents([folder.file('events.csv')]), Uint32Array.from(numbers))
    assert.equal([...(await load(source, ['n'], [])).events], numbers)
  }
})

const CONDITIONS: [string, (n: number) => boolean][] = [
  ['a > 1', (n) => a(n) > 1],
  ['a > 1 && abs(b) < 0.5 || !(n != 7)', (n) => (a(n) > 1 && Math.abs(b(n)) < 0.5) || n === 7],
  ['-pow(a, 2) + 2 * b >= hypot(a, b) % 1', (n) => -(a(n) ** 2) + 2 * b(n) >= Math.hypot(a(n), b(n)) % 1],
  ['(a - b) / 2 <= min(a, max(b, -1.5e0))', (n) => (a(n) - b(n)) / 2 <= Math.min(a(n), Math.max(b(n), -1.5))],
  ['sqrt(a) > 1', (n) => Math.sqrt(a(n)) > 1],
  ['missing(sqrt(a)) && floor(n / 2) == ceil(n / 2)', (n) => a(n) < 0 && n % 2 === 0],
  ['\'n\' < 10 || "n" > 19990', (n) => n < 10 || n > 19990],
  ['log(a) == log(a) && a != b', (n) => a(n) >= 0 && a(n) !== b(n)],
]

for (const [condition, expected] of CONDITIONS) {
  test(condition, async () => {
    const numbers = all.filter(expected)
    assert.ok(numbers.length > 0 && numbers.length < COUNT)
    assert.equal(await taken({ where: new Where(condition) }), numbers)
  })
}

test('a comparison with a missing value is false, whichever it is', async () => {
  folder.write('missing.csv', 'a,n\n1,0\n,1\n-999,2\n3,3\n')
  const kept = (condition: string) => taken({ where: new Where(condition), missing: [-999] }, 'missing.csv')
  assert.equal(await kept('a == a'), [0, 3])
  assert.equal(await kept('a != 1'), [3])
  assert.equal(await kept('a < 100 || a >= 100'), [0, 3])
  assert.equal(await kept('missing(a)'), [1, 2])
  assert.equal(await kept('!(a > 1)'), [0, 1, 2])
})

test('what is no condition is refused with the place', () => {
  const cases: [string, RegExp][] = [
    ['a', /^where "a": expected a comparison such as pt > 2$/],
    ['a = 2', /Unexpected "=" at character 2/],
    ['1 < a < 3', /"<": expected a number or a column$/],
    ['a ** 2 > 1', /"\*\*": expected a number or a column$/],
    ['a > ', /Expected expression after >/],
    ['', /^where "": is empty, expected a comparison such as pt > 2$/],
    ['a and b', /: two values with no operator between them: expected a comparison such as pt > 2$/],
    ['a > 1; b > 2', /two values with no operator between them/],
    ['1 < 2', /names no column/],
    ['foo(a) > 1', /no function "foo" gives a number; there are abs, pow, sqrt,/],
    ['abs(a, b) > 1', /abs takes one number, not 2/],
    ['hypot(a) > 1', /hypot takes 2 numbers, not 1/],
    ['constructor(a) > 1', /no function "constructor"/],
    ['a.b > 1', /a name with a dot or brackets \(put it in quotes\)/],
    ['a.constructor("x")() > 1', /no function/],
    ['a[0] > 1', /a name with a dot or brackets/],
    ['this > 1', /: expected a number or a column$/],
    ['a > true', /"true": expected a number or a column$/],
    ['a > 1 && b', /"b": expected a comparison such as pt > 2$/],
    ['(a > 1) + 1 > 0', /: expected a number or a column$/],
    [`${'('.repeat(100_000)}a${')'.repeat(100_000)} > 1`, /Maximum call stack/],
  ]
  for (const [text, message] of cases) {
    try {
      new Where(text)
      assert.unreachable(`not refused: ${text}`)
    } catch (error) {
      assert.instance(error, OptionError, `${text}: ${error}`)
      assert.match((error as Error).message, message)
    }
  }
})

test('an unknown name is refused with the columns that there are', async () => {
  const source = select(await openEvents([folder.file('events.csv')]), { where: new Where('pt > 1') })
  assert.throws(() => source.read(['a']), /events\.csv: no column "pt"; there are a, b, n$/)
  await source.close()
})

test('ranges', async () => {
  assert.equal(await taken({ skip: 5, limit: 3 }), [5, 6, 7])
  assert.equal(await taken({ skip: COUNT - 2 }), [COUNT - 2, COUNT - 1])
  assert.equal(await taken({ limit: 4096 }), all.slice(0, 4096))
  assert.equal(await taken({ skip: 10_000, limit: 100_000 }), all.slice(10_000))
  const order = { skip: 100, limit: 200, where: new Where('a > 0') }
  assert.equal(
    await taken(order),
    all.slice(100, 300).filter((n) => a(n) > 0),
    'the range first, then the condition',
  )
  const reading = taken({ skip: COUNT })
  await reading.then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /no events/),
  )
})

test('samples: without repetition, in order, the same for a seed, uniform', async () => {
  const one = await taken({ sample: 1000, seed: 1 })
  assert.is(one.length, 1000)
  assert.equal(
    one,
    [...new Set(one)].sort((a, b) => a - b),
  )
  assert.equal(await taken({ sample: 1000, seed: 1 }), one)
  assert.not.equal(await taken({ sample: 1000, seed: 2 }), one)
  assert.equal(await taken({ sample: COUNT + 1 }), all)
  const some = await taken({ where: new Where('n >= 10 && n < 20'), sample: 4, seed: 3 })
  assert.is(some.length, 4)
  assert.ok(some.every((n) => n >= 10 && n < 20))
  // Each tenth of the file has 400 of 4,000 in the mean, with a deviation below 20.
  const tenths = new Array(10).fill(0)
  for (let seed = 1; seed <= 4; seed++)
    for (const n of await taken({ sample: 1000, seed })) tenths[Math.floor((10 * n) / COUNT)]++
  for (const [i, count] of tenths.entries()) assert.ok(Math.abs(count - 400) < 80, `tenth ${i}: ${count}`)
})

test('columns of the events stay together, those of the condition are left out', async () => {
  const source = select(await openEvents([folder.file('events.csv')]), { where: new Where('b > 2.9'), sample: 50 })
  const { events, count } = await load(source, ['n', 'a'], [])
  assert.is(count, 50)
  for (let i = 0; i < 2 * count; i += 2) assert.ok(events[i + 1] === a(events[i]!) && b(events[i]!) > 2.9)
})

test('predict: only the chosen events are scored', () => {
  const drone = someDrone(folder)
  folder.write('abc.csv', 'a,b,c,pt\n1,2,3,10\n-999,2,3,20\n7,8,9,30\n4,5,6,40\n')
  const scores = (...args: string[]) => {
    const { status, out, err } = folder.run('predict', 'drone.json', '--events', 'abc.csv', '--json', ...args)
    assert.is(status, 0, err)
    return JSON.parse(out).scores.y0
  }
  const expected = [
    [1, 2, 3],
    [-999, 2, 3],
    [7, 8, 9],
    [4, 5, 6],
  ].map((event) => drone.predict(event))
  const near = (actual: number[], rows: number[]) => {
    assert.is(actual.length, rows.length)
    for (const [i, row] of rows.entries()) assert.ok(Math.abs(actual[i]! - expected[row]!) < 1e-6)
  }
  near(scores('--where', 'pt > 25'), [2, 3])
  near(scores('--where', 'pt > 5 && abs(c - 6) < 4', '--skip', '1', '--limit', '2'), [1, 2])
  assert.equal(scores('--missing', '-999', '--skip', '1', '--limit', '1'), [null])
  assert.is(scores('--sample', '2', '--seed', '4').length, 2)
})

test('distill and compare choose alike', () => {
  folder.write(
    'train.csv',
    `a,b,y\n${all
      .slice(0, 600)
      .map((n) => `${a(n)},${b(n)},${a(n) > 0 ? 0.9 : 0.1}`)
      .join('\n')}\n`,
  )
  const json = (...args: string[]) => {
    const { status, out, err } = folder.run(...args, '--events', 'train.csv', '--target', 'y', '--json')
    assert.is(status, 0, err)
    return JSON.parse(out)
  }
  const where = ['--where', 'b > 0', '--limit', '500']
  const count = all.slice(0, 500).filter((n) => b(n) > 0).length
  const distilled = json('distill', '--features', 'a', '--epochs', '5', '--holdout', '0', '--out', 'd.json', ...where)
  assert.is(distilled.events, count)
  assert.is(json('compare', 'd.json', ...where).events, count)
  assert.is(json('compare', 'd.json', ...where, '--sample', '50').events, 50)
})

test('mistakes of usage', () => {
  someDrone(folder)
  const cases: [string[], RegExp][] = [
    [['--where', 'a >'], /^nndrone: --where "a >": /],
    [['--limit', '0'], /Expected a whole number from 1/],
    [['--missing', '-999,x'], /Expected numbers between commas/],
  ]
  for (const [args, message] of cases) {
    const { status, out, err } = folder.run('predict', 'drone.json', '--events', 'abc.csv', ...args)
    assert.is(status, 2)
    assert.is(out, '')
    assert.match(err, message)
  }
})

test('standard input: chosen lines are answered as they arrive, and a limit ends the command', async () => {
  someDrone(folder)
  const child = folder.start(
    'predict',
    'drone.json',
    '--events',
    '-',
    '--where',
    'a > 1',
    '--limit',
    '3',
    '--skip',
    '1',
  )
  let out = ''
  child.stdout.on('data', (data) => (out += data))
  child.stdin.on('error', () => {})
  child.stdin.write('a,b,c\n9,9,9\n0,1,1\n2,2,2\n')
  while (out.split('\n').length < 3) await new Promise((resolve) => child.stdout.once('data', resolve))
  child.stdin.write('3,3,3\n')
  assert.is(await ended(child), 0, 'while the input stays open')
  assert.is(out.trim().split('\n').length, 3)
})

test.run()
