import type { HandlersFor } from '../../net/handler.ts'
import { apiVersionsHandler } from './api-versions.ts'
import { createPartitionsHandler } from './create-partitions.ts'
import { createTopicsHandler } from './create-topics.ts'
import { deleteTopicsHandler } from './delete-topics.ts'
import { describeClusterHandler } from './describe-cluster.ts'
import { describeConfigsHandler } from './describe-configs.ts'
import { describeTopicPartitionsHandler } from './describe-topic-partitions.ts'
import { metadataHandler } from './metadata.ts'
import type { AdminPorts } from './ports.ts'

/** The APIs that this folder serves. */
export type AdminApi =
  | 'ApiVersions'
  | 'Metadata'
  | 'DescribeCluster'
  | 'DescribeTopicPartitions'
  | 'CreateTopics'
  | 'DeleteTopics'
  | 'CreatePartitions'
  | 'DescribeConfigs'

/** The handlers of this folder. They share nothing but the ports. */
export function createAdminHandlers(ports: AdminPorts): HandlersFor<AdminApi> {
  return {
    ApiVersions: apiVersionsHandler(ports),
    Metadata: metadataHandler(ports),
    DescribeCluster: describeClusterHandler(ports),
    DescribeTopicPartitions: describeTopicPartitionsHandler(ports),
    CreateTopics: createTopicsHandler(ports),
    DeleteTopics: deleteTopicsHandler(ports),
    CreatePartitions: createPartitionsHandler(ports),
    DescribeConfigs: describeConfigsHandler(ports),
  }
}
