// Where and how each agent program is told of rigtop's MCP server. Pure.
import {isAbsolute, join} from 'node:path';
import {type Edited, removeMember, setMember} from '../../config/edit/edit-json.ts';
import {removeTable, setTable} from '../../config/edit/edit-toml.ts';
import {type SettingsPlace, type SettingsProgram, settingsDirectory} from './programs.ts';

/** The name under which it is entered. */
const NAME = 'rigtop';

/** What starts it: absolute, because agents do not start programs with the PATH of a person's shell. */
export interface McpCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export interface McpEntry {
  readonly file: string;
  set(text: string): Edited;
  remove(text: string): Edited;
}

const inJson = (file: string, path: readonly string[], value: unknown): McpEntry => ({
  file,
  set: text => setMember(text, path, value),
  remove: text => removeMember(text, path),
});

/** Claude Code keeps what is not hooks or permissions beside its directory, unless a variable names that directory. */
const claudeFile = ({home, env}: SettingsPlace): string =>
  env.CLAUDE_CONFIG_DIR !== undefined && isAbsolute(env.CLAUDE_CONFIG_DIR)
    ? join(env.CLAUDE_CONFIG_DIR, '.claude.json')
    : join(home, '.claude.json');

/** The entry of one program in its user's own file. `isThere`: whether a file of that name exists, of programs that read several. */
export const mcpEntry = (
  program: SettingsProgram,
  place: SettingsPlace,
  {command, args}: McpCommand,
  isThere: (file: string) => boolean = () => false,
): McpEntry => {
  const directory = settingsDirectory(program, place);
  const servers = ['mcpServers', NAME];
  switch (program) {
    case 'claude':
      return inJson(claudeFile(place), servers, {type: 'stdio', command, args});
    case 'codex': {
      const path = ['mcp_servers', NAME];
      return {
        file: join(directory, 'config.toml'),
        set: text => setTable(text, path, {command, args}),
        remove: text => removeTable(text, path),
      };
    }
    case 'gemini':
    case 'qwen':
      return inJson(join(directory, 'settings.json'), servers, {command, args});
    case 'opencode': {
      const commented = join(directory, 'opencode.jsonc');
      return inJson(isThere(commented) ? commented : join(directory, 'opencode.json'), ['mcp', NAME], {
        type: 'local',
        command: [command, ...args],
      });
    }
    case 'copilot':
      return inJson(join(directory, 'mcp-config.json'), servers, {type: 'local', command, args, tools: ['*']});
    case 'cursor':
      return inJson(join(directory, 'mcp.json'), servers, {command, args});
  }
};
