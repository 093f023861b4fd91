// stream-node.mjs
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Drone } from 'nndrone'
import { scoreMessages } from 'nndrone-toolkit'

/** Messages are lines of a readable stream; answers are lines of a writable one. */
function lineBroker(input, output, rejects) {
  const lines = createInterface({ input })[Symbol.asyncIterator]()
  const write = async (stream, text) => {
    if (!stream.write(text)) await once(stream, 'drain')
  }
  let number = 0
  return {
    async next() {
      const { value, done } = await lines.next()
      return done ? undefined : { name: `line ${++number}`, body: Buffer.from(value) }
    },
    answer: (_, answer) => write(output, `${Buffer.from(answer.part().body)}\n`),
    refuse: (message, { reason, body }) => write(rejects, `${message.name}: ${reason}: ${Buffer.from(body)}\n`),
    done() {}, // a line that was read does not come again
    async close() {},
  }
}

const drone = await Drone.load(readFileSync('drone.json', 'utf8'))
const broker = lineBroker(process.stdin, process.stdout, process.stderr)
const { scored, refused } = await scoreMessages({ broker, model: drone, keep: ['all'] })
console.error(`${scored} events scored, ${refused} refused`)
