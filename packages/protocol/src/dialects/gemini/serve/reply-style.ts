import type { ReplyMeta } from '../../../dialect.js'
import { isKnownItem, type PivotItem, type PivotRequest, type PivotResponse } from '../../../pivot/index.js'
import { REPLY } from '../wire.js'

/** How the client wants its answer shaped. */
export interface ReplyStyle {
  /** It streams without `alt=sse`, so it reads one JSON array. */
  array?: boolean
  /** It asked for no thoughts; their state goes round nevertheless. */
  hideThoughts?: boolean
}

export function replyStyle(request: PivotRequest): ReplyStyle {
  return (request.extra?.[REPLY] ?? {}) as ReplyStyle
}

export function responseId(response: Pick<PivotResponse, 'id'>, about: ReplyMeta): string {
  return response.id === '' ? about.requestId : response.id
}

export function createTime(about: ReplyMeta): string {
  return new Date(about.createdAt * 1000).toISOString()
}

/** Items without a place in a candidate are named in the record. */
export function noteLosses(item: PivotItem, about: ReplyMeta): void {
  if (!isKnownItem(item)) {
    about.note?.({ pointer: '/output', what: 'dropped', why: `an item of type ${item.type} has no place in this API` })
  }
}
