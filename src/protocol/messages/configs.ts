/** Dynamic configuration (KIP-133, KIP-339, KIP-1142). */

import { array, bool, int8, int16, int32, message, string } from '../schema.ts'

export const DescribeConfigsRequest = message({
  kind: 'request',
  name: 'DescribeConfigs',
  key: 32,
  versions: '1-4',
  flexible: '4+',
  fields: {
    resources: array().of({
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: array({ nullable: true }).of(string()),
    }),
    includeSynonyms: bool(),
    includeDocumentation: bool({ versions: '3+' }),
  },
})

export const DescribeConfigsResponse = message({
  kind: 'response',
  name: 'DescribeConfigs',
  key: 32,
  versions: '1-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32(),
    results: array().of({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      resourceType: int8(),
      resourceName: string(),
      configs: array().of({
        name: string(),
        value: string({ nullable: true }),
        readOnly: bool(),
        configSource: int8({ default: -1 }),
        isSensitive: bool(),
        synonyms: array().of({
          name: string(),
          value: string({ nullable: true }),
          source: int8(),
        }),
        configType: int8({ versions: '3+', ignorable: true }),
        documentation: string({ versions: '3+', nullable: true, ignorable: true }),
      }),
    }),
  },
})

export const AlterConfigsRequest = message({
  kind: 'request',
  name: 'AlterConfigs',
  key: 33,
  versions: '0-2',
  flexible: '2+',
  fields: {
    resources: array().of({
      resourceType: int8(),
      resourceName: string(),
      configs: array().of({
        name: string(),
        value: string({ nullable: true }),
      }),
    }),
    validateOnly: bool(),
  },
})

export const AlterConfigsResponse = message({
  kind: 'response',
  name: 'AlterConfigs',
  key: 33,
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    responses: array().of({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
})

export const IncrementalAlterConfigsRequest = message({
  kind: 'request',
  name: 'IncrementalAlterConfigs',
  key: 44,
  versions: '0-1',
  flexible: '1+',
  fields: {
    resources: array().of({
      resourceType: int8(),
      resourceName: string(),
      configs: array().of({
        name: string(),
        configOperation: int8(),
        value: string({ nullable: true }),
      }),
    }),
    validateOnly: bool(),
  },
})

export const IncrementalAlterConfigsResponse = message({
  kind: 'response',
  name: 'IncrementalAlterConfigs',
  key: 44,
  versions: '0-1',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32(),
    responses: array().of({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      resourceType: int8(),
      resourceName: string(),
    }),
  },
})

export const ListConfigResourcesRequest = message({
  kind: 'request',
  name: 'ListConfigResources',
  key: 74,
  versions: '0-1',
  flexible: '0+',
  fields: {
    resourceTypes: array({ versions: '1+' }).of(int8()),
  },
})

export const ListConfigResourcesResponse = message({
  kind: 'response',
  name: 'ListConfigResources',
  key: 74,
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    configResources: array().of({
      resourceName: string(),
      resourceType: int8({ versions: '1+', default: 16, ignorable: true }),
    }),
  },
})
