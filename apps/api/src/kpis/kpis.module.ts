import { Module } from '@nestjs/common';
import { KpisController } from './kpis.controller.js';

@Module({ controllers: [KpisController] })
export class KpisModule {}
