/** A worker of a pool: builds its copy, then scores one slot after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { Drone } from '../bindings/index.ts'
import { Swarm, type SwarmEngineName } from '../bindings/swarm.ts'
import { type Answer, type Start, slotsIn, type Task } from './slots.ts'

async function answer(slot: number, work: () => unknown): Promise<void> {
  const message: Answer = { slot }
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
const slots = slotsIn(start)
let scorer: Drone | Swarm

await answer(0, async () => {
  const document = JSON.parse(start.document)
  const isDrone = 'layers' in document
  scorer = isDrone
    ? await Drone.load(document, { engine })
    : Swarm.from(document, { engine: engine as SwarmEngineName })
})

parentPort!.on('message', ({ slot, count }: Task) =>
  answer(slot, () => {
    const { events, scores } = slots[slot]!
    scorer.predictBatch(events.subarray(0, count * inputs), scores.subarray(0, count * outputs))
  }),
)
