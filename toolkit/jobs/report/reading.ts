/** Reads the events in chunks, with the answers of drone and teacher. */
import { setImmediate as turn } from 'node:timers/promises'
import { InputError } from '../../errors.ts'
import { concatenated } from '../../models/answers.ts'
import { quoted } from '../../text.ts'
import { ask, PIECE } from '../ask.ts'
import { outsideDomain } from '../comparison.ts'
import { isLabel, labelsOf } from '../labels.ts'
import { project } from '../tables.ts'
import { type Chunk, numbersOf } from './chunk.ts'
import type { Setting } from './setting.ts'

/** The events with the answers of both, so many at once whatever the pieces are that they come in. */
export async function* chunks(setting: Setting): AsyncGenerator<Chunk> {
  const { drone, asked, events, read, by, onProgress, signal } = setting
  const sliced = by ? [by.column] : []
  const optional = new Set([...drone.optional, ...(asked?.optional ?? []), ...sliced])
  const rows = new Float64Array(PIECE * read.length)
  let [first, filled] = [0, 0]
  for await (const piece of events.read(read, { optional })) {
    for (let at = 0; at < piece.rows.length; ) {
      const part = piece.rows.subarray(at, at + rows.length - filled)
      rows.set(part, filled)
      at += part.length
      filled += part.length
      if (filled < rows.length) continue
      signal?.throwIfAborted()
      yield await answered(setting, first, rows)
      first += PIECE
      filled = 0
      // Answers may come at once: whoever waits for a turn gets one all the same.
      await turn()
    }
    onProgress?.({ stage: 'reading', done: events.bytesRead(), total: events.size })
  }
  signal?.throwIfAborted()
  if (filled > 0) yield await answered(setting, first, rows.subarray(0, filled))
}

/** @param rows [n × columns that are read] */
async function answered(setting: Setting, first: number, rows: Float64Array): Promise<Chunk> {
  const { drone, asked, read, own, theirs, target = [], label, by } = setting
  const columns = (names: readonly string[]) => project(rows, read, names)
  const events = columns(own)
  const answers = asked ? await ask(asked, columns(theirs)) : undefined
  const labelled = label === undefined ? undefined : columns([label])
  const several = drone.outputs.length > 1
  return chunkOf(setting, {
    ...{ first, count: rows.length / read.length, events },
    rows: columns(setting.columns),
    drone: drone.predictBatch(events),
    teacher: answers ?? (target.length > 0 ? Float32Array.from(columns(target)) : undefined),
    labels: several ? undefined : labelled,
    classes: several ? labelled : undefined,
    sliced: by && columns([by.column]),
  })
}

/** A chunk, with the events of each kind told apart. */
function chunkOf(setting: Setting, known: Omit<Chunk, 'outside' | 'kinds' | 'scored'>): Chunk {
  const { events, label } = setting
  const { first, count, drone, teacher, labels, classes } = known
  const outputs = drone.length / count
  const all = numbersOf(count, () => true)
  const scored = numbersOf(count, (n) => {
    for (let i = n * outputs; i < (n + 1) * outputs; i++) {
      if (!Number.isFinite(drone[i]! + (teacher?.[i] ?? 0))) return false
    }
    return true
  })
  const outside = outsideDomain(setting.drone, known.events)
  const given = labels ?? classes
  const wrong = given?.findIndex((value) => !isLabel(value, outputs)) ?? -1
  if (wrong >= 0) {
    const value = Number.isNaN(given![wrong]) ? 'missing' : given![wrong]
    throw new InputError(
      `${events.name}: column ${quoted(label!)} of event ${first + wrong} (from 0): ${value}, expected ${labelsOf(setting.drone.outputs)}`,
    )
  }
  if (!labels) return { ...known, outside, scored, kinds: [{ kind: 'all', all, scored }] }
  const kinds = (['background', 'signal'] as const).map((kind, value) => {
    const its = (rows: Uint32Array) => rows.filter((n) => labels[n] === value)
    return { kind, all: its(all), scored: its(scored) }
  })
  return { ...known, outside, scored, kinds: kinds.reverse() }
}

export function joined(setting: Setting, chunks: readonly Chunk[]): Chunk {
  const whole = <Part extends Float32Array | Float64Array>(part: (chunk: Chunk) => Part): Part => {
    const parts = chunks.map(part)
    return concatenated(parts[0]!.constructor as new (length: number) => Part, parts)
  }
  const [{ teacher, labels, classes, sliced }] = chunks as [Chunk]
  return chunkOf(setting, {
    first: 0,
    count: chunks.reduce((sum, { count }) => sum + count, 0),
    rows: whole(({ rows }) => rows),
    events: whole(({ events }) => events),
    drone: whole(({ drone }) => drone),
    teacher: teacher && whole((chunk) => chunk.teacher!),
    labels: labels && whole((chunk) => chunk.labels!),
    classes: classes && whole((chunk) => chunk.classes!),
    sliced: sliced && whole((chunk) => chunk.sliced!),
  })
}
