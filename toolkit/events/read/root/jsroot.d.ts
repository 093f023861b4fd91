/** The part of jsroot that is used: it reads what a ROOT file holds, not the numbers in the tables. */
declare module 'jsroot/io' {
  export class FileProxy {
    openFile(): Promise<boolean>
    getFileName(): string
    getFileSize(): number
    readBuffer(from: number, size: number): Promise<DataView | null>
  }
  export interface Directory {
    fKeys: { fName: string; fClassName: string }[]
    readObject(name: string): Promise<unknown>
  }
  export type File = Directory
  export interface Tree {
    fEntries: number
    fBranches?: { arr: Branch[] }
  }
  export interface Branch {
    fName: string
    fType?: number
    fStreamerType?: number
    fBranchCount?: unknown
    fBranches?: { arr: Branch[] }
    fLeaves?: { arr: Leaf[] }
    fEntryOffsetLen: number
    /** How many baskets are in the file; the others are in `fBaskets`, as are those without a place. */
    fWriteBasket: number
    fBasketSeek: ArrayLike<number>
    fBasketBytes: ArrayLike<number>
    fBaskets?: { arr: (KeptBasket | null)[] }
  }
  export interface KeptBasket {
    fNevBuf: number
    fKeylen: number
    fEntryOffset?: ArrayLike<number>
    fBufferRef?: { arr: DataView }
  }
  export interface Leaf {
    _typename: string
    fName: string
    fLen: number
    fIsUnsigned: boolean
    fLeafCount?: { fName: string } | null
  }
  /** An object's bytes, and how far they have been read. */
  export interface Buffer {
    readonly last_read_version: number
    remain(): number
    ntou4(): number
    readTString(): string
    readObjectAny(): unknown
    /** Reads the members of a class into an object. */
    classStreamer(into: object, className: string): void
  }
  export interface ObjectArray {
    _typename?: string
    $kind: string
    name: string
    fLast: number
    fLowerBound: number
    arr: unknown[]
  }
  /** How objects of a class are read. */
  export function addUserStreamer(className: string, read: (from: Buffer, into: ObjectArray) => void): void
  export function openFile(proxy: FileProxy): Promise<File | false>
  /** Unpacks blocks; null where they are broken. */
  export function R__unzip(packed: DataView, size: number, silent: boolean): Promise<DataView | null>
}

declare module 'jsroot/rntuple' {
  /** The key of an RNTuple, and what its header and footer tell. */
  export interface Anchor {
    builder?: Builder
  }
  export interface Builder {
    fieldDescriptors: FieldDescriptor[]
    columnDescriptors: ColumnDescriptor[]
    clusterGroups?: { pageListLocator: Locator; pageListLength: bigint }[]
    /** Reads the two lists below. */
    deserializePageList(bytes: DataView): void
    clusterSummaries: { numEntries: number }[]
    /** [clusters][columns] */
    pageLocations: PageList[][]
  }
  export interface FieldDescriptor {
    fieldName: string
    typeName: string
    parentFieldId: number
    structRole: number
    flags: number
  }
  export interface ColumnDescriptor {
    coltype: number
    fieldId: number
    flags: number
  }
  export interface PageList {
    pages: { numElements: bigint; locator: Locator }[]
    isSuppressed: boolean
  }
  export interface Locator {
    size: number
    offset: bigint
  }
  export function readHeaderFooter(anchor: Anchor): Promise<Builder | null>
}
