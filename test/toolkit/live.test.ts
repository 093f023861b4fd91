/** predict --events -: each line is answered before the next is written, and a slow reader is not outrun. */
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shortest } from '../../bindings/index.ts'
import { ended, Folder, someDrone } from './support.ts'

const test = suite('predict --events -')

/** Starts predict and returns what asks one line and waits for one. */
function conversation(folder: Folder) {
  const child = folder.start('predict', 'drone.json', '--events', '-')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value as string | undefined
  return { child, next, say: (text: string) => child.stdin.write(text) }
}

test('CSV: a header, then an answer for each line while the input stays open', async () => {
  const folder = new Folder()
  const drone = someDrone(folder)
  const { child, next, say } = conversation(folder)
  say('c,a,b\r\n')
  assert.is(await next(), 'y0')
  say('1,2,3\r\n')
  assert.is(await next(), String(shortest(drone.predict([2, 3, 1]))))
  say('"4",5,\n')
  assert.is(await next(), String(shortest(drone.predict([5, null, 4]))))
  say('7,8')
  say(',9\n1,1,1\n')
  assert.is(await next(), String(shortest(drone.predict([8, 9, 7]))))
  assert.is(await next(), String(shortest(drone.predict([1, 1, 1]))))
  child.stdin.end('2,2,2')
  assert.is(await next(), String(shortest(drone.predict([2, 2, 2]))), 'the last line needs no line feed')
  assert.is(await ended(child), 0)
  folder.remove()
})

test('NDJSON: objects and arrays are answered with objects', async () => {
  const folder = new Folder()
  const drone = someDrone(folder)
  const { child, next, say } = conversation(folder)
  say('{"a":1,"b":2,"c":3,"id":"x"}\n')
  assert.equal(JSON.parse((await next())!), { y0: shortest(drone.predict([1, 2, 3])) })
  say('{"c":3,"a":1}\n')
  assert.equal(JSON.parse((await next())!), { y0: shortest(drone.predict([1, null, 3])) })
  say('[4,5,null]\n')
  assert.equal(JSON.parse((await next())!), { y0: null })
  child.stdin.end()
  assert.is(await ended(child), 0)
  folder.remove()
})

test('a wrong line ends the command, after the answers of the lines before', async () => {
  const folder = new Folder()
  someDrone(folder)
  const { child, next, say } = conversation(folder)
  let err = ''
  child.stderr.on('data', (data) => (err += data))
  say('a,b,c\n1,2,3\n1,x,3\n')
  assert.is(await next(), 'y0')
  assert.match((await next())!, /^0?\.?\d/)
  assert.is(await ended(child), 1)
  assert.is(err, 'nndrone: standard input:3: column "b": "x" is not a number\n')
  folder.remove()
})

/** Resident memory of a process in MB. */
function memory(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

const body = async () => {
  const folder = new Folder()
  someDrone(folder)
  const child = folder.start('predict', 'drone.json', '--events', '-')
  const LINES = 1_000_000
  let written = 0
  let stalled = false
  const write = () => {
    while (written < LINES) {
      const block = Math.min(1000, LINES - written)
      written += block
      if (!child.stdin.write('1.25,-0.5,3.75\n'.repeat(block))) {
        child.stdin.once('drain', write)
        return
      }
    }
    child.stdin.end()
  }
  child.stdin.write('a,b,c\n')
  write()
  // Nobody reads for a while: the command has to stop reading too.
  await new Promise((resolve) => setTimeout(resolve, 1500))
  stalled = written < LINES / 2
  let largest = memory(child.pid!)
  let answered = 0
  for await (const data of child.stdout) {
    for (const byte of data as Buffer) if (byte === 10) answered++
    if (answered % 64 === 0 && child.exitCode === null) {
      try {
        largest = Math.max(largest, memory(child.pid!))
      } catch {}
    }
  }
  assert.ok(stalled, `${written} lines were taken while nobody read`)
  assert.is(answered, LINES + 1)
  assert.ok(largest < 250, `${largest.toFixed(0)} MB`)
  folder.remove()
}

const name = 'a slow reader is not outrun: memory stays flat over a million lines'
if (existsSync('/proc/self/status')) test(name, body)
else {
  console.log(`skipped: ${name} (no /proc here)`)
  test.skip(name, body)
}

test.run()
