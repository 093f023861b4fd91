/** The memory of a service does not grow with the requests that it has answered. */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Folder } from '../support.ts'
import { inference, serving, trained, writeDrone } from './support.ts'

const [REQUESTS, PARTS, CONNECTIONS] = [process.env.NNDRONE_LONG ? 1_000_000 : 100_000, 5, 16]
/** Megabytes, of which a service has some hundred. */
const GROWTH = 30

const test = suite('service: memory')

test(`a service is as large after ${REQUESTS} requests as after a fifth of them`, async () => {
  const folder = new Folder()
  writeDrone(folder, 'drone.json', await trained())
  const service = await serving(folder, ['drone.json'])
  // Its log goes to its standard output, which somebody has to read.
  service.child.stdout!.resume()
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const body = inference([0.5, -1, 2])
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      const options = { agent, method: 'POST', headers: { 'content-type': 'application/json' } }
      const sent = request(`${service.url}/v2/models/drone/infer`, options, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode!))
      })
      sent.on('error', reject).end(body)
    })
  const size = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.child.pid}/status`, 'utf8'))![1]) / 1024
  const sizes: number[] = []
  try {
    for (let part = 0; part < PARTS; part++) {
      let left = REQUESTS / PARTS
      const asking = Array.from({ length: CONNECTIONS }, async () => {
        while (left-- > 0) assert.is(await ask(), 200)
      })
      await Promise.all(asking)
      sizes.push(size())
    }
  } finally {
    agent.destroy()
    assert.is(await service.end(), 0)
    folder.remove()
  }
  assert.ok(sizes.at(-1)! - sizes[0]! < GROWTH, `megabytes: ${sizes.map(Math.round).join(', ')}`)
})

test.run()
