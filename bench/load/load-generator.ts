/** What is to be written or read. */
export interface Load {
  readonly bootstrap: string
  readonly topic: string
  readonly recordCount: number
  readonly recordBytes: number
}

/** Something that loads a broker from a process of its own. */
export interface LoadGenerator {
  readonly name: string
  /** Writes as fast as it can with acks=all. Resolves to the seconds from the first send to the last answer. */
  produce(load: Load): Promise<number>
  /** Reads all of it from the start as a group of one. Resolves to the seconds that it took. */
  consume(load: Load): Promise<number>
  /** Writes `perSecond` records a second with acks=all. Resolves to the ms from send to answer of each. */
  latencies(load: Load, perSecond: number): Promise<number[]>
}
