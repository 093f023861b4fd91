/**
 * A table of answers, as bonsai trees are run in a trigger (Gligorov and Williams, arXiv:1210.6861): each input is one of a
 * few bins, and an event's bins say where its answer stands. Nothing is computed.
 */
import type { Numbers } from '../../../bindings/index.ts'
import { type Contender, columnOf, type Lesson, quantileEdges } from './contender.ts'

type Ask = (events: Numbers) => Float32Array | Promise<Float32Array>

/**
 * A cell answers as the teacher does on average to the events in it; where there are none, as to its middle.
 * @param bits of each input
 */
export async function lookup(lesson: Lesson, bits: number, ask: Ask): Promise<Contender> {
  const { inputs, events, answers } = lesson
  const bins = 1 << bits
  const edges = Array.from({ length: inputs }, (_, i) => quantileEdges(columnOf(lesson, i), bins - 1))
  const table = new Float32Array(bins ** inputs)
  const counts = new Uint32Array(table.length)
  for (let n = 0; n < answers.length; n++) {
    const cell = cellOf(edges, bits, events.subarray(n * inputs, (n + 1) * inputs))
    table[cell]! += answers[n]!
    counts[cell]!++
  }
  for (const [cell, count] of counts.entries()) if (count > 0) table[cell]! /= count
  await fillEmpty(table, counts, middlesOf(lesson, edges), bits, ask)
  const flat = padded(edges, bins)
  return {
    name: `lookup table, ${bits} ${bits === 1 ? 'bit' : 'bits'} an input`,
    bytes: 4 * table.length + 8 * flat.length,
    score: compiled(flat, bits, inputs, table),
  }
}

/** The definition: how many edges are at most the value, input by input. NaN is in the first bin. */
export function cellOf(edges: readonly Float64Array[], bits: number, event: ArrayLike<number>): number {
  return edges.reduce((cell, own, i) => (cell << bits) | own.filter((edge) => edge <= event[i]!).length, 0)
}

/** Edges in one array of as many for each input; those that are not there, NaN, are below nothing. */
function padded(edges: readonly Float64Array[], bins: number): Float64Array {
  const flat = new Float64Array(edges.length * bins).fill(Number.NaN)
  for (const [i, own] of edges.entries()) flat.set(own, i * bins)
  return flat
}

/**
 * The same by halving, as text that is compiled: every bound is a constant, there is no loop, and no branch that could be
 * guessed wrongly.
 */
function compiled(flat: Float64Array, bits: number, inputs: number, table: Float32Array): Contender['score'] {
  const steps = Array.from({ length: inputs }, (_, i) => {
    const halvings = Array.from({ length: bits }, (_, k) => {
      const step = 1 << (bits - 1 - k)
      return `bin += (edges[${(i << bits) + step - 1} + bin] <= value) << ${bits - 1 - k}`
    })
    return `value = event[${i}]; bin = 0; ${halvings.join('; ')}; cell = (cell << ${bits}) | bin`
  })
  const body = `return (event) => { let cell = 0, bin = 0, value = 0; ${steps.join('; ')}; return table[cell] }`
  return new Function('edges', 'table', body)(flat, table)
}

/** Of each bin of each input: the middle of the events in it. */
function middlesOf(lesson: Lesson, edges: readonly Float64Array[]): Float64Array[] {
  return edges.map((own, i) => {
    const sorted = columnOf(lesson, i).sort()
    const bounds = [sorted[0]!, ...own, sorted.at(-1)!]
    return Float64Array.from({ length: own.length + 1 }, (_, k) => (bounds[k]! + bounds[k + 1]!) / 2)
  })
}

const PIECE = 1 << 14

async function fillEmpty(
  table: Float32Array,
  counts: Uint32Array,
  middles: readonly Float64Array[],
  bits: number,
  ask: Ask,
): Promise<void> {
  const inputs = middles.length
  const empty = [...counts.keys()].filter((cell) => counts[cell] === 0)
  for (let from = 0; from < empty.length; from += PIECE) {
    const cells = empty.slice(from, from + PIECE)
    const events = Float64Array.from({ length: cells.length * inputs }, (_, at) => {
      const i = at % inputs
      const bin = (cells[Math.floor(at / inputs)]! >> (bits * (inputs - 1 - i))) & ((1 << bits) - 1)
      return middles[i]![Math.min(bin, middles[i]!.length - 1)]!
    })
    const answers = await ask(events)
    for (const [k, cell] of cells.entries()) table[cell] = answers[k]!
  }
}
