import 'reflect-metadata';
import { Environment } from '#libs/config';
import { createServing } from './create-serving.js';

const app = await createServing();
const { HOST, SERVING_PORT } = app.get(Environment);
await app.listen(SERVING_PORT, HOST);
