import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { EventStreams } from './event-streams.js';
import { EventsController } from './events.controller.js';

@Module({ imports: [AccountsModule], controllers: [EventsController], providers: [EventStreams] })
export class EventsModule {}
