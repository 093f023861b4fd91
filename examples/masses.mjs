// masses.mjs
import { openDrone } from 'nndrone-toolkit'

// One event, asked about every mass: the score is highest where the two jets come from.
const { drone } = await openDrone('nndrone-masses/drone.json')
const event = { m: 1010, pt: 40, min_pt: 430, max_pt: 470, delta_eta: 0.9 }
for (let mass = 500; mass <= 1500; mass += 125) {
  console.log(`${mass} GeV: ${drone.predictRecord({ ...event, mass }).toFixed(3)}`)
}
