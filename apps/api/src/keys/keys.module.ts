import { Module } from '@nestjs/common';
import { AuthenticationModule } from '../authentication/authentication.module.js';
import { KeysController } from './keys.controller.js';

@Module({ imports: [AuthenticationModule], controllers: [KeysController] })
export class KeysModule {}
