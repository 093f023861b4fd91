/**
 * What the caller did wrong. Anything else that is thrown is a bug.
 * @example if (error instanceof DroneError) console.error(error.message)
 */
export class DroneError extends Error {
  override name = 'DroneError'
}

/**
 * Something was built wrongly: a network, a JSON document, the options of a run.
 * @example if (error instanceof ConfigurationError) console.error(`not a drone: ${error.message}`)
 */
export class ConfigurationError extends DroneError {
  override name = 'ConfigurationError'
}

/**
 * Something was asked wrongly: an event of the wrong length, a missing input, a drone that was disposed.
 * @example if (error instanceof EvaluationError) rejects.push(error.event)
 */
export class EvaluationError extends DroneError {
  override name = 'EvaluationError'
  /** The event of a stream that could not be scored. */
  declare event?: unknown
  /** The number of that event in its stream, from 0. */
  declare index?: number
}

/**
 * A value as an error message shows it: short, and a string in quotes.
 * @example throw new Error(`pt: ${shown(value)}, expected a number`)
 */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (ArrayBuffer.isView(value)) return `a typed array of ${(value as Float32Array).length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint') return `${value}n`
  return Object.is(value, -0) ? '-0' : String(value)
}

/** The number of something, for a message: `1 input`, `15 inputs`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** How long something is, for a message, or what it is, where it has no length. */
export function lengthOf(value: ArrayLike<unknown> | undefined, noun: string): string {
  return typeof value?.length === 'number' ? counted(value.length, noun) : shown(value)
}

/** @throws ConfigurationError that names the place and the value */
export function refuse(path: string, value: unknown, expected: string): never {
  throw new ConfigurationError(`${path}: ${shown(value)}, expected ${expected}`)
}
