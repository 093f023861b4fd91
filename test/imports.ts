/** Who imports whom, types too. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './support.ts'

/** The files of folders, each with what it imports from files of ours, all named from the root. */
export function importsOf(...folders: string[]): Map<string, string[]> {
  const files = folders.flatMap((folder) => {
    const inside = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    return inside.map((file) => join(folder, file))
  })
  const sources = files.filter((file) => file.endsWith('.ts') && !/\/(dist|node_modules)\//.test(file))
  return new Map(sources.sort().map((file) => [file, imported(file)]))
}

/** The library, as the toolkit names it. */
const LIBRARY: Record<string, string> = { nndrone: 'bindings/index.ts', 'nndrone/lines': 'bindings/lines.ts' }

function imported(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const paths = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\..+?\.ts|nndrone(?:\/lines)?)'/g)].map(
    ([, path]) => path!,
  )
  return paths.map((path) => LIBRARY[path] ?? join(dirname(file), path))
}

/** Files that lead back to themselves, each way once. */
export function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file)
    if (at >= 0) found.push([...way.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file)) return
    for (const next of imports.get(file) ?? []) visit(next, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return found
}
