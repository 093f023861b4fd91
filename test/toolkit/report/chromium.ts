/** Drives a Chromium of this machine, where there is one. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome']

/** Undefined where there is none on the PATH. */
export async function launched(): Promise<Browser | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const executablePath = folders.flatMap((folder) => COMMANDS.map((command) => join(folder, command))).find(existsSync)
  // Root cannot have Chromium's sandbox, and pages of our own need none.
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, chromiumSandbox: false })
}
