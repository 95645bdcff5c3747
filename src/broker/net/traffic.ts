/** What has passed through one listener since it was made. Counted in place; read by whoever shows it. */
export class Traffic {
  /** Connections that were let in. */
  acceptedCount = 0
  /** Connections that were turned away, by the limit that they met. */
  readonly refused = new Map<string, number>()
  /** Whole requests, with their sizes. */
  receivedBytes = 0
  /** Answers that were handed to their connections. */
  sentBytes = 0

  refuse(limit: string): void {
    this.refused.set(limit, (this.refused.get(limit) ?? 0) + 1)
  }
}
