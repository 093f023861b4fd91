/** What a program reads and writes. */
import { StringDecoder } from 'node:string_decoder'
import type { Numbers } from 'nndrone'
import { listed } from '../../../text.ts'

interface Format {
  encode(events: Numbers, inputs: readonly string[]): string | Buffer
  /** Makes what turns bytes, which come in any pieces, into answers: NaN where there is none. It throws on any other. */
  decoder(outputs: readonly string[]): (bytes: Buffer) => unknown[]
}

export const FORMATS = {
  /**
   * An object of the inputs a line (null where a value is missing), answered by a number, an array of the outputs, or an
   * object of them; null where there is no answer.
   */
  ndjson: { encode: linesOf, decoder: lines },
  /** The numbers alone, little-endian float32: inputs of each event, answered by its outputs. */
  f32: { encode: bytesOf, decoder: floats },
} satisfies Record<string, Format>

export type ProgramFormat = keyof typeof FORMATS

export const PROGRAM_FORMATS = Object.keys(FORMATS) as readonly ProgramFormat[]

/** Characters of the longest line. */
const LONGEST = 1 << 20

function linesOf(events: Numbers, inputs: readonly string[]): string {
  const keys = inputs.map((name) => JSON.stringify(name))
  let text = ''
  for (let at = 0; at < events.length; at += keys.length) {
    text += `{${keys.map((key, i) => `${key}:${JSON.stringify(events[at + i])}`).join(',')}}\n`
  }
  return text
}

function lines(outputs: readonly string[]) {
  const decoder = new StringDecoder()
  let rest = ''
  let answers = 0
  return (bytes: Buffer): unknown[] => {
    const all = (rest + decoder.write(bytes)).split('\n')
    rest = all.pop()!
    if (rest.length > LONGEST) throw new Error(`a line of more than ${LONGEST} characters`)
    return all.filter((line) => line.trim() !== '').flatMap((line) => numbersOf(line, outputs, answers++))
  }
}

function numbersOf(line: string, outputs: readonly string[], number: number): unknown[] {
  const answer = json(line)
  const record = typeof answer === 'object' && answer !== null && !Array.isArray(answer)
  const list = record ? outputs.map((name) => (answer as Record<string, unknown>)[name]) : [answer].flat()
  if (list.length !== outputs.length || answer === undefined) {
    const shown = JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line)
    throw new Error(`answer ${number} (from 0): ${shown}, expected ${listed(outputs)} as JSON`)
  }
  return list.map((value) => (value === null ? Number.NaN : value))
}

function json(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function bytesOf(events: Numbers): Buffer {
  const bytes = Buffer.alloc(4 * events.length)
  for (let i = 0; i < events.length; i++) bytes.writeFloatLE(events[i]!, 4 * i)
  return bytes
}

function floats() {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes: Buffer): number[] => {
    const all = Buffer.concat([rest, bytes])
    const count = all.length >> 2
    rest = all.subarray(4 * count)
    return Array.from({ length: count }, (_, i) => all.readFloatLE(4 * i))
  }
}
