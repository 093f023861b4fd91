/** The memory of a worker does not grow with the events that it has scored. */
import { readFileSync } from 'node:fs'
import { headers } from '@nats-io/transport-node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ended, Folder, someDrone } from '../support.ts'
import { until, withServer } from './nats.ts'

const [EVENTS, MANY, PARTS] = [1_000_000, 2000, 5]
/** Megabytes, of which the worker has some hundred. */
const GROWTH = 40

const test = suite('stream: memory')

withServer(test, `a worker is as large after ${EVENTS} events as after a fifth of them`, async (server) => {
  const folder = new Folder()
  someDrone(folder)
  const { js, jsm } = await server.client()
  await jsm.streams.add({ name: 'EVENTS', subjects: ['events'], max_msgs: 1000 })
  await jsm.streams.add({ name: 'SCORES', subjects: ['scores', 'scores.dead'], max_msgs: 1000 })
  const child = folder.start('stream', 'drone.json', '--from', `${server.url}/EVENTS`, '--to', `${server.url}/scores`)
  const size = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024
  const body = new Uint8Array(Float32Array.from({ length: MANY * 3 }, (_, i) => Math.sin(i)).buffer)
  const given = headers()
  given.set('Nndrone-Format', 'f32')
  const sizes: number[] = []
  for (let part = 1; part <= PARTS; part++) {
    const messages = EVENTS / MANY / PARTS
    await Promise.all(Array.from({ length: messages }, () => js.publish('events', body, { headers: given })))
    await until('all acknowledged', async () => {
      const info = await jsm.consumers.info('EVENTS', 'nndrone-drone').catch(() => undefined)
      return info?.ack_floor.stream_seq === part * messages
    })
    sizes.push(size())
  }
  const over = ended(child)
  child.kill('SIGTERM')
  assert.is(await over, 0)
  assert.ok(sizes.at(-1)! - sizes[0]! < GROWTH, `megabytes: ${sizes.map(Math.round).join(', ')}`)
  folder.remove()
})

test.run()
