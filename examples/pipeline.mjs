// pipeline.mjs
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { Drone } from 'nndrone'

const drone = await Drone.load(readFileSync('drone.json', 'utf8'))

async function* parse(lines) {
  for await (const line of lines) yield JSON.parse(line)
}

async function* format(events) {
  for await (const event of events) yield `${JSON.stringify(event)}\n`
}

const lines = createInterface({ input: createReadStream('events.ndjson') })
const onError = (error, event) => console.error(`left out: ${error.message} in ${JSON.stringify(event)}`)
await pipeline(lines, parse, drone.transform({ onError }), format, createWriteStream('scored.ndjson'))
