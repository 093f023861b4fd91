/** `distill --frontier`: drones of several sizes, a table, a curve. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { FRONTIER } from '../../bindings/index.ts'
import { Folder, someAnswers } from './support.ts'

const test = suite('frontier')
const folder = new Folder()
test.after(() => folder.remove())

test('a drone of each size, a table, a curve; and nothing is replaced without --force', () => {
  someAnswers(folder)
  const args = ['distill', '--target', 'answer', '--features', 'a,b', '--events', 'answers.csv', '--epochs', '6']
  const { status, out, err } = folder.run(...args, '--frontier', 'sizes', '--json')
  assert.is(status, 0, err)
  const { drones } = JSON.parse(out)
  assert.equal(
    drones.map(({ hidden, parameters, file }: any) => [hidden, parameters, file]),
    FRONTIER.map((units) => [units, 4 * units + 1, `sizes/drone-${units}.json`]),
  )
  const { nndrone } = JSON.parse(readFileSync(folder.file('sizes/drone-8.json'), 'utf8'))
  const eight = drones.find(({ hidden }: any) => hidden === 8)
  assert.is(nndrone.fidelity.mse, Number(eight.mse.toPrecision(7)))
  const [header, ...rows] = readFileSync(folder.file('sizes/frontier.csv'), 'utf8').trimEnd().split('\n')
  assert.is(header, 'hidden,parameters,mse,mseError,inSample,maxError,file')
  assert.is(rows.length, FRONTIER.length)
  assert.match(readFileSync(folder.file('sizes/frontier.svg'), 'utf8'), /^<svg/)
  const again = folder.run(...args, '--frontier', 'sizes')
  assert.is(again.status, 2)
  assert.is(
    again.err,
    'nndrone: --frontier sizes/drone-3.json: the file exists; add --force to replace it, or name another file\n',
  )
  const sized = folder.run(...args, '--frontier', 'others', '--hidden', '3')
  assert.is(sized.err, 'nndrone: --hidden cannot be combined with --frontier, which makes drones of several sizes\n')
})

test.run()
