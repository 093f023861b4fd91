// swarm.mjs
import { readFileSync } from 'node:fs'
import { Swarm } from 'nndrone/swarm'

const swarm = new Swarm({ inputs: ['run', 'pt', 'eta', 'min_pt', 'max_pt', 'min_eta', 'max_eta'] })
swarm.add('small', readFileSync('nndrone-demo/drone.json', 'utf8')) // a document, its text, or a drone
swarm.add('best', readFileSync('nndrone-demo/best.json', 'utf8'))

const row = [7, 5, 2.9, 0.7, 3.2, 1.6, 3.1]
console.log(swarm.outputs.join(', '), swarm.predict(row)) // a Float32Array, in the order of the drones
swarm.predictRecord({ pt: 5, eta: 2.9, min_pt: 0.7, max_pt: 3.2, min_eta: 1.6, max_eta: 3.1 })
swarm.predictInto(row, new Float32Array(2)) // allocates nothing
swarm.scores(row) // { small: …, best: … }
swarm.predictBatch(new Float64Array(7000)) // 1,000 events of 7 values → 1,000 × 2 scores
swarm.replace('best', readFileSync('drone.json', 'utf8')).remove('small') // between two events
