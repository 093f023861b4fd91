// library.mjs
import { readFileSync } from 'node:fs'
import { Drone } from 'nndrone'

const drone = await Drone.load(readFileSync('drone.json', 'utf8'))
const row = [5, 2.9, 0.7, 3.2, 1.6, 3.1] // in the order of drone.inputs

drone.predict(row) // a number
drone.predictRecord({ pt: 5, eta: 2.9, min_pt: 0.7, max_pt: 3.2, min_eta: 1.6, max_eta: 3.1 })
drone.predictInto(row, new Float32Array(1)) // all outputs, into an array of yours: nothing is allocated
drone.predictBatch(new Float64Array(6000)) // 1,000 events of 6 values one after the other → 1,000 scores
drone.scores(row) // { name: … }: all outputs by name, of a row or a record
drone.inDomain(row) // whether every value lies in the range that its input had in training

const before = drone.predict(row)
drone.expand(0) // one unit more in hidden layer 0, for further training
console.log(drone.predict(row) === before, drone.hidden, drone.parameters)
drone.dispose()
