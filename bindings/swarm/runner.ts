/** Which runners of swarms there are, and which one a swarm gets. */
import { JsEngine } from '../engines/js.ts'
import { checkModule } from '../engines/modules.ts'
import { SimdEngine } from '../engines/simd.ts'
import { ConfigurationError, shown } from '../errors.ts'
import type { KernelsModule } from '../host.ts'
import type { SwarmEngineName, SwarmRunner } from './api.ts'
import { JsSwarm } from './js.ts'
import { SimdSwarm, swarmEngine } from './simd.ts'

export interface SwarmEngineOptions {
  /** As for a drone; by default what the host has. All swarms share one memory, which is not that of drones. */
  engine?: SwarmEngineName
  /** The compiled module of `nndrone/swarm.wasm`, for hosts that forbid compiling bytes; the swarm has a memory of its own. */
  module?: KernelsModule
}

export function runnerOf({ engine, module }: SwarmEngineOptions): SwarmRunner {
  if (engine !== undefined && engine !== 'simd' && engine !== 'js') {
    throw new ConfigurationError(`engine: ${shown(engine)}, expected "simd" or "js"`)
  }
  checkModule('module', module, 'scoreQuads', 'swarm.wasm')
  if (engine === 'js') return new JsSwarm(new JsEngine())
  if (module) return new SimdSwarm(new SimdEngine(module))
  try {
    return new SimdSwarm(swarmEngine())
  } catch (error) {
    if (engine === 'simd') throw error
    return new JsSwarm(new JsEngine())
  }
}
