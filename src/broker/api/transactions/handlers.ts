import type { HandlersFor } from '../../net/handler.ts'
import { addOffsetsToTxnHandler, addPartitionsToTxnHandler } from './add-to-transaction.ts'
import { describeProducersHandler } from './describe-producers.ts'
import { describeTransactionsHandler } from './describe-transactions.ts'
import { endTxnHandler } from './end-transaction.ts'
import { listTransactionsHandler } from './list-transactions.ts'
import type { TransactionApiPorts } from './ports.ts'
import { txnOffsetCommitHandler } from './transactional-offset-commit.ts'
import { writeTxnMarkersHandler } from './write-markers.ts'

/** The APIs of this folder. */
export type TransactionApiName =
  | 'AddPartitionsToTxn'
  | 'AddOffsetsToTxn'
  | 'EndTxn'
  | 'WriteTxnMarkers'
  | 'TxnOffsetCommit'
  | 'DescribeProducers'
  | 'DescribeTransactions'
  | 'ListTransactions'

/** The handlers of transactions. InitProducerId is with those of the data plane: it serves other producers too. */
export function transactionHandlers(ports: TransactionApiPorts): HandlersFor<TransactionApiName> {
  return {
    AddPartitionsToTxn: addPartitionsToTxnHandler(ports),
    AddOffsetsToTxn: addOffsetsToTxnHandler(ports),
    EndTxn: endTxnHandler(ports),
    WriteTxnMarkers: writeTxnMarkersHandler(ports),
    TxnOffsetCommit: txnOffsetCommitHandler(ports),
    DescribeProducers: describeProducersHandler(ports),
    DescribeTransactions: describeTransactionsHandler(ports),
    ListTransactions: listTransactionsHandler(ports),
  }
}
