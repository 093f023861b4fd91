/** Tensors of the Open Inference Protocol, as JSON and as bytes (the binary tensor extension): events in, scores out. */
import { type Numbers, shortest } from 'nndrone'
import { counted, excerpt, listed, quoted, suggested } from '../text.ts'
import { Failure } from './failure.ts'
import type { Served } from './served.ts'

type Values =
  | Numbers
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array

/** The types of inputs: bytes of a value, and an array of them. */
const TYPES: Readonly<Record<string, { size: number; of(bytes: ArrayBuffer): Values }>> = {
  FP32: { size: 4, of: (bytes) => new Float32Array(bytes) },
  FP64: { size: 8, of: (bytes) => new Float64Array(bytes) },
  INT8: { size: 1, of: (bytes) => new Int8Array(bytes) },
  INT16: { size: 2, of: (bytes) => new Int16Array(bytes) },
  INT32: { size: 4, of: (bytes) => new Int32Array(bytes) },
  INT64: { size: 8, of: (bytes) => new BigInt64Array(bytes) },
  UINT8: { size: 1, of: (bytes) => new Uint8Array(bytes) },
  UINT16: { size: 2, of: (bytes) => new Uint16Array(bytes) },
  UINT32: { size: 4, of: (bytes) => new Uint32Array(bytes) },
  UINT64: { size: 8, of: (bytes) => new BigUint64Array(bytes) },
}

/** The name of the tensor of all inputs in the metadata; a request may give it another. */
export const ALL = 'events'

type Dictionary = Readonly<Record<string, unknown>>

/** What was asked. */
export interface Inference {
  id: string | undefined
  /** [events × inputs] */
  rows: Numbers
  count: number
  /** The numbers of the outputs that are wanted, and whether as bytes. */
  outputs: { at: number; binary: boolean }[]
}

/**
 * Reads a request: its JSON, and the bytes behind it.
 * @throws Failure 400 that names the place and the value
 */
export function readInference(json: string, binary: Uint8Array, served: Served): Inference {
  const request = parsed(json)
  const { id, inputs, outputs, parameters } = request
  if (id !== undefined && typeof id !== 'string') refuse('id', id, 'a string')
  if (!Array.isArray(inputs) || inputs.length === 0) refuse('inputs', inputs, 'a list of tensors')
  let at = 0
  const take = (size: number) => {
    at += size
    if (at > binary.length) {
      throw new Failure(400, `inputs: ${counted(binary.length, 'byte')} behind the JSON, but the tensors have more`)
    }
    return binary.slice(at - size, at).buffer
  }
  const tensors = inputs.map((tensor, i) => readTensor(tensor, `inputs[${i}]`, take))
  if (at !== binary.length) {
    throw new Failure(400, `inputs: ${counted(binary.length, 'byte')} behind the JSON, but the tensors have ${at}`)
  }
  const rows = rowsOf(tensors, served)
  const count = rows.length / served.inputs.length
  const all = child(parameters)?.binary_data_output === true
  return { id, rows, count, outputs: wantedOutputs(outputs, served, all) }
}

function parsed(json: string): Dictionary {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new Failure(400, `the request is not JSON: ${(error as Error).message}`)
  }
  return child(value) ?? refuse('the request', value, 'an object')
}

interface Tensor {
  path: string
  name: string
  shape: readonly number[]
  values: Numbers
}

function readTensor(value: unknown, path: string, take: (size: number) => ArrayBuffer): Tensor {
  const tensor = child(value) ?? refuse(path, value, 'an object')
  const { name, shape, datatype, parameters, data } = tensor
  if (typeof name !== 'string') refuse(`${path}.name`, name, 'a string')
  const type = typeof datatype === 'string' && Object.hasOwn(TYPES, datatype) ? TYPES[datatype] : undefined
  if (!type) refuse(`${path}.datatype`, datatype, `one of ${Object.keys(TYPES).join(', ')}`)
  const length = lengthOf(shape, `${path}.shape`)
  const size = child(parameters)?.binary_data_size
  if (size === undefined) {
    const values = numbersOf(data, length, `${path}.data`, datatype as string)
    return { path, name, shape: shape as number[], values }
  }
  if (data !== undefined) throw new Failure(400, `${path}: data and binary_data_size; a tensor has only one of them`)
  if (size !== length * type.size) {
    refuse(
      `${path}.parameters.binary_data_size`,
      size,
      `${length * type.size}, for ${counted(length, 'value')} of ${datatype}`,
    )
  }
  const values = type.of(take(size as number))
  return {
    path,
    name,
    shape: shape as number[],
    values: isFloat(values) ? values : Float64Array.from(values as Int8Array, Number),
  }
}

function isFloat(values: Values): values is Numbers {
  return values instanceof Float32Array || values instanceof Float64Array
}

/** Values of one request. */
const MOST = 1 << 26

/** How many values a shape has. */
function lengthOf(shape: unknown, path: string): number {
  if (!Array.isArray(shape) || shape.length === 0) refuse(path, shape, 'a list of sizes')
  let length = 1
  for (const [i, size] of shape.entries()) {
    if (!Number.isInteger(size) || size < 0) refuse(`${path}[${i}]`, size, 'a whole number')
    length *= size
  }
  if (length > MOST) refuse(path, length, `at most ${MOST} values`)
  return length
}

/** Flat or nested lists of numbers; null is a missing value. Those of FP32 are rounded to such. */
function numbersOf(data: unknown, length: number, path: string, datatype: string): Numbers {
  if (!Array.isArray(data)) refuse(path, data, 'a list of numbers')
  const values = datatype === 'FP32' ? new Float32Array(length) : new Float64Array(length)
  let at = 0
  const fill = (list: readonly unknown[], depth: number): void => {
    for (const value of list) {
      if (typeof value === 'number') values[at++] = value
      else if (value === null) values[at++] = Number.NaN
      else if (Array.isArray(value) && depth < 8) fill(value, depth + 1)
      else refuse(`${path}[${at}]`, value, 'a number')
    }
  }
  fill(data, 0)
  if (at !== length) throw new Failure(400, `${path}: ${counted(at, 'value')}, but the shape has ${length}`)
  if (/INT/.test(datatype)) {
    const wrong = values.findIndex((value) => !Number.isInteger(value) && !Number.isNaN(value))
    if (wrong >= 0) refuse(`${path}[${wrong}]`, values[wrong], `a whole number, for ${datatype}`)
  }
  return values
}

/** One tensor of all inputs [events, inputs], or one for each by its name [events] or [events, 1]. */
function rowsOf(tensors: readonly Tensor[], { inputs, places }: Served): Numbers {
  const [first] = tensors as [Tensor]
  const width = inputs.length
  if (tensors.length === 1 && !(width === 1 && places.has(first.name) && first.shape.length === 1)) {
    // One event may come without the dimension of events.
    const columns = first.shape.at(-1)
    if (first.shape.length > 2 || columns !== width) {
      const names = `${counted(width, 'input')} (${listed(inputs)})`
      throw new Failure(
        400,
        `${first.path}.shape: [${first.shape.join(', ')}], expected [events, ${width}]: the model has ${names}`,
      )
    }
    return first.values
  }
  return joined(tensors, width, inputs, places)
}

function joined(
  tensors: readonly Tensor[],
  width: number,
  inputs: readonly string[],
  places: ReadonlyMap<string, number>,
): Numbers {
  const count = tensors[0]!.values.length
  const rows = new Float64Array(count * width)
  const given = new Set<number>()
  for (const { path, name, shape, values } of tensors) {
    const place = places.get(name)
    if (place === undefined) {
      throw new Failure(
        400,
        `${path}.name: ${quoted(name)} is not an input${suggested(name, inputs)}; there are ${listed(inputs)}`,
      )
    }
    if (given.has(place)) throw new Failure(400, `${path}.name: ${quoted(name)} is given twice`)
    given.add(place)
    if (shape.length > 2 || (shape.length === 2 && shape[1] !== 1) || values.length !== count) {
      throw new Failure(
        400,
        `${path}.shape: [${shape.join(', ')}], expected [${count}] or [${count}, 1], as many events as ${quoted(tensors[0]!.name)} has`,
      )
    }
    for (let n = 0; n < count; n++) rows[n * width + place] = values[n]!
  }
  const lacking = inputs.filter((_, i) => !given.has(i))
  if (lacking.length > 0) throw new Failure(400, `inputs: ${listed(lacking.map(quoted))} missing`)
  return rows
}

function wantedOutputs(wanted: unknown, { outputs }: Served, all: boolean): Inference['outputs'] {
  if (wanted === undefined || (Array.isArray(wanted) && wanted.length === 0)) {
    return outputs.map((_, at) => ({ at, binary: all }))
  }
  if (!Array.isArray(wanted)) refuse('outputs', wanted, 'a list')
  return wanted.map((value, i) => {
    const output = child(value) ?? refuse(`outputs[${i}]`, value, 'an object')
    const at = outputs.indexOf(output.name as string)
    if (at < 0) refuse(`outputs[${i}].name`, output.name, `one of ${listed(outputs)}`)
    const { binary_data: binary = all } = child(output.parameters) ?? {}
    return { at, binary: binary === true }
  })
}

/** The answer: its JSON, and the bytes behind it. @param scores [events × outputs] */
export function writeInference(
  { name, version, outputs }: Served,
  { id, count, outputs: wanted }: Inference,
  scores: Float32Array,
): { json: string; binary: Uint8Array[] } {
  const binary: Uint8Array[] = []
  const tensors = wanted.map(({ at, binary: bytes }) => {
    const head = `{"name":${JSON.stringify(outputs[at])},"datatype":"FP32","shape":[${count}]`
    if (!bytes) return `${head},"data":[${listOf(scores, at, outputs.length)}]}`
    const column =
      outputs.length === 1 ? scores : Float32Array.from({ length: count }, (_, n) => scores[n * outputs.length + at]!)
    binary.push(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
    return `${head},"parameters":{"binary_data_size":${column.byteLength}}}`
  })
  const told = id === undefined ? '' : `,"id":${JSON.stringify(id)}`
  return {
    json: `{"model_name":"${name}","model_version":"${version}"${told},"outputs":[${tensors.join(',')}]}`,
    binary,
  }
}

/** Scores as predict writes them: what an event has none of is null. */
function listOf(scores: Float32Array, from: number, step: number): string {
  let text = ''
  for (let at = from; at < scores.length; at += step) {
    const score = scores[at]!
    text += `${at === from ? '' : ','}${Number.isFinite(score) ? shortest(score) : null}`
  }
  return text
}

function child(value: unknown): Dictionary | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Dictionary) : undefined
}

function refuse(path: string, value: unknown, expected: string): never {
  throw new Failure(400, `${path}: ${excerpt(value)}, expected ${expected}`)
}
