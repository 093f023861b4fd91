// consumer.mjs
import { readFileSync } from 'node:fs'
import { Drone, EvaluationError } from 'nndrone'

const drone = await Drone.load(readFileSync('drone.json', 'utf8'))

/** Scores every message; one that cannot be scored is set aside, and the loop goes on. */
async function consume(messages, publish, reject) {
  for await (const message of messages) {
    try {
      const event = JSON.parse(message.data)
      await publish({ ...event, score: drone.predictRecord(event) })
    } catch (error) {
      if (!(error instanceof EvaluationError || error instanceof SyntaxError)) throw error
      await reject(message.data, error.message)
    }
    message.ack() // only now: a message that is not acknowledged comes again
  }
}

// In your program this is the subscription of your broker; here it is three messages, one of them bad.
const event = { id: 1, pt: 5, eta: 2.9, min_pt: 0.7, max_pt: 3.2, min_eta: 1.6, max_eta: 3.1 }
const data = [event, { id: 2, pt: 'five' }, { ...event, id: 3, pt: 9 }].map((each) => JSON.stringify(each))
const messages = data.map((text) => ({ data: text, ack: () => {} }))

await consume(
  messages,
  (scored) => console.log('scored', scored.id, scored.score),
  (text, reason) => console.log('rejected', text, reason),
)
