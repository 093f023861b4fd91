/** What a runtime is asked for. */
import { createEngine, type EngineName } from 'nndrone'
import { digests } from './digests.ts'
import { speed } from './speed.ts'

const WORKS = { digests, speed }

export type Work = keyof typeof WORKS

/** `host`: what the library chooses by itself; `module`: kernels that were compiled before. */
export type Asked = EngineName | 'host' | 'module'

/** The answer as JSON. */
export async function work(what: Work, asked: Asked, module: () => Promise<WebAssembly.Module>): Promise<string> {
  const named = asked === 'host' ? undefined : asked
  return JSON.stringify(
    await WORKS[what]({ engine: named === 'module' ? createEngine({ module: await module() }) : named }),
  )
}
