/** Who we are to a server stands in the environment: a token, an nkey, certificates; and no message shows any of it. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { nkeys } from '@nats-io/transport-node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Folder, someDrone } from '../support.ts'
import { type Server, withServer } from './nats.ts'

const test = suite('stream: credentials')
const folder = new Folder()
someDrone(folder)
test.after(() => folder.remove())

const VARIABLES = [
  'NATS_USER',
  'NATS_PASSWORD',
  'NATS_TOKEN',
  'NATS_NKEY',
  'NATS_CREDS',
  'NATS_CA',
  'NATS_CERT',
  'NATS_KEY',
]

/** Puts the drone into a bucket, which needs to be let in. */
function publish(server: Server, given: Record<string, string>, scheme = 'nats') {
  for (const name of VARIABLES) delete process.env[name]
  Object.assign(process.env, given)
  try {
    return folder.run('publish', 'drone.json', 'kv://drones/best', '--server', `${scheme}://127.0.0.1:${server.port}`)
  } finally {
    for (const name of VARIABLES) delete process.env[name]
  }
}

function refused(result: ReturnType<typeof publish>, message: RegExp, secrets: readonly string[] = []): void {
  assert.is(result.status, 1, result.err)
  assert.match(result.err, message)
  assert.is(result.err.trimEnd().split('\n').length, 1, result.err)
  for (const secret of secrets) assert.not(`${result.out}${result.err}`.includes(secret))
}

const STRANGER = /^nndrone: nats:\/\/127\.0\.0\.1:\d+: authorization violation; NATS_USER and NATS_PASSWORD, /

withServer(
  test,
  'a token',
  async (server) => {
    const right = publish(server, { NATS_TOKEN: 'a-token-of-ours' })
    assert.is(right.status, 0, right.err)
    refused(publish(server, { NATS_TOKEN: 'another-token' }), STRANGER, ['another-token'])
    refused(publish(server, {}), STRANGER)
  },
  'authorization { token: "a-token-of-ours" }',
)

const [ours, theirs] = [nkeys.createUser(), nkeys.createUser()]
const seedOf = (pair: typeof ours) => new TextDecoder().decode(pair.getSeed())

withServer(
  test,
  'an nkey, by its seed and by a file of it',
  async (server) => {
    const seed = publish(server, { NATS_NKEY: seedOf(ours) })
    assert.is(seed.status, 0, seed.err)
    folder.write('seed', `${seedOf(ours)}\n`)
    const file = publish(server, { NATS_NKEY: 'seed' })
    assert.is(file.status, 0, file.err)
    refused(publish(server, { NATS_NKEY: seedOf(theirs) }), STRANGER, [seedOf(theirs)])
    refused(publish(server, { NATS_NKEY: 'nowhere' }), /^nndrone: nowhere: no such file/)
  },
  `authorization { users: [{ nkey: ${ours.getPublicKey()} }] }`,
)

/** Who signs, and what a server and a client show; undefined without openssl. */
function certificates(): boolean {
  const commands = [
    'openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=ours',
    ...['server', 'client'].flatMap((name) => [
      `openssl req -newkey rsa:2048 -nodes -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`,
      `openssl x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out ${name}.pem -days 2 -extfile names`,
    ]),
  ]
  folder.write('names', 'subjectAltName=IP:127.0.0.1\n')
  return commands.every((command) => {
    const [program, ...args] = command.split(' ')
    return spawnSync(program!, args, { cwd: folder.path }).status === 0
  })
}

if (certificates()) {
  const file = (name: string) => folder.file(name)
  withServer(
    test,
    'TLS, with a certificate of our own',
    async (server) => {
      const whole = { NATS_CA: 'ca.pem', NATS_CERT: 'client.pem', NATS_KEY: 'client.key' }
      const right = publish(server, whole, 'tls')
      assert.is(right.status, 0, right.err)
      const key = readFileSync(file('client.key'), 'utf8').split('\n')[1]!
      // Nobody whom we trust has signed the server's certificate.
      refused(
        publish(server, { NATS_CERT: 'client.pem', NATS_KEY: 'client.key' }, 'tls'),
        /^nndrone: tls:\/\/127\.0\.0\.1:\d+: .*certificate/,
        [key],
      )
      // The server wants to see ours.
      refused(publish(server, { NATS_CA: 'ca.pem' }, 'tls'), /^nndrone: tls:\/\/127\.0\.0\.1:\d+: /)
      refused(publish(server, { ...whole, NATS_KEY: 'nowhere' }, 'tls'), /^nndrone: nowhere: no such file/)
    },
    `tls { cert_file: "${file('server.pem')}", key_file: "${file('server.key')}", ca_file: "${file('ca.pem')}", verify: true }`,
  )
} else {
  console.log('skipped: TLS, with a certificate of our own (no openssl)')
  test.skip('TLS, with a certificate of our own', () => {})
}

test.run()
