/** Numbers of events as the types of tensors have them, and back. */

/** An array of a type, and what an event's number becomes in it. */
interface Kind {
  array: new (length: number) => Values
  convert?: (x: number) => number | bigint
  /** Whether it has no place for NaN and infinity. */
  whole?: true
}

export type Values = { [i: number]: number | bigint; readonly length: number }

/** Numbers become whole ones as by a cast, towards zero. */
const whole = (array: new (length: number) => Values): Kind => ({ array, convert: Math.trunc, whole: true })
const big = (array: new (length: number) => Values): Kind => ({
  array,
  convert: (x) => BigInt(Math.trunc(x)),
  whole: true,
})

export const KINDS: Readonly<Record<string, Kind>> = {
  float32: { array: Float32Array },
  float64: { array: Float64Array },
  float16: { array: Uint16Array, convert: toHalf },
  int64: big(BigInt64Array),
  uint64: big(BigUint64Array),
  int32: whole(Int32Array),
  uint32: whole(Uint32Array),
  int16: whole(Int16Array),
  uint16: whole(Uint16Array),
  int8: whole(Int8Array),
  uint8: whole(Uint8Array),
  bool: { array: Uint8Array, convert: (x) => (x === 0 ? 0 : 1), whole: true },
}

/** The bits of the nearest float16, the even one of two. */
export function toHalf(x: number): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0
  const size = Math.abs(x)
  if (Number.isNaN(x)) return 0x7e00
  if (size >= 65520) return sign | 0x7c00
  const exponent = Math.max(-14, exponentOf(size))
  const steps = size / 2 ** (exponent - 10)
  const floor = Math.floor(steps)
  const rest = steps - floor
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
  // A sum: 2048 steps carry over to the next exponent, and fewer than 1024 are below the first.
  return sign | ((exponent + 14) * 1024 + rounded)
}

/** Of the greatest power of two that is not more. */
function exponentOf(size: number): number {
  const near = Math.floor(Math.log2(size))
  return 2 ** near > size ? near - 1 : 2 ** (near + 1) <= size ? near + 1 : near
}

/** What the bits of a float16 mean. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

/** The numbers of an answer, of whatever floats they are. */
export function floatsOf(type: string, data: ArrayLike<number>): ArrayLike<number> {
  return type === 'float16' && data instanceof Uint16Array ? Float32Array.from(data, fromHalf) : data
}
