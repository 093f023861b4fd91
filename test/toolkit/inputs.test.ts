/** Columns that are taken for inputs: which they are is told, and answers are refused. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { correlation } from '../../toolkit/jobs/correlation.ts'
import { normal } from '../../toolkit/normal.ts'
import { seeded } from '../support.ts'
import { Folder, someDrone } from './support.ts'

const test = suite('inputs')
const folder = new Folder()
test.after(() => folder.remove())

/** The columns copy and noisy follow the answer: exactly, and with a correlation of about 0.99. */
test.before(() => {
  const random = seeded(8)
  const rows = Array.from({ length: 1200 }, () => {
    const [a, b] = [normal(random), normal(random)]
    const answer = Math.sin(a) + b
    return [a, b, 1 - 3 * answer, answer + 0.15 * normal(random), Number(a * b > 0), answer].join()
  })
  const all = `a,b,copy,noisy,label,answer\n${rows.join('\n')}\n`
  folder.write('all.csv', all)
  const without = (...columns: number[]) => {
    return all.replace(/.+/g, (line) =>
      line
        .split(',')
        .filter((_, i) => !columns.includes(i))
        .join(),
    )
  }
  folder.write('noisy.csv', without(2))
  folder.write('plain.csv', without(2, 3))
})

const distill = (file: string, ...args: string[]) => {
  return folder.run('distill', '--target', 'answer', '--events', file, '--epochs', '3', '--force', ...args)
}

test('the columns that distill takes are told before it learns', () => {
  const { status, err } = distill('plain.csv', '--label', 'label')
  assert.is(status, 0, err)
  assert.ok(err.startsWith('no --features given: takes the columns a, b\n'), err)
  assert.not.match(distill('plain.csv', '--label', 'label', '--features', 'a,b').err, /no --features given/)
  const { features } = JSON.parse(distill('plain.csv', '--label', 'label', '--json').out)
  assert.equal(features, ['a', 'b'])
})

test('a column that is nearly the target is refused, unless somebody chose it', () => {
  const { status, out, err } = distill('all.csv', '--label', 'label')
  assert.is(status, 1)
  assert.is(out, '')
  assert.is(
    err,
    'nndrone: all.csv: column "copy" is nearly the target "answer" (correlation -1.0000 over 1,200 events); choose the inputs with --features a,b\n',
  )
  const chosen = distill('all.csv', '--features', 'a,b,copy')
  assert.is(chosen.status, 0, chosen.err)
  assert.not.match(chosen.err, /correlation/)
})

test('a column that is close to the target is warned of', () => {
  const { status, err } = distill('noisy.csv', '--label', 'label', '--json')
  assert.is(status, 0, err)
  assert.match(
    err,
    /^warning: column "noisy" is close to the target "answer" \(correlation 0\.99\d\d over 1,200 events\); if it is an answer, choose the inputs with --features a,b\nno --features given: takes the columns a, b, noisy\n$/,
  )
})

test('a few events follow anything: they prove nothing', () => {
  const { status, err } = distill('all.csv', '--limit', '9', '--holdout', '0')
  assert.is(status, 0, err)
})

test('an answer cannot be an input', () => {
  someDrone(folder)
  const plain = ['--events', 'plain.csv']
  const cases: [args: string[], message: string][] = [
    [
      ['distill', '--out', 'new.json', '--target', 'a', '--features', 'b,a', ...plain],
      '--features: "a" is also the target',
    ],
    [
      ['distill', '--out', 'new.json', '--target', 'answer', '--label', 'a', '--features', 'a', ...plain],
      '--features: "a" is also the label',
    ],
    [
      ['distill', '--out', 'new.json', 'drone.json', '--label', 'a', '--features', 'a,b,label', ...plain],
      '--features: "a" is also the label',
    ],
    [
      ['compare', 'drone.json', '--target', 'a', '--features', 'a,b,label', ...plain],
      '--features: "a" is also the target',
    ],
    [['compare', 'drone.json', '--target', 'a', ...plain], '--target: "a" is also an input of drone.json'],
    [['compare', 'drone.json', 'drone.json', '--label', 'c', ...plain], '--label: "c" is also an input of drone.json'],
    [
      ['distill', '--out', 'new.json', 'drone.json', '--label', 'b', ...plain],
      '--label: "b" is also an input of drone.json',
    ],
  ]
  for (const [args, message] of cases) {
    const { status, out, err } = folder.run(...args)
    assert.is(status, 2, err)
    assert.is(out, '')
    assert.is(err, `nndrone: ${message}; an answer cannot be an input\n`)
  }
})

test('probe tells the columns that it takes', () => {
  const probe = (...args: string[]) => folder.run('probe', '--like', 'plain.csv', '--count', '2', ...args).err
  const moved = 'no --coordinates given: moves events in'
  assert.is(probe(), `no --features given: takes the columns a, b, label, answer\n${moved} a, b, label, answer\n`)
  assert.is(probe('--features', 'a,b'), `${moved} a, b\n`)
})

test('a program is told of the columns that it gets', () => {
  const program = `node -e 'require("readline").createInterface({input:process.stdin}).on("line",(l)=>process.stdout.write(JSON.parse(l).a+"\\n"))'`
  const { status, err } = folder.run('predict', '--teacher-command', program, '--events', 'plain.csv', '--limit', '3')
  assert.is(status, 0, err)
  assert.ok(err.startsWith(`node takes the columns a, b, label, answer\n`), err)
})

test('correlation of pairs that are whole, and none of constants or a few', () => {
  const random = seeded(2)
  const x = Float64Array.from({ length: 100 }, () => 1e9 + normal(random))
  const y = Float64Array.from({ length: 100 }, (_, n) => x[n]! + normal(random))
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const sum = (a: Float64Array, b: Float64Array) => {
    return a.reduce((total, value, n) => total + (value - mean(a)) * (b[n]! - mean(b)), 0)
  }
  const of = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    correlation(
      a.length,
      (n) => a[n]!,
      (n) => b[n]!,
    )
  assert.ok(Math.abs(of(x, y) - sum(x, y) / Math.sqrt(sum(x, x) * sum(y, y))) < 1e-6)
  assert.is(of(x, x), 1)
  assert.is(
    of(
      x.map((value) => -value),
      x,
    ),
    -1,
  )
  const gaps = x.slice()
  gaps[3] = Number.NaN
  assert.ok(Math.abs(of(gaps, x) - 1) < 1e-12)
  assert.ok(Number.isNaN(of(x, new Float64Array(100))))
  assert.ok(Number.isNaN(of(x.subarray(0, 9), x.subarray(0, 9))))
})

test.run()
