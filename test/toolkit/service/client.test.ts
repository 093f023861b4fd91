/** A client in Python goes through every endpoint: it shares no code with the service. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Folder } from '../support.ts'
import { csvOf, rowsOf, serving, TOKEN, trained, writeDrone } from './support.ts'

const test = suite('service, an independent client')
const python = spawnSync('python3', ['--version']).status === 0
if (!python) console.log('skipped: service, an independent client (no python3)')
const folder = new Folder()
test.after(() => folder.remove())

for (const workers of ['1', '2']) {
  const name = `every endpoint, ${workers} process(es): the bits of predict`
  ;(python ? test : test.skip)(name, async () => {
    const models = `models${workers}`
    mkdirSync(folder.file(`${models}/best/1`), { recursive: true })
    writeDrone(folder, `${models}/best/1/drone.json`, await trained(1))
    writeDrone(folder, 'other.json', await trained(2))
    folder.write('events.csv', csvOf(rowsOf(500)))
    const drone = `${models}/best/1/drone.json`
    folder.run('predict', drone, '--events', 'events.csv', '--out', 'scores.csv')
    const service = await serving(folder, ['--models', models, '--workers', workers])
    try {
      const args = [String(service.port), TOKEN, drone, 'events.csv', 'scores.csv', 'other.json']
      const { stdout } = await promisify(execFile)('python3', [join(import.meta.dirname, 'client.py'), ...args], {
        cwd: folder.path,
      })
      const { seen, paths } = JSON.parse(stdout) as { seen: string[]; paths: Record<string, string[]> }
      const asked = new Set(seen)
      for (const [path, ways] of Object.entries(paths)) {
        const pattern = new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)
        for (const way of ways.filter((way) => way !== 'parameters')) {
          const found = [...asked].some(
            (one) => one.startsWith(`${way.toUpperCase()} `) && pattern.test(one.split(' ')[1]!),
          )
          assert.ok(found, `${way} ${path} was asked`)
        }
      }
    } finally {
      assert.is(await service.end(), 0, service.said())
    }
    // The rest of the log is written at the end.
    assert.not.match(service.said(), new RegExp(TOKEN), 'no secret in the log')
    const lines = service
      .said()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    assert.ok(lines.some(({ id, status }) => id === 'mine-1' && status === 200))
    assert.is(lines.find(({ id }) => id === 'mine-1').trace, '4bf92f3577b34da6a3ce929d0e0e4736')
  })
}

test.run()
