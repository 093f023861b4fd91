// flavours.mjs
import { readFileSync } from 'node:fs'
import { Drone } from 'nndrone'

const drone = await Drone.load(readFileSync('nndrone-flavours/drone.json'))
const { output, threshold } = drone.cuts.medium
console.log(output, threshold) // { of: [ 'b' ], against: [ 'c' ] }, and where the cut lies
const jet = { jet_pt: 80, jet_eta: 0.4, n_tracks: 9, n_vertices: 1, vertex_mass: 3.9, flight3d_sig: 21 }
console.log(drone.scores(jet), drone.passes(jet, 'medium')) // what is not known of it has defaults
