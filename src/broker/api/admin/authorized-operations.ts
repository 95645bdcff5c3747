/** Not asked for: the value that says so (C5). */
export const NOT_ASKED = -2147483648

/** Bits are Kafka's operation numbers. Nobody is refused anything, so each resource allows all that it knows. */
const OPERATION = {
  read: 3,
  write: 4,
  create: 5,
  delete: 6,
  alter: 7,
  describe: 8,
  clusterAction: 9,
  describeConfigs: 10,
  alterConfigs: 11,
  idempotentWrite: 12,
} as const

function bits(...operations: readonly (keyof typeof OPERATION)[]): number {
  return operations.reduce((sum, operation) => sum | (1 << OPERATION[operation]), 0)
}

export const TOPIC_OPERATIONS = bits(
  'read',
  'write',
  'create',
  'delete',
  'alter',
  'describe',
  'describeConfigs',
  'alterConfigs',
)

export const CLUSTER_OPERATIONS = bits(
  'create',
  'alter',
  'describe',
  'clusterAction',
  'describeConfigs',
  'alterConfigs',
  'idempotentWrite',
)
