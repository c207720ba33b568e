import { Module } from '@nestjs/common';
import {
  ModelRegistryRepository,
  TemplateCatalogue,
  TenantSettingsRepository,
  TenantSettingsService,
} from '#libs/domain';
import { SettingsController } from './settings.controller.js';

@Module({
  controllers: [SettingsController],
  providers: [
    {
      provide: TenantSettingsService,
      inject: [TenantSettingsRepository, TemplateCatalogue, ModelRegistryRepository],
      useFactory: (...parts: ConstructorParameters<typeof TenantSettingsService>) =>
        new TenantSettingsService(...parts),
    },
  ],
})
export class SettingsModule {}
