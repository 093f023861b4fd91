/** What there is to learn: events, the answers to them, and who can be asked more. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Random, standardised, statistics, type Teacher } from '../../bindings/index.ts'
import { load, openEvents } from '../../toolkit/events/index.ts'
import { askInPieces } from '../../toolkit/jobs/ask.ts'
import { scaledTeacher } from '../../toolkit/jobs/scaling.ts'
import { openModel, readModel } from '../../toolkit/models/index.ts'
import { normal } from '../../toolkit/normal.ts'
import { decaysFile, FEATURES, readDecays } from '../bdecay.ts'

export interface Lesson {
  events: Float64Array
  targets: Float32Array
  inputs: readonly string[]
  outputs?: readonly string[]
}

/** A lesson whose teacher can be asked further. */
export interface Taught extends Lesson {
  teacher: Teacher
}

const here = dirname(fileURLToPath(import.meta.url))
const build = join(here, '../../build')
const data = join(dirname(decaysFile()), '..')
const decays = readDecays()

export const recorded: Lesson = { events: decays.events, targets: decays.targets, inputs: FEATURES }

async function taught(teacher: Teacher, events: Float64Array, inputs: readonly string[]): Promise<Taught> {
  const { outputs } = teacher
  const named = { inputs, outputs, predictBatch: (piece: Float32Array | Float64Array) => teacher.predictBatch(piece) }
  return { events, inputs, outputs, teacher: named, targets: await askInPieces(named, events) }
}

export async function keras(): Promise<Taught> {
  const scale = (await statistics(decays.events, FEATURES.length, decays.labels)).map(standardised)
  return taught(scaledTeacher(await openModel(join(data, 'bdecay/teacher.h5')), scale), decays.events, FEATURES)
}

export async function onDecays(file: string): Promise<Taught> {
  return taught(await openModel(join(data, 'teachers', file)), decays.events, FEATURES)
}

/** Only its answers are known. */
export async function forest(): Promise<Lesson> {
  const answers = join(build, 'forest.json')
  python('forest.py', decaysFile(), answers)
  return { ...recorded, targets: Float32Array.from(JSON.parse(readFileSync(answers, 'utf8'))) }
}

/** Boosted trees, trained on the first half of the events, asked about all. */
export async function higgs(): Promise<Taught> {
  const [events, model] = [join(data, 'higgs/events.csv'), join(build, 'higgs.json')]
  python('higgs.py', events, model)
  const trees = await openModel(model)
  const loaded = await load(await openEvents([events]), trees.inputs, [])
  return taught(trees, loaded.events as Float64Array, trees.inputs)
}

export function decayLabels(): Lesson {
  return { ...recorded, targets: Float32Array.from(decays.labels) }
}

export async function higgsLabels(): Promise<Lesson> {
  const source = await openEvents([join(data, 'higgs/events.csv')])
  const inputs = source.columns!.filter((name) => name !== 'label')
  const { events, columns } = await load(source, inputs, ['label'])
  return { events: events as Float64Array, inputs, targets: Float32Array.from(columns.get('label')!) }
}

/** Maxout and highway layers, on Gaussian events. */
export async function lwtnn(): Promise<Taught> {
  const golden = join(here, '../../test/toolkit/models/fixtures/lwtnn/golden.json')
  const [{ network }] = JSON.parse(readFileSync(golden, 'utf8'))
  const model = await readModel({ path: 'lwtnn.json', bytes: Buffer.from(JSON.stringify(network)) })
  const random = new Random(1)
  const events = new Float64Array(20_000 * model.inputs.length).map(() => normal(random))
  return taught(model, events, model.inputs)
}

function python(script: string, ...files: string[]): void {
  mkdirSync(build, { recursive: true })
  const run = spawnSync('/usr/bin/python3', [join(here, '..', script), ...files], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`${script}: ${run.stderr}`)
}

/** Events like the decays: each is one of them, all its values moved by the same small factor. */
export function many(count: number): Lesson {
  const random = new Random(1)
  const events = new Float64Array(count * FEATURES.length)
  const targets = new Float32Array(count)
  for (let n = 0; n < count; n++) {
    const from = random.below(decays.count)
    const factor = 1 + 0.02 * (random.uniform() - 0.5)
    for (let i = 0; i < FEATURES.length; i++) {
      events[n * FEATURES.length + i] = decays.events[from * FEATURES.length + i]! * factor
    }
    targets[n] = decays.targets[from]!
  }
  return { events, targets, inputs: FEATURES }
}

/** Numbers of all events but so many, chosen by the seed: what is held out. */
export function allBut(count: number, of: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: of }, (_, n) => n)
  new Random(seed).shuffle(order)
  return order.subarray(count)
}
