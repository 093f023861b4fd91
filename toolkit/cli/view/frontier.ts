/** What `distill --frontier` tells: parameters against the MSE on held-out events, as a table and a curve. */
import type { LearnResult } from '../../jobs/learn/index.ts'
import { type Figure, linePlot } from '../../plots/index.ts'
import { frontierText } from './curves.ts'
import { alike } from './numbers.ts'
import { table, width } from './terminal.ts'

/** A drone of the frontier: the figures, and its file. */
export interface FrontierPoint {
  hidden: number
  parameters: number
  mse: number
  mseError: number | undefined
  /** The MSE in sample. */
  inSample: number | undefined
  maxError: number
  auc: LearnResult['auc']
  file: string
}

export function frontierPoint({ drone, fidelity, auc }: LearnResult, file: string): FrontierPoint {
  const { mse, mseError, maxError, inSample } = fidelity
  return {
    hidden: drone.hidden[0]!,
    parameters: drone.parameters,
    ...{ mse, mseError, inSample: inSample?.mse, maxError, auc, file },
  }
}

export function frontierTable(points: readonly FrontierPoint[]): string {
  const header = ['hidden units', 'parameters', 'MSE', '±', 'MSE in sample', 'largest error', 'drone']
  const rows = points.map(({ hidden, parameters, mse, mseError, inSample, maxError, file }) => {
    const [held, error, sample] = alike([mse, mseError ?? 0, inSample ?? 0])
    return [String(hidden), String(parameters), held!, mseError ? error! : '', sample!, maxError.toPrecision(3), file]
  })
  return `${frontierText(points, width(process.stderr))}\n${table([header, ...rows])}`
}

/** A file of its own: the curve with one standard error to either side. */
export function frontierFigure(points: readonly FrontierPoint[]): Figure {
  const x = points.map(({ parameters }) => parameters)
  const beside = (sign: number) => points.map(({ mse, mseError = 0 }) => Math.max(mse + sign * mseError, mse / 10))
  return linePlot({
    id: 'frontier',
    title: 'How faithful drones of each size are',
    x: { label: 'parameters', scale: 'log' },
    y: { label: 'MSE on held-out events', scale: 'log' },
    series: [
      { name: 'MSE', x, y: points.map(({ mse }) => mse) },
      { name: 'one standard error above', x, y: beside(1) },
      { name: 'one standard error below', x, y: beside(-1) },
    ],
  })
}
