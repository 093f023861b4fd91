/** Runs in Node, Deno and Bun, there in a worker thread too: `command.mjs digests simd` prints JSON. */
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { type Asked, type Work, work } from './work.ts'

const [what, asked] = process.argv.slice(2) as [Work, Asked]
const answer = await work(what, asked, async (file) => {
  return WebAssembly.compile(await readFile(new URL(import.meta.resolve(`nndrone/${file}`))))
})
console.log(answer)
