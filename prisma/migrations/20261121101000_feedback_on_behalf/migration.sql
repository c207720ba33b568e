-- Who acted for the customer: a salesperson, say.
ALTER TABLE "impression" ADD COLUMN "on_behalf_of" TEXT;
ALTER TABLE "outcome" ADD COLUMN "on_behalf_of" TEXT;
