/** Drones as modules of WebAssembly: the same bits in Node, Deno, an AudioWorklet of Chromium, and a host without V8. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Drone } from 'nndrone'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { exportWasm } from '../../../../toolkit/models/write/wasm.ts'
import { firstDifference, root } from '../../../support.ts'
import { launched } from '../../report/chromium.ts'
import { Folder } from '../../support.ts'
import { CASES, eventsOf, HOSTILE, scoresOf, USUAL, wide } from './support.ts'
import { driver, hashOf } from './wasm-driver.ts'

const test = suite('models: written as WebAssembly')
const folder = new Folder()
test.after(() => folder.remove())

interface Exports {
  memory: WebAssembly.Memory
  inputs(): number
  outputs(): number
  event(): number
  answer(): number
  score(): number
}

function instance(bytes: Uint8Array): Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports as unknown as Exports
}

function scored(bytes: Uint8Array, events: Float64Array): Float32Array {
  const { memory, inputs, outputs, event, answer, score } = instance(bytes)
  const to = new Float64Array(memory.buffer, event(), inputs())
  const from = new Float32Array(memory.buffer, answer(), outputs())
  const scores = new Float32Array((events.length / inputs()) * outputs())
  for (let n = 0; n < events.length / inputs(); n++) {
    to.set(events.subarray(n * inputs(), (n + 1) * inputs()))
    assert.ok(Object.is(score(), from[0]))
    scores.set(from, n * outputs())
  }
  return scores
}

test('every activation, one output and several, special values, defaults: the same bits', () => {
  for (const one of CASES) {
    const events = eventsOf(one, 3000)
    const found = scored(exportWasm(Drone.from(one.network)), events)
    assert.is(firstDifference(found, scoresOf(one, events)), -1, one.name)
  }
})

test('100,000 events: the same bits', () => {
  for (const one of USUAL) {
    const events = eventsOf(one, 100_000)
    assert.is(firstDifference(scored(exportWasm(Drone.from(one.network)), events), scoresOf(one, events)), -1, one.name)
  }
})

test('it imports nothing, exports what it says, and 6 → 15 → 1 takes at most 8,000 bytes', () => {
  for (const { network, name } of USUAL) {
    const bytes = exportWasm(Drone.from(network))
    const module = new WebAssembly.Module(new Uint8Array(bytes))
    assert.equal(WebAssembly.Module.imports(module), [])
    assert.equal(
      WebAssembly.Module.exports(module)
        .map((one) => one.name)
        .sort(),
      ['answer', 'event', 'inputs', 'memory', 'outputs', 'score'],
    )
    assert.ok(bytes.length <= 8000, `${name}: ${bytes.length} bytes`)
  }
})

/** Scores events from a file and writes the scores to another: in any host that has files as Node has. */
const PROGRAM = `
import { readFileSync, writeFileSync } from 'node:fs'
const { instance } = await WebAssembly.instantiate(new Uint8Array(readFileSync('drone.wasm')))
const { memory, inputs, outputs, event, answer, score } = instance.exports
const rows = new Float64Array(new Uint8Array(readFileSync('events')).buffer)
const to = new Float64Array(memory.buffer, event(), inputs())
const from = new Float32Array(memory.buffer, answer(), outputs())
const scores = new Float32Array((rows.length / inputs()) * outputs())
for (let n = 0; n < rows.length / inputs(); n++) {
  to.set(rows.subarray(n * inputs(), (n + 1) * inputs()))
  score()
  scores.set(from, n * outputs())
}
writeFileSync('scores', new Uint8Array(scores.buffer))
`

test('100,000 events in Deno: the same bits', () => {
  folder.write('program.mjs', PROGRAM)
  for (const one of USUAL) {
    const events = eventsOf(one, 100_000)
    folder.write('events', new Uint8Array(events.buffer))
    folder.write('drone.wasm', exportWasm(Drone.from(one.network)))
    const deno = join(root, 'node_modules/.bin/deno')
    const flags = ['run', '--no-prompt', '--allow-read', '--allow-write', 'program.mjs']
    const { status, stderr } = spawnSync(deno, flags, { cwd: folder.path, encoding: 'utf8' })
    assert.is(status, 0, stderr)
    const found = new Float32Array(new Uint8Array(readFileSync(folder.file('scores'))).buffer)
    assert.is(firstDifference(found, scoresOf(one, events)), -1)
  }
})

/** In spectest-interp of wabt, an interpreter, which shares no line with V8. */
const isThere = ['wast2json', 'spectest-interp'].every((tool) => spawnSync(tool, ['--version']).status === 0)
const ELSEWHERE = 'an interpreter that is not V8: the same bits, of 100,000 events too'
if (!isThere) {
  console.log(`skipped: ${ELSEWHERE} (no spectest-interp on the PATH; on Debian: apt-get install wabt)`)
  test.skip(ELSEWHERE, () => {})
} else {
  test(ELSEWHERE, () => {
    const scripts = CASES.map((one, i) => {
      const count = i < USUAL.length ? 50_000 : 300
      return driver(exportWasm(Drone.from(one.network)), one.network, count, hashOf(one.network, count))
    })
    folder.write('driver.wast', scripts.join('\n'))
    const run = (tool: string, ...args: string[]) => spawnSync(tool, args, { cwd: folder.path, encoding: 'utf8' })
    const made = run('wast2json', 'driver.wast', '-o', 'driver.json')
    assert.equal([made.status, made.stderr], [0, ''])
    const { status, stdout } = run('spectest-interp', 'driver.json')
    assert.equal(
      [status, stdout.trim().split('\n').at(-1)],
      [0, `${3 * CASES.length}/${3 * CASES.length} tests passed.`],
      stdout,
    )
  })
  test('a driver that expects other bits fails', () => {
    const { network } = USUAL[0]!
    folder.write('wrong.wast', driver(exportWasm(Drone.from(network)), network, 10, hashOf(network, 11)))
    spawnSync('wast2json', ['wrong.wast', '-o', 'wrong.json'], { cwd: folder.path })
    const { stdout } = spawnSync('spectest-interp', ['wrong.json'], { cwd: folder.path, encoding: 'utf8' })
    assert.match(stdout, /mismatch in result[\s\S]*\n2\/3 tests passed\./)
  })
}

/** A processor that has no fetch and no import, and gets the bytes when it is made. */
const PROCESSOR = `
registerProcessor('drone', class extends AudioWorkletProcessor {
  constructor({ processorOptions: { bytes, events } }) {
    super()
    const { memory, inputs, outputs, event, answer, score } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
    const to = new Float64Array(memory.buffer, event(), inputs())
    const from = new Float32Array(memory.buffer, answer(), outputs())
    const scores = new Float32Array((events.length / inputs()) * outputs())
    for (let n = 0; n < events.length / inputs(); n++) {
      to.set(events.subarray(n * inputs(), (n + 1) * inputs()))
      score()
      scores.set(from, n * outputs())
    }
    this.port.postMessage({ scores, fetch: typeof fetch })
  }
  process() {
    return false
  }
})`

/** Hands a drone and events to the processor: both in base64, and so are the scores. */
const PAGE = `<!doctype html><script type="text/plain" id="processor">${PROCESSOR}</script><script>
const decoded = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
async function scored([drone, numbers]) {
  const context = new OfflineAudioContext(1, 128, 44100)
  const processor = new Blob([document.querySelector('#processor').textContent], { type: 'text/javascript' })
  await context.audioWorklet.addModule(URL.createObjectURL(processor))
  const processorOptions = { bytes: decoded(drone), events: new Float64Array(decoded(numbers).buffer) }
  const node = new AudioWorkletNode(context, 'drone', { processorOptions })
  const { scores, fetch } = await new Promise((resolve) => (node.port.onmessage = ({ data }) => resolve(data)))
  const text = Array.from(new Uint8Array(scores.buffer), (byte) => String.fromCharCode(byte)).join('')
  return { fetch, scores: btoa(text) }
}
</script>`

const browser = await launched()
const WORKLET = 'an AudioWorklet of Chromium: the same bits'
if (!browser) {
  console.log(`skipped: ${WORKLET} (no chromium on the PATH)`)
  test.skip(WORKLET, () => {})
}
test.after(() => browser?.close())

if (browser) {
  test(WORKLET, async () => {
    const page = await browser.newPage()
    // A page that counts as secure, without which there are no worklets.
    await page.route('http://localhost/**', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }))
    await page.goto('http://localhost/')
    for (const one of [...USUAL, ...CASES.slice(-2)]) {
      const events = eventsOf(one, 5000)
      const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
      const asked = [base64(exportWasm(Drone.from(one.network))), base64(new Uint8Array(events.buffer))]
      const answered: { fetch: string; scores: string } = await page.evaluate(
        (asked) => (globalThis as any).scored(asked),
        asked,
      )
      assert.is(answered.fetch, 'undefined')
      const found = new Float32Array(new Uint8Array(Buffer.from(answered.scores, 'base64')).buffer)
      assert.is(firstDifference(found, scoresOf(one, events)), -1, one.name)
    }
    await page.close()
  })
}

if (browser) {
  test('the page of docs/export.md, in Chromium', async () => {
    const [, body] = /```html\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/export.md'), 'utf8'))!
    const drone = Drone.from(USUAL[1]!.network)
    const page = await browser.newPage()
    await page.route('http://localhost/**', (route) => {
      const asked = route.request().url().endsWith('.wasm')
      const bytes = Buffer.from(exportWasm(drone))
      return route.fulfill(
        asked ? { contentType: 'application/wasm', body: bytes } : { contentType: 'text/html', body: body! },
      )
    })
    await page.goto('http://localhost/')
    await page.waitForFunction(() => (globalThis as any).document.querySelector('output').value !== '')
    const shown = await page.evaluate(() => (globalThis as any).document.querySelector('output').value)
    assert.is(Number(shown), drone.predict([5, 2.9, 0.7, 3.2, 1.6, 3.1]))
    await page.close()
  })
}

test('a custom section says how it was made, of what, and all names', () => {
  const { layers } = USUAL[0]!.network
  for (let at = 0; at < HOSTILE.length; at += 6) {
    const names = [...Array.from({ length: 5 }, (_, i) => HOSTILE[(at + i) % HOSTILE.length]!), 'half \ud800, nul \0']
    const inputs = names.map((name) => ({ name, offset: 0, scale: 1 }))
    const drone = Drone.from({ inputs, layers, outputs: [names[0]!] })
    for (const name of names) drone.setCut(name, { threshold: 0.25 })
    const [facts] = WebAssembly.Module.customSections(
      new WebAssembly.Module(new Uint8Array(exportWasm(drone))),
      'nndrone',
    )
    const { made, sha256, ...rest } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(facts))
    assert.match(made, /^Made by nndrone export \d+\.\d+\.\d+ from the drone with sha256 [0-9a-f]{64}, arithmetic 1\.$/)
    assert.ok(made.includes(sha256))
    const cuts = Object.fromEntries(names.map((name) => [name, { output: names[0], threshold: 0.25 }]))
    // As text: uvu takes what a key "constructor" holds for a class.
    assert.is(
      JSON.stringify(rest),
      JSON.stringify({ arithmetic: 1, inputs: names, outputs: [names[0]], defaults: {}, cuts }),
    )
  }
})

test('10,000 inputs, and a million parameters', () => {
  for (const widths of [
    [10_000, 3, 1],
    [1023, 1024, 1],
    [1, 349_525, 1],
    [4, 104_857, 5],
  ]) {
    const drone = Drone.from(wide(widths))
    const event = Float64Array.from({ length: widths[0]! }, (_, i) => Math.sin(i))
    assert.is(firstDifference(scored(exportWasm(drone), event), drone.predictBatch(event)), -1, widths.join('-'))
  }
})

test('the same drone gives the same bytes', () => {
  const drone = Drone.from(USUAL[0]!.network)
  assert.equal(exportWasm(Drone.from(drone)), exportWasm(drone))
})

test.run()
