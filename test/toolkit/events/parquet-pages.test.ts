/** What the heads of Parquet's pages declare, which is looked at before they are decoded. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkPages } from '../../../toolkit/events/read/parquet-pages.ts'

const test = suite('events: pages of Parquet')

/** A whole number as the compact protocol of Thrift writes it. */
function zigzag(value: number): string {
  let rest = value < 0 ? -2 * value - 1 : 2 * value
  let hex = ''
  for (; rest >= 128; rest = Math.floor(rest / 128)) hex += (128 + (rest % 128)).toString(16)
  return hex + rest.toString(16).padStart(2, '0')
}

/**
 * A page: its head, in which the head of its kind has statistics, a truth value and a list that are passed over, and bytes.
 * @param kind 5 for data, 7 for a dictionary, 8 for data of the second version
 */
function page(kind: 5 | 7 | 8, values: number, packed: number, unpacked = packed, bytes = packed): string {
  const sizes = `1500 15${zigzag(unpacked)} 15${zigzag(packed)}`
  const others = '1c 18 02ffff 00 11 19 25 0204'
  const head = `${sizes} ${(kind - 3).toString(16)}c 15${zigzag(values)} ${others} 00 00`
  return head.replaceAll(' ', '') + 'aa'.repeat(bytes)
}

function said(hex: string, values: number): string {
  const bytes = Buffer.from(hex, 'hex')
  try {
    checkPages(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), values)
    return 'good'
  } catch (error) {
    assert.instance(error, RangeError)
    return (error as Error).message
  }
}

test('pages one after the other, a dictionary before them, and what stands behind the last', () => {
  assert.is(said(page(5, 10, 3), 10), 'good')
  assert.is(said(page(8, 4, 300) + page(5, 6, 0), 10), 'good')
  assert.is(said(page(7, 8, 8) + page(5, 10, 3) + 'ff'.repeat(20), 10), 'good')
})

test('pages that do not end, or lie beyond the end', () => {
  assert.is(said(page(5, 10, -3, 3, 3), 10), 'a page of -3 bytes where 3 are left')
  assert.is(said(page(5, 10, 4, 4, 3), 10), 'a page of 4 bytes where 3 are left')
  assert.is(said(page(5, 10, 2 ** 31, 4, 3), 10), 'a page of 2147483648 bytes where 3 are left')
  assert.is(said('1500150600aaaaaa', 10), 'a page of NaN bytes where 3 are left')
})

test('more values than the column has, or than a dictionary has bytes', () => {
  assert.is(said(page(5, 11, 3), 10), 'a page of 11 values where 10 can be')
  assert.is(said(page(5, 6, 3) + page(8, 5, 3), 10), 'a page of 5 values where 4 can be')
  assert.is(said(page(5, -1, 3), 10), 'a page of -1 values where 10 can be')
  assert.is(said(page(7, 9, 8) + page(5, 1, 3), 10), 'a page of 9 values where 8 can be')
  assert.is(said(page(5, 1, 3, -1), 10), 'a page that unpacks to -1 bytes')
})

test('heads that are none', () => {
  assert.is(said('1f00', 10), 'a head with a value of type 15')
  assert.is(said('1c'.repeat(20), 10), 'heads too deep in one another')
  assert.is(said('19fc7f', 10), 'Offset is outside the bounds of the DataView')
})

test.run()
