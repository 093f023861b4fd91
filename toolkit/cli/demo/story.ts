/** A demo on events of its own: a teacher is trained, a drone learns from it, and the two are compared on other events. */
import { join } from 'node:path'
import { formatJSON, standardised, statistics } from 'nndrone'
import { openEvents } from '../../events/index.ts'
import { type CompareOptions, compare } from '../../jobs/compare.ts'
import type { Comparison } from '../../jobs/comparison.ts'
import type { JobOptions } from '../../jobs/job.ts'
import { type LearnResult, learn } from '../../jobs/learn/index.ts'
import type { LearnOptions } from '../../jobs/learn/options.ts'
import { type Model, openDrone, openModel } from '../../models/index.ts'
import { type Scale, scaled } from '../../scaling/scale.ts'
import type { Sample } from '../../simulation/sample.ts'
import type { DenseTeacher } from '../../teachers/dense.ts'
import type { Loss } from '../../teachers/losses.ts'
import { type Training, train } from '../../teachers/train.ts'
import { writeFile } from '../output.ts'
import { asCSV, TEST, TRAIN } from './samples.ts'

/** To learn from, and as many to measure on. */
export const EVENTS = 20_000

export interface Story {
  /** In one sentence: what is asked. */
  question: string
  /** The columns of the events. */
  features: readonly string[]
  /** The column of the labels. */
  label: string
  /** Events to learn from, and others to measure on. */
  samples(seed: number): { train: Sample; test: Sample }
  /** What the teacher is before its training, and how it is trained. */
  untrained(seed: number): DenseTeacher
  training: Pick<Training, 'epochs' | 'batch' | 'learningRate'> & { loss: Loss }
  /** [n × outputs]: what it should answer to standardised events. */
  targets(train: Sample, events: Float64Array): ArrayLike<number>
  /** Its file, and what is in it. */
  file: string
  written(teacher: DenseTeacher, features: readonly string[], scales: readonly Scale[]): Promise<Uint8Array | string>
  /** As `learn` and `compare` take it: the teacher as it is asked, and options. */
  asked?(teacher: Model): Model
  learn: Pick<LearnOptions, 'label' | 'scaleFrom' | 'questions'>
  compare: Omit<CompareOptions, 'drone' | 'teacher' | 'events' | 'label' | keyof JobOptions>
  /** What to type, in the folder, to do it oneself. */
  commands: readonly string[]
}

export const DRONE = 'drone.json'

/** What a demo writes, in this order. */
export function filesOf({ file }: Story): string[] {
  return [TRAIN, TEST, file, DRONE, 'report.html']
}

export interface Told {
  learnt: LearnResult
  comparison: Comparison
}

export interface TellOptions extends JobOptions {
  seed: number
  /** After each epoch of the teacher's training. */
  onEpoch?: Training['onEpoch']
}

/** Tells it in a folder, which keeps the files. */
export async function tell(story: Story, folder: string, options: TellOptions): Promise<Told> {
  const { seed, onEpoch, signal } = options
  const { train: learning, test: measuring } = story.samples(seed)
  await writeFile(join(folder, TRAIN), asCSV(learning, story.label))
  await writeFile(join(folder, TEST), asCSV(measuring, story.label))

  const scales = (await statistics(learning.events, story.features.length)).map(standardised)
  // What is missing is the mean to the teacher, as its defaults have it.
  const events = scaled(learning.events, scales).map((value) => (Number.isNaN(value) ? 0 : value))
  const chain = story.untrained(seed)
  const targets = story.targets(learning, events)
  await train(chain.input, chain.layers, { ...story.training, events, targets, seed, onEpoch, signal })
  await writeFile(join(folder, story.file), await story.written(chain, story.features, scales))

  const teacher = await openStory(story, folder)
  const source = (name: string) => openEvents(join(folder, name))
  const heard = { signal, onProgress: options.onProgress }
  const learnt = await learn({ ...story.learn, ...heard, teacher, events: await source(TRAIN), seed })
  await writeFile(join(folder, DRONE), `${formatJSON(learnt.drone.toJSON())}\n`)
  const drone = await openDrone(join(folder, DRONE))
  const against = { drone, teacher, events: await source(TEST), label: story.label }
  return { learnt, comparison: await compare({ ...story.compare, ...heard, ...against }) }
}

/** The teacher that a demo wrote, as it is asked. */
export async function openStory(story: Story, folder: string): Promise<Model> {
  const teacher = await openModel(join(folder, story.file))
  return story.asked?.(teacher) ?? teacher
}
