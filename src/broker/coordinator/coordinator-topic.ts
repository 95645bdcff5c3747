/** The internal topic in which the machines of one coordinator live, as far as the coordinator asks. */
export interface CoordinatorTopic {
  /**
   * Makes the topic where it is not there yet. Resolves true once its partitions are known and those of this broker
   * are led (`lead` was called for each), false where that can't be. Several calls at a time are one.
   */
  ensure(): Promise<boolean>
  /** null: the topic is not there. */
  partitionCount(): number | null
}
