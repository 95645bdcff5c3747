/** Access rules (KIP-140, KIP-290). */

import { array, int8, int16, int32, message, string } from '../schema.ts'

export const DescribeAclsRequest = message({
  kind: 'request',
  name: 'DescribeAcls',
  key: 29,
  versions: '1-3',
  flexible: '2+',
  fields: {
    resourceTypeFilter: int8(),
    resourceNameFilter: string({ nullable: true }),
    patternTypeFilter: int8({ default: 3 }),
    principalFilter: string({ nullable: true }),
    hostFilter: string({ nullable: true }),
    operation: int8(),
    permissionType: int8(),
  },
})

export const DescribeAclsResponse = message({
  kind: 'response',
  name: 'DescribeAcls',
  key: 29,
  versions: '1-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    resources: array().of({
      resourceType: int8(),
      resourceName: string(),
      patternType: int8({ default: 3 }),
      acls: array().of({
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
})

export const CreateAclsRequest = message({
  kind: 'request',
  name: 'CreateAcls',
  key: 30,
  versions: '1-3',
  flexible: '2+',
  fields: {
    creations: array().of({
      resourceType: int8(),
      resourceName: string(),
      resourcePatternType: int8({ default: 3 }),
      principal: string(),
      host: string(),
      operation: int8(),
      permissionType: int8(),
    }),
  },
})

export const CreateAclsResponse = message({
  kind: 'response',
  name: 'CreateAcls',
  key: 30,
  versions: '1-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    results: array().of({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
    }),
  },
})

export const DeleteAclsRequest = message({
  kind: 'request',
  name: 'DeleteAcls',
  key: 31,
  versions: '1-3',
  flexible: '2+',
  fields: {
    filters: array().of({
      resourceTypeFilter: int8(),
      resourceNameFilter: string({ nullable: true }),
      patternTypeFilter: int8({ default: 3 }),
      principalFilter: string({ nullable: true }),
      hostFilter: string({ nullable: true }),
      operation: int8(),
      permissionType: int8(),
    }),
  },
})

export const DeleteAclsResponse = message({
  kind: 'response',
  name: 'DeleteAcls',
  key: 31,
  versions: '1-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    filterResults: array().of({
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      matchingAcls: array().of({
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
        resourceType: int8(),
        resourceName: string(),
        patternType: int8({ default: 3 }),
        principal: string(),
        host: string(),
        operation: int8(),
        permissionType: int8(),
      }),
    }),
  },
})
