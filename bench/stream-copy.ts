/** The loop that `npm run bench:stream` compares a worker with: it copies each message, and does nothing else. */
import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'

const [server, stream, durable, subject] = process.argv.slice(2) as [string, string, string, string]
const nc = await connect({ servers: server })
const js = jetstream(nc)
const consumer = await js.consumers.get(stream, durable)
let pending = 0
let wake = () => {}
// The server drops a client that has more than 64 MB on their way to it.
for await (const message of await consumer.consume({ max_messages: 2048 })) {
  pending++
  void js.publish(subject, message.data, { msgID: `${durable}:${message.seq}` }).then(() => {
    message.ack()
    pending--
    wake()
  })
  while (pending >= 1024) {
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  }
}
