import {
  openaiChat,
  responseReducer,
  SSE_HEARTBEAT,
  sseFrame,
  type EncodedError,
  type Failure,
  type PivotEvent,
  type ReplyMeta,
  type StreamEncoder,
} from '@dragoman/protocol'
import type { ClientProtocol } from '../../relay/index.js'
import { imagesBody, lookOf, pictureOf, type Picture } from './image-reply.js'
import type { ImageWish } from './image-request.js'

/** OpenAI's Images API on the client's side of one exchange: a hosted answer in, its picture out. */
export function imageProtocol(wish: ImageWish): ClientProtocol {
  return {
    id: 'openai-images',
    serve: {
      encodeResponse: (response, about) => imagesBody([pictureOf(response, wish.tool)], about.createdAt, wish.form),
      streamEncoder: (about) => imageStream(wish, about),
      encodeError,
      fieldNames: FIELD_NAMES,
    },
  }
}

/** The same for one picture of several, which is kept instead of written. */
export function keptPicture(wish: ImageWish, keep: (picture: Picture) => void): ClientProtocol {
  const whole = imageProtocol(wish)
  return {
    ...whole,
    serve: {
      ...whole.serve,
      encodeResponse(response) {
        keep(pictureOf(response, wish.tool))
        return null
      },
    },
  }
}

/** Where the fields of the hosted request come from. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  input: '/prompt',
  tools: '',
  tool_choice: '',
  instructions: '/prompt',
}

/**
 * `image_generation.partial_image` and `image_generation.completed` (`image_edit.…` for edits). The completed event waits for the
 * end of the answer, which alone knows the tokens. Source: OpenAI API reference, image streaming.
 */
function imageStream(wish: ImageWish, about: ReplyMeta): StreamEncoder {
  const name = wish.kind === 'edit' ? 'image_edit' : 'image_generation'
  const reducer = responseReducer()

  function encode(event: PivotEvent): string {
    switch (event.type) {
      case 'response.image_generation_call.partial_image':
        return frame(`${name}.partial_image`, {
          b64_json: event.partial_image_b64,
          partial_image_index: event.partial_image_index,
          created_at: about.createdAt,
          ...lookOf(wish.tool, event),
        })
      case 'response.completed':
      case 'response.incomplete': {
        const { base64, usage, look, revisedPrompt } = pictureOf(reducer.response(), wish.tool)
        return frame(`${name}.completed`, {
          b64_json: base64,
          created_at: about.createdAt,
          ...look,
          usage,
          ...(revisedPrompt === undefined ? {} : { revised_prompt: revisedPrompt }),
        })
      }
      default:
        return ''
    }
  }

  return {
    push(events) {
      reducer.push(events)
      return events.map(encode).join('')
    },
    heartbeat: () => SSE_HEARTBEAT,
    // The official clients throw what stands under `error`, whatever the event's name.
    fail: (failure) => frame('error', encodeError(failure).body as object),
  }
}

function frame(type: string, data: object): string {
  return sseFrame(type, JSON.stringify({ type, ...data }))
}

function encodeError(failure: Failure): EncodedError {
  const error = openaiChat.serve.encodeError(failure)
  // The model's last word: asking again would most often cost the same and bring the same.
  return failure.code === 'image_generation_failed'
    ? { ...error, status: 502, headers: { ...error.headers, 'x-should-retry': 'false' } }
    : error
}
