/** Damages a file, as a bad disk, a cut transfer or someone who means harm would. */
import { Random } from '../../bindings/arithmetic/random.ts'

/** Numbers that lengths, places and counts are rarely tried with. */
const NUMBERS = [0, 1, -1, 127, 128, 255, 256, 32767, 65535, 2 ** 31 - 1, -(2 ** 31), 2 ** 24, 2 ** 30]

/** Pieces of text that a reader of text may stumble over. */
const TEXTS = [
  '"',
  '""',
  ',',
  '\n',
  '\r',
  '{',
  '}',
  '[',
  ']',
  '<',
  '</',
  '&',
  "'",
  '\\',
  '\0',
  ' ',
  '-',
  '1e999',
  'NaN',
]
const LONG_TEXTS = ['[', '{"a":', '<a>', '"', ' ', '9', '(', '\\', '\n', ',', '&amp;', '-']

type Mutation = (bytes: Buffer, random: Random) => Buffer

const MUTATIONS: readonly Mutation[] = [
  cutShort,
  flipBit,
  changeByte,
  exchangeByte,
  exchangeByte,
  writeNumber,
  writeText,
]
const LARGE: readonly Mutation[] = [copyPiece, removePiece, repeatText]

/** The random numbers of a run, which are those of no other run of any seed: runs of several seeds may be added up. */
export function randomOf(seed: number, run: number): Random {
  return new Random(seed * 2 ** 32 + run)
}

/** The same bytes for the same random numbers. */
export function mutated(bytes: Buffer, random: Random): Buffer {
  let broken: Buffer = Buffer.from(bytes)
  const times = random.below(2) === 0 ? 1 : 1 + random.below(4)
  for (let k = 0; k < times && broken.length > 0; k++) {
    const mutations = random.below(5) === 0 ? LARGE : MUTATIONS
    broken = mutations[random.below(mutations.length)]!(broken, random)
  }
  return broken
}

/** Where formats tell what they hold: at the beginning and at the end. */
const ENDS = 4096

/** Any place, and those at the ends more often. */
function place(bytes: Buffer, random: Random): number {
  const at = random.below(bytes.length)
  const end = random.below(Math.min(ENDS, bytes.length))
  return [at, at, end, bytes.length - 1 - end][random.below(4)]!
}

function cutShort(bytes: Buffer, random: Random): Buffer {
  // Mostly near the end: what is cut in the middle is soon told.
  return random.below(4) === 0
    ? bytes.subarray(0, random.below(bytes.length))
    : bytes.subarray(0, -1 - random.below(16))
}

function flipBit(bytes: Buffer, random: Random): Buffer {
  bytes[place(bytes, random)]! ^= 1 << random.below(8)
  return bytes
}

function changeByte(bytes: Buffer, random: Random): Buffer {
  bytes[place(bytes, random)] = random.below(256)
  return bytes
}

/** What is still text, and may even be valid. */
function exchangeByte(bytes: Buffer, random: Random): Buffer {
  bytes[place(bytes, random)] = bytes[place(bytes, random)]!
  return bytes
}

function writeNumber(bytes: Buffer, random: Random): Buffer {
  const value = NUMBERS[random.below(NUMBERS.length)]!
  const size = [1, 2, 4, 8][random.below(4)]!
  const at = place(bytes, random)
  const little = random.below(2) === 0
  for (let k = 0; k < size && at + k < bytes.length; k++) {
    const place = little ? k : size - 1 - k
    bytes[at + k] = place < 4 ? value >> (8 * place) : value < 0 ? 255 : 0
  }
  return bytes
}

function writeText(bytes: Buffer, random: Random): Buffer {
  return inserted(bytes, TEXTS[random.below(TEXTS.length)]!, random)
}

function repeatText(bytes: Buffer, random: Random): Buffer {
  return inserted(bytes, LONG_TEXTS[random.below(LONG_TEXTS.length)]!.repeat(1 << (4 + random.below(13))), random)
}

function inserted(bytes: Buffer, text: string, random: Random): Buffer {
  const at = place(bytes, random)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at)])
}

function copyPiece(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random)
  const piece = bytes.subarray(from, from + random.below(256))
  const at = random.below(bytes.length)
  if (random.below(2) === 0) return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
  Buffer.from(piece).copy(bytes, at)
  return bytes
}

function removePiece(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random)
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random.below(64))])
}
