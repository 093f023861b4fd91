/** nndrone publish */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Put } from '../brokers/broker.ts'
import { isPlace, type Place, placeOf } from '../brokers/nats/address.ts'
import type { Connection } from '../brokers/nats/connection.ts'
import { historyOf, putDrone, versionOf } from '../brokers/nats/drones.ts'
import { fileError, UsageError } from '../errors.ts'
import { hashOf } from '../jobs/stream/version.ts'
import { DroneModel, openDrone } from '../models/index.ts'
import { grouped } from '../text.ts'
import { addServerOption, connectTo, ENVIRONMENT, serverOf } from './options/nats.ts'
import { whole } from './options/values.ts'
import { say } from './view/messages.ts'
import { standardOutput } from './view/stdout.ts'
import { table } from './view/terminal.ts'

interface Options {
  server?: string
  history?: boolean
  rollback?: number
  json?: boolean
}

export function publishCommand(program: Command): void {
  const command = program
    .command('publish')
    .summary('put a drone into a key-value bucket of NATS, from where workers take it')
    .description(
      'Puts a drone into a key-value bucket of NATS as a new version, which the workers of nndrone stream take at once; shows the versions there, or puts an earlier one again. The bucket is made where there is none, and keeps the last 64 versions of each drone.',
    )
    .argument('<words...>', 'drone.json and kv://BUCKET/KEY, or the place alone with --history or --rollback')
    .option('--history', 'show the versions that are kept, instead of putting one')
    .option('--rollback <version>', 'put an earlier version again, as a new one', whole(1))
    .option('--json', 'print one JSON object')
  addServerOption(command)
    .addHelpText(
      'after',
      `${ENVIRONMENT}

Examples:
  $ nndrone publish drone.json kv://drones/trigger
  $ nndrone publish --history kv://drones/trigger
  $ nndrone publish --rollback 3 kv://drones/trigger`,
    )
    .action(run)
}

async function run(words: readonly string[], options: Options): Promise<void> {
  const { file, place } = asked(words, options)
  const bytes = file === undefined ? undefined : await checked(file)
  const connection = await connectTo(serverOf(options.server), 'nndrone publish')
  try {
    if (options.history) return tellHistory(await historyOf(connection, place), place, options)
    const content = bytes ?? (await earlier(connection, place, options.rollback!))
    const revision = await putDrone(connection, place, content)
    const what = file ?? `version ${options.rollback}`
    if (options.json) standardOutput().write(`${JSON.stringify({ ...place, revision, hash: hashOf(content) })}\n`)
    else say(`put ${what} as version ${revision} of kv://${place.bucket}/${place.key}`)
  } finally {
    await connection.close()
  }
}

/** What the words mean. @throws UsageError where they do not fit the options */
function asked(words: readonly string[], { history, rollback }: Options): { file?: string; place: Place } {
  if (history && rollback !== undefined) throw new UsageError('--history and --rollback: choose only one of them')
  const others = history || rollback !== undefined
  const place = words.at(-1)!
  const expected = others
    ? 'the place alone, as kv://BUCKET/KEY'
    : 'a drone and its place, as drone.json kv://BUCKET/KEY'
  if (words.length !== (others ? 1 : 2) || !isPlace(place))
    throw new UsageError(`${words.join(' ')}: expected ${expected}`)
  return { file: others ? undefined : words[0]!, place: placeOf(place, true) }
}

/** The bytes of a drone that can be scored with. */
async function checked(path: string): Promise<Buffer> {
  await openDrone(path)
  return readFile(path).catch((error) => {
    throw fileError(path, error)
  })
}

async function earlier(connection: Connection, place: Place, revision: number): Promise<Buffer> {
  const { bytes } = await versionOf(connection, place, revision)
  const content = Buffer.from(bytes)
  new DroneModel({ path: `kv://${place.bucket}/${place.key}, version ${revision}`, bytes: content })
  return content
}

function tellHistory(versions: readonly Put[], { bucket, key }: Place, { json }: Options): void {
  const rows = versions.map(({ revision, created, gone, bytes }) => ({
    ...{ version: revision, created: created.toISOString() },
    hash: gone ? undefined : hashOf(bytes),
    bytes: gone ? undefined : bytes.length,
  }))
  if (json) {
    standardOutput().write(`${JSON.stringify({ bucket, key, versions: rows }, null, 2)}\n`)
    return
  }
  const lines = rows.map((row) => {
    return [
      String(row.version),
      row.created,
      row.hash?.slice(0, 12) ?? 'deleted',
      row.bytes === undefined ? '' : grouped(row.bytes),
    ]
  })
  standardOutput().write(
    lines.length > 0 ? table([['version', 'put', 'hash', 'bytes'], ...lines]) : 'no version is there\n',
  )
}
