/** What a runtime is asked for. */
import { createEngine, type Engine, type EngineName } from 'nndrone'
import { digests } from './digests.ts'
import { speed } from './speed.ts'

const WORKS = { digests, speed }

export type Work = keyof typeof WORKS

/** `host`: what the library chooses by itself; `module`: kernels that were compiled before. */
export type Asked = EngineName | 'host' | 'module'

/** Compiles a binary of the package. */
type Compile = (file: 'nndrone.wasm' | 'learning.wasm') => Promise<WebAssembly.Module>

/** The answer as JSON. */
export async function work(what: Work, asked: Asked, compile: Compile): Promise<string> {
  return JSON.stringify(await WORKS[what]({ engine: await engineOf(asked, compile) }))
}

async function engineOf(asked: Asked, compile: Compile): Promise<Engine | EngineName | undefined> {
  if (asked === 'host') return undefined
  if (asked !== 'module') return asked
  return createEngine({ module: await compile('nndrone.wasm'), learning: await compile('learning.wasm') })
}
