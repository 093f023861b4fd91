// stream-redis.mjs
import { hostname } from 'node:os'
import { openDrone, scoreMessages } from 'nndrone-toolkit'
import { createClient } from 'redis'

const GROUP = 'nndrone'
const ME = `${hostname()}-${process.pid}`

/** Acknowledges a message and stores what was made of it, both or neither: who comes second stores nothing. */
const STORE = `
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
for i = 3, #ARGV, 3 do redis.call('XADD', KEYS[tonumber(ARGV[i])], '*', 'data', ARGV[i + 1], 'note', ARGV[i + 2]) end
return 1`

/** Messages of a stream that a group of consumers shares; each has the field `data`. */
async function redisBroker(url, events, scores, dead) {
  const [reader, writer] = [createClient({ url }), createClient({ url })]
  for (const client of [reader, writer]) await client.on('error', console.error).connect()
  await writer.xGroupCreate(events, GROUP, '0', { MKSTREAM: true }).catch((error) => {
    if (!error.message.startsWith('BUSYGROUP')) throw error
  })
  const waiting = []
  const asMessage = ({ id, message }) => ({ id, name: `${events} ${id}`, body: Buffer.from(message.data), made: [] })
  async function read() {
    // Half a minute after a consumer has died, its messages go to others.
    const { messages } = await writer.xAutoClaim(events, GROUP, ME, 30_000, '0', { COUNT: 100 })
    if (messages.length > 0) return messages
    const streams = await reader.xReadGroup(GROUP, ME, { key: events, id: '>' }, { COUNT: 100, BLOCK: 200 })
    return streams?.[0].messages ?? []
  }
  return {
    async next(signal) {
      while (waiting.length === 0 && !signal.aborted) waiting.push(...(await read()).map(asMessage))
      return signal.aborted ? undefined : waiting.shift()
    },
    async answer(message, answer) {
      message.made.push('2', Buffer.from(answer.part().body), answer.version.version)
    },
    async refuse(message, { reason, body }) {
      message.made.push('3', Buffer.from(body), reason)
    },
    async done({ id, made }) {
      await writer.eval(STORE, { keys: [events, scores, dead], arguments: [GROUP, id, ...made] })
    },
    async close() {
      for (const client of [reader, writer]) await client.close()
    },
  }
}

const end = new AbortController()
process.on('SIGTERM', () => end.abort())
const broker = await redisBroker(process.env.REDIS_URL, 'events', 'scores', 'scores.dead')
const { scored, refused } = await scoreMessages({
  broker,
  model: await openDrone('drone.json'),
  keep: ['all'],
  signal: end.signal, // what has come is finished first
})
console.log(`${scored} events scored, ${refused} refused`)
