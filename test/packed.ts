/** What npm would publish, installed into a folder of its own and run there. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './support.ts'

export class Packed {
  readonly folder = mkdtempSync(join(tmpdir(), 'nndrone-package-'))

  /** @param workspaces their folders; what they depend on comes from npm */
  constructor(...workspaces: string[]) {
    for (const workspace of workspaces) {
      execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', this.folder], {
        cwd: join(root, workspace),
      })
    }
    const archives = readdirSync(this.folder).map((file) => `./${file}`)
    this.write('package.json', '{ "type": "module" }')
    this.run('npm', 'install', '--silent', '--no-audit', '--no-fund', ...archives)
  }

  write(file: string, text: string): void {
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
