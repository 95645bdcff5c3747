/** Client quotas (KIP-546). */

import { array, bool, float64, int8, int16, int32, message, string } from '../schema.ts'

export const DescribeClientQuotasRequest = message({
  kind: 'request',
  name: 'DescribeClientQuotas',
  key: 48,
  versions: '0-1',
  flexible: '1+',
  fields: {
    components: array().of({
      entityType: string(),
      matchType: int8(),
      match: string({ nullable: true }),
    }),
    strict: bool(),
  },
})

export const DescribeClientQuotasResponse = message({
  kind: 'response',
  name: 'DescribeClientQuotas',
  key: 48,
  versions: '0-1',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    entries: array({ nullable: true }).of({
      entity: array().of({
        entityType: string(),
        entityName: string({ nullable: true }),
      }),
      values: array().of({
        key: string(),
        value: float64(),
      }),
    }),
  },
})

export const AlterClientQuotasRequest = message({
  kind: 'request',
  name: 'AlterClientQuotas',
  key: 49,
  versions: '0-1',
  flexible: '1+',
  fields: {
    entries: array().of({
      entity: array().of({
        entityType: string(),
        entityName: string({ nullable: true }),
      }),
      ops: array().of({
        key: string(),
        value: float64(),
        remove: bool(),
      }),
    }),
    validateOnly: bool(),
  },
})

export const AlterClientQuotasResponse = message({
  kind: 'response',
  name: 'AlterClientQuotas',
  key: 49,
  versions: '0-1',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32(),
    entries: array().of({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      entity: array().of({
        entityType: string(),
        entityName: string({ nullable: true }),
      }),
    }),
  },
})
