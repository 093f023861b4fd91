/** A worker of a pool: builds its copy, then scores one desk after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { Drone } from '../bindings/index.ts'
import { Swarm, type SwarmEngineName } from '../bindings/swarm.ts'
import { type Answer, desksIn, type Start, type Task } from './slots.ts'

async function answer(desk: number, work: () => unknown): Promise<void> {
  const message: Answer = { desk }
  try {
    await work()
  } catch (error) {
    const { name, message: why } = error as Error
    message.error = { name, message: why }
  }
  parentPort!.postMessage(message)
}

const start = workerData as Start
const { inputs, outputs, engine } = start
const desks = desksIn(start)
let scorer: Drone | Swarm

await answer(0, async () => {
  const document = JSON.parse(start.document)
  const isDrone = 'layers' in document
  scorer = isDrone
    ? await Drone.load(document, { engine })
    : Swarm.from(document, { engine: engine as SwarmEngineName })
})

parentPort!.on('message', ({ desk, count }: Task) =>
  answer(desk, () => {
    const { events, scores } = desks[desk]!
    scorer.predictBatch(events.subarray(0, count * inputs), scores.subarray(0, count * outputs))
  }),
)
