/**
 * Numbers in lines are those that `Number` reads, to the bit. `NNDRONE_MANY=10000000 npm run unit -- bindings/lines/num`
 * reads so many at random.
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Scanner, toNumber } from '../../../bindings/lines.ts'
import { seeded } from '../../support.ts'
import { bytesOf, differences } from './support.ts'

const MANY = Number(process.env.NNDRONE_MANY ?? 100_000)
const PIECE = 5000

const test = suite('lines: numbers')

/** Texts that are hard to read: long, halfway between two numbers, near both ends of the range. */
const HARD = [
  ...['0', '-0', '0.0', '-0.0e5', '1', '-1', '0.1', '12345678', '123456789', '1234567812345678', '0.00000001'],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '9007199254740995', '18446744073709551615'],
  ...[
    '18446744073709551616',
    '9999999999999999999',
    '99999999999999999999',
    '1e22',
    '1e23',
    '8.5e22',
    '1e-22',
    '1e-23',
  ],
  ...[
    '123456789012345678e-17',
    '1.7976931348623157e308',
    '1.7976931348623159e308',
    '5e-324',
    '2e-324',
    '1e400',
    '1e-400',
  ],
  ...['2.2250738585072011e-308', '2.2250738585072014e-308', '4.9406564584124654e-324', '1e63', '1e64', '1e65', '1e-64'],
  ...['9214843084008499', '0.500000000000000166533453693773481063544750213623046875', '3.518437208883201171875e13'],
  ...['6929495644600919.5', '3.7455744005952583e15', '2.225073858507201136057409796709131975934819546351645648e-308'],
  ...[
    '0.000000000000000000000000000001234567890123456789',
    '100000000000000000000000000000000',
    '7.0420557077594588669468784357561207962098443483187940792729600000e+59',
  ],
  ...['1e00005', '1e-00005', '1E5', '1e+5', '9.5e-07', '1.00000000000000011102230246251565404', '9223372036854775807'],
]

/** A text from a few families in turn. */
function someNumber(random: ReturnType<typeof seeded>, kind: number): string {
  const uniform = () => random.uniform()
  const sign = uniform() < 0.5 ? '-' : ''
  const digits = (count: number) => Array.from({ length: count }, () => random.below(10)).join('')
  const whole = () => `${1 + random.below(9)}${digits(random.below(20))}`
  switch (kind % 6) {
    case 0:
      return String(new Float64Array(Uint32Array.of(uniform() * 2 ** 32, uniform() * 2 ** 32).buffer)[0])
    case 1:
      return String((uniform() * 2 - 1) * 10 ** (random.below(40) - 20))
    case 2:
      return `${sign}${(uniform() * 10 ** (random.below(40) - 20)).toPrecision(1 + random.below(21))}`
    case 3:
      return String(Math.fround((uniform() * 2 - 1) * 10 ** (random.below(20) - 10)))
    case 4: {
      // Halfway between two f64 numbers, and shifted so that it may be a little more or less.
      const middle =
        ((2n * BigInt(Math.floor((1 + uniform()) * 2 ** 52)) + 1n) << BigInt(random.below(9))) +
        BigInt(random.below(3) - 1)
      return `${sign}${middle}${uniform() < 0.5 ? '' : `e${random.below(40) - 20}`}`
    }
    default:
      return `${sign}${whole()}${uniform() < 0.7 ? `.${digits(1 + random.below(20))}` : ''}${uniform() < 0.3 ? `e${random.below(150) - 75}` : ''}`
  }
}

/** What a scanner reads of texts that stand on a line each; undefined where it leaves one. */
function scanned(scanner: Scanner, lines: readonly string[]): (number | undefined)[] {
  const bytes = bytesOf(lines.map((line) => `${line}\n`).join(''))
  const found: (number | undefined)[] = []
  scanner.load(bytes)
  for (let at = 0; at < bytes.length; ) {
    at = scanner.scan(at)
    found.push(...scanner.rows)
    if (scanner.count > 0 || at === bytes.length) continue
    found.push(undefined)
    at = bytes.indexOf(10, at) + 1
  }
  return found
}

const cells = () => Scanner.cells({ columns: 1, inputs: [0], delimiter: ',' })
const records = () => Scanner.records({ inputs: ['x'] })

test('hard ones, in cells and in records', () => {
  const numbers = HARD.map(Number)
  for (const [scanner, lines] of [
    [cells(), HARD],
    [records(), HARD.map((text) => `{"x":${text}}`)],
  ] as const) {
    const found = scanned(scanner, lines)
    assert.equal(differences(found, numbers, HARD), [])
    // Some are left to the host: at most those of more than 19 digits, or far from one.
    assert.ok(found.filter((value) => value === undefined).length < 20)
  }
})

test('many at random: none is wrong, and few are left to the host that have 19 digits or fewer', () => {
  const random = seeded(20)
  const [inCells, inRecords] = [cells(), records()]
  let left = 0
  let near = 0
  for (let first = 0; first < MANY; first += PIECE) {
    const texts = Array.from({ length: PIECE }, (_, n) => someNumber(random, n)).filter((text) => /\d/.test(text))
    const numbers = texts.map(Number)
    const found = scanned(inCells, texts)
    assert.equal(differences(found, numbers, texts), [])
    assert.equal(
      differences(
        scanned(
          inRecords,
          texts.map((text) => `{"x":${text}}`),
        ),
        numbers,
        texts,
      ),
      [],
    )
    for (const [n, text] of texts.entries()) {
      const usual =
        text.replace(/e.*/, '').replace(/\D/g, '').length <= 19 && Math.abs(Math.log10(Math.abs(numbers[n]!))) < 45
      if (usual) near++
      if (usual && found[n] === undefined) left++
    }
  }
  assert.is(left, 0, `of ${near}`)
  assert.ok(near > MANY / 3)
})

test('what a cell may be that is no JSON', () => {
  const loose = ['+1', '1.', '.5', '-.5', '00012', '  7', '7  ', ' 1e3 ', '', ' ', 'nan', 'NaN', 'NAN', 'nan ']
  const found = scanned(
    Scanner.cells({ columns: 2, inputs: [1], delimiter: ',' }),
    loose.map((cell) => `a,${cell}`),
  )
  assert.equal(found, loose.map(toNumber))
  const left = [
    '.',
    '-',
    '+',
    'e5',
    '1e',
    '1e+',
    '1 2',
    '--1',
    '1..2',
    '0x10',
    '1_0',
    'inf',
    'NA',
    'null',
    'true',
    '"1"',
    '1x',
  ]
  assert.equal(
    scanned(cells(), left),
    left.map(() => undefined),
  )
})

test('what is no number in JSON is left to JSON.parse, wanted or not', () => {
  const wrong = [
    '01',
    '-01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    '1e+',
    '0x1',
    '1_0',
    'NaN',
    'Infinity',
    'nul',
    'True',
    '00',
    '-.5',
    '1.e5',
    '',
  ]
  const scanner = () => Scanner.records({ inputs: ['x'], optional: 'all' })
  for (const key of ['x', 'y']) {
    const lines = wrong.map((text) => `{"${key}":${text}}`)
    for (const line of lines) assert.throws(() => JSON.parse(line), /JSON/, line)
    assert.equal(
      scanned(scanner(), lines),
      lines.map(() => undefined),
    )
  }
})

test('a comma before decimals', () => {
  const scanner = Scanner.cells({ columns: 2, inputs: [0, 1], delimiter: ';', decimal: ',' })
  assert.equal(scanned(scanner, ['1,5;-0,25', ',5;2,', '1.5;2']), [1.5, -0.25, 0.5, 2, undefined])
})

test.run()
