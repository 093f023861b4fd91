/** Builds what the runtimes run. */
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../support.ts'

/**
 * Writes `command.mjs` (and `thread.mjs`), which import the library, and `page.js`, which holds it, into a folder where the library is
 * installed: the second is bundled there for a browser, as a user does.
 */
export async function writePrograms(folder: string): Promise<void> {
  const entryPoints = ['command', 'thread', 'page'].map((name) => join(root, 'test/runtimes', `${name}.ts`))
  const common = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning' } as const
  await build({
    ...common,
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    external: ['nndrone', 'node:*'],
  })
  await build({ ...common, entryPoints: [join(folder, 'page.mjs')], outfile: join(folder, 'page.js') })
}
