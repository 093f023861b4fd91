/** What the pages show, as their readers would run it: with the packed packages, in an empty folder. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Packed } from './packed.ts'
import { root } from './support.ts'

const DOCS = readdirSync(join(root, 'docs'), { encoding: 'utf8', recursive: true }).filter((name) =>
  name.endsWith('.md'),
)
const PAGES = ['README.md', ...DOCS.map((name) => `docs/${name}`), 'toolkit/README.md']

interface Block {
  /** Of the fence that opens it. */
  line: number
  language: string
  text: string
  /** Why it is not run. */
  excuse?: string | undefined
}

const read = (page: string) => readFileSync(join(root, page), 'utf8')

function blocks(page: string): Block[] {
  const text = read(page)
  return [...text.matchAll(/(?:^<!-- not run: (.+) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length + (match[1] ? 1 : 0),
    language: match[2]!,
    text: match[3]!,
    excuse: match[1],
  }))
}

/** The name of a program, in the comment that it begins with. */
const programName = (block: Block) => block.text.match(/^\/\/ ([\w.-]+\.mjs)\n/)?.[1]
const forClone = (block: Block) => block.text.startsWith('# in a clone\n')

const test = suite('pages')

let packed: Packed

test.before(() => {
  packed = new Packed('nndrone', 'nndrone-toolkit')
})

test.after(() => packed.remove())

/** Runs a shell's commands as they stand, but for packages of ours, which come from their archives. */
function shell(cwd: string, text: string, place: string): string {
  const archive = (name: string) => packed.archives.find((file) => new RegExp(`/${name}-\\d`).test(file))!
  const ours = (line: string) => {
    const archives = line.includes('nndrone-toolkit') ? packed.archives : [archive('nndrone')]
    return `npm install --no-audit --no-fund ${archives.map((file) => join(packed.folder, file)).join(' ')}`
  }
  const script = text.replace(/^npm install nndrone.*$/gm, ours)
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  const { status, stdout, stderr } = spawnSync('bash', ['-ec', script], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  })
  if (status !== 0) throw new Error(`${place}: exit code ${status}\n${script}\n${stderr}`)
  return stdout
}

/**
 * Where a page is read. Both READMEs begin with an empty folder; the pages of docs/ find the packages installed. All but
 * the first page find the demo's files, and those of docs/ the drone that the first page makes.
 */
function folderOf(page: string): string {
  const folder = join(packed.folder, page.replace(/\W/g, '-'))
  mkdirSync(folder)
  if (page.endsWith('README.md')) writeFileSync(join(folder, 'package.json'), '{}')
  if (page === 'README.md') return folder
  const first = join(packed.folder, 'README-md')
  cpSync(join(first, 'nndrone-demo'), join(folder, 'nndrone-demo'), { recursive: true })
  if (/library|performance|stream/.test(page)) cpSync(join(first, 'drone.json'), join(folder, 'drone.json'))
  return folder
}

/** The first column of the demo's table. */
const rowNames = (table: string) => [...table.matchAll(/^( {0,2}\w.*?) {2}/gm)].map((match) => match[1])

for (const page of PAGES) {
  test(`${page}: every block runs, or says why not`, () => {
    const folder = folderOf(page)
    const shown = blocks(page)
    const printed: string[] = []
    for (const block of shown) {
      const place = `${page}:${block.line}`
      const name = programName(block)
      if (block.excuse) console.log(`not run: ${place} (${block.excuse})`)
      else if (name) writeFileSync(join(folder, name), block.text)
      else if (block.language === 'sh') forClone(block) || printed.push(shell(folder, block.text, place))
      else assert.is(block.language, '', `${place}: a block of ${block.language} is neither run nor excused`)
    }
    const commands = shown.filter(({ language }) => language === 'sh').map(({ text }) => text)
    const figures = shown.filter(({ language, text }) => language === '' && text.includes('AUC'))
    for (const { text } of figures) {
      const [names, all] = [rowNames(text), rowNames(printed[0]!)]
      // An excerpt says so, and its rows stand together.
      if (text.startsWith('…\n')) assert.ok(`\n${all.join('\n')}\n`.includes(`\n${names.join('\n')}\n`), page)
      else assert.equal(names, all, page)
    }
    for (const name of shown.map(programName).filter((name) => name !== undefined)) {
      assert.ok(commands.join().includes(name), `${page}: ${name} is shown and never run`)
    }
  })
}

test("a bad record does not stop the README's pipeline: it is told, and left out", () => {
  const folder = join(packed.folder, 'README-md')
  appendFileSync(join(folder, 'events.ndjson'), '{"id":1000,"pt":"five"}\n')
  const { status, stderr } = spawnSync(process.execPath, ['pipeline.mjs'], { cwd: folder, encoding: 'utf8' })
  assert.is(status, 0)
  assert.is(stderr, 'left out: "pt": "five", expected a number in {"id":1000,"pt":"five"}\n')
  assert.is(readFileSync(join(folder, 'scored.ndjson'), 'utf8').split('\n').length - 1, 1000)
})

test('the programs of the pages are those of examples/, and all of them', () => {
  const shown = new Map<string, string>()
  for (const page of PAGES) {
    for (const block of blocks(page)) {
      const name = programName(block)
      if (name) shown.set(name, block.text)
    }
  }
  assert.equal([...shown.keys()].sort(), readdirSync(join(root, 'examples')).sort())
  for (const [name, text] of shown) assert.is(read(`examples/${name}`), text, name)
})

test("the README's commands for a clone are those of .ci/run, in its order", () => {
  const commands = blocks('README.md').filter(forClone)[0]!.text.split('\n').slice(1, -1)
  assert.ok(commands.length >= 2)
  for (const script of ['.ci/run', 'scripts/clone.sh']) {
    const lines = read(script)
      .split('\n')
      .map((line) => line.replace(/^\((.+)\)$/, '$1'))
    assert.equal(
      lines.filter((line) => commands.includes(line)),
      commands,
      script,
    )
  }
})

/** As GitHub makes them of headings. */
const anchors = (page: string) =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

test('links lead somewhere', () => {
  for (const page of PAGES) {
    for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path, anchor] = target!.split('#')
      const file = path ? join(dirname(page), path) : page
      assert.ok(existsSync(join(root, file)), `${page}: ${target}`)
      if (anchor) assert.ok(anchors(file).includes(anchor), `${page}: ${target}`)
    }
  }
})

test.run()
