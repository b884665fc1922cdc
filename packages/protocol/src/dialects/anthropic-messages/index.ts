import type { Dialect } from '../../dialect.js'
import { call } from './call/index.js'
import { serve } from './serve/index.js'

/** Anthropic's Messages API, `POST /v1/messages`. */
export const anthropicMessages: Dialect = { id: 'anthropic-messages', serve, call }
