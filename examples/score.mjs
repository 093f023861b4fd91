// score.mjs
import { readFileSync } from 'node:fs'
import { Drone } from 'nndrone'

const drone = await Drone.load(readFileSync('nndrone-demo/best.json', 'utf8'))
console.log(drone.inputs.join(', '), '→', drone.outputs.join(', '))

const event = { pt: 5, eta: 2.9, min_pt: 0.7, max_pt: 3.2, min_eta: 1.6, max_eta: 3.1, run: 7 }
console.log(drone.predictRecord(event)) // a number between 0 and 1, at once: there is nothing to await
