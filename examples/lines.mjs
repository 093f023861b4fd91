// lines.mjs
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { Drone } from 'nndrone'
import { LineReader, scoreLines } from 'nndrone/lines'

const drone = await Drone.load(readFileSync('drone.json', 'utf8'))

const onError = ({ message }, text) => console.error(`left out: ${message}, in ${text}`)
await Readable.toWeb(createReadStream('nndrone-demo/test.csv'))
  .pipeThrough(scoreLines(drone, { onError }))
  .pipeTo(Writable.toWeb(createWriteStream('lines.csv')))

const reader = new LineReader({ inputs: drone.inputs })
let count = 0
for await (const bytes of createReadStream('nndrone-demo/test.csv')) {
  for (const events of reader.read(bytes)) count += drone.predictBatch(events).length
}
for (const events of reader.end()) count += drone.predictBatch(events).length
console.log(`${count} events of ${reader.format}`)
