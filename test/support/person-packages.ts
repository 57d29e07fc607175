/** Where `LONG=1 sh test/setup.sh` puts what models that know people need. */
import { fileURLToPath } from 'node:url';

export const PERSON_PACKAGES = fileURLToPath(new URL('../../node_modules/.cache/person-model', import.meta.url));
