/** Which engines there are, and who gets which. */
import { ConfigurationError, refuse, shown } from '../errors.ts'
import type { KernelsModule } from '../host.ts'
import { checkOptions, type OptionTypes } from '../options.ts'
import type { Engine, EngineName } from './api.ts'
import { JsEngine } from './js.ts'
import { checkModule, prepare, relaxedModule } from './modules.ts'
import { SimdEngine } from './simd.ts'

export interface EngineOptions {
  /**
   * `simd` is WebAssembly with SIMD128, `js` the same operations in plain JavaScript; the default is what the host has.
   * `relaxed` is faster where the host has relaxed SIMD, but its last bits are as the host likes; it is never the default.
   */
  engine?: EngineName
  /** The compiled module of `nndrone/nndrone.wasm` or `nndrone.relaxed.wasm`, for hosts that forbid compiling bytes. */
  module?: KernelsModule
  /** The compiled module of `nndrone/learning.wasm`, for `distill` on such hosts; that of `relaxed` learns by itself. */
  learning?: KernelsModule
}

const OPTIONS: OptionTypes<EngineOptions> = { engine: '', module: '', learning: '' }

/**
 * An engine of its own, with its own memory.
 * @throws ConfigurationError on an option that does not exist or does not fit, and where the host does not run it
 * @example const drone = Drone.from(document, { engine: createEngine({ module }) })
 */
export function createEngine(options: EngineOptions = {}): Engine {
  checkOptions('createEngine', options, OPTIONS)
  const { engine, module, learning } = options
  if (engine === 'relaxed') checkModule('module', module, 'train', 'nndrone.relaxed.wasm')
  else checkModule('module', module, 'predict', 'nndrone.wasm')
  checkModule('learning', learning, 'train', 'learning.wasm')
  if (engine === 'js') return new JsEngine()
  if (engine === 'relaxed') {
    // One binary scores and trains: only who asks for it loads it.
    const kernels = module ?? relaxedModule()
    return new SimdEngine(kernels, engine, learning ?? kernels)
  }
  if (engine !== undefined && engine !== 'simd') {
    throw new ConfigurationError(`engine: ${shown(engine)}, expected "simd", "relaxed" or "js"`)
  }
  if (engine === undefined && !SimdEngine.available(module)) return new JsEngine()
  return new SimdEngine(module, 'simd', learning)
}

const shared = new Map<EngineName | 'default', Engine>()

/**
 * The engine that drones share unless they are given one of their own; made when it is first asked for.
 * @param warn whether to say so, once, where `js` takes over
 */
export function sharedEngine(name?: EngineName, warn = true): Engine {
  const key = name ?? 'default'
  const engine = shared.get(key) ?? createEngine({ engine: name })
  shared.set(key, engine)
  if (key === 'default' && engine.name === 'js' && warn) warnOfJs()
  return engine
}

let warned = false

function warnOfJs(): void {
  if (warned) return
  warned = true
  console.warn(
    'nndrone: this host does not compile WebAssembly with SIMD, so the engine "js" takes over: the same scores, but slower. createEngine({ module }) takes compiled kernels; { warn: false } or { engine: "js" } turns this warning off.',
  )
}

/** @throws ConfigurationError where a value that was given as an engine cannot run networks */
export function checkEngine(engine: Engine): Engine {
  if (typeof engine?.place !== 'function') refuse('engine', engine, 'a name, or what createEngine returns')
  return engine
}

/**
 * As `sharedEngine`, but compiles without blocking, and loads what `relaxed` needs.
 * @throws ConfigurationError where the host does not have what the engine needs
 * @example await loadEngine('relaxed') // from now on Drone.from(document, { engine: 'relaxed' }) works
 */
export async function loadEngine(name?: EngineName, warn = true): Promise<Engine> {
  if (name !== 'js') await prepare(name === 'relaxed' ? name : 'simd')
  return sharedEngine(name, warn)
}
