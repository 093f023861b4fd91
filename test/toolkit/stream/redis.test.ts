/** The example of docs/stream.md for Redis Streams, with a server of the test's own. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from 'redis'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shortest } from '../../../bindings/index.ts'
import { root } from '../../support.ts'
import { Folder, someDrone } from '../support.ts'
import { freePort, until } from './nats.ts'

const EVENTS = 2000
const NAME = 'two consumers share a stream, and every event has one answer'

const test = suite('stream: redis')

const hasServer = spawnSync('redis-server', ['--version']).status === 0
if (!hasServer) console.log(`skipped: ${NAME} (no redis-server)`)

;(hasServer ? test : test.skip)(NAME, async () => {
  const folder = new Folder()
  const drone = someDrone(folder)
  const port = await freePort()
  mkdirSync(folder.file('redis'))
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.file('redis'), '--save', '']
  const server = spawn('redis-server', words, { stdio: 'ignore' })
  const url = `redis://127.0.0.1:${port}`
  const client = createClient({ url })
  client.on('error', () => {})
  try {
    await client.connect()
    for (let id = 0; id < EVENTS; id++) {
      const data = id === 7 ? 'nothing' : JSON.stringify({ id, a: id / EVENTS, c: -id / EVENTS })
      await client.xAdd('events', '*', { data })
    }
    const start = () => {
      const program = join(root, 'examples/stream-redis.mjs')
      return spawn(process.execPath, [program], { cwd: folder.path, env: { ...process.env, REDIS_URL: url } })
    }
    const consumers = [start(), start()]
    const told = consumers.map(async (child) => {
      let text = ''
      child.stdout.on('data', (part) => {
        text += part
      })
      child.stderr.on('data', (part) => {
        text += part
      })
      await once(child, 'close')
      return text
    })
    await until(
      'all answered',
      async () => (await client.xLen('scores')) + (await client.xLen('scores.dead')) >= EVENTS,
    )
    for (const child of consumers) child.kill('SIGTERM')
    const counts = (await Promise.all(told)).map((text) => /^(\d+) events scored, (\d+) refused\n$/.exec(text)!)
    const sums = [1, 2].map((i) => counts.reduce((sum, count) => sum + Number(count[i]), 0))
    assert.equal(sums, [EVENTS - 1, 1])

    const answers = (await client.xRange('scores', '-', '+'))!.map(({ message }) => message.data!)
    const id = (text: string) => JSON.parse(text).id as number
    const expected = Array.from({ length: EVENTS }, (_, id) => id)
      .filter((id) => id !== 7)
      .map((id) => {
        const [a, c] = [id / EVENTS, -id / EVENTS]
        return `${JSON.stringify({ id, a, c }).slice(0, -1)},"y0":${shortest(drone.predict([a, undefined, c]))}}`
      })
    assert.equal(
      answers.sort((a, b) => id(a) - id(b)),
      expected,
    )
    const [dead] = (await client.xRange('scores.dead', '-', '+'))!
    assert.equal(
      { ...dead!.message },
      {
        data: 'nothing',
        note: '"nothing" is not JSON; each line holds an event, an object or an array',
      },
    )
    assert.is((await client.xPending('events', 'nndrone')).pending, 0)
  } finally {
    await client.close().catch(() => {})
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
    folder.remove()
  }
})

test.run()
