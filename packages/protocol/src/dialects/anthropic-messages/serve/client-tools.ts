import type { Json } from '../../json.js'

/** What another model must be told of a tool that Anthropic's models know by heart. */
export interface ClientTool {
  description: string
  parameters: Json
}

/**
 * Tools whose schema only Anthropic's models know, but which the client runs: with the schema written out every model can call them.
 * Undefined for tools that run on Anthropic's servers, and for those that only a model trained for them can use (`computer`).
 * Sources: Anthropic API reference, bash, text editor and memory tool.
 */
export function clientTool(type: string): ClientTool | undefined {
  if (/^bash_\d{8}$/.test(type)) return BASH
  if (/^text_editor_\d{8}$/.test(type)) return editor(UNDOES.has(type))
  return type === 'memory_20250818' ? MEMORY : undefined
}

const text = (description: string): Json => ({ type: 'string', description })
const RANGE: Json = {
  type: 'array',
  items: { type: 'integer' },
  description: 'First and last line to view, counted from 1; -1 is the end of the file.',
}
const LINE: Json = { type: 'integer', description: 'The line after which to insert; 0 is the beginning of the file.' }

const BASH: ClientTool = {
  description: 'Runs commands in a bash session that keeps its state between calls.',
  parameters: {
    type: 'object',
    properties: {
      command: text('The command to run. Needed unless the session is restarted.'),
      restart: { type: 'boolean', description: 'Restarts the session.' },
    },
  },
}

/** Versions before Claude 4 can take an edit back. */
const UNDOES: ReadonlySet<string> = new Set(['text_editor_20241022', 'text_editor_20250124'])

function editor(undoes: boolean): ClientTool {
  return {
    description: 'Views, creates and edits text files.',
    parameters: {
      type: 'object',
      properties: {
        command: {
          type: 'string',
          enum: ['view', 'create', 'str_replace', 'insert', ...(undoes ? ['undo_edit'] : [])],
          description: 'What to do.',
        },
        path: text('The file, or the directory to list.'),
        view_range: RANGE,
        file_text: text('create: the content of the new file.'),
        old_str: text('str_replace: the text to replace. It must occur exactly once.'),
        new_str: text('str_replace, insert: the new text.'),
        insert_line: LINE,
      },
      required: ['command', 'path'],
    },
  }
}

const MEMORY: ClientTool = {
  description: 'Keeps notes in files under /memories that outlast this conversation. Look there before you begin.',
  parameters: {
    type: 'object',
    properties: {
      command: {
        type: 'string',
        enum: ['view', 'create', 'str_replace', 'insert', 'delete', 'rename'],
        description: 'What to do.',
      },
      path: text('The file or directory; not for rename.'),
      view_range: RANGE,
      file_text: text('create: the content of the file.'),
      old_str: text('str_replace: the text to replace.'),
      new_str: text('str_replace: the new text.'),
      insert_line: LINE,
      insert_text: text('insert: the text to insert.'),
      old_path: text('rename: the path as it is.'),
      new_path: text('rename: the path as it shall be.'),
    },
    required: ['command'],
  },
}
