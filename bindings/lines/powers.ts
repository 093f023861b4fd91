/** Powers of five, of which assembly/lines/decimal.ts makes numbers. */

const LARGEST = 64
const BITS = 128n

let powers: BigUint64Array | undefined

/** Down to 5^−27 what is below one is rounded up, and all else down: Lemire's proof is about these. */
const ROUNDED_UP = 27

/** 5^−64 to 5^64 in 128 bits, the highest one set, each as its high half and its low half. */
export function powersOfFive(): BigUint64Array {
  if (powers) return powers
  powers = new BigUint64Array(2 * (2 * LARGEST + 1))
  for (let i = -LARGEST; i <= LARGEST; i++) {
    const bits = i < 0 ? belowOne(-i) : topBits(5n ** BigInt(i))
    powers[2 * (i + LARGEST)] = bits >> 64n
    powers[2 * (i + LARGEST) + 1] = BigInt.asUintN(64, bits)
  }
  return powers
}

function belowOne(exponent: number): bigint {
  const power = 5n ** BigInt(exponent)
  const bits = topBits((1n << (2n * BITS + lengthOf(power))) / power)
  return exponent <= ROUNDED_UP ? bits + 1n : bits
}

function topBits(value: bigint): bigint {
  const shift = lengthOf(value) - BITS
  return shift > 0n ? value >> shift : value << -shift
}

function lengthOf(value: bigint): bigint {
  return BigInt(value.toString(2).length)
}
