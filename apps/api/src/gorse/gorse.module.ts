import { Module } from '@nestjs/common';
import { ImportsModule } from '../imports/imports.module.js';
import { GorseController } from './gorse.controller.js';

@Module({ imports: [ImportsModule], controllers: [GorseController] })
export class GorseModule {}
