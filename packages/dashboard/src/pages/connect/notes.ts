import { defineTexts } from '../../i18n/index.js'
import type { NoteName } from './clients/index.js'

const en: Record<NoteName, string> = {
  codexTopLevel:
    'model and model_provider stand at the top of the file, before any [table]. Older guides print [profiles.default]; current versions ignore that silently and call the official host.',
  codexSockets:
    'supports_websockets keeps one connection open and sends only what is new of a conversation; without that line Codex uses HTTP. Both work.',
  codexOwnLogin:
    'A Codex that is signed in with ChatGPT uses this gateway all the same, because the provider above brings its own key.',
  claudeNoPath: 'No /v1 at the end of the address. ANTHROPIC_API_KEY works in place of ANTHROPIC_AUTH_TOKEN.',
  claudeModels:
    'The same for every session: put it there in place of the variables. Without ANTHROPIC_MODEL Claude Code asks for Claude models, and those names lead to the models in the settings.',
  claudeToolSearch:
    'ENABLE_TOOL_SEARCH: Claude Code leaves its tool search off at addresses that are not its maker’s; the gateway passes it on.',
  claudeQuiet: 'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 keeps it from calling anybody else.',
  cursorServers:
    'Cursor sends these requests from its own servers. They cannot reach 127.0.0.1: the gateway needs a public https address, from a reverse proxy or a tunnel.',
  cursorHost: 'Put that host name into server.allowed_hosts, or the whole address into server.public_url.',
  cursorKey:
    'Give Cursor a key of its own that expires and opens one model only: it is all that stands in front of your accounts.',
  geminiSettings: 'It chooses the key and not a Google login. Merge it with what is there.',
  clineProviders:
    'Tried with its command line, whose providers anthropic, gemini and ollama take no other address. The extension for editors takes the same address, key and model; look for “OpenAI Compatible”.',
  clineResponses: 'openai-native in place of openai-compatible speaks Responses.',
  continueEditors: 'The extensions for editors read the same file.',
  continueAnthropic: 'With provider: anthropic the apiBase ends with /v1/, slash included.',
  continueGemini: 'provider: gemini does not use apiBase; take openai.',
  opencodeAdapters:
    'Three more adapters work: @ai-sdk/openai-compatible and @ai-sdk/anthropic with the same baseURL, @ai-sdk/google with /v1beta at its end. @ai-sdk/openai loses least.',
  aiderPrefix: 'The prefix openai/ is Aider’s own and never reaches the gateway.',
  cherryPath: 'The address without a path: Cherry Studio appends /v1/chat/completions itself.',
  cherryModels: 'Then “Manage” fetches the models.',
  desktopModels:
    'It asks for Claude models by their names; the settings say which models answer to them. Its own test of the connection must say that it works.',
  desktopRestart: 'It restarts with one more menu, Developer.',
  ollamaOff:
    'The listener for Ollama clients is switched on in the settings. Programs that know Ollama find it without any setting, if no real Ollama holds its port.',
  ollamaNoKey:
    'No key is asked for on this machine, unless ollama.require_key is set. Any program with a field for an Ollama host takes the same address.',
  ollamaCodex: 'Codex over the same listener, without touching its config.toml.',
  qwenThree:
    'It speaks two more protocols: --auth-type anthropic with ANTHROPIC_BASE_URL, --auth-type gemini with GOOGLE_GEMINI_BASE_URL, both without /v1.',
  piOther:
    'Other values of api work, too: openai-completions with the same address, anthropic-messages without a path, google-generative-ai with /v1beta.',
  sdkResponses: 'chat.completions works as well.',
  sdkEffort: 'A suffix of the model sets effort and speed: gpt-5.5-high, gpt-5.5-fast.',
  curlDemo: 'The model demo answers without any account.',
}

const zh: Record<NoteName, string> = {
  codexTopLevel:
    'model 和 model_provider 写在文件最前面、所有 [表] 之前。旧教程写的是 [profiles.default]，新版本会默默忽略它并直接访问官方地址。',
  codexSockets:
    'supports_websockets 会保持一条连接，只发送对话中新增的部分；去掉这一行 Codex 就用 HTTP。两种方式都可以。',
  codexOwnLogin: '即使 Codex 已经用 ChatGPT 登录，也会走本网关，因为上面的提供商自带密钥。',
  claudeNoPath: '地址末尾不要加 /v1。也可以用 ANTHROPIC_API_KEY 代替 ANTHROPIC_AUTH_TOKEN。',
  claudeModels:
    '想对所有会话生效，就写进这个文件，代替环境变量。不设 ANTHROPIC_MODEL 时 Claude Code 会请求 Claude 模型，这些名称对应设置里指定的模型。',
  claudeToolSearch: 'ENABLE_TOOL_SEARCH：地址不是官方时 Claude Code 会关闭工具搜索；本网关支持它。',
  claudeQuiet: 'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 让它不再访问其他任何地址。',
  cursorServers:
    'Cursor 由它自己的服务器发出请求，访问不到 127.0.0.1：网关需要一个公网 https 地址，可以用反向代理或隧道提供。',
  cursorHost: '把该主机名写进 server.allowed_hosts，或把完整地址写进 server.public_url。',
  cursorKey: '请给 Cursor 单独一个有期限、只能用一个模型的密钥：挡在您账号前面的就只有它。',
  geminiSettings: '这里选择使用密钥，而不是 Google 登录。请与原有内容合并。',
  clineProviders:
    '我们测试的是命令行，其中 anthropic、gemini、ollama 不接受其他地址。编辑器扩展填同样的地址、密钥和模型，请找「OpenAI Compatible」。',
  clineResponses: '把 openai-compatible 换成 openai-native 就使用 Responses 协议。',
  continueEditors: '编辑器扩展读取同一个文件。',
  continueAnthropic: '使用 provider: anthropic 时，apiBase 以 /v1/ 结尾，斜杠不能少。',
  continueGemini: 'provider: gemini 不使用 apiBase，请用 openai。',
  opencodeAdapters:
    '还可以用另外三个适配器：@ai-sdk/openai-compatible 和 @ai-sdk/anthropic 用同样的 baseURL，@ai-sdk/google 末尾用 /v1beta。@ai-sdk/openai 损失最少。',
  aiderPrefix: '前缀 openai/ 由 Aider 自己使用，不会发给网关。',
  cherryPath: '地址不带路径：Cherry Studio 会自己补上 /v1/chat/completions。',
  cherryModels: '然后点「管理」获取模型。',
  desktopModels: '它按名称请求 Claude 模型，由设置决定哪些模型来应答。请确认它自带的连接测试通过。',
  desktopRestart: '重启后会多出 Developer 菜单。',
  ollamaOff: '在设置里开启 Ollama 监听。认识 Ollama 的程序无需任何设置就能找到它，前提是端口没有被真正的 Ollama 占用。',
  ollamaNoKey: '在本机不需要密钥，除非设置了 ollama.require_key。任何可以填 Ollama 地址的程序都用同一个地址。',
  ollamaCodex: 'Codex 也可以走同一个监听地址，不用改它的 config.toml。',
  qwenThree:
    '还支持另外两种协议：--auth-type anthropic 配 ANTHROPIC_BASE_URL，--auth-type gemini 配 GOOGLE_GEMINI_BASE_URL，都不带 /v1。',
  piOther:
    'api 也可以取其他值：openai-completions 用同样的地址，anthropic-messages 不带路径，google-generative-ai 用 /v1beta。',
  sdkResponses: 'chat.completions 也可以用。',
  sdkEffort: '模型名的后缀可以指定思考强度和速度：gpt-5.5-high、gpt-5.5-fast。',
  curlDemo: '模型 demo 不需要任何账号就能回答。',
}

/** What is to know about each client. */
export const NOTES = defineTexts('connect-notes', en, zh)
