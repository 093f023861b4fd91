/**
 * What the presets make of the paper's own 20,000 events: `npm run bench:presets`. Every drone is measured on the
 * events that it was trained with, as the paper does.
 */

import { auc, type DistillOptions, distill } from '../bindings/index.ts'
import { FEATURES, readDecays } from './bdecay.ts'
import { median } from './median.ts'

const { events, labels, targets } = readDecays()

interface Row {
  hidden: number
  parameters: number
  growths: number
  mse: number
  auc: number
  seconds: number
}

async function row(options: Partial<DistillOptions>): Promise<Row> {
  const began = performance.now()
  const { drone, history, fidelity } = await distill({ events, targets, inputs: FEATURES, ...options })
  const seconds = (performance.now() - began) / 1000
  const result = {
    hidden: drone.hidden[0]!,
    parameters: drone.parameters,
    growths: history.filter((epoch) => epoch.grew).length,
    mse: fidelity.mse,
    auc: auc(drone.predictBatch(events), labels),
    seconds,
  }
  drone.dispose()
  return result
}

async function table(title: string, options: Partial<DistillOptions>, seeds: number): Promise<void> {
  console.log(
    `\n${title}\n\n| seed | hidden | parameters | growths | MSE | AUC | seconds |\n|--:|--:|--:|--:|--:|--:|--:|`,
  )
  const rows: Row[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const r = await row({ ...options, seed })
    rows.push(r)
    const figures = [
      seed,
      r.hidden,
      r.parameters,
      r.growths,
      r.mse.toExponential(2),
      r.auc.toFixed(5),
      r.seconds.toFixed(1),
    ]
    console.log(`| ${figures.join(' | ')} |`)
  }
  const mse = rows.map((r) => r.mse)
  console.log(
    `\nwith 15 hidden units: ${rows.filter((r) => r.hidden === 15).length} of ${seeds}; ` +
      `MSE: median ${median(mse).toExponential(2)}, largest ${Math.max(...mse).toExponential(2)}; ` +
      `lowest AUC ${Math.min(...rows.map((r) => r.auc)).toFixed(5)}`,
  )
}

console.log(`AUC of the teacher: ${auc(targets, labels).toFixed(5)}`)
for (const preset of ['reference', 'paper'] as const) {
  await table(`${preset}, batch 10, 300 epochs`, { preset, epochs: 300, batchSize: 10 }, 11)
  await table(`${preset}, batch 1, 300 epochs`, { preset, epochs: 300, batchSize: 1 }, 3)
}
await table('best', { preset: 'best' }, 11)
