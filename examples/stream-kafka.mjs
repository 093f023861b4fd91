// stream-kafka.mjs
import { KafkaJS } from '@confluentinc/kafka-javascript'
import { openDrone, scoreMessages } from 'nndrone-toolkit'

/** Messages of a topic that a group of consumers shares: the answer and the offset are stored in one transaction. */
async function kafkaBroker(brokers, groupId, [events, scores, dead]) {
  const kafka = new KafkaJS.Kafka({ kafkaJS: { brokers } })
  const consumer = kafka.consumer({ kafkaJS: { groupId, autoCommit: false, fromBeginning: true } })
  const producer = kafka.producer({ kafkaJS: { transactionalId: `${groupId}-${process.pid}`, idempotent: true } })
  await Promise.all([consumer.connect(), producer.connect()])
  await consumer.subscribe({ topic: events })
  const waiting = []
  let wake = () => {}
  await consumer.run({
    // The next message of a partition comes once this promise resolves.
    eachMessage: ({ topic, partition, message: { offset, value, key } }) =>
      new Promise((finish) => {
        const next = String(Number(offset) + 1)
        const place = { topics: [{ topic, partitions: [{ partition, offset: next }] }] }
        waiting.push({ name: `${topic} ${partition}/${offset}`, body: value, key, place, made: [], finish })
        wake()
      }),
  })
  return {
    async next(signal) {
      while (waiting.length === 0 && !signal.aborted) {
        await new Promise((resolve) => {
          wake = resolve
          signal.addEventListener('abort', resolve, { once: true })
        })
      }
      return signal.aborted ? undefined : waiting.shift()
    },
    async answer({ made, key }, answer) {
      made.push({ topic: scores, messages: [{ key, value: Buffer.from(answer.part().body) }] })
    },
    async refuse({ made, key }, { reason, body }) {
      made.push({ topic: dead, messages: [{ key, value: Buffer.from(body), headers: { reason } }] })
    },
    async done({ made, place, finish }) {
      const transaction = await producer.transaction()
      for (const record of made) await transaction.send(record)
      await transaction.sendOffsets({ consumer, ...place })
      await transaction.commit()
      finish()
    },
    async close() {
      await consumer.disconnect()
      await producer.disconnect()
    },
  }
}

const broker = await kafkaBroker(['localhost:9092'], 'nndrone', ['events', 'scores', 'scores.dead'])
// A producer has one transaction at a time.
const inFlight = { messages: 1, bytes: 1 << 24 }
await scoreMessages({ broker, model: await openDrone('drone.json'), keep: ['all'], inFlight })
