// pool.mjs
import { readFileSync } from 'node:fs'
import { Drone } from 'nndrone'
import { Pool } from 'nndrone/pool'

const drone = await Drone.load(readFileSync('drone.json', 'utf8')) // or a swarm
const pool = await Pool.start(drone, { workers: 2 })
const events = new Float64Array(6 * 100_000)
const scores = await pool.predictBatch(events)
console.log(`${scores.length} scores`)

const batches = new ReadableStream({
  start(controller) {
    for (let batch = 0; batch < 10; batch++) controller.enqueue(events)
    controller.close()
  },
})
for await (const each of batches.pipeThrough(pool.transform())) console.log(`a batch of ${each.length} scores`)
await pool.dispose()
