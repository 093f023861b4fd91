/**
 * How late a timer fires in a process that distils: `npm run bench:event-loop`. A timer asks to be called every
 * 10 ms; what is printed is by how much each call came too late.
 */

import { Random } from '../bindings/arithmetic/random.ts'
import { distill } from '../bindings/index.ts'

/** Events that a simple function of their features labels. */
function decays(count: number, width: number) {
  const random = new Random(1)
  const events = new Float64Array(count * width).map(() => random.uniform() * 4 - 2)
  const targets = new Float32Array(count)
  for (let n = 0; n < count; n++) {
    const z = events[n * width]! * events[n * width + 1]! + events[n * width + 2]!
    targets[n] = 1 / (1 + Math.exp(-3 * z))
  }
  return { events, targets }
}

async function lateness(count: number, width: number, epochs: number): Promise<void> {
  const { events, targets } = decays(count, width)
  const late: number[] = []
  let asked = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    late.push(Math.max(0, now - asked - 10))
    asked = now
  }, 10)
  await new Promise((resolve) => setTimeout(resolve, 100))
  late.length = 0
  asked = performance.now()
  const inputs = Array.from({ length: width }, (_, i) => `x${i}`)
  const began = performance.now()
  const { drone } = await distill({ events, targets, inputs, epochs, holdout: 0.2 })
  const seconds = (performance.now() - began) / 1000
  clearInterval(timer)
  drone.dispose()
  late.sort((a, b) => a - b)
  const at = (fraction: number) => late[Math.min(late.length - 1, Math.floor(late.length * fraction))]!.toFixed(1)
  const figures = [count, width, epochs, seconds.toFixed(1), late.length, at(0.5), at(0.99), at(1)]
  console.log(`| ${figures.join(' | ')} |`)
}

console.log(
  '| events | inputs | epochs | seconds | timer calls | median ms late | p99 | largest |\n|--:|--:|--:|--:|--:|--:|--:|--:|',
)
await lateness(20_000, 6, 200)
await lateness(1_000_000, 6, 6)
await lateness(1_000_000, 28, 3)
