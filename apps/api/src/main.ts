import 'reflect-metadata';
import { Environment } from '#libs/config';
import { createApi } from './create-api.js';

const app = await createApi();
const { HOST, API_PORT } = app.get(Environment);
await app.listen(API_PORT, HOST);
