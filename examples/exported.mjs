// exported.mjs
import { readFileSync } from 'node:fs'
import { row, score as scoreRow } from './drone.mjs'

const { instance } = await WebAssembly.instantiate(readFileSync('drone.wasm'))
const { memory, event, inputs, score } = instance.exports
const values = new Float64Array(memory.buffer, event(), inputs())

const record = { pt: 5, eta: 2.9, min_pt: 0.7, max_pt: 3.2, min_eta: 1.6, max_eta: 3.1 }
values.set(row(record)) // by the names of the inputs
console.log(score(), scoreRow(row(record))) // the same number twice
