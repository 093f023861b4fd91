/** Events in formats that are not read: each is named, with what to do. */
import { suite } from 'uvu'
import { Events } from './support.ts'

const test = suite('events: formats that are not read')
const folder = new Events()

test.after(() => folder.remove())

const pandas = (reader: string) => `make Parquet of it in Python: pandas.${reader}("FILE").to_parquet("events.parquet")`

/** The first bytes, one character each, and what is said. */
const FILES: [name: string, begins: string, said: string][] = [
  ['events.h5', '\x89HDF\r\n\x1a\n\0', `HDF5, which is not read as events; ${pandas('read_hdf')}`],
  ['events.feather', 'FEA1\0\0', `Feather of version 1, which is not read; ${pandas('read_feather')}`],
  ['events.orc', 'ORC\0\x01', `ORC, which is not read; ${pandas('read_orc')}`],
  [
    'events.pkl',
    '\x80\x04\x95\0',
    `a Python pickle, which is not opened because it may run any code; ${pandas('read_pickle')}`,
  ],
  ['events.xls', '\xd0\xcf\x11\xe0\xa1', 'a spreadsheet, which is not read; save the sheet as CSV'],
  [
    'events.xlsx',
    `PK\x03\x04${'\0'.repeat(26)}[Content_Types].xml`,
    'a spreadsheet, which is not read; save the sheet as CSV',
  ],
  [
    'events.db',
    'SQLite format 3\0',
    'an SQLite database, which is not read; write a table as CSV: sqlite3 -header -csv FILE "select * from …"',
  ],
  ['events.avro', 'Obj\x01\x04', 'Avro, which is not read; write it as NDJSON: avro-tools tojson FILE'],
  [
    'events.fits',
    'SIMPLE  =                    T',
    'FITS, which is not read; write its table as CSV in Python: astropy.table.Table.read("FILE").write("events.csv")',
  ],
  [
    'events.csv',
    'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
    'a pointer of Git LFS in the place of the file; fetch the file: git lfs pull',
  ],
  [
    'drone.json',
    '{"inputs": [{"name": "pt", "offset": 0.5, "scale": 2}], "layers": []}',
    'a drone, expected events; the model stands first, events after --events',
  ],
  [
    'events.elf',
    '\x7fELF\x02\x01\x01\0\0\0',
    'not events of a known format, but bytes that begin with 7f 45 4c 46 02 01 01 00; nndrone --version names the formats',
  ],
]

for (const [name, begins, said] of FILES) {
  test(name, async () => {
    folder.write(name, Buffer.from(begins, 'latin1'))
    await folder.refuses(name, `${name}: ${said.replace('FILE', name)}`)
  })
}

test.run()
