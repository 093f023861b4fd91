/** What XGBoost makes of margins, by the name of the objective. Float32, operation by operation as XGBoost's. */
import type { Place } from '../../document.ts'

export interface Objective {
  /** From margins [events × groups] to answers, in place. */
  transform?: (margins: Float32Array, groups: number) => void
  /** The margin that a base score stands for. */
  margin?: (score: number) => number
}

const RAW: Objective = {}
const LOGISTIC: Objective = { transform: sigmoid, margin: logit }
const EXPONENTIAL: Objective = { transform: exponential, margin: (score) => Math.fround(Math.log(score)) }

/** softmax answers the class in XGBoost; here its probabilities, for a drone to learn. */
const OBJECTIVES: Readonly<Record<string, Objective>> = {
  'binary:logistic': LOGISTIC,
  'reg:logistic': LOGISTIC,
  'binary:logitraw': RAW,
  'multi:softprob': { transform: softmax },
  'multi:softmax': { transform: softmax },
  'reg:squarederror': RAW,
  'reg:linear': RAW,
  'reg:absoluteerror': RAW,
  'reg:pseudohubererror': RAW,
  'reg:squaredlogerror': RAW,
  'reg:quantileerror': RAW,
  'rank:pairwise': RAW,
  'rank:ndcg': RAW,
  'rank:map': RAW,
  'count:poisson': EXPONENTIAL,
  'reg:gamma': EXPONENTIAL,
  'reg:tweedie': EXPONENTIAL,
}

/** Why others are not read, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  'binary:hinge': 'it answers 0 or 1 and nothing between; train with binary:logistic, whose answers a drone can learn',
  'survival:cox': 'it answers relative hazards; let a program answer for it (--teacher-command)',
  'survival:aft': 'it answers times of survival; let a program answer for it (--teacher-command)',
}

/** @throws InputError where the objective is not read */
export function readObjective(learner: Place): { name: string; objective: Objective } {
  const place = learner.in('objective', 'name')
  const name = place.text()
  if (Object.hasOwn(OBJECTIVES, name)) return { name, objective: OBJECTIVES[name]! }
  const why = Object.hasOwn(REFUSED, name) ? REFUSED[name] : 'let a program answer for it (--teacher-command)'
  return place.refuse(`the objective ${JSON.stringify(name)} is not read: ${why}`)
}

/** The nearest to 0 and 1 that a base score may be. */
const EDGE = Math.fround(1e-6)

function logit(score: number): number {
  const inside = Math.min(Math.max(score, EDGE), Math.fround(1 - EDGE))
  return -Math.fround(Math.log(Math.fround(Math.fround(1 / inside) - 1)))
}

/** Beyond this the exponential would overflow. */
const STEEPEST = Math.fround(88.7)

function sigmoid(margins: Float32Array): void {
  for (let i = 0; i < margins.length; i++) {
    const power = Math.fround(Math.exp(Math.min(-margins[i]!, STEEPEST)))
    margins[i] = 1 / Math.fround(power + 1)
  }
}

function exponential(margins: Float32Array): void {
  for (let i = 0; i < margins.length; i++) margins[i] = Math.exp(margins[i]!)
}

function softmax(margins: Float32Array, groups: number): void {
  for (let at = 0; at < margins.length; at += groups) {
    const row = margins.subarray(at, at + groups)
    const most = row.reduce((a, b) => Math.max(a, b))
    let sum = 0
    for (let i = 0; i < groups; i++) sum += row[i] = Math.fround(Math.exp(Math.fround(row[i]! - most)))
    for (let i = 0; i < groups; i++) row[i]! /= Math.fround(sum)
  }
}
