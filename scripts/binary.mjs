// A binary as text that compresses well: what repeats in the bytes repeats in it, and it is smaller than base64.
import { deflateSync } from 'node:zlib'

/** A digit from 0 to 86 is a character from ( on, with ! for the backslash. */
const character = (digit) => (digit === 52 ? '!' : String.fromCharCode(40 + digit))

/** A byte is moved by `shift`; below 85 it is one digit then, else one of the last two digits and a second one. */
function encoded(bytes, shift) {
  const pair = (rest) => character(85 + Math.floor(rest / 87)) + character(rest % 87)
  const digits = Array.from(bytes, (byte) => (byte + shift) & 255)
  return digits.map((digit) => (digit < 85 ? character(digit) : pair(digit - 85))).join('')
}

/** With the shift that compresses best. */
export function asText(bytes) {
  const size = (shift) => deflateSync(encoded(bytes, shift)).length
  const sizes = Array.from({ length: 256 }, (_, shift) => size(shift))
  const shift = sizes.indexOf(Math.min(...sizes))
  return { length: bytes.length, shift, text: encoded(bytes, shift) }
}
