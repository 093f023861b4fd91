/** Writes the golden figures anew: tsx test/toolkit/plots/renew.ts */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../support.ts'
import { examples, GOLDEN } from './examples.ts'

const folder = join(root, 'test/toolkit/plots/fixtures')
const figures = examples()

mkdirSync(folder, { recursive: true })
for (const name of GOLDEN) writeFileSync(join(folder, `${name}.svg`), `${figures[name]!.svg}\n`)
