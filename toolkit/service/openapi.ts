/** What there is, in OpenAPI 3.1. */
import manifest from '../package.json' with { type: 'json' }
import type { Kit } from './kit.ts'

export function openapi(kit: Kit): void {
  kit.get('/openapi.json', 'open', (exchange) => exchange.json(DOCUMENT))
}

const parameter = (name: string, where: 'path' | 'query', description: string) => {
  return { name, in: where, description, required: where === 'path', schema: { type: 'string' } }
}
const MODEL = parameter('model', 'path', 'The name of a model.')
const VERSION = parameter('version', 'path', 'A version of it.')

const json = (description: string, schema: object = { type: 'object' }) => {
  return { description, content: { 'application/json': { schema } } }
}
const ERROR = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string', description: 'What is wrong, in a sentence.' } },
}

/** A way to ask: what it does, what is answered, and what is sent. */
function way(summary: string, answer: object, more: { write?: true; body?: object; parameters?: object[] } = {}) {
  const { write, body, parameters } = more
  return {
    summary,
    ...(parameters && { parameters }),
    ...(body && { requestBody: { required: true, content: body } }),
    ...(write && { security: [{ token: [] }] }),
    responses: { 200: answer, default: json('What went wrong.', ERROR) },
  }
}

const tensor = (properties: object, required: string[]) => ({ type: 'object', required, properties })
const NAME = { type: 'string' }
const SHAPE = { type: 'array', items: { type: 'integer' } }
const PARAMETERS = { type: 'object' }
const DATA = { type: 'array', description: 'Numbers, flat or nested; null is a missing value.' }

const INFERENCE = {
  type: 'object',
  required: ['inputs'],
  properties: {
    id: { type: 'string' },
    inputs: {
      type: 'array',
      description: 'One tensor [events, inputs], or one for each input by its name [events].',
      items: tensor(
        {
          ...{ name: NAME, shape: SHAPE, parameters: PARAMETERS, data: DATA },
          datatype: {
            enum: ['FP32', 'FP64', 'INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'UINT32', 'UINT64'],
          },
        },
        ['name', 'shape', 'datatype'],
      ),
    },
    outputs: { type: 'array', items: tensor({ name: NAME, parameters: PARAMETERS }, ['name']) },
    parameters: PARAMETERS,
  },
}
const INFERRED = {
  type: 'object',
  properties: {
    model_name: NAME,
    model_version: NAME,
    id: NAME,
    outputs: {
      type: 'array',
      items: tensor({ name: NAME, shape: SHAPE, datatype: { const: 'FP32' }, parameters: PARAMETERS, data: DATA }, [
        'name',
      ]),
    },
  },
}
const BYTES = { schema: { type: 'string', format: 'binary' } }
const DRONE = { 'application/json': { schema: { type: 'object', description: 'A drone: nndrone/drone.schema.json.' } } }
const EVENT = {
  'application/json': {
    schema: {
      type: 'object',
      required: ['values'],
      properties: { keys: { type: 'array', items: NAME }, values: DATA, model: NAME },
    },
  },
}
const TEXT = { 'application/x-ndjson': { schema: { type: 'string' } }, 'text/csv': { schema: { type: 'string' } } }
const FORM = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      required: ['model'],
      properties: { name: NAME, params: { type: 'string' }, model: { type: 'string' } },
    },
  },
}
const PARAMS = { 'application/json': { schema: { type: 'object', required: ['name'], properties: { name: NAME } } } }

/** Of a model, and of a version of it. */
function modelPaths(path: string, parameters: object[]) {
  const infer = { 'application/json': { schema: INFERENCE }, 'application/octet-stream': BYTES }
  return {
    [path]: { parameters, get: way('Its inputs, outputs and versions.', json('The metadata.')) },
    [`${path}/ready`]: { parameters, get: way('Whether it is ready.', json('It is.')) },
    [`${path}/infer`]: {
      parameters,
      post: way(
        'Scores events; with the header Inference-Header-Content-Length bytes follow the JSON.',
        { ...json('The scores.', INFERRED) },
        { body: infer },
      ),
    },
    [`${path}/events`]: {
      parameters,
      post: way(
        'Scores events as they arrive, NDJSON or CSV; each comes back whole with its scores.',
        { description: 'The same events with their scores.', content: TEXT },
        {
          body: TEXT,
          parameters: [parameter('on-error', 'query', 'What becomes of a bad record: fail, skip or null.')],
        },
      ),
    },
    [`${path}/drone.json`]: {
      parameters,
      get: way('The drone itself.', { description: 'The document.', content: DRONE }),
    },
    [`${path}/drift`]: { parameters, get: way('How the latest events differ from the training.', json('PSI and KS.')) },
  }
}

const VERSION_PATH = '/v2/models/{model}/versions/{version}'

const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'nndrone serve',
    version: manifest.version,
    description: 'Drones as a service: the Open Inference Protocol v2, the API of TFaaS, and versions of drones.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  security: [{}, { token: [] }],
  components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  paths: withVersions({
    '/v2': { get: way('What the service is.', json('Its name, version and extensions.')) },
    '/v2/health/live': { get: way('Whether the service runs.', json('It does.')) },
    '/v2/health/ready': { get: way('Whether it takes requests.', json('It does; 503 where it does not.')) },
    '/v2/models': { get: way('All models, with live figures.', json('A list.', { type: 'array' })) },
    ...modelPaths('/v2/models/{model}', [MODEL]),
    '/v2/models/{model}/versions': {
      parameters: [MODEL],
      get: way('The versions of a model.', json('A list with hashes.')),
    },
    '/v2/models/{model}/rollback': {
      parameters: [MODEL],
      post: way('Makes the version before the one that answers.', json('The versions.'), { write: true }),
    },
    ...modelPaths(VERSION_PATH, [MODEL, VERSION]),
    [`${VERSION_PATH}/promote`]: {
      parameters: [MODEL, VERSION],
      post: way('Makes a version the one that answers.', json('The versions.'), { write: true }),
    },
    '/json': { post: way('Scores an event, as TFaaS does.', json('Its scores.', { type: 'array' }), { body: EVENT }) },
    '/predict/json': {
      post: way('Scores an event, as TFaaS does.', json('Its scores.', { type: 'array' }), { body: EVENT }),
    },
    '/models': { get: way('All models, as TFaaS lists them.', json('A list.', { type: 'array' })) },
    '/params': {
      get: way('The model that answers where none is named.', json('The model.')),
      post: way('Chooses it.', json('The model.'), { write: true, body: PARAMS }),
    },
    '/params/{model}': {
      parameters: [MODEL],
      get: way('A model, as TFaaS tells of it.', json('The model.')),
      post: way('Makes it the one that answers where none is named.', json('The model.'), {
        write: true,
        body: PARAMS,
      }),
    },
    '/upload': {
      post: way('Takes a drone as a new version, which answers from now on.', json('The version.'), {
        write: true,
        body: FORM,
      }),
    },
    '/delete': {
      delete: way('Takes a model away.', json('Its name.'), {
        write: true,
        parameters: [parameter('model', 'query', 'Its name.')],
      }),
    },
    '/delete/{model}': { parameters: [MODEL], delete: way('Takes a model away.', json('Its name.'), { write: true }) },
    '/status': { get: way('Whether the service runs, and since when.', json('The status.')) },
    '/metrics': {
      get: way('Figures for Prometheus.', {
        description: 'The figures.',
        content: { 'text/plain': { schema: { type: 'string' } } },
      }),
    },
    '/openapi.json': { get: way('This document.', json('OpenAPI 3.1.')) },
  }),
}

/** A new version is put where its metadata are asked for. */
function withVersions(paths: Record<string, object>) {
  const put = way('Takes a drone as a new version, checked whole before.', json('The version.'), {
    ...{ write: true, body: DRONE },
    parameters: [parameter('promote', 'query', '1 where it is to answer from now on.')],
  })
  return { ...paths, [VERSION_PATH]: { ...paths[VERSION_PATH], put } }
}
