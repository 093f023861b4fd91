/** Packages that are too large to be installed with the command. */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What a package exports that stands beside this program, or where it was called; undefined where neither has it. */
export async function optional(name: string): Promise<unknown> {
  const here = createRequire(join(process.cwd(), 'package.json'))
  return (await loaded(() => name)) ?? loaded(() => pathToFileURL(here.resolve(name)).href)
}

async function loaded(specifier: () => string): Promise<unknown> {
  try {
    return await import(specifier())
  } catch (error) {
    if (/^(ERR_)?MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
