/** What shells are told to complete with; where a shell is there, it is asked. */
import { spawnSync } from 'node:child_process'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Folder } from './support.ts'

const test = suite('completion')
const folder = new Folder()
test.after(() => folder.remove())

const SHELLS = ['bash', 'zsh', 'fish']

const isThere = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0

test('each script knows every command and option, and the shell reads it', () => {
  const commands = [...folder.run('--help').out.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name]) => name!)
  assert.ok(commands.includes('completion') && commands.length > 7)
  for (const shell of SHELLS) {
    const { status, out, err } = folder.run('completion', shell)
    assert.equal([status, err], [0, ''])
    for (const word of [...commands, 'save-cut', 'teacher-url', 'scale-from', 'latin-hypercube'])
      assert.ok(out.includes(word), word)
    assert.not.match(out, /--batch(?!-)/, 'a name of earlier days')
    folder.write('script', out)
    if (!isThere(shell)) continue
    const read = spawnSync(shell, ['-n', folder.file('script')], { encoding: 'utf8' })
    assert.equal([read.status, read.stderr], [0, ''], shell)
  }
})

test('bash: commands, options, and what they take', () => {
  if (!isThere('bash')) return
  folder.write('script', folder.run('completion', 'bash').out)
  const completed = (...words: string[]) => {
    const set = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}`
    const script = `source '${folder.file('script')}'; ${set}; _nndrone; echo "\${COMPREPLY[@]}"`
    return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim()
  }
  assert.is(completed('nndrone', 'pr'), 'predict probe')
  assert.is(completed('nndrone', 'compare', 'drone.json', '--save'), '--save-cut')
  assert.is(completed('nndrone', 'distill', '--preset', 'p'), 'paper')
  assert.is(completed('nndrone', 'completion', 'f'), 'fish')
  assert.is(completed('nndrone', 'predict', 'dro'), '', 'files are for the shell')
  assert.is(completed('nndrone', 'stream', 'stat'), 'status')
  assert.is(completed('nndrone', 'stream', folder.file('scr')), folder.file('script'), 'or a drone')
  assert.is(completed('nndrone', 'stream', 'status', '--dur'), '--durable')
  assert.is(completed('nndrone', 'stream', 'status', '--workers'), '', 'an option of the other')
  assert.is(completed('nndrone', 'stream', 'drone.json', '--workers'), '--workers')
})

test('another shell is refused', () => {
  const { status, out, err } = folder.run('completion', 'csh')
  assert.equal([status, out], [2, ''])
  assert.is(
    err,
    "nndrone: command-argument value 'csh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n(--help says more)\n",
  )
})

test.run()
