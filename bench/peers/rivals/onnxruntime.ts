/**
 * onnxruntime, native (onnxruntime-node) and as WebAssembly (onnxruntime-web). As its documentation advises: all graph
 * optimisations, which fuse Gemm and Sigmoid; one session; tensors over the caller's numbers, that of single events
 * made once. One thread.
 */
import type { InferenceSession, TensorConstructor } from 'onnxruntime-common'
import { folded } from '../networks.ts'
import { onnx } from '../onnx.ts'
import type { Rival } from '../rival.ts'

interface Package {
  InferenceSession: { create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> }
  Tensor: TensorConstructor
}

function runtime(name: string, provider: string, load: () => Promise<Package>): Rival {
  return {
    name,
    async prepare(network) {
      const { InferenceSession, Tensor } = await load()
      const session = await InferenceSession.create(onnx(folded(network)), {
        executionProviders: [provider],
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
      })
      const width = network.inputs.length
      const event = new Float32Array(width)
      const feeds = { x: new Tensor('float32', event, [1, width]) }
      return {
        async one(values) {
          for (let i = 0; i < width; i++) event[i] = values[i]!
          const { y } = await session.run(feeds)
          return (y!.data as Float32Array)[0]!
        },
        async batch(events) {
          const { y } = await session.run({ x: new Tensor('float32', events, [events.length / width, width]) })
          return y!.data as Float32Array
        },
      }
    },
  }
}

export const onnxruntimes = [
  runtime('onnxruntime-node', 'cpu', () => import('onnxruntime-node')),
  runtime('onnxruntime-web', 'wasm', async () => {
    const web = await import('onnxruntime-web')
    web.env.wasm.numThreads = 1
    return web
  }),
]
