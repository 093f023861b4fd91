/** Runs a drone that was exported as a module of JavaScript. */
import type { Run } from './answers.ts'

interface Exports {
  inputs: readonly string[]
  outputs: readonly string[]
  answer(event: ArrayLike<number>, out: Float32Array): Float32Array
}

export async function runModule(text: string): Promise<Run> {
  const url = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
  const { inputs, outputs, answer }: Exports = await import(url)
  const [width, height] = [inputs.length, outputs.length]
  return async (events) => {
    const answers = new Float32Array((events.length / width) * height)
    for (let n = 0; n < events.length / width; n++) {
      answer(events.subarray(n * width, (n + 1) * width), answers.subarray(n * height, (n + 1) * height))
    }
    return answers
  }
}
