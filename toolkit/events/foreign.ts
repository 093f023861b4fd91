/** Events in formats that are not read here: each is named, with what to do. */
import { InputError } from '../errors.ts'
import type { Opened } from './read/opened.ts'

const pandas = (reader: string) => (name: string) =>
  `make Parquet of it in Python: pandas.${reader}(${JSON.stringify(name)}).to_parquet("events.parquet")`

/** White space of JSON in hexadecimal. */
const BLANKS = '(?:20|09|0a|0d)*'
/** `{"inputs": [{"name"`, as a drone or another net in lwtnn's format begins. */
const DRONE = ['7b', '22696e7075747322', '3a', '5b', '7b', '226e616d6522'].join(BLANKS)

interface Foreign {
  /** The first bytes in hexadecimal. */
  begins: RegExp
  what: string
  hint(name: string): string
}

const FOREIGN: readonly Foreign[] = [
  {
    begins: new RegExp(`^${BLANKS}${DRONE}`),
    what: 'a drone, expected events',
    hint: () => 'the model stands first, events after --events',
  },
  { begins: /^894844460d0a1a0a/, what: 'HDF5, which is not read as events', hint: pandas('read_hdf') },
  { begins: /^46454131/, what: 'Feather of version 1, which is not read', hint: pandas('read_feather') },
  { begins: /^4f5243/, what: 'ORC, which is not read', hint: pandas('read_orc') },
  {
    begins: /^800[2-5]/,
    what: 'a Python pickle, which is not opened because it may run any code',
    hint: pandas('read_pickle'),
  },
  {
    begins: /^(d0cf11e0|504b0304.{52}(5b436f6e74656e745f5479706573|5f72656c73|786c2f|6d696d6574797065))/,
    // Of Excel; a zip archive whose first file is one of those that spreadsheets have.
    what: 'a spreadsheet, which is not read',
    hint: () => 'save the sheet as CSV',
  },
  {
    begins: /^53514c69746520666f726d6174203300/,
    what: 'an SQLite database, which is not read',
    hint: (name) => `write a table as CSV: sqlite3 -header -csv ${name} "select * from …"`,
  },
  {
    begins: /^76657273696f6e2068747470733a2f2f6769742d6c6673/,
    what: 'a pointer of Git LFS in the place of the file',
    hint: () => 'fetch the file: git lfs pull',
  },
  {
    begins: /^4f626a01/,
    what: 'Avro, which is not read',
    hint: (name) => `write it as NDJSON: avro-tools tojson ${name}`,
  },
  {
    begins: /^53494d504c4520203d/,
    what: 'FITS, which is not read',
    hint: (name) =>
      `write its table as CSV in Python: astropy.table.Table.read(${JSON.stringify(name)}).write("events.csv")`,
  },
]

/** @throws InputError where the bytes are those of another format */
export function checkForeign({ name, size, head }: Opened): void {
  const begin = Buffer.from(head.subarray(0, 64)).toString('hex')
  const found = FOREIGN.find(({ begins }) => begins.test(begin))
  if (found) throw new InputError(`${name}: ${found.what}; ${found.hint(size === undefined ? 'file' : name)}`)
}
