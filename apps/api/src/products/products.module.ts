import { Module } from '@nestjs/common';
import { ProductRepository, ProductService } from '#libs/domain';
import { ProductsController } from './products.controller.js';

@Module({
  controllers: [ProductsController],
  providers: [
    {
      provide: ProductService,
      inject: [ProductRepository],
      useFactory: (repository: ProductRepository) => new ProductService(repository),
    },
  ],
})
export class ProductsModule {}
