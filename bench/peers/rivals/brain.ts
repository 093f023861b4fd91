/**
 * brain.js, by its entry for browsers: the same network without gpu.js, whose `gl` would have to be compiled. Its
 * documentation runs a trained network as `toFunction()`, one expression of all weights; where that grows too long for
 * V8, `run` is faster, so the faster of both is taken.
 */
import { createRequire } from 'node:module'
import { folded, rowsOf } from '../networks.ts'
import { oneByOne } from '../one-by-one.ts'
import type { Rival } from '../rival.ts'

type Run = (event: number[]) => ArrayLike<number>

export const brain: Rival = {
  name: 'brain.js',
  async prepare(network) {
    const { NeuralNetwork } = createRequire(import.meta.url)('brain.js/dist/browser.js')
    const layers = folded(network)
    const width = network.inputs.length
    const sizes = [width, ...layers.map(({ bias }) => bias.length)]
    const net = new NeuralNetwork().fromJSON({
      type: 'NeuralNetwork',
      sizes,
      layers: [
        { weights: [], biases: [] },
        ...layers.map(({ weights, bias }, k) => ({ weights: rowsOf(sizes[k]!, weights), biases: [...bias] })),
      ],
      options: {},
    })
    const event = Array.from({ length: width }, () => 0.5)
    const run = faster(event, net.toFunction(), (event) => net.run(event))
    const one = (event: number[]) => run(event)[0]!
    return { one, batch: oneByOne(one, width) }
  },
}

function faster(event: number[], a: Run, b: Run): Run {
  return callsOf(a, event) > callsOf(b, event) ? a : b
}

/** How often it can be called in a while, at best: V8 compiles it meanwhile. */
function callsOf(run: Run, event: number[]): number {
  let most = 0
  for (let whiles = 0; whiles < 4; whiles++) {
    let calls = 0
    for (const end = performance.now() + 40; performance.now() < end; calls++) run(event)
    most = Math.max(most, calls)
  }
  return most
}
