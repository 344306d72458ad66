// What docker, podman and nerdctl list of containers, as far as it tells whose they are. Pure.
import type {ContainerFact} from '../facts.ts';

/** podman has a map of labels, docker and nerdctl a function. */
const label = (engine: string, name: string): string =>
  engine === 'podman' ? `{{index .Labels "com.docker.compose.${name}"}}` : `{{.Label "com.docker.compose.${name}"}}`;

/** One line for each container, its fields parted by tabs. */
export const containerFormat = (engine: string): string =>
  ['{{.ID}}', '{{.Names}}', '{{.State}}', label(engine, 'project'), label(engine, 'service'), label(engine, 'project.working_dir')].join(
    '\t',
  );

/** podman’s state is in words: `Up 2 minutes ago`. */
export const parseContainers = (text: string): readonly ContainerFact[] =>
  text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [id = '', name = '', state = '', project = '', service = '', directory = ''] = line.split('\t');
      return {id, name: name.split(',')[0] ?? '', running: /^(?:running|paused|restarting|up)\b/i.test(state), project, service, directory};
    });
