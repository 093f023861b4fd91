/** Runs in Node, Deno and Bun, there in a worker thread too: `command.mjs digests simd` prints JSON. */
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { type Asked, type Work, work } from './work.ts'

const [what, asked] = process.argv.slice(2) as [Work, Asked]
const compile = async () => {
  const file = new URL(import.meta.resolve('nndrone/nndrone.wasm'))
  return WebAssembly.compile(await readFile(file))
}
console.log(await work(what, asked, compile))
