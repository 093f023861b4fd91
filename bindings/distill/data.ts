/** The events of a run: their inputs, and which of them are trained with and which are held out. */
import type { Random } from '../arithmetic/random.ts'
import type { Numbers } from '../engines/api.ts'
import { ConfigurationError, counted, refuse } from '../errors.ts'
import { checkInputs, checkNames } from '../model/network.ts'
import { choiceOf, numberOf } from './checks.ts'
import type { DistillOptions, InputChoice, Scaling } from './options.ts'
import { inPieces, shuffle } from './pauses.ts'

export interface Data {
  /** [count × names] */
  events: Numbers
  count: number
  inputs: readonly InputChoice[]
  names: readonly string[]
  scaling: Scaling
  order: 'shuffled' | 'given'
  /** What is held out: a fraction, or the numbers of events. */
  holdout: number | Uint32Array
}

/** The numbers of the events to train with, in the order of a visit, and of those that are held out. */
export interface Split {
  training: Uint32Array
  heldOut: Uint32Array
}

/** @throws ConfigurationError that names the option and the value */
export function dataOf(options: DistillOptions): Data {
  const { events, inputs } = options
  if (!(events instanceof Float32Array || events instanceof Float64Array)) {
    refuse('events', events, 'a Float32Array or a Float64Array')
  }
  if (!Array.isArray(inputs) || inputs.length === 0) refuse('inputs', inputs, 'an array of names')
  const names = inputs.map((input) => (typeof input === 'string' ? input : input?.name))
  checkNames(names, (i) => `inputs[${i}]`)
  checkInputs(
    inputs.map((input) => ({ offset: 0, scale: 1, ...(typeof input === 'string' ? { name: input } : input) })),
  )
  const count = events.length / names.length
  if (!Number.isInteger(count) || count === 0) {
    refuse('events', events, `a positive multiple of ${names.length} numbers (${counted(names.length, 'input')})`)
  }
  const order = choiceOf(options, 'order', ['shuffled', 'given'])
  const scaling = choiceOf(options, 'scaling', ['deviation', 'quantiles'])
  return { events, count, inputs, names, scaling, order, holdout: holdoutOf(options, count) }
}

/** A fraction, or the numbers of events, each once. */
function holdoutOf(options: DistillOptions, count: number): number | Uint32Array {
  const { holdout = 0 } = options
  if (typeof holdout !== 'object' || holdout === null) {
    return numberOf(options, 'holdout', 0, (x) => x >= 0 && x < 1, 'a fraction from 0 to below 1')
  }
  if (!Array.isArray(holdout) && !ArrayBuffer.isView(holdout)) {
    refuse('holdout', holdout, 'a fraction, or an array of numbers of events')
  }
  const seen = new Uint8Array(count)
  for (let i = 0; i < holdout.length; i++) {
    const n = holdout[i]!
    if (!Number.isInteger(n) || n < 0 || n >= count) refuse(`holdout[${i}]`, n, `a whole number from 0 to ${count - 1}`)
    if (seen[n]) refuse(`holdout[${i}]`, n, 'each event once')
    seen[n] = 1
  }
  return Uint32Array.from(holdout)
}

/**
 * How many of `count` events are trained with where `holdout` is a fraction of them, or so many numbers.
 * @throws ConfigurationError where there are none
 */
export function trainedOf(holdout: number | ArrayLike<number>, count: number): number {
  const trained = count - (typeof holdout === 'number' ? Math.round(count * holdout) : holdout.length)
  if (trained > 0) return trained
  throw new ConfigurationError(`holdout: leaves none of ${counted(count, 'event')} to train with`)
}

/**
 * Divides the events that have an answer.
 * @param answered their numbers
 * @throws ConfigurationError where none is left to train with
 */
export async function divide({ count, holdout, order }: Data, answered: Uint32Array, random: Random): Promise<Split> {
  const known = await mask(answered, count)
  const fixed = typeof holdout === 'number' ? undefined : holdout.filter((n) => known[n])
  const trained = trainedOf(fixed ?? (holdout as number), answered.length)
  const out = await mask(fixed ?? new Uint32Array(), count)
  const all = fixed ? answered.filter((n) => !out[n]) : answered.slice()
  if (order === 'shuffled') await shuffle(() => all, random)
  return { training: all.subarray(0, trained), heldOut: fixed ?? all.slice(trained) }
}

/** For each of `count` events 1 where it is among the chosen, else 0. */
export async function mask(chosen: Uint32Array, count: number): Promise<Uint8Array> {
  const rows = new Uint8Array(count)
  await inPieces(chosen.length, (from, to) => {
    for (let n = from; n < to; n++) rows[chosen[n]!] = 1
  })
  return rows
}
