import { Module } from '@nestjs/common';
import { ApiKeyRepository, ApiKeyService } from '#libs/domain';
import { KeysController } from './keys.controller.js';

@Module({
  controllers: [KeysController],
  providers: [
    {
      provide: ApiKeyService,
      inject: [ApiKeyRepository],
      useFactory: (keys: ApiKeyRepository) => new ApiKeyService(keys),
    },
  ],
  exports: [ApiKeyService],
})
export class KeysModule {}
