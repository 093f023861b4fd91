/** drone.json: an lwtnn sequential network, with a part of our own that lwtnn ignores. */
import { ConfigurationError, refuse, shown } from '../errors.ts'
import { ACTIVATIONS, type Activation, activations, isActivation, usesAlpha } from './activations.ts'
import { cutsOf } from './cuts.ts'
import { checkNetwork, checkParameters, type Input, type Layer, type Network } from './network.ts'
import { array, type Dictionary, dictionary, finite } from './values.ts'

/**
 * The version of the `nndrone` part that is written, and the highest that is read.
 * @example if (document.nndrone?.version > JSON_VERSION) console.log('a newer release wrote this drone')
 */
export const JSON_VERSION = 2
/**
 * The order of operations that a score is defined by (`arithmetic/`).
 * @example console.log(`scores of arithmetic ${ARITHMETIC_VERSION}`)
 */
export const ARITHMETIC_VERSION = 1

export type DroneJSON = {
  inputs: { name: string; offset: number; scale: number }[]
  layers: { architecture: 'dense'; activation: unknown; weights: number[]; bias: number[] }[]
  outputs: string[]
  defaults?: Record<string, number>
  miscellaneous?: Record<string, string>
  nndrone?: Record<string, unknown>
  [key: string]: unknown
}

/** Numbers as f32; −0 becomes +0, so that adding a zero product never changes a bit. */
function floats(value: unknown, path: string): Float32Array {
  const numbers = array(value, path)
  const out = new Float32Array(numbers.length)
  for (let i = 0; i < numbers.length; i++) {
    out[i] = finite(numbers[i], `${path}[${i}]`) + 0
    if (!Number.isFinite(out[i])) refuse(`${path}[${i}]`, numbers[i], 'a number within the range of f32')
    if (out[i] === 0) out[i] = 0
  }
  return out
}

/**
 * Reads a document: its text, its bytes, or what JSON.parse made of it. Everything is checked before anything is built.
 * @throws ConfigurationError that names the path and the value
 * @example const { inputs, layers, outputs } = readNetwork(readFileSync('drone.json'))
 */
export function readNetwork(document: unknown): Network {
  const top = contentOf(document, 'drone')
  const { inputs, layers, outputs, defaults, miscellaneous, nndrone, ...rest } = top
  const network: Network = {
    inputs: readInputs(inputs, defaults),
    layers: countedLayers(layers).map((layer, k) => readLayer(layer, `layers[${k}]`)),
    outputs: array(outputs, 'outputs') as string[],
    ...(miscellaneous !== undefined && { miscellaneous: readMiscellaneous(miscellaneous) }),
    ...(nndrone !== undefined && { nndrone: readOwnPart(nndrone) }),
    rest,
  }
  checkNetwork(network)
  cutsOf(network)
  return network
}

/** What bytes and text say in JSON, and documents as they are; anything else is named. */
export function contentOf(document: unknown, what: 'drone' | 'swarm'): Dictionary {
  const kind = Object.prototype.toString.call(document).slice(8, -1)
  const isText = typeof document === 'string' || kind === 'Uint8Array' || kind === 'ArrayBuffer'
  const { toJSON } = (document ?? {}) as { toJSON?: unknown }
  const written = kind === 'Object' && typeof toJSON === 'function' ? toJSON.call(document) : document
  const content = isText ? parse(document as string | Uint8Array) : written
  if (typeof content !== 'object' || content === null || Array.isArray(content)) refuse(what, content, EXPECTED)
  if (isText || kind === 'Object' || 'layers' in content) return content as Dictionary
  const hint = kind === 'Promise' ? 'await it' : 'text' in content ? 'await its text()' : `expected ${EXPECTED}`
  throw new ConfigurationError(`${what}: got a ${kind}; ${hint}`)
}

const EXPECTED = 'JSON as text, bytes or an object'

/** The layers, once the arrays in them are known not to be too long for copies. */
function countedLayers(value: unknown): unknown[] {
  const layers = array(value, 'layers')
  const length = (numbers: unknown) => (Array.isArray(numbers) ? numbers.length : 0)
  const parameters = layers.reduce<number>((sum, layer) => {
    const { weights, bias } = (layer ?? {}) as Dictionary
    return sum + length(weights) + length(bias)
  }, 0)
  checkParameters(parameters)
  return layers
}

/** @param text or its bytes, in UTF-8 */
function parse(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text))
  } catch (error) {
    const isPath = typeof text === 'string' && /^[^{[]+\.json$/.test(text)
    throw new ConfigurationError(
      isPath ? `drone: ${shown(text)} is a path; pass what the file holds` : `not JSON: ${(error as Error).message}`,
    )
  }
}

/** As lwtnn has it: a `default` inside an input counts only where the top-level `defaults` is absent. */
function readInputs(value: unknown, defaults: unknown): Input[] {
  const shared = defaults === undefined ? undefined : dictionary(defaults, 'defaults')
  for (const name in shared) finite(shared[name], `defaults[${shown(name)}]`)
  return array(value, 'inputs').map((entry, i) => {
    const path = `inputs[${i}]`
    const input = dictionary(entry, path)
    const name = input.name as string
    const missing = shared ? own(shared, name) : input.default
    return {
      name,
      offset: finite(input.offset, `${path}.offset`),
      scale: finite(input.scale, `${path}.scale`),
      ...(missing !== undefined && { default: finite(missing, `${path}.default`) }),
    }
  })
}

function own(values: Dictionary, key: string): unknown {
  return Object.hasOwn(values, key) ? values[key] : undefined
}

function readLayer(value: unknown, path: string): Layer {
  const layer = dictionary(value, path)
  if (layer.architecture !== 'dense') refuse(`${path}.architecture`, layer.architecture, '"dense"')
  return {
    ...readActivation(layer.activation, `${path}.activation`),
    weights: floats(layer.weights, `${path}.weights`),
    bias: floats(layer.bias, `${path}.bias`),
  }
}

/** A name, or { function, alpha }. An α of −0 becomes +0, as weights do. */
function readActivation(value: unknown, path: string): { activation: Activation; alpha: number } {
  const object = typeof value === 'string' ? { function: value } : dictionary(value, path)
  const activation = object.function
  const name = typeof value === 'string' ? path : `${path}.function`
  if (!isActivation(activation)) refuse(name, activation, `one of ${ACTIVATIONS.join(', ')}`)
  if (!usesAlpha(activation)) return { activation, alpha: 0 }
  const given = 'alpha' in object ? object.alpha : activations[activation].impliedAlpha
  return { activation, alpha: Math.fround(finite(given, `${path}.alpha`)) + 0 }
}

function readMiscellaneous(value: unknown): Record<string, string> {
  const entries = Object.entries(dictionary(value, 'miscellaneous'))
  return Object.fromEntries(
    entries.map(([key, text]) => {
      if (typeof text === 'object' && text !== null) refuse(`miscellaneous[${shown(key)}]`, text, 'a string')
      return [key, String(text)]
    }),
  )
}

function readOwnPart(value: unknown): Dictionary {
  const part = dictionary(value, 'nndrone')
  const known = { version: JSON_VERSION, arithmetic: ARITHMETIC_VERSION }
  for (const [key, highest] of Object.entries(known)) {
    const version = part[key]
    if (!Number.isInteger(version) || (version as number) < 1)
      refuse(`nndrone.${key}`, version, 'a whole number from 1')
    if ((version as number) > highest) {
      throw new ConfigurationError(
        `nndrone.${key}: ${version}, but this release reads up to ${highest}; a newer release of nndrone wrote this drone`,
      )
    }
  }
  return part
}

/**
 * The shortest decimal that reads back as the same f32, as a number that prints so.
 * @example shortest(Math.fround(0.1)) // 0.1
 */
export function shortest(value: number): number {
  // Most weights and scores need seven or eight digits: what six cannot say, fewer cannot either.
  let digits = Math.fround(+value.toPrecision(6)) === value ? 1 : 7
  while (digits < 9 && Math.fround(+value.toPrecision(digits)) !== value) digits++
  return +value.toPrecision(digits)
}

/** A network of a document, its text, or a description: all are checked alike, copied, and free of −0. */
export function toNetwork(source: unknown): Network {
  const { layers } = (source ?? {}) as Partial<Network>
  const described = Array.isArray(layers) && layers.some((layer) => layer?.weights instanceof Float32Array)
  return readNetwork(described ? documentOf(source as Network) : source)
}

/** A description as a document in every number, for `readNetwork`: checked no more than any other. */
function documentOf({ rest, layers, nndrone, ...network }: Network): unknown {
  const numbers = (values: unknown) => (values instanceof Float32Array ? Array.from(values) : values)
  return {
    ...rest,
    ...network,
    layers: layers.map((layer) => ({
      architecture: 'dense',
      activation: { function: layer?.activation, alpha: layer?.alpha },
      weights: numbers(layer?.weights),
      bias: numbers(layer?.bias),
    })),
    ...(nndrone && { nndrone: { ...nndrone, version: JSON_VERSION, arithmetic: ARITHMETIC_VERSION } }),
  }
}

/**
 * The document of a network, ready for JSON.stringify.
 * @example JSON.stringify(writeNetwork(drone.network))
 */
export function writeNetwork(network: Network): DroneJSON {
  const defaults = network.inputs.filter((input) => input.default !== undefined)
  return {
    inputs: network.inputs.map(({ name, offset, scale }) => ({ name, offset, scale })),
    layers: network.layers.map(({ activation, alpha, weights, bias }) => ({
      architecture: 'dense',
      activation: usesAlpha(activation) ? { function: activation, alpha: shortest(alpha) } : activation,
      weights: Array.from(weights, shortest),
      bias: Array.from(bias, shortest),
    })),
    outputs: [...network.outputs],
    ...(defaults.length > 0 && { defaults: Object.fromEntries(defaults.map((i) => [i.name, i.default as number])) }),
    ...(network.miscellaneous && { miscellaneous: { ...network.miscellaneous } }),
    nndrone: { ...network.nndrone, version: JSON_VERSION, arithmetic: ARITHMETIC_VERSION },
    ...network.rest,
  }
}

/**
 * JSON text as a person would set it: an object opens over lines, an array of plain values stays on one.
 * @example writeFileSync('drone.json', formatJSON(drone))
 */
export function formatJSON(value: unknown, indent = ''): string {
  const inner = `${indent}  `
  const { toJSON } = (value ?? {}) as { toJSON?: unknown }
  if (typeof toJSON === 'function') return formatJSON(toJSON.call(value), indent)
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null)) return JSON.stringify(value)
    return `[\n${value.map((item) => inner + formatJSON(item, inner)).join(',\n')}\n${indent}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${formatJSON(item, inner)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}
