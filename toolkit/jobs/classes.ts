/** How well models of several outputs tell classes apart. */
import { auc } from 'nndrone'
import { bothKinds } from './labels.ts'
import type { Pair } from './pair.ts'

export interface ClassFigures {
  name: string
  /** How many events are of this class. */
  events: number
  /** Of its output, this class against the rest; undefined where there is no event of it, or of no other. */
  auc: Pair | undefined
}

export interface Classes {
  classes: ClassFigures[]
  /** How many events of each class [class] have their largest score in each output [output]. */
  confusion: { teacher: number[][]; drone: number[][] }
  /** The fraction of the events to which both give the same class. */
  agreement: number
}

interface Answers {
  /** [events × outputs], without NaN. */
  drone: Float32Array
  teacher: Float32Array
}

/**
 * @param labels the class of each event
 * @param outputs names of the classes
 */
export function classesOf({ drone, teacher }: Answers, labels: Float64Array, outputs: readonly string[]): Classes {
  const width = outputs.length
  const classes = outputs.map((name, i) => {
    const kinds = labels.map((label) => Number(label === i))
    const both = { teacher: columnOfScores(teacher, width, i), drone: columnOfScores(drone, width, i) }
    return {
      name,
      events: kinds.reduce((sum, kind) => sum + kind, 0),
      auc: bothKinds(kinds) ? { teacher: auc(both.teacher, kinds), drone: auc(both.drone, kinds) } : undefined,
    }
  })
  const chosen = { teacher: largest(teacher, width), drone: largest(drone, width) }
  const alike = chosen.drone.reduce((sum, choice, n) => sum + Number(choice === chosen.teacher[n]), 0)
  return {
    classes,
    confusion: { teacher: counts(chosen.teacher, labels, width), drone: counts(chosen.drone, labels, width) },
    agreement: alike / labels.length,
  }
}

/** The scores of one output of several. */
export function columnOfScores(scores: Float32Array, width: number, i: number): Float32Array {
  return scores.filter((_, at) => at % width === i)
}

/** The output of the largest score of each event; of equal ones the first. */
function largest(scores: Float32Array, width: number): Uint32Array {
  return Uint32Array.from({ length: scores.length / width }, (_, n) => {
    let best = 0
    for (let i = 1; i < width; i++) if (scores[n * width + i]! > scores[n * width + best]!) best = i
    return best
  })
}

function counts(chosen: Uint32Array, labels: Float64Array, width: number): number[][] {
  const table = Array.from({ length: width }, () => new Array<number>(width).fill(0))
  for (const [n, choice] of chosen.entries()) table[labels[n]!]![choice]!++
  return table
}
