/** What `distill` tells of a training. */
import type { Distilled, Questions } from 'nndrone'
import { escaped } from '../../errors.ts'
import type { LearnResult } from '../../jobs/learn/index.ts'
import type { Pair } from '../../jobs/pair.ts'
import { counted, grouped, listed } from '../../text.ts'
import { lossCurve } from './loss-curve.ts'
import { alike, digits } from './numbers.ts'
import { rateText } from './rate.ts'
import { painter, width } from './terminal.ts'

/** How it was trained. */
export interface TrainingChoice {
  preset: string
  seed: number
  out: string
}

/** The epochs after which the drone grew. */
export function growthsOf(history: Distilled['history']): number[] {
  return history.filter((epoch) => epoch.grew).map((epoch) => epoch.epoch)
}

/** The epochs that took a hidden unit away. */
export function pruningsOf(history: Distilled['history']): number[] {
  return history.filter((epoch) => epoch.step === 'pruning').map((epoch) => epoch.epoch)
}

/** What became of the hidden units. */
export function changesOf(history: Distilled['history']): string {
  const prunings = pruningsOf(history).length
  return prunings > 0 ? counted(prunings, 'pruning') : counted(growthsOf(history).length, 'growth')
}

/** For JSON. */
export function trainingFigures(result: LearnResult, { out, preset, seed }: TrainingChoice) {
  const { drone, history, stopped, fidelity, features, probes, questions, unanswered, auc, classes, seconds } = result
  const growthEpochs = growthsOf(history)
  return {
    ...{ out, preset, seed, features },
    parameters: drone.parameters,
    hidden: drone.hidden.reduce((sum, units) => sum + units, 0),
    layers: [...drone.hidden, drone.outputs.length],
    growths: growthEpochs.length,
    growthEpochs,
    pruningEpochs: pruningsOf(history),
    epochs: history.length,
    ...{ stopped, seconds },
    ...(probes > 0 && { probes }),
    ...(questions && { questions }),
    ...(unanswered > 0 && { unanswered }),
    ...fidelity,
    ...(auc && { auc }),
    ...(classes && { classes }),
  }
}

/** For people: the curve of the loss, and a table. */
export function trainingText(result: LearnResult, { preset }: TrainingChoice): string {
  const { drone, history, fidelity, features, probes, questions, unanswered, reading, auc, classes, seconds } = result
  const paint = painter(process.stderr)
  const curve = historyCurve(history)
  const shape = [features.length, ...drone.hidden, drone.outputs.length].join(' → ')
  const measured = `${counted(fidelity.events, 'event')}, ${fidelity.heldOut ? 'held out' : 'those it was trained with'}`
  const [mse, mae, largest] = alike([fidelity.mse, fidelity.mae, fidelity.maxError]) as [string, string, string]
  const rows = [
    ['inputs', listed(features)],
    ...(reading ? [['read', rateText(reading)]] : []),
    ['drone', `${shape}, ${counted(drone.parameters, 'parameter')}, ${changesOf(history)}`],
    ['training', `${preset}, ${counted(history.length, 'epoch')} in ${seconds.toFixed(1)} s`],
    ...(probes > 0 ? [['probes', grouped(probes)]] : []),
    ...(questions ? [['questions', questionsText(questions)]] : []),
    ...(unanswered > 0 ? [['left out', `${counted(unanswered, 'event')} without an answer`]] : []),
    ['measured on', measured],
    ['MSE', fidelity.mseError === undefined ? mse : `${mse} ± ${digits(fidelity.mseError)}`],
    ...(fidelity.inSample ? [['MSE in sample', digits(fidelity.inSample.mse)]] : []),
    ['MAE', mae],
    ['largest error', largest],
    ...(auc ? [['AUC', aucText(auc)]] : []),
    ...(classes?.classes ?? []).flatMap((one) => (one.auc ? [[`AUC of ${one.name}`, aucText(one.auc)]] : [])),
  ]
  const labels = Math.max(...rows.map(([label]) => label!.length))
  const lines = rows.map(([label, text]) => `${paint('bold', label!.padEnd(labels))}  ${escaped(text!)}\n`)
  return `${curve}${curve && '\n'}${lines.join('')}`
}

function aucText({ drone, teacher }: Pair): string {
  return `${drone.toFixed(5)}, of the teacher ${teacher.toFixed(5)}`
}

function questionsText({ asked, learnt }: Questions): string {
  return `${grouped(asked)} more${learnt < asked ? `, of which ${grouped(learnt)} were learnt` : ''}`
}

/** The loss of each epoch, with the growths. */
export function historyCurve(history: Distilled['history']): string {
  const paint = painter(process.stderr)
  return lossCurve(
    history.map((epoch) => epoch.loss),
    { width: width(process.stderr), growths: growthsOf(history), paint: (mark) => paint('yellow', mark) },
  )
}
