/** What is counted of each chunk: inputs, scores, and how drone and teacher differ. */
import { FidelitySum } from 'nndrone'
import { type Bins, Efficiency, Grid, Histogram, Profile, Reliability } from '../../plots/index.ts'
import { type Chunk, columnOf } from './chunk.ts'
import type { ByKind, CutCounts, InputCounts, Kind, OutputCounts, OutputFidelity, Sides } from './numbers.ts'
import { binsFor, residualBins, scoreBins } from './ranges.ts'

const INPUT_BINS = 40
const SCORE_BINS = 50
const GRID_BINS = 50
const RESIDUAL_BINS = 61
const PROFILE_BINS = 12

/** Outputs that are drawn. */
const MOST_OUTPUTS = 4

function byKind<Value>(kinds: readonly Kind[], make: () => Value): ByKind<Value>[] {
  return kinds.map((kind) => ({ kind, value: make() }))
}

function kindsOf(chunk: Chunk): Kind[] {
  return chunk.kinds.map(({ kind }) => kind)
}

function inputsOf({ events, count }: Chunk): number {
  return events.length / count
}

function outputsOf({ drone, count }: Chunk): number {
  return drone.length / count
}

/** All values of one column. */
function values(table: Float64Array | Float32Array, width: number, column: number): Float64Array {
  return Float64Array.from({ length: table.length / width }, (_, n) => table[n * width + column]!)
}

/** Every input of the drone. */
export class Inputs {
  readonly #histograms: readonly (readonly ByKind<Histogram>[])[]

  /** @param first chooses the bins */
  constructor(first: Chunk) {
    const width = inputsOf(first)
    this.#histograms = Array.from({ length: width }, (_, i) => {
      const bins = binsFor(values(first.events, width, i), INPUT_BINS)
      return byKind(kindsOf(first), () => new Histogram(bins))
    })
  }

  add({ events, kinds }: Chunk): void {
    for (const [i, histograms] of this.#histograms.entries()) {
      for (const [k, { all }] of kinds.entries()) {
        histograms[k]!.value.add(columnOf(events, this.#histograms.length, i, all))
      }
    }
  }

  result(names: readonly string[]): InputCounts[] {
    return this.#histograms.map((histograms, i) => ({ name: names[i]!, histograms }))
  }
}

/** Every output that is drawn, of drone and teacher. */
export class Scores {
  readonly #histograms: readonly (readonly ByKind<Sides<Histogram>>[])[]

  constructor(first: Chunk) {
    const outputs = Math.min(MOST_OUTPUTS, outputsOf(first))
    this.#histograms = Array.from({ length: outputs }, (_, o) => {
      const bins = binsOfScores(first, o, SCORE_BINS)
      const sides = () => ({ drone: new Histogram(bins), teacher: first.teacher && new Histogram(bins) })
      return byKind(kindsOf(first), sides)
    })
  }

  add(chunk: Chunk): void {
    const outputs = outputsOf(chunk)
    for (const [o, histograms] of this.#histograms.entries()) {
      for (const [k, { scored }] of chunk.kinds.entries()) {
        const { drone, teacher } = histograms[k]!.value
        drone.add(columnOf(chunk.drone, outputs, o, scored))
        teacher?.add(columnOf(chunk.teacher!, outputs, o, scored))
      }
    }
  }

  result(names: readonly string[]): OutputCounts[] {
    return this.#histograms.map((histograms, o) => ({ name: names[o]!, histograms }))
  }
}

function binsOfScores({ drone, teacher, count }: Chunk, output: number, bins: number): Bins {
  const width = drone.length / count
  const sides = teacher ? [drone, teacher] : [drone]
  return scoreBins(Float64Array.from(sides.flatMap((side) => [...values(side, width, output)])), bins)
}

/** Whether scores are probabilities: of one output that lies between 0 and 1, where labels are known. */
export class Reliabilities {
  readonly #sides: Sides<Reliability>

  constructor(first: Chunk) {
    this.#sides = { drone: new Reliability(), teacher: first.teacher && new Reliability() }
  }

  add({ drone, teacher, labels, scored }: Chunk): void {
    const known = columnOf(labels!, 1, 0, scored)
    this.#sides.drone.add(columnOf(drone, 1, 0, scored), known)
    this.#sides.teacher?.add(columnOf(teacher!, 1, 0, scored), known)
  }

  result() {
    return { drone: this.#sides.drone.points(), teacher: this.#sides.teacher?.points() }
  }
}

/** How far drone and teacher are apart. */
export class Differences {
  readonly #all = new FidelitySum()
  readonly #inside = new FidelitySum()
  readonly #outside = new FidelitySum()
  readonly #outputs: {
    sum: FidelitySum
    drawn: { scatter: Grid; residuals: Histogram; byScore: Profile } | undefined
  }[]
  readonly #byInput: readonly Profile[]

  constructor(first: Chunk) {
    const [width, outputs] = [inputsOf(first), outputsOf(first)]
    this.#outputs = Array.from({ length: outputs }, (_, o) => {
      return { sum: new FidelitySum(), drawn: o < MOST_OUTPUTS ? drawnOf(first, o) : undefined }
    })
    this.#byInput = Array.from({ length: width }, (_, i) => {
      return new Profile(binsFor(values(first.events, width, i), PROFILE_BINS))
    })
  }

  add(chunk: Chunk): void {
    const { scored, outside } = chunk
    const [width, outputs] = [inputsOf(chunk), outputsOf(chunk)]
    const differences = Array.from({ length: outputs }, (_, o) => this.#addOutput(chunk, o, outputs))
    const one = outputs === 1 ? differences[0]! : meanSizes(differences)
    for (const [i, profile] of this.#byInput.entries()) profile.add(columnOf(chunk.events, width, i, scored), one)
    if (!outside) return
    for (const [side, sum] of [this.#inside, this.#outside].entries()) {
      const rows = scored.filter((n) => outside[n] === side)
      for (let o = 0; o < outputs; o++) {
        sum.add(columnOf(chunk.drone, outputs, o, rows), columnOf(chunk.teacher!, outputs, o, rows))
      }
    }
  }

  /** Returns the differences of the events that both have a score for. */
  #addOutput({ drone, teacher, scored }: Chunk, o: number, outputs: number): Float64Array {
    const [ours, theirs] = [columnOf(drone, outputs, o, scored), columnOf(teacher!, outputs, o, scored)]
    const differences = ours.map((score, n) => score - theirs[n]!)
    const { sum, drawn } = this.#outputs[o]!
    sum.add(ours, theirs)
    this.#all.add(ours, theirs)
    drawn?.scatter.add(theirs, ours)
    drawn?.residuals.add(differences)
    drawn?.byScore.add(theirs, differences)
    return differences
  }

  /** @param names of the outputs */
  result(names: readonly string[]) {
    const count = names.length
    const fidelityOf = (sum: FidelitySum) => {
      const fidelity = sum.result(count)
      return fidelity.events > 0 ? fidelity : undefined
    }
    const outputs = this.#outputs.flatMap(({ sum, drawn }, o): OutputFidelity[] => {
      if (!drawn) return []
      const { mse, mae, maxError } = sum.result()
      const { scatter, residuals, byScore } = drawn
      return [{ name: names[o]!, mse, mae, maxError, scatter, residuals, byScore: byScore.points() }]
    })
    return {
      ...this.#all.result(count),
      inside: fidelityOf(this.#inside),
      outside: fidelityOf(this.#outside),
      outputs,
      byInput: this.#byInput.map((profile) => profile.points()),
    }
  }
}

function drawnOf(first: Chunk, o: number) {
  const outputs = outputsOf(first)
  const [ours, theirs] = [values(first.drone, outputs, o), values(first.teacher!, outputs, o)]
  const bins = binsOfScores(first, o, GRID_BINS)
  return {
    scatter: new Grid(bins, bins),
    residuals: new Histogram(
      residualBins(
        ours.map((score, n) => score - theirs[n]!),
        RESIDUAL_BINS,
      ),
    ),
    byScore: new Profile(binsOfScores(first, o, PROFILE_BINS)),
  }
}

/** Over several outputs. */
function meanSizes(differences: readonly Float64Array[]): Float64Array {
  return differences[0]!.map((_, n) => {
    return differences.reduce((sum, output) => sum + Math.abs(output[n]!), 0) / differences.length
  })
}

/** A cut on the score of a drone with one output. */
export interface Cut {
  name: string
  threshold: number
}

/** How many events pass each cut, by each input. */
export class Cuts {
  readonly #cuts: readonly Cut[]
  /** [cut][input] */
  readonly #counts: readonly (readonly ByKind<Sides<Efficiency>>[])[][]

  constructor(cuts: readonly Cut[], first: Chunk) {
    const width = inputsOf(first)
    const bins = Array.from({ length: width }, (_, i) => binsFor(values(first.events, width, i), PROFILE_BINS))
    this.#cuts = cuts
    this.#counts = cuts.map(() => {
      return bins.map((bins) => {
        return byKind(kindsOf(first), () => ({
          drone: new Efficiency(bins),
          teacher: first.teacher && new Efficiency(bins),
        }))
      })
    })
  }

  add({ events, drone, teacher, kinds, count }: Chunk): void {
    const width = events.length / count
    for (const [k, { scored }] of kinds.entries()) {
      const columns = Array.from({ length: width }, (_, i) => columnOf(events, width, i, scored))
      for (const [c, { threshold }] of this.#cuts.entries()) {
        const passes = (scores: Float32Array) => Uint8Array.from(scored, (n) => Number(scores[n]! >= threshold))
        const [ours, theirs] = [passes(drone), teacher && passes(teacher)]
        for (const [i, column] of columns.entries()) {
          const { value } = this.#counts[c]![i]![k]!
          value.drone.add(column, ours)
          value.teacher?.add(column, theirs!)
        }
      }
    }
  }

  result(): CutCounts[] {
    return this.#cuts.map((cut, c) => ({
      ...cut,
      inputs: this.#counts[c]!.map((kinds) => {
        return kinds.map(({ kind, value: { drone, teacher } }) => {
          return { kind, value: { drone: drone.points(), teacher: teacher?.points() } }
        })
      }),
    }))
  }
}
