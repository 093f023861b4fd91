/** Runs in a page or in its worker: `?digests&simd&page` answers with JSON on the console. */
import { type Asked, type Work, work } from './work.ts'

const [what, asked, where] = location.search.slice(1).split('&') as [Work, Asked, 'page' | 'worker']
const inPage = typeof document !== 'undefined'

if (inPage && where === 'worker') {
  const worker = new Worker(new URL(location.search, import.meta.url), { type: 'module' })
  worker.onmessage = ({ data }) => console.log(data)
} else {
  const answer = await work(what, asked, (file) => WebAssembly.compileStreaming(fetch(`/${file}`)))
  if (inPage) console.log(answer)
  else postMessage(answer)
}
