/** Events from what is no file: process substitution and named pipes. */
import { spawnSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { COMMAND, Folder, someDrone } from './support.ts'

const test = suite('pipes')
const folder = new Folder()
test.after(() => folder.remove())

function bash(script: string) {
  const command = `'${process.execPath}' '${COMMAND}'`
  const options = { cwd: folder.path, encoding: 'utf8', maxBuffer: 1 << 28 } as const
  return spawnSync('bash', ['-c', script.replaceAll('nndrone', command)], options)
}

test('one, several, packed, and beside files; to a pipe too', () => {
  someDrone(folder)
  const lines = Array.from({ length: 50_000 }, (_, n) => `${n / 1e4},2,${n / 2e4}\n`)
  folder.write('events.csv', `a,b,c\n${lines.join('')}`)
  const file = folder.run('predict', 'drone.json', '--events', 'events.csv').out
  const scripts = [
    'nndrone predict drone.json --events <(cat events.csv)',
    'mkfifo pipe; cat events.csv > pipe & nndrone predict drone.json --events pipe',
    'nndrone predict drone.json --events <(gzip -c events.csv)',
    'nndrone predict drone.json --events events.csv --out >(cat)',
  ]
  for (const script of scripts) {
    const { status, stdout, stderr } = bash(script)
    assert.is(status, 0, stderr)
    assert.ok(stdout === file, script)
  }
  const twice = bash('nndrone predict drone.json --events <(cat events.csv) events.csv <(cat events.csv)')
  assert.is(twice.status, 0, twice.stderr)
  assert.is(twice.stdout.length, 3 * file.length - 2 * 'y0\n'.length)
})

test('a format that is read from all places at once says that it needs a file', () => {
  folder.run('predict', 'drone.json', '--events', 'events.csv', '--out', 'scores.parquet')
  const { status, stderr } = bash('nndrone predict drone.json --events <(cat scores.parquet)')
  assert.is(status, 1)
  assert.match(stderr, /^nndrone: \/dev\/fd\/\d+: Parquet cannot be read from a stream, only from a file\n$/)
})

test.run()
