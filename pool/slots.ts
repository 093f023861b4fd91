/** What a pool and its workers share: how slots lie in memory, and what they tell each other. */

import type { EngineName } from '../bindings/engines/api.ts'

/** What a worker is given when it starts. */
export interface Start {
  /** A drone or a swarm as text. */
  document: string
  engine: EngineName
  memory: SharedArrayBuffer
  /** Events that fit in a slot. */
  events: number
  inputs: number
  outputs: number
}

/** Scores `count` events of a slot. */
export interface Task {
  slot: number
  count: number
}

/** The first answer of a worker says that it is ready, each later one that a slot is done; or why not. */
export interface Answer {
  slot: number
  error?: { name: string; message: string }
}

/** Where a piece of a batch lies: its events [n × inputs], and its scores [n × outputs]. */
export interface Slot {
  events: Float64Array
  scores: Float32Array
}

export function slotBytes(events: number, inputs: number, outputs: number): number {
  return events * inputs * 8 + Math.ceil((events * outputs) / 2) * 8
}

/** The slots of a memory: as many as there are in it, one after the other. */
export function slotsIn({ memory, events, inputs, outputs }: Start): Slot[] {
  const bytes = slotBytes(events, inputs, outputs)
  return Array.from({ length: memory.byteLength / bytes }, (_, i) => ({
    events: new Float64Array(memory, i * bytes, events * inputs),
    scores: new Float32Array(memory, i * bytes + events * inputs * 8, events * outputs),
  }))
}
