/** Runs a drone that was exported as WebAssembly, as any host does. */
import { NotHere, type Run } from './answers.ts'

interface Exports {
  memory: { buffer: ArrayBuffer }
  inputs(): number
  outputs(): number
  event(): number
  answer(): number
  score(): number
}

export function runWasm(bytes: Uint8Array): Run {
  if (typeof WebAssembly === 'undefined') throw new NotHere('this Node has no WebAssembly')
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)))
  const { memory, inputs, outputs, event, answer, score } = exports as unknown as Exports
  const [width, height] = [inputs(), outputs()]
  const to = new Float64Array(memory.buffer, event(), width)
  const from = new Float32Array(memory.buffer, answer(), height)
  return async (events) => {
    const answers = new Float32Array((events.length / width) * height)
    for (let n = 0; n < events.length / width; n++) {
      to.set(events.subarray(n * width, (n + 1) * width))
      score()
      answers.set(from, n * height)
    }
    return answers
  }
}
