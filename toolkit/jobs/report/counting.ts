/** All that is counted while the events pass, and what a report makes of it. */
import { arch, cpus, platform } from 'node:os'
import { basename } from 'node:path'
import { atEfficiency } from 'nndrone'
import { Counts as DriftCounts, referenceOf } from '../../drift/index.ts'
import { InputError } from '../../errors.ts'
import type { DroneModel } from '../../models/index.ts'
import { measureLatency } from '../latency.ts'
import { slicesOf } from '../slices.ts'
import { cardOf } from './card.ts'
import type { Chunk } from './chunk.ts'
import { classCountsOf } from './classes.ts'
import { type Cut, Cuts, Differences, Inputs, Reliabilities, Scores } from './counts.ts'
import { importanceOf } from './importance.ts'
import { Keeper } from './kept.ts'
import type { Report } from './numbers.ts'
import { Outside } from './outside.ts'
import { rocOf } from './roc.ts'
import { Sample } from './sample.ts'
import type { Setting } from './setting.ts'
import { WorstEvents } from './worst.ts'

/** Of the sample for the importance of inputs, and questions that are asked for it. */
const SAMPLE = { events: 20_000, questions: 1_000_000 }

/** Signal that passes the cuts of a drone that keeps none of its own. */
const EFFICIENCIES = [0.5, 0.9]

/** Milliseconds of each measurement of a time. */
const DURATION = 300

/** All that is counted while the events pass. */
export class Counting {
  readonly #setting: Setting
  readonly #inputs: Inputs
  readonly #scores: Scores
  readonly #differences: Differences | undefined
  readonly #worst = new WorstEvents()
  readonly #kept: Keeper | undefined
  readonly #reliabilities: Reliabilities | undefined
  readonly #cuts: Cuts | undefined
  readonly #outside: Outside | undefined
  readonly #drift: DriftCounts
  readonly #sample: Sample
  #events = 0
  #unscored = 0
  #kinds = { signal: 0, background: 0, all: 0 }

  constructor(setting: Setting, first: Chunk) {
    const { columns, drone, by, seed = 1 } = setting
    this.#setting = setting
    this.#inputs = new Inputs(first)
    this.#scores = new Scores(first)
    this.#differences = first.teacher && new Differences(first)
    if (first.labels || first.classes || by) this.#kept = new Keeper(drone.outputs.length)
    this.#reliabilities = first.labels && arePossible(first) ? new Reliabilities(first) : undefined
    this.#cuts = first.labels && new Cuts(cutsFor(drone, first), first)
    this.#outside = first.outside && new Outside(drone.record.domain)
    this.#drift = new DriftCounts(referenceOf(drone.drone.network))
    const most = Math.min(SAMPLE.events, Math.ceil(SAMPLE.questions / columns.length))
    this.#sample = new Sample(columns.length, most, seed)
    this.add(first)
  }

  add(chunk: Chunk): void {
    this.#events += chunk.count
    this.#unscored += chunk.count - chunk.scored.length
    for (const { kind, all } of chunk.kinds) this.#kinds[kind] += all.length
    this.#inputs.add(chunk)
    this.#scores.add(chunk)
    this.#differences?.add(chunk)
    if (chunk.teacher) this.#worst.add(chunk)
    this.#kept?.add(chunk)
    this.#reliabilities?.add(chunk)
    this.#cuts?.add(chunk)
    this.#outside?.add(chunk)
    this.#drift.add(chunk.events, chunk.drone)
    this.#sample.add(chunk.rows)
  }

  async result(): Promise<Report> {
    const { drone, teacher, target, label, events, own, by } = this.#setting
    if (this.#unscored === this.#events) {
      throw new InputError(`${events.name}: every event lacks a value that has no default`)
    }
    const { signal, background } = this.#kinds
    const kept = this.#kept?.result()
    return {
      drone: cardOf(drone),
      teacher: teacher
        ? { name: teacher.file.name ?? basename(teacher.file.path), description: teacher.describe() }
        : target && { name: `column ${target.join(', ')}` },
      events: { name: basename(events.name), count: this.#events, unscored: this.#unscored },
      labels: label === undefined || kept?.classes ? undefined : { column: label, signal, background },
      inputs: this.#inputs.result(own),
      scores: this.#scores.result(drone.outputs),
      fidelity: this.#differences && { ...this.#differences.result(drone.outputs), worst: this.#worst.result() },
      roc: kept?.labels && rocOf(kept, kept.labels),
      classes: kept?.classes && classCountsOf(kept, kept.classes, drone.outputs),
      reliability: this.#reliabilities?.result(),
      cuts: this.#cuts?.result() ?? [],
      by: by && slicesOf({ ...kept!, teacher: kept!.teacher! }, kept!.sliced!, drone.outputs.length, by),
      outside: this.#outside?.result(own),
      drift: this.#drift.measure(),
      importance: await importanceOf(this.#setting, this.#sample.rows),
      times: this.#setting.times === false ? undefined : await timesOf(this.#setting),
    }
  }
}

/** Whether scores can be probabilities. */
function arePossible({ drone, teacher }: Chunk): boolean {
  const possible = (scores: Float32Array | undefined) => !scores?.some((score) => score < 0 || score > 1)
  return possible(drone) && possible(teacher)
}

/** The drone's own, or those that pass some of the signal among the first events. */
function cutsFor(model: DroneModel, { drone, labels, scored }: Chunk): Cut[] {
  const own = Object.entries(model.drone.cuts).map(([name, { threshold }]) => ({ name, threshold }))
  if (own.length > 0) return own
  const pick = (values: Float32Array | Float64Array) => Float64Array.from(scored, (n) => values[n]!)
  const [scores, kinds] = [pick(drone), pick(labels!)]
  if (!kinds.includes(1) || !kinds.includes(0)) return []
  return EFFICIENCIES.map((efficiency) => {
    const { threshold } = atEfficiency(scores, kinds, efficiency)
    return { name: `${100 * efficiency} % of the signal`, threshold }
  })
}

async function timesOf({ drone, teacher, scaleFrom, onProgress, signal }: Setting): Promise<Report['times']> {
  const { clock, models } = await measureLatency({ drone, teacher, scaleFrom, duration: DURATION, onProgress, signal })
  const machine = `${cpus()[0]?.model.trim() ?? 'a processor without a name'}, ${platform()} ${arch()}`
  return { clock, machine, drone: models[0]!, teacher: models[1] }
}
