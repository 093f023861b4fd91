/**
 * The kernels that take the values of an event as arguments, up to eight, and return its score: nothing is written to
 * memory and read back.
 *
 * A call is cheap only at a place that always calls the same function, since V8 then compiles it into the caller. So each
 * kernel has a variable and a place of its own. The variables hold the kernels of the first engine of its kind that is
 * used; a drone in another engine is scored by way of memory. To ask the exports for the kernel at each call would take a
 * tenth of a score.
 */
import type { Engine, Resident, SingleKernels } from '../engines/api.ts'
import type { EventRecord } from '../events.ts'

let simd1: SingleKernels['score1']
let simd2: SingleKernels['score2']
let simd3: SingleKernels['score3']
let simd4: SingleKernels['score4']
let simd5: SingleKernels['score5']
let simd6: SingleKernels['score6']
let simd7: SingleKernels['score7']
let simd8: SingleKernels['score8']

let relaxed8: SingleKernels['score8']

function keepSimd(kernels: SingleKernels): void {
  ;({
    score1: simd1,
    score2: simd2,
    score3: simd3,
    score4: simd4,
    score5: simd5,
    score6: simd6,
    score7: simd7,
    score8: simd8,
  } = kernels)
}

/** The engines whose kernels these are, by the ways of calling them. */
const engines: (Engine | undefined)[] = []
const [NONE, SIMD, RELAXED] = [0, 1, 2]

function wayOf(engine: Engine): number {
  const { kernels, name } = engine
  // A module that was compiled from an older file may be without them.
  if (!kernels?.score8) return NONE
  const way = name === 'relaxed' ? RELAXED : SIMD
  if (!engines[way]) {
    engines[way] = engine
    if (way === SIMD) keepSimd(kernels as SingleKernels)
    else relaxed8 = kernels.score8
  }
  return engines[way] === engine ? way : NONE
}

/** Scores an event by way of memory, which knows defaults and errors. Values that were read are not read again. */
type InMemory = (record: EventRecord | undefined, ...values: unknown[]) => number

/** A drone of one output and at most eight inputs, for those kernels. */
export class Single {
  readonly names: readonly string[]
  readonly inMemory: InMemory
  /** How many values an event has; −1 where the kernels can't score it. */
  readonly count: number
  /** Both may change while an event is read, since a getter may grow or dispose the drone: they are asked for later. */
  net = 0
  way = NONE
  /** Which of the readers of records is its own; 0 before the first record. */
  reader = 0

  constructor(names: readonly string[], outputs: number, engine: Engine, resident: Resident, inMemory: InMemory) {
    this.names = [...names]
    this.inMemory = inMemory
    if (names.length <= 8 && outputs === 1) this.way = wayOf(engine)
    this.count = this.way === NONE ? -1 : names.length
    this.settle(resident)
  }

  /** To be called wherever the drone is placed anew. */
  settle({ pointer = 0 }: Resident): void {
    this.net = pointer
  }

  /** To be called before the drone's memory is given back. */
  end(): void {
    this.way = NONE
  }
}

/** In another engine than that of the first variables. Spare values make no difference: their offset and scale are 0. */
function elsewhere(drone: Single, a: number, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0): number {
  return drone.way === RELAXED ? relaxed8(drone.net, a, b, c, d, e, f, g, h) : Number.NaN
}

// One function for each number of values. All are short, since V8 compiles only so much into a caller. NaN may be the
// score of a missing value, which has a default. The plus says that what comes by way of memory is a number too: without
// it an object would be made of every score.

export function one(drone: Single, record: EventRecord | undefined, a: unknown): number {
  if (typeof a === 'number') {
    const score = drone.way === SIMD ? simd1(drone.net, a) : elsewhere(drone, a)
    if (!Number.isNaN(score)) return score
  }
  return +drone.inMemory(record, a)
}

export function two(drone: Single, record: EventRecord | undefined, a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') {
    const score = drone.way === SIMD ? simd2(drone.net, a, b) : elsewhere(drone, a, b)
    if (!Number.isNaN(score)) return score
  }
  return +drone.inMemory(record, a, b)
}

export function three(drone: Single, record: EventRecord | undefined, a: unknown, b: unknown, c: unknown): number {
  if (typeof a === 'number' && typeof b === 'number' && typeof c === 'number') {
    const score = drone.way === SIMD ? simd3(drone.net, a, b, c) : elsewhere(drone, a, b, c)
    if (!Number.isNaN(score)) return score
  }
  return +drone.inMemory(record, a, b, c)
}

export function four(
  drone: Single,
  record: EventRecord | undefined,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
): number {
  if (typeof a === 'number' && typeof b === 'number' && typeof c === 'number' && typeof d === 'number') {
    const score = drone.way === SIMD ? simd4(drone.net, a, b, c, d) : elsewhere(drone, a, b, c, d)
    if (!Number.isNaN(score)) return score
  }
  return +drone.inMemory(record, a, b, c, d)
}

export function five(
  drone: Single,
  record: EventRecord | undefined,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  e: unknown,
): number {
  if (
    typeof a === 'number' &&
    typeof b === 'number' &&
    typeof c === 'number' &&
    typeof d === 'number' &&
    typeof e === 'number'
  ) {
    const score = drone.way === SIMD ? simd5(drone.net, a, b, c, d, e) : elsewhere(drone, a, b, c, d, e)
    if (!Number.isNaN(score)) return score
  }
  return +drone.inMemory(record, a, b, c, d, e)
}

export function six(
  drone: Single,
  record: EventRecord | undefined,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
): number {
  if (
    typeof a === 'number' &&
    typeof b === 'number' &&
    typeof c === 'number' &&
    typeof d === 'number' &&
    typeof e === 'number' &&
    typeof f === 'number'
  ) {
    const score = drone.way === SIMD ? simd6(drone.net, a, b, c, d, e, f) : elsewhere(drone, a, b, c, d, e, f)
    if (!Number.isNaN(score)) return score
  }
  return +drone.inMemory(record, a, b, c, d, e, f)
}

export function seven(
  drone: Single,
  record: EventRecord | undefined,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
  g: unknown,
): number {
  if (
    typeof a === 'number' &&
    typeof b === 'number' &&
    typeof c === 'number' &&
    typeof d === 'number' &&
    typeof e === 'number' &&
    typeof f === 'number' &&
    typeof g === 'number'
  ) {
    const score = drone.way === SIMD ? simd7(drone.net, a, b, c, d, e, f, g) : elsewhere(drone, a, b, c, d, e, f, g)
    if (!Number.isNaN(score)) return score
  }
  return +drone.inMemory(record, a, b, c, d, e, f, g)
}

export function eight(
  drone: Single,
  record: EventRecord | undefined,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
  g: unknown,
  h: unknown,
): number {
  if (
    typeof a === 'number' &&
    typeof b === 'number' &&
    typeof c === 'number' &&
    typeof d === 'number' &&
    typeof e === 'number' &&
    typeof f === 'number' &&
    typeof g === 'number' &&
    typeof h === 'number'
  ) {
    const score =
      drone.way === SIMD ? simd8(drone.net, a, b, c, d, e, f, g, h) : elsewhere(drone, a, b, c, d, e, f, g, h)
    if (!Number.isNaN(score)) return score
  }
  return +drone.inMemory(record, a, b, c, d, e, f, g, h)
}
