/** The part of jsroot that is used: it reads what a ROOT file holds, not the numbers in the trees. */
declare module 'jsroot/io' {
  export class FileProxy {
    openFile(): Promise<boolean>
    getFileName(): string
    getFileSize(): number
    readBuffer(from: number, size: number): Promise<DataView | null>
  }
  export interface File {
    fKeys: { fName: string; fClassName: string }[]
    readObject(name: string): Promise<Tree | null>
  }
  export interface Tree {
    _typename: string
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
    /** How many baskets are in the file; the others are in `fBaskets`. */
    fWriteBasket: number
    fBasketSeek: ArrayLike<number>
    fBasketBytes: ArrayLike<number>
    fBasketEntry: ArrayLike<number>
    fBaskets?: { arr: ({ fNevBuf: number; fBufferRef?: { arr: DataView } } | null)[] }
  }
  export interface Leaf {
    _typename: string
    fName: string
    fLen: number
    fOffset: number
    fIsUnsigned: boolean
    fLeafCount?: { fName: string } | null
  }
  export function openFile(proxy: FileProxy): Promise<File | false>
}
