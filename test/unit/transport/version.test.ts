import { USER_AGENT } from '../../../nodes/elasticsearch/transport/connection';
import packageJson from '../../../package.json';

it('names the package and its version to the cluster', () => {
	expect(USER_AGENT).toBe(`${packageJson.name}/${packageJson.version}`);
});
