/** bench/RESULTS.md: what the benchmarks printed, a section each, pasted by their scripts and never typed. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FILE = join(dirname(fileURLToPath(import.meta.url)), 'RESULTS.md')
const HEAD = '# Results\n\nEach section is written by the command that it names.\n'

/** Prints a section and puts it in the file, in place of what the same command wrote before. */
export function publish(command: string, body: string): void {
  const { model } = cpus()[0]!
  const made = `\`${command}\` on ${cpus().length} × ${model.trim()}, ${process.platform} ${process.arch}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`
  const section = `${made}\n\n${body.trim()}\n`
  console.log(section)
  const [begin, end] = [`<!-- ${command} -->`, `<!-- end of ${command} -->`]
  const before = existsSync(FILE) ? readFileSync(FILE, 'utf8') : HEAD
  const [from, to] = [before.indexOf(begin), before.indexOf(end)]
  const whole = `${begin}\n${section}${end}`
  const after = from < 0 ? `${before}\n${whole}\n` : before.slice(0, from) + whole + before.slice(to + end.length)
  writeFileSync(FILE, after)
}

/** A table in Markdown: the first column to the left, the others to the right. */
export function markdown(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const rule = head.map((_, i) => (i === 0 ? ':--' : '--:'))
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
