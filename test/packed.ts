/** What npm would publish, installed into a folder of its own and run there. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './support.ts'

export class Packed {
  readonly archives: readonly string[]
  /** What npm said when it installed them. */
  readonly said: string
  readonly folder = mkdtempSync(join(tmpdir(), 'nndrone-package-'))

  /** @param packages their names, as the build wrote them; what else they depend on comes from npm */
  constructor(...packages: string[]) {
    const folders = packages.map((name) => join(root, 'build/packages', name))
    this.run('npm', 'pack', '--silent', '--pack-destination', this.folder, ...folders)
    this.archives = readdirSync(this.folder).map((file) => `./${file}`)
    this.write('package.json', '{ "type": "module" }')
    this.said = this.install(...this.archives)
  }

  /** Installs as a user would. @returns what npm says of it */
  install(...packages: string[]): string {
    const { status, stdout, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...packages], {
      cwd: this.folder,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`npm install ${packages.join(' ')}: ${stderr}`)
    return stdout + stderr
  }

  write(file: string, text: string | Uint8Array): void {
    writeFileSync(join(this.folder, file), text)
  }

  /** What a command prints. */
  run(command: string, ...args: string[]): string {
    return execFileSync(command, args, { cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
