/** Where commands write: inputs are never destroyed, and a file that is replaced stays whose it was. */

import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, linkSync, openSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { COMMAND, Folder, someAnswers, someDrone } from './support.ts'

const test = suite('output')

let folder: Folder

test.before.each(() => {
  folder = new Folder()
  someDrone(folder)
  folder.write('events.csv', 'a,b,c\n1,2,3\n')
})

test.after.each(() => folder.remove())

const text = (name: string) => readFileSync(folder.file(name), 'utf8')

/** Checks that a call is refused as a mistake of usage, and that it changes no file. */
function refuses(message: string, ...args: string[]): void {
  const files = () => readdirSync(folder.path).map((name) => [name, text(name)])
  const before = files()
  const { status, out, err } = folder.run(...args)
  assert.is(err, `nndrone: ${message}\n`)
  assert.is(out, '')
  assert.is(status, 2)
  assert.equal(files(), before)
}

test('predict writes nothing where not even the first event can be read, in any format', () => {
  folder.write('broken.csv', 'a,b,c\nx,2,3\n')
  folder.write('broken.ndjson', '{"a":"x","b":2,"c":3}\n')
  const before = readdirSync(folder.path)
  for (const events of ['broken.csv', 'broken.ndjson']) {
    for (const out of [
      [],
      ['--json'],
      ...['csv', 'ndjson', 'npy', 'parquet'].map((ending) => ['--out', `s.${ending}`]),
    ]) {
      const run = folder.run('predict', 'drone.json', '--events', events, ...out)
      assert.is(run.status, 1)
      assert.match(run.err, /"x" is not a number\n$/)
      if (out[0] !== '--json') assert.is(run.out, '')
      assert.equal(readdirSync(folder.path), before)
    }
  }
})

test('the header of no events', () => {
  folder.write('none.csv', 'a,b,c\n')
  const { status, out } = folder.run('predict', 'drone.json', '--events', 'none.csv')
  assert.equal([status, out], [0, 'y0\n'])
})

test('predict never writes over an input, by whatever name', () => {
  symlinkSync('events.csv', folder.file('symbolic.csv'))
  linkSync(folder.file('events.csv'), folder.file('hard.csv'))
  const predict = (out: string, ...events: string[]) => ['predict', 'drone.json', '--events', ...events, '--out', out]
  const other = 'name another file'
  refuses(`--out events.csv: is an input of this command (--events); ${other}`, ...predict('events.csv', 'events.csv'))
  for (const out of ['symbolic.csv', 'hard.csv', '../'.concat(folder.path.split('/').at(-1)!, '/events.csv')]) {
    refuses(`--out ${out}: is the same file as --events events.csv; ${other}`, ...predict(out, 'events.csv'))
  }
  refuses(
    `--out hard.csv: is the same file as --events events.csv; ${other}`,
    ...predict('hard.csv', 'none.csv', 'ev*.csv'),
  )
  refuses(`--out drone.json: is an input of this command (MODEL); ${other}`, ...predict('drone.json', 'events.csv'))
  const stdin = openSync(folder.file('events.csv'), 'r')
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, ...predict('events.csv', '-')], {
    ...{ cwd: folder.path, encoding: 'utf8', stdio: [stdin, 'pipe', 'pipe'] },
  })
  assert.is(stderr, `nndrone: --out events.csv: is the same file as --events -; ${other}\n`)
  assert.is(status, 2)
})

test('neither do distill and probe', () => {
  someAnswers(folder)
  const learn = ['distill', '--target', 'answer', '--features', 'a,b', '--epochs', '1', '--events', 'answers.csv']
  refuses(
    '--out answers.csv: is an input of this command (--events); name another file',
    ...learn,
    ...['--force', '--out', 'answers.csv'],
  )
  const teach = ['distill', 'drone.json', '--events', 'events.csv', '--epochs', '1']
  refuses('--out drone.json: is an input of this command (TEACHER); name another file', ...teach)
  refuses('--out drone.json: is an input of this command (TEACHER); name another file', ...teach, '--force')
  refuses(
    '--out events.csv: is an input of this command (--like); name another file',
    ...['probe', '--like', 'events.csv', '--count', '3', '--out', 'events.csv'],
  )
})

test('an existing drone is replaced with --force only', () => {
  someAnswers(folder)
  const learn = ['distill', '--target', 'answer', '--features', 'a,b', '--epochs', '1', '--events', 'answers.csv']
  const exists = 'the file exists; add --force to replace it, or name another file'
  refuses(`--out drone.json: ${exists}`, ...learn)
  refuses(`--out events.csv: ${exists}`, ...learn, '--out', 'events.csv')
  const before = text('drone.json')
  const { status, err } = folder.run(...learn, '--force')
  assert.is(status, 0, err)
  assert.is.not(text('drone.json'), before)
  assert.is(folder.run(...learn, '--out', '/dev/null').status, 0)
})

test('the demo replaces files of an earlier demo, and no others', () => {
  folder.write('train.csv', 'x,y\n1,2\n')
  const hint = 'add --force to replace it, or name another folder'
  refuses(`--out .: train.csv exists and is not of an earlier demo; ${hint}`, 'demo', '--out', '.')
  const other = new Folder()
  other.write('drone.json', '{}')
  const { status, err } = other.run('demo', '--out', other.path)
  assert.is(status, 2)
  assert.is(
    err,
    `nndrone: --out ${other.path}: ${other.file('drone.json')} exists and is not of an earlier demo; ${hint}\n`,
  )
  other.remove()
})

if (process.platform !== 'win32') {
  const predict = ['predict', 'drone.json', '--events', 'events.csv', '--out', 'scores.csv']

  test('a file that is replaced keeps its mode, and a new one has the usual', () => {
    folder.write('scores.csv', 'before\n')
    for (const mode of [0o600, 0o640, 0o666]) {
      chmodSync(folder.file('scores.csv'), mode)
      assert.is(folder.run(...predict).status, 0)
      assert.is(statSync(folder.file('scores.csv')).mode & 0o777, mode)
    }
    assert.is(folder.run(...predict.slice(0, -1), 'new.csv').status, 0)
    assert.is(statSync(folder.file('new.csv')).mode & 0o777, 0o666 & ~process.umask())
  })

  test('a link in the place of a temporary file is not followed', () => {
    folder.write('precious.txt', 'precious\n')
    const script = folder.write(
      'links.mjs',
      `import { symlinkSync } from 'node:fs'
       import { spawn } from 'node:child_process'
       const child = spawn(process.execPath, process.argv.slice(2))
       for (const name of ['.scores.csv.' + child.pid + '.tmp', '.nndrone.' + child.pid + '.tmp']) symlinkSync('precious.txt', name)
       child.on('exit', (code) => process.exit(code))`,
    )
    spawnSync(process.execPath, [script, COMMAND, ...predict], { cwd: folder.path })
    assert.is(text('precious.txt'), 'precious\n')
    assert.match(text('scores.csv'), /^y0\n/)
  })

  const name = 'a file of another owner stays his, or is refused'
  if (process.getuid!() === 0) {
    test(name, () => {
      folder.write('scores.csv', 'before\n')
      chownSync(folder.file('scores.csv'), 12345, 23456)
      chmodSync(folder.file('scores.csv'), 0o640)
      assert.is(folder.run(...predict).status, 0)
      const { uid, gid, mode } = statSync(folder.file('scores.csv'))
      assert.equal({ uid, gid, mode: mode & 0o777 }, { uid: 12345, gid: 23456, mode: 0o640 })
    })
  } else {
    console.log(`skipped: ${name} (needs root)`)
    test.skip(name, () => {})
  }
}

test.run()
