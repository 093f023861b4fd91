// events.mjs
import { writeFileSync } from 'node:fs'
import { Random } from 'nndrone'

const random = new Random(1)
const between = (from, to) => from + (to - from) * random.uniform()

const events = Array.from({ length: 1000 }, (_, id) => ({
  id,
  pt: between(2, 12),
  eta: between(2, 5),
  min_pt: between(0.2, 1),
  max_pt: between(1, 6),
  min_eta: between(1.5, 3),
  max_eta: between(3, 5),
}))
writeFileSync('events.ndjson', events.map((event) => `${JSON.stringify(event)}\n`).join(''))
