/**
 * Writes golden.json anew: `npm run golden`. Only where the arithmetic changes on purpose; a release in between makes
 * that another `nndrone.arithmetic`.
 */
import { writeFileSync } from 'node:fs'
import { digests } from './digests.ts'
import { differing, GOLDEN } from './golden.ts'

const [simd, js] = [await digests({ engine: 'simd' }), await digests({ engine: 'js' })]
const split = differing(simd.digests, js.digests)
if (split.length > 0) throw new Error(`simd and js differ in:\n${split.join('\n')}`)
writeFileSync(GOLDEN, `${JSON.stringify({ command: 'npm run golden', digests: simd.digests }, null, 2)}\n`)
