// What docker, podman and nerdctl list of containers, as far as it tells whose they are. Pure.
import type {ContainerFact} from '../facts.ts';

const LABEL = (name: string): string => `{{.Label "com.docker.compose.${name}"}}`;

/** One line for each container, its fields parted by tabs. */
export const CONTAINER_FORMAT = [
  '{{.ID}}',
  '{{.Names}}',
  '{{.State}}',
  LABEL('project'),
  LABEL('service'),
  LABEL('project.working_dir'),
].join('\t');

export const parseContainers = (text: string): readonly ContainerFact[] =>
  text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [id = '', name = '', state = '', project = '', service = '', directory = ''] = line.split('\t');
      return {id, name: name.split(',')[0] ?? '', running: /^(?:running|paused|restarting)$/.test(state), project, service, directory};
    });
