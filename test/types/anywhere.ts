// What compiles with the types of any host, or of none.
import {
  atEfficiency,
  type Cut,
  createEngine,
  Drone,
  distill,
  type Epoch,
  formatJSON,
  type Scored,
  type Teacher,
} from 'nndrone'
import { Pool } from 'nndrone/pool'
import { Swarm } from 'nndrone/swarm'

interface Ev {
  pt: number
  eta: number | null
  readonly tags?: string[]
}
class Hit {
  constructor(
    readonly pt: number,
    readonly eta = 0,
  ) {}
}
declare const ev: Ev
declare const bytes: Uint8Array

const drone: Drone = Drone.from(bytes)
const score: number =
  drone.predictRecord(ev) +
  drone.predictRecord(new Hit(1)) +
  drone.predict([1, null, undefined]) +
  drone.predict(new Float64Array(2))
const named: Record<string, number> = drone.scores(ev)
const mine: { signal: number; background: number } = drone.scores(ev, { signal: 0, background: 0 })
const cut: Cut | undefined = drone.setCut('tight', atEfficiency([1], [1], 0.9)).cuts.tight
const passes: boolean = drone.passes(ev, 'tight') && drone.inDomain(ev)
const teacher: Teacher = drone
const out: Float32Array = drone.predictInto([1], new Float32Array(1))

const records = drone.transform<Ev>({
  prefix: 'drone_',
  onError: (error, event, index) => (error.message ? undefined : { ...event, index }),
})
const exact = drone.transform<Ev, Ev & { signal: number }>()
const arrays = drone.transform<Ev[]>({ onError: (_, event) => (event.pt > 0 ? { ...event } : undefined) })
const rows = drone.transform<number[]>()
const alone = drone.transform<Ev[]>({
  scores: true,
  onError: (_, event) => (event.pt > 0 ? -1 : undefined),
})
declare const scored: Scored<Ev>
const pt: number = scored.pt
declare const list: Scored<Ev[]>
const eta: number | null = list[0]!.eta
declare const row: Scored<number[]>
const last: number | undefined = row[row.length - 1]

const swarm: Swarm = new Swarm({ inputs: ['pt'] }).add('one', drone)
const both: Record<string, number> = swarm.scores(ev)
const swarmed = swarm.transform<Ev>()
const pool: Promise<Pool> = Pool.start(swarm, { workers: 2 })
const all: Promise<Float32Array> = pool.then((each) => each.predictBatch(swarm.predict([1])))
distill({
  events: new Float32Array(1),
  inputs: ['x', { name: 'y' }],
  teacher,
  batchSize: 3,
  labels: [1],
  onEpoch: ({ loss }: Epoch) => void loss,
})
createEngine({ engine: 'js' })

export {
  all,
  alone,
  arrays,
  both,
  cut,
  eta,
  exact,
  formatJSON,
  last,
  mine,
  named,
  out,
  passes,
  pt,
  records,
  rows,
  score,
  swarmed,
}

// @ts-expect-error a row of strings is no event
drone.predict(['1'])
// @ts-expect-error a number is no record
drone.predictRecord(7)
// @ts-expect-error no such option
distill({ events: new Float32Array(1), inputs: ['x'], epoch: 3 })
// @ts-expect-error no such option
drone.transform({ onerror: () => undefined })
// @ts-expect-error scores alone have no names
drone.transform({ scores: true, prefix: 'a' })
