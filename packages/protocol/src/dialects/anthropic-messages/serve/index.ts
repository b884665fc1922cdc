import type { Dialect } from '../../../dialect.js'
import { encodeError } from '../errors.js'
import { decodeRequest } from './decode-request.js'
import { encodeResponse } from './encode-response.js'
import { streamEncoder } from './stream-encoder.js'

/** The gateway as a server of Anthropic's Messages API. */
export const serve: Dialect['serve'] = {
  decodeRequest,
  encodeResponse,
  streamEncoder,
  encodeError,
  fieldNames: {
    input: '/messages',
    instructions: '/system',
    max_output_tokens: '/max_tokens',
    parallel_tool_calls: '/tool_choice/disable_parallel_tool_use',
    reasoning: '/thinking',
    stop: '/stop_sequences',
    text: '/output_config/format',
    user: '/metadata/user_id',
  },
}
