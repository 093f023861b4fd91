/** Warnings of events that may not be what somebody meant; the work is done all the same. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compare, learn, openDrone, openEvents } from '../../../toolkit/index.ts'
import { Folder, someDrone } from '../support.ts'

const test = suite('warnings')
const folder = new Folder()
test.after(() => folder.remove())

/** What is told, of a file of a, b and y. */
async function told(content: string, run: 'learn' | 'compare'): Promise<string[]> {
  someDrone(folder)
  const notices: string[] = []
  const events = await openEvents(folder.file(folder.write('events.csv', content)))
  const options = { target: ['y'], events, onNotice: (text: string) => notices.push(text) }
  if (run === 'learn') await learn({ ...options, features: ['a', 'b'], epochs: 1, holdout: 0 })
  else await compare({ ...options, drone: await openDrone(folder.file('drone.json')), features: ['a', 'b', 'c'] })
  return notices.map((text) => text.replaceAll(folder.path, '…'))
}

const rows = (row: (n: number) => string) => Array.from({ length: 40 }, (_, n) => `${row(n)}\n`).join('')

test('one event', async () => {
  assert.equal(await told('a,b,y\n1,2,0.5\n', 'learn'), ['warning: …/events.csv has one event only, which says little'])
  assert.equal(await told('a,b,c,y\n1,2,3,0.5\n', 'compare'), [
    'warning: …/events.csv has one event only, which says little',
  ])
})

test('a column of one value, which only matters where it is learnt from', async () => {
  assert.equal(await told(`a,b,y\n${rows((n) => `${n},7,0.${n}`)}`, 'learn'), [
    'warning: all events of …/events.csv have the same value of "b"; nothing is learnt from it',
  ])
  assert.equal(await told(`a,b,c,y\n${rows((n) => `${n},7,7,0.${n}`)}`, 'compare'), [])
})

test('columns without any value', async () => {
  assert.equal(await told(`a,b,y\n${rows((n) => `${n},,0.${n}`)}`, 'learn'), [
    'warning: no event of …/events.csv has a value of "b"',
  ])
  assert.equal(await told(`a,b,y\n${rows((n) => `${n},${n % 2 || ''},0.${n}`)}`, 'learn'), [
    'warning: all events of …/events.csv have the same value of "b"; nothing is learnt from it',
  ])
  // The drone has a default for b.
  assert.equal(await told(`a,b,c,y\n${rows((n) => `${n},,3,0.${n}`)}`, 'compare'), [])
})

test.run()
