// distill.mjs
import { writeFileSync } from 'node:fs'
import { distill, formatJSON, Random } from 'nndrone'

const inputs = ['x', 'y']
const random = new Random(1)
const events = new Float64Array(2 * 5000).map(() => 4 * random.uniform() - 2) // 5,000 events of 2 values

// Any object with these three will do; predictBatch may be asynchronous.
const teacher = {
  inputs,
  outputs: ['score'],
  predictBatch: (rows) =>
    Float32Array.from({ length: rows.length / 2 }, (_, n) => 1 / (1 + Math.exp(-3 * rows[2 * n] * rows[2 * n + 1]))),
}

const { drone, fidelity, history } = await distill({
  events,
  inputs,
  teacher, // or targets: a Float32Array of answers that you have already
  holdout: 0.2, // the fraction to measure on and not to learn from
  epochs: 100,
  onAsk: (asked, total) => asked === total && console.log(`the teacher was asked about ${total} events`),
  onEpoch: ({ epoch, loss, grew }) => grew && console.log(`epoch ${epoch}: loss ${loss}, one hidden unit more`),
  signal: AbortSignal.timeout(60_000), // ends the training with the best drone so far
})
console.log(`${history.length} epochs, ${drone.parameters} parameters, MSE ${fidelity.mse} on events held out`)
writeFileSync('xy.json', formatJSON(drone))
