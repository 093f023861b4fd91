// flavours.mjs
import { readFileSync } from 'node:fs'
import { Drone } from 'nndrone'

const drone = await Drone.load(readFileSync('nndrone-flavours/drone.json'))
const { output, threshold } = drone.cuts.medium
console.log(output, threshold) // { of: [ 'b' ], against: [ 'c' ] }, and where the cut lies

const [header, line] = readFileSync('nndrone-flavours/test.csv', 'utf8').split('\n')
const cells = line.split(',')
const known = header.split(',').flatMap((name, i) => (cells[i] === '' ? [] : [[name, Number(cells[i])]]))
const jet = Object.fromEntries(known)
console.log(`${known.length - 1} of ${drone.inputs.length} inputs are known`) // the others have defaults
console.log(drone.scores(jet), drone.passes(jet, 'medium'))
