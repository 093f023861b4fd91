/**
 * A drone from a teacher of every kind: `npm run bench:teachers`. Half of the events are learnt from, the figures are
 * those of the other half. The teachers are those of NNDRONE_DATA and of the tests, a program and a service of this
 * script; boosted trees for the HIGGS events are trained by bench/higgs.py, where python3 has xgboost.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { auc, distill, Random, standardised, statistics, type Teacher } from '../bindings/index.ts'
import { load, openEvents } from '../toolkit/events/index.ts'
import { askInPieces } from '../toolkit/jobs/ask.ts'
import { scaledTeacher } from '../toolkit/jobs/scaling.ts'
import { type Model, openModel, openProgram, openService, readModel } from '../toolkit/models/index.ts'
import { timeBlocks } from '../toolkit/models/timing.ts'
import { normal } from '../toolkit/normal.ts'
import { probesLike } from '../toolkit/probe/index.ts'
import { scaled } from '../toolkit/scaling/scale.ts'
import { decaysFile, FEATURES, readDecays } from './bdecay.ts'
import { markdown, publish } from './results.ts'

const here = dirname(fileURLToPath(import.meta.url))
const data = join(dirname(decaysFile()), '..')
const fixtures = join(here, '../test/toolkit/models/fixtures')

/** Each time is measured for so many ms. */
const DURATION = 300

/** Events [n × inputs], with labels where there are any. */
interface Events {
  events: Float64Array
  labels?: ArrayLike<number>
  /** Half of them unless given by their numbers. */
  holdout?: Uint32Array
}

const rows: string[][] = []

async function row(
  name: string,
  events: string,
  teacher: Teacher,
  parameters: string,
  { events: all, labels, holdout = undefined }: Events,
) {
  const inputs = teacher.inputs.length
  const count = all.length / inputs
  const answers = await askInPieces(teacher, all)
  const { inputs: names, outputs } = teacher
  const { drone, heldOut, fidelity } = await distill({
    ...{ events: all, targets: answers, inputs: names, outputs, holdout: holdout ?? 0.5 },
  })
  const some = all.subarray(0, Math.min(count, 4096) * inputs)
  const slow = await timeBlocks(() => teacher.predictBatch(some), DURATION)
  const fast = await timeBlocks(() => drone.predictBatch(some), DURATION)
  const areas = labels && aucs(heldOut, labels, answers, drone.predictBatch(all))
  rows.push([
    name,
    events,
    parameters,
    `${[inputs, ...drone.hidden, outputs.length].join('→')}, ${drone.parameters}`,
    `${Number((slow.median / fast.median).toPrecision(2)).toLocaleString('en')}`,
    drone.network.layers.at(-1)!.activation === 'linear'
      ? `${relative(fidelity.mse, answers).toExponential(1)} σ²`
      : fidelity.mse.toExponential(1),
    areas ? areas.map((area) => area.toFixed(4)).join(' / ') : '',
  ])
  console.log(rows.at(-1)!.join(' | '))
  drone.dispose()
}

/** In units of the answers' variance. */
function relative(mse: number, answers: Float32Array): number {
  const mean = answers.reduce((sum, answer) => sum + answer, 0) / answers.length
  return mse / (answers.reduce((sum, answer) => sum + (answer - mean) ** 2, 0) / answers.length)
}

function aucs(heldOut: Uint32Array, labels: ArrayLike<number>, ...scores: Float32Array[]): number[] {
  const kinds = Array.from(heldOut, (n) => labels[n]!)
  return scores.map((all) =>
    auc(
      Float32Array.from(heldOut, (n) => all[n]!),
      kinds,
    ),
  )
}

function trees(model: Model): string {
  const { trees, nodes, parameters } = model.describe()
  if (trees !== undefined) return `${trees} trees, ${nodes} nodes`
  return parameters?.toLocaleString('en') ?? ''
}

const decays = readDecays()
const scale = (await statistics(decays.events, FEATURES.length, decays.labels)).map(standardised)
const keras = await openModel(join(data, 'bdecay/teacher.h5'))
const h5 = scaledTeacher(keras, scale)
await row('Keras', 'B decays', h5, trees(keras), decays)
for (const [name, file] of [
  ['XGBoost', 'xgboost-bdecay.json'],
  ['PyTorch (ONNX)', 'torch-bdecay.onnx'],
  ['PyTorch (ONNX), three classes', 'torch-threeclass.onnx'],
] as const) {
  const model = await openModel(join(data, 'teachers', file))
  await row(name, 'B decays', model, trees(model), model.outputs.length > 1 ? { events: decays.events } : decays)
}

const random = new Random(1)
const noise = (inputs: number) => ({ events: new Float64Array(20_000 * inputs).map(() => normal(random)) })
for (const [name, file] of [
  ['LightGBM', 'lightgbm/binary.txt'],
  ['TMVA (gradient boosting)', 'tmva/gradient.weights.xml'],
  ['TMVA (perceptron)', 'tmva/mlp.weights.xml'],
] as const) {
  const model = await openModel(join(fixtures, file))
  await row(name, 'Gaussian', model, trees(model), noise(model.inputs.length))
}

const [{ network }] = JSON.parse(readFileSync(join(fixtures, 'lwtnn/golden.json'), 'utf8'))
const lwtnn = await readModel({ path: 'lwtnn.json', bytes: Buffer.from(JSON.stringify(network)) })
await row('lwtnn (maxout, highway)', 'Gaussian', lwtnn, trees(lwtnn), noise(lwtnn.inputs.length))

// The same answers through a pipe, and through HTTP.
const program = `${process.execPath} --import tsx ${join(here, 'program.ts')} ${keras.file.path}`
const piped = openProgram(program, { inputs: FEATURES, outputs: ['score'], format: 'f32', timeout: 60 })
const few = {
  events: scaled(decays.events, scale),
  labels: decays.labels,
}
await row('a program', 'B decays', piped, trees(keras), few)
await piped.close?.()

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const metadata = {
    name: 'teacher',
    inputs: [{ name: 'events', datatype: 'FP32', shape: [-1, 6] }],
    outputs: [{ name: 'score', datatype: 'FP32', shape: [-1, 1] }],
  }
  const answer = () => {
    const { data, shape } = JSON.parse(body).inputs[0]
    const scores = keras.predictBatch(Float64Array.from((data as number[]).flat())) as Float32Array
    return {
      model_name: 'teacher',
      outputs: [{ name: 'score', datatype: 'FP32', shape: [shape[0], 1], data: [...scores] }],
    }
  }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(request.method === 'POST' ? answer() : metadata))
}).listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/models/teacher`
await row('a service', 'B decays', await openService(url, { inputs: FEATURES, timeout: 60 }), trees(keras), few)
server.close()
server.closeAllConnections()

const higgs = join(data, 'higgs/events.csv')
const trained = join(here, '../build/higgs.json')
const python = ['python3', '/usr/bin/python3'].find((python) => {
  return spawnSync(python, [join(here, 'higgs.py'), higgs, trained]).status === 0
})
if (python) {
  const model = await openModel(trained)
  const source = await openEvents([higgs])
  const loaded = await load(source, model.inputs, ['label'])
  const width = model.inputs.length
  // The trees know the first half too well; the drone learns from it and from probes, and all is measured on the second.
  const middle = loaded.count >> 1
  const first = (loaded.events as Float64Array).subarray(0, middle * width)
  const { events: probes } = await probesLike(first, model.inputs, { method: 'resample', count: 20_000, seed: 1 })
  const events = Float64Array.from([...loaded.events, ...probes])
  const holdout = Uint32Array.from({ length: loaded.count - middle }, (_, n) => middle + n)
  const labels = loaded.columns.get('label')!
  await row('XGBoost', 'HIGGS and probes', model, trees(model), { events, labels, holdout })
} else console.log('skipped: HIGGS (python3 has no xgboost; apt-get install python3-xgboost)')

publish(
  'npm run bench:teachers',
  `## A drone from every kind of teacher

Preset \`best\`, 20,000 events, of which half are learnt from; MSE and AUC are of the other half. Of the 7,000 HIGGS events the
first half trained the trees, and with 20,000 probes like it the drone. How much
faster: the time of an event in a batch of 4,096, of the teacher as the toolkit asks it, by that of the drone. The MSE of
linear outputs is in units of the answers' variance σ².

${markdown(['teacher', 'events', 'parameters', 'drone', 'times faster', 'MSE', 'AUC teacher / drone'], rows)}`,
)
