/** A worker of a pool: builds its copy, then scores one desk after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { Drone } from '../bindings/index.ts'
import { Swarm } from '../bindings/swarm.ts'
import { type Answer, desksIn, type Start, type Task } from './desk.ts'

function answer(desk: number, work: () => void): void {
  const message: Answer = { desk }
  try {
    work()
  } catch (error) {
    const { name, message: why } = error as Error
    message.error = { name, message: why }
  }
  parentPort!.postMessage(message)
}

const start = workerData as Start
const { inputs, outputs } = start
const desks = desksIn(start)
let scorer: Drone | Swarm

answer(0, () => {
  const document = JSON.parse(start.document)
  const engine = start.engine as 'simd' | 'js'
  scorer = 'layers' in document ? Drone.from(document, { engine }) : Swarm.from(document, { engine })
})

parentPort!.on('message', ({ desk, count }: Task) => {
  answer(desk, () => {
    const { events, scores } = desks[desk]!
    scorer.predictBatch(events.subarray(0, count * inputs), scores.subarray(0, count * outputs))
  })
})
