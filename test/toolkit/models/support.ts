/** What the tests of teachers share: fixtures, answers, refusals, and files that someone tampered with. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { Random } from '../../../bindings/arithmetic/random.ts'
import { explained } from '../../../toolkit/errors.ts'
import { type Model, type ReadOptions, readModel } from '../../../toolkit/models/index.ts'
import { root } from '../../support.ts'

const fixtures = join(root, 'test/toolkit/models/fixtures')

export function fixture(...path: string[]): Buffer {
  return readFileSync(join(fixtures, ...path))
}

/** The last one that was read. */
let last: Model | undefined

/** A model from content; a document is written as JSON. It is good until the next one is read. */
export async function read(
  content: Uint8Array | string | object,
  path = 'model',
  options?: ReadOptions,
): Promise<Model> {
  const text = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content)
  await last?.close?.()
  last = undefined
  last = await readModel({ path, bytes: Buffer.from(text) }, options)
  return last
}

export async function answers(model: Model, events: readonly (readonly (number | null)[])[]): Promise<number[]> {
  return [...(await model.predictBatch(Float64Array.from(events.flat(), (value) => value ?? Number.NaN)))]
}

export async function refused(
  content: Uint8Array | string | object,
  message: string | RegExp,
  path?: string,
): Promise<void> {
  try {
    await read(content, path)
  } catch (error) {
    const said = explained(error)
    assert.ok(said !== undefined, `not explained: ${(error as Error).stack}`)
    if (typeof message === 'string') assert.is(said, message)
    else assert.match(said, message)
    return
  }
  assert.unreachable(`not refused: ${message}`)
}

/** Largest difference; any NaN equals any other. */
export function largestError(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.is(values.length, expected.length)
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    const error = Object.is(values[i], expected[i]) ? 0 : Math.abs(values[i]! - expected[i]!)
    if (!(error <= largest)) largest = error
  }
  return largest
}

/** A document with one value, wherever it stands, replaced by what `change` makes of it. */
export function changed(document: object, keys: readonly (string | number)[], value: unknown): object {
  const copy = structuredClone(document)
  const last = keys.at(-1)!
  const holder = keys.slice(0, -1).reduce<any>((inside, key) => inside[key], copy)
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return copy
}

/**
 * Truncates a file and changes bytes of it, many times over: it is read, or refused in a line that names it.
 * @param tokens what a piece of the file is replaced by now and then, beside single bytes
 */
export async function survives(bytes: Buffer, random: Random, tokens: readonly string[], times = 400): Promise<void> {
  let refusals = 0
  for (let n = 0; n < times; n++) {
    const file = tampered(bytes, random, n % 3 === 0 ? [] : tokens)
    if (!(await readOrRefused(n % 5 === 0 ? file.subarray(0, random.below(file.length)) : file))) refusals++
  }
  assert.ok(refusals > times / 20, `only ${refusals} of ${times} refused`)
}

function tampered(bytes: Buffer, random: Random, tokens: readonly string[]): Buffer {
  const at = random.below(bytes.length)
  if (tokens.length > 0) {
    const token = Buffer.from(tokens[random.below(tokens.length)]!, 'latin1')
    return Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(at + random.below(12))])
  }
  const copy = Buffer.from(bytes)
  for (let n = 0; n <= random.below(3); n++) copy[random.below(bytes.length)] = random.below(256)
  return copy
}

/** Whether it could be read. */
async function readOrRefused(bytes: Buffer): Promise<boolean> {
  try {
    const model = await readModel({ path: 'tampered', bytes })
    const events = new Float64Array(3 * model.inputs.length).fill(0.5)
    assert.is((await model.predictBatch(events)).length, 3 * model.outputs.length)
    JSON.stringify(model.describe())
    await model.close?.()
    return true
  } catch (error) {
    const said = explained(error)
    if (said === undefined) throw error
    assert.match(said, /^tampered: ./)
    return false
  }
}

/** What makes numbers and structures of JSON wrong. */
export const JSON_TOKENS = [
  '-1',
  '1e9',
  '4294967296',
  '1e400',
  'null',
  '"x"',
  '{}',
  '[]',
  '[[]]',
  '{"__proto__":1}',
  '0.5',
  ',',
  '"__proto__":[1],',
  'true',
]
