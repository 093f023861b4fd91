/**
 * ONNX models in a process of their own against the same in this one: `npm run bench:onnx`. Both are asked in turn, as
 * jobs ask: 4,096 events at once. Of a large model the graph takes the time, of a tiny one what is sent.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFile, root } from '../test/support.ts'
import { askInPieces } from '../toolkit/jobs/ask.ts'
import { openModel } from '../toolkit/models/index.ts'
import { openOnnx } from '../toolkit/models/read/onnx/model.ts'
import { median } from './median.ts'
import { markdown, publish } from './results.ts'

const ROUNDS = 5

/** Models, from tiny to that of the paper's size. */
const MODELS = {
  'a linear classifier of 3 inputs': join(root, 'test/toolkit/models/fixtures/onnx/three.onnx'),
  'PyTorch, 6 inputs': dataFile('teachers/torch-bdecay.onnx'),
}

const rows: (string | number)[][] = []
for (const [name, path] of Object.entries(MODELS).filter(([, path]) => existsSync(path))) {
  const here = await openOnnx({ path, bytes: readFileSync(path) }, {})
  const elsewhere = await openModel(path)
  for (const count of [20_000, 1_000_000]) {
    const events = new Float64Array(count * here.inputs.length).map((_, i) => Math.sin(i))
    const times: [number, number][] = []
    for (let round = 0; round < ROUNDS; round++) {
      const pair = []
      for (const model of [here, elsewhere]) {
        const began = performance.now()
        await askInPieces(model, events)
        pair.push(((performance.now() - began) * 1e6) / count)
      }
      times.push(pair as [number, number])
    }
    const ratios = times.map(([a, b]) => b / a)
    const middle = (values: number[]) => median(values).toFixed(0)
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
    const [first, second] = [0, 1].map((i) => middle(times.map((pair) => pair[i]!)))
    rows.push([name, count.toLocaleString('en'), first!, second!, median(ratios).toFixed(2), spread])
  }
  await elsewhere.close!()
}
publish(
  'npm run bench:onnx',
  `## ONNX models in a process of their own

Nanoseconds an event, the median of ${ROUNDS} rounds in which both take turns, and their ratio within a round.

${markdown(['model', 'events', 'in this process', 'in its own', 'ratio', 'rounds'], rows)}`,
)
