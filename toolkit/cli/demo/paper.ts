/** The paper's story, from the events to the drone: on decays, and on jets. */
import { join } from 'node:path'
import { auc, type Distilled, distill, fidelity, formatJSON, type PresetName, standardised, statistics } from 'nndrone'
import { openEvents } from '../../events/index.ts'
import { scaledTeacher } from '../../jobs/scaling.ts'
import { DroneModel, type Model } from '../../models/index.ts'
import { readKeras } from '../../models/read/keras/index.ts'
import { timeBlocks } from '../../models/timing.ts'
import { encodeKeras } from '../../models/write/keras/chain.ts'
import { teacherRecord } from '../../scaling/kept.ts'
import { type Scale, scaled } from '../../scaling/scale.ts'
import { decays } from '../../simulation/decays/index.ts'
import { jets } from '../../simulation/jets/index.ts'
import type { Sample } from '../../simulation/sample.ts'
import { paperTeacher } from '../../teachers/paper.ts'
import { train } from '../../teachers/train.ts'
import { counted, grouped } from '../../text.ts'
import { writeFile } from '../output.ts'
import { writeReport } from '../report-files.ts'
import { duration } from '../view/histogram.ts'
import { say } from '../view/messages.ts'
import { alike, digits } from '../view/numbers.ts'
import { progressBar, watch, watchEpochs } from '../view/progress.ts'
import { standardOutput } from '../view/stdout.ts'
import { painter, shellWord, table } from '../view/terminal.ts'
import { changesOf, growthsOf, historyCurve, pruningsOf } from '../view/training.ts'
import type { DemoOptions } from './options.ts'
import { asCSV, checkOwn, TEST, TRAIN } from './samples.ts'

export const EVENTS = 20_000

/** One of the paper's two examples. */
export interface Example {
  /** What an event is. */
  noun: string
  make(count: number, seed: number): Sample
  /** Half to learn from, half to measure on. */
  events: number
  /** Of the teacher's training, so many that it gains no more. */
  epochs: number
}

export const DECAYS: Example = { noun: 'decay', make: decays, events: EVENTS, epochs: 40 }
export const JETS: Example = { noun: 'jet', make: jets, events: EVENTS, epochs: 30 }

/** As Keras would train by default. */
const TEACHER = { batch: 32, learningRate: 1e-3 }

/** Each time is measured for so many ms. */
const TIMING = 300

/** Tells the story of the paper. */
export async function tellPaper(example: Example, options: DemoOptions): Promise<void> {
  const { figures, teacher, best } = await paperFigures(example, options)
  standardOutput().write(options.json ? `${JSON.stringify(figures, null, 2)}\n` : asText(figures))
  await reportOf(best, teacher, options)
  if (options.json) return
  say(serving(options.out))
  say(next(options.out))
}

/** Writes events, teacher and drones, and measures all three. */
export async function paperFigures(example: Example, options: DemoOptions) {
  const [learning, measuring] = halves(example.make(example.events, options.seed))
  if (!options.force) await checkOwn(options.out, FILES, { ...learning, label: 'label' })
  await writeFile(join(options.out, TRAIN), asCSV(learning, 'label'))
  await writeFile(join(options.out, TEST), asCSV(measuring, 'label'))
  if (!options.json) say(`${counted(example.events, example.noun)}, half to learn from, half to measure on`)

  const scale = await scaleOfSignal(learning)
  const teacher = await trainedTeacher(learning, scale, example.epochs, options)
  const paper = await distilled('paper', 'drone.json', teacher, learning, scale, options)
  const best = await distilled('best', 'best.json', teacher, learning, scale, options)

  const scored = scaledTeacher(teacher, scale)
  const answers = await scored.predictBatch(measuring.events)
  const figures: Figures = {
    teacher: {
      parameters: teacher.network.parameters,
      ...(await times(teacher, measuring.events)),
      auc: auc(answers, measuring.labels),
    },
    paper: { ...growth(paper), ...(await measured(paper.model, measuring, answers)) },
    best: { ...growth(best), ...(await measured(best.model, measuring, answers)) },
  }
  return { figures, teacher, best: best.model }
}

/** A page that shows the best drone on the events that it was measured on. */
async function reportOf(drone: DroneModel, teacher: Model, { out, json }: DemoOptions): Promise<void> {
  const [page, events] = [join(out, 'report.html'), await openEvents(join(out, TEST))]
  const view = watch(json)
  const asked = { drone, teacher, events, label: 'label', onProgress: view.see }
  await writeReport(asked, { page, inputs: {} }).finally(view.stop)
  if (!json) say(`report: ${page} shows all of it; open it in a browser`)
}

/** What the demo writes, in this order. */
const FILES = [TRAIN, TEST, 'teacher.h5', 'drone.json', 'best.json', 'report.html']

/** The first half of the events, and the second; they are in no order. */
function halves({ events, labels, features }: Sample): [Sample, Sample] {
  const middle = labels.length / 2
  const part = (from: number, to: number): Sample => ({
    features,
    events: events.subarray(from * features.length, to * features.length),
    labels: labels.subarray(from, to),
  })
  return [part(0, middle), part(middle, labels.length)]
}

/** As the authors did: by the signal alone. */
async function scaleOfSignal({ events, labels, features }: Sample): Promise<Scale[]> {
  return (await statistics(events, features.length, labels)).map(standardised)
}

/** Trains the teacher, writes it, and reads it back as any other. */
async function trainedTeacher(
  { events, labels, features }: Sample,
  scale: readonly Scale[],
  epochs: number,
  options: DemoOptions,
) {
  const { out, seed, json } = options
  const paper = paperTeacher(features.length, seed)
  const bar = progressBar('training the teacher', epochs, json)
  const began = performance.now()
  try {
    await train(paper.input, paper.layers, {
      ...{ events: scaled(events, scale), targets: labels, seed, epochs, ...TEACHER },
      onEpoch(epoch, loss) {
        bar.update(epoch, `epoch ${epoch} loss ${digits(loss)}`)
        if (!json && !process.stderr.isTTY && epoch % 10 === 0) say(`teacher: epoch ${epoch}, loss ${digits(loss)}`)
      },
    })
  } finally {
    bar.stop()
  }
  const seconds = (performance.now() - began) / 1000
  const path = join(out, 'teacher.h5')
  const bytes = Buffer.from(await encodeKeras(paper))
  await writeFile(path, bytes)
  if (!json) say(`teacher: ${epochs} epochs in ${seconds.toFixed(1)} s`)
  return readKeras({ path, bytes })
}

interface Drone extends Distilled {
  model: DroneModel
}

async function distilled(
  preset: PresetName,
  name: string,
  teacher: Model,
  { events, features }: Sample,
  scale: readonly Scale[],
  { out, seed, json }: DemoOptions,
): Promise<Drone> {
  const began = performance.now()
  const watched = watchEpochs(`training a drone (${preset})`, json)
  const inputs = features.map((name, i) => ({ name, ...scale[i] }))
  const result = await distill({
    ...{ events, inputs, preset, seed, onEpoch: watched.see },
    teacher: { ...scaledTeacher(teacher, scale), inputs: features },
    record: { teacher: teacherRecord(teacher, features, scale) },
  }).finally(watched.stop)
  const seconds = (performance.now() - began) / 1000
  const path = join(out, name)
  const text = `${formatJSON(result.drone.toJSON())}\n`
  await writeFile(path, text)
  const { parameters } = result.drone
  if (!json) {
    const shape = `${changesOf(result.history)}, ${counted(parameters, 'parameter')}`
    say(`drone (${preset}): ${shape}, ${seconds.toFixed(1)} s`)
    process.stderr.write(historyCurve(result.history))
  }
  return { ...result, model: new DroneModel({ path, bytes: Buffer.from(text) }) }
}

function growth({ drone, history }: Distilled) {
  return {
    parameters: drone.parameters,
    hidden: drone.hidden,
    growths: growthsOf(history),
    prunings: pruningsOf(history),
  }
}

/** Nanoseconds of one event by itself, and of one in a batch. */
async function times(model: Model, events: Float64Array) {
  const inputs = model.inputs.length
  const rows = Array.from({ length: 1024 }, (_, n) => [...events.subarray(n * inputs, (n + 1) * inputs)])
  const one = await timeBlocks((n) => model.predict!(rows[n]!), TIMING)
  const batch = await timeBlocks(() => model.predictBatch(events), TIMING)
  return { one: one.median, batch: (batch.median * inputs) / events.length }
}

async function measured(model: DroneModel, { events, labels }: Sample, answers: Float32Array) {
  const scores = model.predictBatch(events)
  const { mse, maxError } = fidelity(scores, answers, 1)
  return { ...(await times(model, events)), auc: auc(scores, labels), mse, maxError }
}

type Figures = Record<'teacher' | 'paper' | 'best', { parameters: number; one: number; batch: number; auc: number }> &
  Record<
    'paper' | 'best',
    { hidden: readonly number[]; growths: number[]; prunings: number[]; mse: number; maxError: number }
  >

function asText({ teacher, paper, best }: Figures): string {
  const paint = painter(standardOutput())
  const all = [teacher, paper, best]
  const drones = [paper, best]
  const [head, ...rows] = table([
    ['', 'teacher', 'drone (paper)', 'drone (best)'],
    ['parameters (Table 1)', ...all.map((each) => grouped(each.parameters))],
    ['hidden units', '', ...drones.map((drone) => drone.hidden.join(','))],
    ['growths', '', ...drones.map((drone) => String(drone.growths.length))],
    ['prunings', '', ...drones.map((drone) => String(drone.prunings.length))],
    ['one event (Table 2)', ...all.map((each) => duration(each.one))],
    ['  times faster', '', ...drones.map((drone) => (teacher.one / drone.one).toFixed(0))],
    ['one of a batch', ...all.map((each) => duration(each.batch))],
    ['AUC', ...all.map((each) => each.auc.toFixed(5))],
    ['largest error', '', ...alike(drones.map((drone) => drone.maxError))],
    ['MSE', '', ...alike(drones.map((drone) => drone.mse))],
  ]).split('\n')
  return `\n${paint('bold', head!)}\n${rows.join('\n')}\n`
}

/** What to type next. */
export function next(out: string): string {
  return `Or type, for example:
  cd ${shellWord(out)}
  npx nndrone inspect drone.json
  npx nndrone predict best.json --events test.csv
  npx nndrone bench best.json teacher.h5
  npx nndrone distill teacher.h5 --events train.csv \\
    --scale-from label=1 --label label --out mine.json`
}

/** How to see it all in a browser. */
export function serving(out: string): string {
  return `See the drones and try them at http://localhost:8080; with NNDRONE_TOKEN=secret before npx you can grow others there:
  npx nndrone serve ${shellWord(out)}`
}
