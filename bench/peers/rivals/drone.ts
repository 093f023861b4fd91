/** Ours, as it ships. */
import { Drone, type EngineName } from '../../../dist/index.js'
import { Lacking, type Rival } from '../rival.ts'

function droneOf(engine: string): Rival {
  return {
    name: `drone, ${engine}`,
    async prepare(network) {
      const drone = await Drone.load(network, { engine: engine as EngineName }).catch((error: Error) => {
        throw engine === 'relaxed' ? new Lacking(error.message) : error
      })
      let out = new Float32Array(0)
      return {
        one: (event) => drone.predict(event),
        batch(events) {
          const count = events.length / drone.inputs.length
          if (out.length !== count) out = new Float32Array(count)
          return drone.predictBatch(events, out)
        },
      }
    },
  }
}

export const drones = ['simd', 'relaxed', 'js'].map(droneOf)
