// cuts.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { atEfficiency, Drone, formatJSON } from 'nndrone'

const drone = await Drone.load(readFileSync('drone.json'))
const events = new Float64Array(6 * 1000).map((_, i) => (i * 7919) % 11) // 1,000 events of 6 values
const labels = Array.from({ length: 1000 }, (_, n) => n % 2) // 1 is signal, 0 background

const scores = drone.predictBatch(events)
drone.setCut('tight', atEfficiency(scores, labels, 0.9)) // passes at least 90 % of the signal
writeFileSync('cut.json', formatJSON(drone))

const read = await Drone.load(readFileSync('cut.json'))
console.log(read.cuts.tight, read.passes([5, 2.9, 0.7, 3.2, 1.6, 3.1], 'tight'))
