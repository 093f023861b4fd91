/**
 * TensorFlow.js with its plain JavaScript and its WebAssembly. As its documentation advises: production mode, weights
 * as tensors made once, fused kernels, `tidy`, and `dataSync`, since neither computes in the background. One thread.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { folded } from '../networks.ts'
import type { Rival } from '../rival.ts'

function tensorflowOf(backend: 'cpu' | 'wasm', load: () => Promise<unknown>): Rival {
  return {
    name: `TensorFlow.js, ${backend}`,
    async prepare(network) {
      const tf = await import('@tensorflow/tfjs-core')
      await load()
      tf.enableProdMode()
      await tf.setBackend(backend)
      const width = network.inputs.length
      const layers = folded(network).map(({ weights, bias }) => ({
        b: tf.tidy(() => tf.transpose(tf.tensor2d(weights, [bias.length, weights.length / bias.length]))),
        bias: tf.tensor1d(bias),
        activation: 'sigmoid' as const,
      }))
      const scores = (events: Float32Array | number[]) =>
        tf.tidy(() => {
          let a: Tensor2D = tf.tensor2d(events, [events.length / width, width])
          for (const layer of layers) a = tf.fused.matMul({ a, ...layer }) as Tensor2D
          return a.dataSync<'float32'>()
        })
      return { one: (event) => scores(event)[0]!, batch: scores }
    },
  }
}

export const tensorflows = [
  tensorflowOf('cpu', () => import('@tensorflow/tfjs-backend-cpu')),
  tensorflowOf('wasm', async () => (await import('@tensorflow/tfjs-backend-wasm')).setThreadsCount(1)),
]
