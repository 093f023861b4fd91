/** The options of nndrone stream. */
import type { ON_ERROR } from '../../jobs/stream/index.ts'
import type { ScaleChoice } from '../options/scale.ts'

export interface StreamCommandOptions {
  from: string
  to: string
  drone?: string
  durable?: string
  onError: (typeof ON_ERROR)[number]
  dead?: string
  keep?: string[]
  cut?: string
  onlyPassing?: boolean
  features?: string[]
  scaleFrom?: ScaleChoice
  allTrees?: boolean
  inOrder?: boolean
  workers: number
  metrics?: number
  verify?: boolean
  json?: boolean
}
