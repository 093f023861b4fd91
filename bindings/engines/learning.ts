/** What trains the networks that an engine scores. */
import { learning as kernels } from '../binaries/learning.ts'
import { ConfigurationError } from '../errors.ts'
import type { Engine, LearningEngine } from './api.ts'
import { JsLearning } from './js-learning.ts'
import { compile } from './modules.ts'
import { SimdLearning } from './simd-learning.ts'

/**
 * An engine for one run, of the kind of `engine`. Its memory is its own, and goes with it.
 * @throws ConfigurationError where its kernels were not given, and the host forbids compiling them
 */
export async function loadLearning({ name, learning }: Engine): Promise<LearningEngine> {
  return name === 'js' ? new JsLearning() : new SimdLearning(learning ?? (await compiledKernels()), name)
}

async function compiledKernels(): Promise<WebAssembly.Module> {
  try {
    return await compile(kernels)
  } catch (cause) {
    const needed = 'createEngine({ module, learning }) takes the compiled module of nndrone/learning.wasm'
    throw new ConfigurationError(`learning: none, and this host does not compile WebAssembly; ${needed}`, { cause })
  }
}
