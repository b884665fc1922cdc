/** What the settings of a client are filled with. */
export interface Filling {
  /** Where the gateway is, without a path: `http://127.0.0.1:8080`. */
  address: string
  /** Where Ollama clients find it. */
  ollamaAddress: string
  key: string
  model: string
  /** For small tasks in the background. */
  smallModel: string
  /** Whose shell commands are typed into. */
  shell: Shell
}

export type Shell = 'posix' | 'powershell'

/** One thing to do. Titles and labels are names as the client itself writes them, never sentences. */
export type Step =
  | { kind: 'file'; path: string; code: string; note?: NoteName }
  | { kind: 'run'; code: string; title?: string; note?: NoteName }
  | { kind: 'code'; title: string; code: string; note?: NoteName }
  | { kind: 'fields'; where: readonly string[]; fields: readonly (readonly [string, string])[]; note?: NoteName }

/** Sentences about clients; in both languages in `notes.ts`. */
export type NoteName =
  | 'codexTopLevel'
  | 'codexSockets'
  | 'codexOwnLogin'
  | 'claudeNoPath'
  | 'claudeModels'
  | 'claudeToolSearch'
  | 'claudeQuiet'
  | 'cursorServers'
  | 'cursorHost'
  | 'cursorKey'
  | 'geminiSettings'
  | 'clineProviders'
  | 'clineResponses'
  | 'continueEditors'
  | 'continueAnthropic'
  | 'continueGemini'
  | 'opencodeAdapters'
  | 'aiderPrefix'
  | 'cherryPath'
  | 'cherryModels'
  | 'desktopModels'
  | 'desktopRestart'
  | 'ollamaOff'
  | 'ollamaNoKey'
  | 'ollamaCodex'
  | 'qwenThree'
  | 'piOther'
  | 'sdkResponses'
  | 'sdkEffort'
  | 'curlDemo'

export type ClientId =
  | 'codex'
  | 'claude-code'
  | 'cursor'
  | 'gemini-cli'
  | 'cline'
  | 'continue'
  | 'opencode'
  | 'aider'
  | 'cherry-studio'
  | 'claude-desktop'
  | 'ollama'
  | 'qwen-code'
  | 'pi'
  | 'python'
  | 'node'
  | 'curl'

/** How one client is connected. */
export interface Recipe {
  id: ClientId
  name: string
  kind: 'terminal' | 'editor' | 'app' | 'code'
  /** The protocols that it speaks here. */
  speaks: string
  /** The version that was tried with this gateway's protocols; undefined: nobody here has seen it at work yet. */
  seen?: string
  /** What the gateway calls this program in its records. Empty: it does not say who it is. */
  programs: readonly string[]
  /** Paths that it asks; a program that does not say who it is is known by them. */
  paths: readonly string[]
  /** It asks from elsewhere, so that an address of this machine is of no use to it. */
  needsPublicAddress?: true
  /** It asks the listener for Ollama clients. */
  needsOllama?: true
  steps(filling: Filling): readonly Step[]
  notes: readonly NoteName[]
}
