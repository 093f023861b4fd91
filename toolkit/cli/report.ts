/** What `distill` tells of a run. */
import { auc, type Distilled } from 'nndrone'
import { escaped } from '../errors.ts'
import { bothKinds, pick } from './events.ts'
import type { Setting } from './lesson.ts'
import { lossCurve } from './loss-curve.ts'
import { teacherWords } from './teacher.ts'
import { counted, digits, painter, say, shellWord, width } from './terminal.ts'

/** A run that came to a drone. */
export interface Trained {
  setting: Setting
  distilled: Distilled
  /** Of the training alone. */
  seconds: number
}

interface Aucs {
  teacher: number
  drone: number
}

/** AUC of teacher and drone on the events that fidelity was measured on; none where they are all of one kind. */
function aucs({ features, lesson }: Setting, { heldOut, drone }: Distilled): Aucs | undefined {
  const { events, labels, answers } = lesson
  if (!labels) return undefined
  const rows = heldOut.length > 0 ? heldOut : Uint32Array.from({ length: labels.length }, (_, n) => n)
  const kinds = pick(labels, 1, rows)
  if (!bothKinds(kinds)) return undefined
  const scores = drone.predictBatch(pick(events, features.length, rows))
  return { teacher: auc(pick(answers, 1, rows), kinds), drone: auc(scores, kinds) }
}

/** Tells what came of it, on standard output in JSON, else on standard error; a loss that diverged sets the exit code. */
export function report(trained: Trained): void {
  const { setting, distilled } = trained
  const { out, json } = setting.options
  const { stopped, history } = distilled
  const areas = aucs(setting, distilled)
  if (json) process.stdout.write(`${JSON.stringify(figures(trained, areas), null, 2)}\n`)
  else process.stderr.write(summary(trained, areas))
  if (stopped === 'aborted') {
    say(`interrupted after epoch ${history.length}: wrote the best drone so far to ${out}`)
  } else if (stopped === 'diverged') {
    process.exitCode = 1
    say(
      `the loss diverged in epoch ${history.length}: wrote the best drone before to ${out}; try a smaller --learning-rate`,
    )
  } else if (!json) say(`wrote ${out}; to go on:\n  ${next(setting)}`)
}

/** The epochs after which the drone grew. */
export function growthsOf(history: Distilled['history']): number[] {
  return history.filter((epoch) => epoch.grew).map((epoch) => epoch.epoch)
}

function figures({ setting, distilled, seconds }: Trained, areas: Aucs | undefined) {
  const { options, features, lesson } = setting
  const { drone, history, stopped, fidelity } = distilled
  return {
    out: options.out,
    preset: options.preset,
    seed: options.seed,
    features,
    parameters: drone.parameters,
    hidden: drone.hidden.reduce((sum, units) => sum + units, 0),
    layers: [...drone.hidden, drone.outputs.length],
    growths: growthsOf(distilled.history).length,
    growthEpochs: growthsOf(distilled.history),
    epochs: history.length,
    stopped,
    seconds,
    ...(lesson.probes > 0 && { probes: lesson.probes }),
    ...(lesson.unanswered > 0 && { unanswered: lesson.unanswered }),
    ...fidelity,
    ...(areas && { auc: areas }),
  }
}

function summary({ setting, distilled, seconds }: Trained, areas: Aucs | undefined): string {
  const { features, options, lesson } = setting
  const { drone, history, fidelity } = distilled
  const paint = painter(process.stderr)
  const growths = growthsOf(distilled.history)
  const curve = lossCurve(
    history.map((epoch) => epoch.loss),
    { width: width(process.stderr), growths, paint: (mark) => paint('yellow', mark) },
  )
  const shape = [features.length, ...drone.hidden, drone.outputs.length].join(' → ')
  const measured = `${counted(fidelity.events, 'event')}, ${fidelity.heldOut ? 'held out' : 'those it was trained with'}`
  const rows = [
    ['inputs', features.join(', ')],
    ...(lesson.pace ? [['read', lesson.pace]] : []),
    ['drone', `${shape}, ${counted(drone.parameters, 'parameter')}, ${counted(growths.length, 'growth')}`],
    ['training', `${options.preset}, ${counted(history.length, 'epoch')} in ${seconds.toFixed(1)} s`],
    ...(lesson.probes > 0 ? [['probes', lesson.probes.toLocaleString('en')]] : []),
    ...(lesson.unanswered > 0 ? [['left out', `${counted(lesson.unanswered, 'event')} without an answer`]] : []),
    ['measured on', measured],
    ['MSE', digits(fidelity.mse)],
    ['MAE', digits(fidelity.mae)],
    ['largest error', digits(fidelity.maxError)],
    ...(areas ? [['AUC', `${areas.drone.toFixed(5)}, of the teacher ${areas.teacher.toFixed(5)}`]] : []),
  ]
  const labels = Math.max(...rows.map(([label]) => label!.length))
  const lines = rows.map(([label, text]) => `${paint('bold', label!.padEnd(labels))}  ${escaped(text!)}\n`)
  return `${curve}${curve && '\n'}${lines.join('')}`
}

/** What a user would type now. */
function next({ options, model }: Setting): string {
  const { out, events, target, label, scaleFrom, missing, features } = options
  const names = !events || events.includes('-') ? 'FILE' : events.map(shellWord).join(' ')
  const file = missing ? `${names} --missing ${missing.join()}` : names
  const against = model ? teacherWords(options, model.file) : `--target ${shellWord(target!.join())}`
  const labelled = label === undefined ? '' : ` --label ${shellWord(label)}`
  // The drone keeps how events were standardised for its teacher.
  const scale = model?.unscaled && scaleFrom ? ` --scale-from ${shellWord(out)}` : ''
  // The drone has the names of the columns; its teacher may have others.
  const known = !features || !model || model.unnamed || features.every((name) => model.inputs.includes(name))
  const columns = known ? '' : ` --features ${shellWord(features.join())}`
  return [
    `nndrone predict ${shellWord(out)} --events ${file}`,
    `nndrone compare ${shellWord(out)} ${against} --events ${file}${columns}${labelled}${scale}`,
  ].join('\n  ')
}
