// The first two minutes: makes events and the answers of a teacher, distils them into a drone, scores with it.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'

const FOLDER = 'example'
const EVENTS = 20_000

/** A 32-bit generator (Marsaglia's xorshift), so that the events are the same in every run. */
let state = 20171209
function uniform() {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) / 2 ** 32
}

/** Momentum, angle and distance of a particle; signal flies further and more forward than background. */
function event() {
  const label = uniform() < 0.5 ? 1 : 0
  const pt = -Math.log(1 - uniform()) * (label ? 4 : 2.5)
  const eta = 2 + 3 * uniform() ** (label ? 0.7 : 1)
  const distance = -Math.log(1 - uniform()) * (label ? 2 : 0.8)
  return { pt, eta, distance, label }
}

/** Any classifier could stand here: the drone sees nothing of it but its answers. */
function teacher({ pt, eta, distance }) {
  const z = 0.8 * Math.log(pt + 0.1) + 1.2 * Math.tanh(distance - 0.9) + 0.3 * (eta - 3.5) * Math.sqrt(distance) - 0.4
  return 1 / (1 + Math.exp(-2 * z))
}

function run(...args) {
  console.log(`\n$ nndrone ${args.join(' ')}`)
  const { status } = spawnSync(process.execPath, ['toolkit/bin/nndrone.js', ...args], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

mkdirSync(FOLDER, { recursive: true })
const rows = Array.from({ length: EVENTS }, () => {
  const { pt, eta, distance, label } = event()
  return [pt, eta, distance, label, teacher({ pt, eta, distance })].join(',')
})
writeFileSync(`${FOLDER}/events.csv`, ['pt,eta,distance,label,answer', ...rows, ''].join('\n'))
console.log(`${EVENTS} events with the answers of a teacher: ${FOLDER}/events.csv`)

const events = ['--events', `${FOLDER}/events.csv`]
const drone = `${FOLDER}/drone.json`
run('distill', '--target', 'answer', '--label', 'label', ...events, '--out', drone)
run('inspect', drone)
run('compare', drone, '--target', 'answer', '--label', 'label', ...events)
